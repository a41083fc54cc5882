"""Deploys a stage: `make deploy STAGE=dev`. What is missing is said before anything is built.

WEB=folder says where the built web app is, if not in web/app/dist. REPLIES=activate makes the stack's rule set for received
mail the active one of its account and region, in place of whichever is active.
"""

import json
import mimetypes
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import boto3
from botocore.exceptions import BotoCoreError, ClientError

ROOT = Path(__file__).resolve().parent.parent.parent
STAGES = ("dev", "prod")
# The page, and what it reads when it starts.
PAGE, CONFIG = "index.html", "config.json"
# A browser may keep what bears a digest of its contents in its name; the page that names those it may not, nor anything else.
ASSETS = "assets/"
FOR_EVER = "public, max-age=31536000, immutable"


class Missing(Exception):
    """What keeps a deployment from beginning, and what to do about it."""


def parameters(stage: str, samconfig: Path) -> dict[str, str]:
    """The parameters of a stage."""
    if stage not in STAGES:
        raise Missing("Say which stage: make deploy STAGE=dev, or STAGE=prod.")
    config = tomllib.loads(samconfig.read_text())[stage]
    return dict(pair.split("=", 1) for pair in config["global"]["parameters"]["parameter_overrides"])


def own_domains(its: dict[str, str]) -> None:
    """The domains of samconfig.toml are nobody's until someone has put in their own."""
    examples = [name for name in ("BaseUrl", "MailDomain") if its[name].endswith(".example")]
    if examples:
        raise Missing(f"samconfig.toml still has the example's {' and '.join(examples)}: put in your own domains first.")


def account(session: boto3.Session) -> str:
    """Whose account the credentials are of."""
    if not session.region_name:
        raise Missing("No region: set AWS_REGION. The same stack in another region is another stack, so there is no default.")
    if session.get_credentials() is None:
        raise Missing("No credentials: set AWS_PROFILE (`aws configure sso` or `aws configure` makes one), or AWS_ACCESS_KEY_ID.")
    try:
        return session.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise Missing(f"The credentials do not work: {error}") from None


def signed_in() -> boto3.Session:
    """A session by the environment's credentials and region."""
    try:
        session = boto3.Session(region_name=os.environ.get("AWS_REGION") or None)
    except BotoCoreError as error:
        raise Missing(f"The credentials do not work: {error}") from None
    if session.region_name:
        # Some of what runs from here reads the one, some the other.
        os.environ.update(AWS_REGION=session.region_name, AWS_DEFAULT_REGION=session.region_name)
    return session


def outputs(session: boto3.Session, stack: str) -> dict[str, str]:
    """What the stack says of itself."""
    described = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}


def web_app(folder: str) -> Path:
    """Where the built web app is."""
    built = Path(folder or ROOT / "web/app/dist")
    if not (built / PAGE).is_file():
        how = "`npm ci && npm run build` in web/client, then in web/app"
        raise Missing(f"{built} has no {PAGE}: build the web app first ({how}), or say WEB=folder.")
    return built


def endpoints_of(issuer: str) -> dict[str, str]:
    """Where an issuer other than the stack's own lets people sign in and out (OpenID Connect Discovery)."""
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        with urlopen(address, timeout=10) as answer:
            said = json.load(answer)
        if said["issuer"] != issuer:
            raise ValueError(f"it is of {said['issuer']}")
        endpoints = {name: said[name] for name in ("authorization_endpoint", "token_endpoint")}
    except (OSError, ValueError, KeyError) as error:
        raise Missing(f"{address} does not describe OidcIssuer: {error!r}") from None
    if urlsplit(endpoints["token_endpoint"]).netloc != urlsplit(issuer).netloc:
        raise Missing(f"{endpoints['token_endpoint']} is not at OidcIssuer's host, and the web app may connect to no other.")
    return endpoints | {name: said[name] for name in ["end_session_endpoint"] if name in said}


def configuration(made: dict[str, str], elsewhere: dict[str, str] | None) -> dict[str, str]:
    """What the app reads when it starts: where the API is, and who vouches for people (the stack's user pool, if nobody
    elsewhere). The API is beneath the app's own origin."""
    who = {"api": "", "issuer": made["TokenIssuer"], "client_id": made["TokenAudience"], "scope": "openid"}
    if elsewhere:
        return who | elsewhere
    paths = {"authorization_endpoint": "/oauth2/authorize", "token_endpoint": "/oauth2/token", "end_session_endpoint": "/logout"}
    return who | {name: made["SignInUrl"] + path for name, path in paths.items()}


def publish(session: boto3.Session, folder: Path, config: dict[str, str], bucket: str, distribution: str) -> int:
    """Puts the web app's files into the bucket, the page last; how many. Older ones stay, for pages that are open."""
    s3 = session.client("s3")
    files = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    # The build's own is for the local server.
    files[CONFIG] = json.dumps(config, indent=2).encode()
    for name in sorted(files, key=lambda name: (name == PAGE, not name.startswith(ASSETS), name)):
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        cache = FOR_EVER if name.startswith(ASSETS) else "no-cache"
        s3.put_object(Bucket=bucket, Key=f"app/{name}", Body=files[name], ContentType=kind, CacheControl=cache)
    changed = [f"/app/{PAGE}", f"/app/{CONFIG}", "/app/"]
    batch = {"Paths": {"Quantity": len(changed), "Items": changed}, "CallerReference": os.urandom(8).hex()}
    session.client("cloudfront").create_invalidation(DistributionId=distribution, InvalidationBatch=batch)
    return len(files)


def run(*command: str | Path) -> None:
    """Runs a command at the root of the repository. One that fails has said why."""
    ended = subprocess.run(command, cwd=ROOT)
    if ended.returncode != 0:
        sys.exit(ended.returncode)


def main() -> None:
    stage = os.environ.get("STAGE", "")
    its = parameters(stage, ROOT / "samconfig.toml")
    own_domains(its)
    built = web_app(os.environ.get("WEB", ""))
    elsewhere = endpoints_of(its["OidcIssuer"]) if its.get("OidcIssuer") else None
    session = signed_in()
    print(f"Deploying {stage} to account {account(session)}, {session.region_name}, for {its['Architecture']}.")
    sam = Path(sys.executable).parent / "sam"
    run("sh", "infra/tools/build.sh", its["Architecture"])
    run(sam, "build", "--config-env", stage)
    run(sam, "deploy", "--config-env", stage)
    made = outputs(session, f"hourkeep-{stage}")
    count = publish(session, built, configuration(made, elsewhere), made["WebBucket"], made["DistributionId"])
    print(f"{count} files of the web app are at {made['WebUrl']}/app/.")
    if os.environ.get("REPLIES") == "activate":
        session.client("ses").set_active_receipt_rule_set(RuleSetName=made["ReceiptRuleSet"])
        print(f"{made['ReceiptRuleSet']} is the active rule set for received mail.")
    print(f"{stage} is deployed: {made['WebUrl']}, API {made['ApiUrl']}, dashboard {made['DashboardUrl']}")


if __name__ == "__main__":
    try:
        main()
    except Missing as missing:
        sys.exit(f"{missing}")
