"""Deploys a stage: `make deploy STAGE=dev`. What is missing is said before anything is built.

WEB=folder says where the web app's files are, if not in web/dist; without any, none are touched. REPLIES=activate makes the
stack's rule set for received mail the active one of its account and region, in place of whichever is active.
"""

import mimetypes
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

ROOT = Path(__file__).resolve().parent.parent.parent
STAGES = ("dev", "prod")
# A browser may keep what bears a digest of its contents in its name; the page that names those it may not.
PAGE = "index.html"
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


def publish(session: boto3.Session, folder: Path, bucket: str, distribution: str) -> int:
    """Puts the web app's files into the bucket, the page last; how many. Older ones stay, for pages that are open."""
    if not (folder / PAGE).is_file():
        raise Missing(f"{folder} has no {PAGE}: build the web app first, or say WEB=folder.")
    s3 = session.client("s3")
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    for name in sorted(files, key=lambda name: (name == PAGE, name)):
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        cache = "no-cache" if name == PAGE else FOR_EVER
        s3.upload_file(str(files[name]), bucket, name, ExtraArgs={"ContentType": kind, "CacheControl": cache})
    batch = {"Paths": {"Quantity": 1, "Items": [f"/{PAGE}"]}, "CallerReference": os.urandom(8).hex()}
    session.client("cloudfront").create_invalidation(DistributionId=distribution, InvalidationBatch=batch)
    return len(files)


def run(*command: str | Path) -> None:
    """Runs a command at the root of the repository. One that fails has said why."""
    ended = subprocess.run(command, cwd=ROOT)
    if ended.returncode != 0:
        sys.exit(ended.returncode)


def main() -> None:
    stage, web = os.environ.get("STAGE", ""), os.environ.get("WEB", "")
    its = parameters(stage, ROOT / "samconfig.toml")
    own_domains(its)
    session = signed_in()
    print(f"Deploying {stage} to account {account(session)}, {session.region_name}, for {its['Architecture']}.")
    sam = Path(sys.executable).parent / "sam"
    run("sh", "infra/tools/build.sh", its["Architecture"])
    run(sam, "build", "--config-env", stage)
    run(sam, "deploy", "--config-env", stage)
    made = outputs(session, f"hourkeep-{stage}")
    folder = Path(web) if web else ROOT / "web/dist"
    if web or folder.is_dir():
        print(f"{publish(session, folder, made['WebBucket'], made['DistributionId'])} files of the web app are at {made['WebUrl']}.")
    else:
        print("No web/dist: the web app's files stay as they are.")
    if os.environ.get("REPLIES") == "activate":
        session.client("ses").set_active_receipt_rule_set(RuleSetName=made["ReceiptRuleSet"])
        print(f"{made['ReceiptRuleSet']} is the active rule set for received mail.")
    print(f"{stage} is deployed: {made['WebUrl']}, API {made['ApiUrl']}, dashboard {made['DashboardUrl']}")


if __name__ == "__main__":
    try:
        main()
    except Missing as missing:
        sys.exit(f"{missing}")
