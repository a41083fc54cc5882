"""What deploying needs is asked for first, the web app's files arrive as browsers are to have them, and the template serves
the app as it is built."""

import json
import re
import subprocess
import unittest
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import boto3
import deploy
import lint
from moto import mock_aws
from samcli.yamlhelper import yaml_parse

RESOURCES = yaml_parse(lint.TEMPLATE.read_text())["Resources"]
SOURCES = deploy.ROOT / "web/app/src"
ISSUER = "https://id.clinic.org"


class Deploy(unittest.TestCase):
    def missing(self, what, *arguments) -> str:
        with self.assertRaises(deploy.Missing) as raised:
            what(*arguments)
        return str(raised.exception)

    def test_a_stage_must_be_said(self):
        samconfig = deploy.ROOT / "samconfig.toml"
        self.assertIn("STAGE=dev", self.missing(deploy.parameters, "", samconfig))
        self.assertEqual(deploy.parameters("prod", samconfig)["Mfa"], "ON")

    def test_domains_of_the_example_are_not_deployed(self):
        example = {"BaseUrl": "https://app.hourkeep.example", "MailDomain": "mail.clinic.org"}
        self.assertIn("the example's BaseUrl:", self.missing(deploy.own_domains, example))
        deploy.own_domains({"BaseUrl": "https://app.clinic.org", "MailDomain": "mail.clinic.org"})

    def test_region_and_credentials_must_be_there(self):
        self.assertIn("AWS_REGION", self.missing(deploy.account, FakeSession(None, None)))
        self.assertIn("AWS_PROFILE", self.missing(deploy.account, FakeSession("eu-west-1", None)))

    def test_the_web_app_must_be_built(self):
        with TemporaryDirectory() as folder:
            self.assertIn("no index.html", self.missing(deploy.web_app, folder))
            Path(folder, "index.html").touch()
            self.assertEqual(deploy.web_app(folder), Path(folder))

    @mock_aws
    def test_files_arrive_below_app_with_their_kinds_the_page_last_and_old_ones_stay(self):
        session = boto3.Session("local", "local", region_name="us-east-1")
        s3, cloudfront = session.client("s3"), session.client("cloudfront")
        s3.create_bucket(Bucket="web")
        script = ("text/javascript", deploy.FOR_EVER)
        s3.put_object(Bucket="web", Key="app/assets/app-0f9e.js", ContentType=script[0], CacheControl=script[1])
        origin = {"Id": "web", "DomainName": "web.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
        cached = {"TargetOriginId": "web", "ViewerProtocolPolicy": "https-only"}
        distribution_config = {
            "CallerReference": "1", "Comment": "", "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]}, "DefaultCacheBehavior": cached,
        }  # fmt: skip
        distribution = cloudfront.create_distribution(DistributionConfig=distribution_config)["Distribution"]["Id"]
        put = []
        session.events.register("provide-client-params.s3.PutObject", lambda params, **_: put.append(params["Key"]))
        with TemporaryDirectory() as folder:
            Path(folder, "assets").mkdir()
            for name in ("apple.png", "assets/app-1a2b.js", "config.json", "index.html", "logo.svg"):
                Path(folder, name).write_text("{}")
            self.assertEqual(deploy.publish(session, Path(folder), {"issuer": ISSUER}, "web", distribution), 5)
        order = ["app/assets/app-1a2b.js", "app/apple.png", "app/config.json", "app/logo.svg", "app/index.html"]
        self.assertEqual(put, order)
        there = {item["Key"]: s3.get_object(Bucket="web", Key=item["Key"]) for item in s3.list_objects_v2(Bucket="web")["Contents"]}
        files = {
            "app/apple.png": ("image/png", "no-cache"),
            "app/assets/app-0f9e.js": script,
            "app/assets/app-1a2b.js": script,
            "app/config.json": ("application/json", "no-cache"),
            "app/index.html": ("text/html", "no-cache"),
            "app/logo.svg": ("image/svg+xml", "no-cache"),
        }
        self.assertEqual({name: (its["ContentType"], its["CacheControl"]) for name, its in there.items()}, files)
        self.assertEqual(json.load(there["app/config.json"]["Body"]), {"issuer": ISSUER})
        listed = cloudfront.list_invalidations(DistributionId=distribution)["InvalidationList"]["Items"]
        told = cloudfront.get_invalidation(DistributionId=distribution, Id=listed[0]["Id"])["Invalidation"]["InvalidationBatch"]
        self.assertEqual(told["Paths"]["Items"], ["/app/index.html", "/app/config.json", "/app/"])

    def test_the_app_is_told_all_that_it_reads(self):
        body = re.search(r"export type Config = {(.*?)^};", (SOURCES / "api/api.ts").read_text(), re.DOTALL | re.MULTILINE)[1]
        reads = dict(re.findall(r"^  (\w+)(\??): ", body, re.MULTILINE))
        made = {"TokenIssuer": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_1", "TokenAudience": "1a2b"}
        pool = "https://hourkeep-1.auth.eu-west-1.amazoncognito.com"
        told = deploy.configuration(made | {"SignInUrl": pool}, None)
        self.assertEqual(set(told), set(reads))
        self.assertEqual(told["token_endpoint"], f"{pool}/oauth2/token")
        needed = {name for name, optional in reads.items() if not optional}
        for besides, fields in [({}, needed), ({"end_session_endpoint": f"{ISSUER}/out"}, set(reads))]:
            with mock.patch("deploy.urlopen", return_value=described(**besides)):
                told = deploy.configuration({"TokenIssuer": ISSUER, "TokenAudience": "app"}, deploy.endpoints_of(ISSUER))
            self.assertEqual(set(told), fields)
            self.assertEqual((told["client_id"], told["token_endpoint"]), ("app", f"{ISSUER}/token"))

    def test_another_issuer_must_describe_itself_and_be_where_pages_may_connect(self):
        with mock.patch("deploy.urlopen", side_effect=OSError("no route")):
            self.assertIn("no route", self.missing(deploy.endpoints_of, ISSUER))
        for wrong, told in [
            ({"issuer": "https://id.other.org"}, "it is of https://id.other.org"),
            ({"token_endpoint": "https://token.clinic.org/"}, "not at OidcIssuer's host"),
        ]:
            with mock.patch("deploy.urlopen", return_value=described(**wrong)):
                self.assertIn(told, self.missing(deploy.endpoints_of, ISSUER))


class Template(unittest.TestCase):
    def test_paths_lead_to_files_or_to_the_app(self):
        expected = {
            "/": 302,
            "/app": 302,
            "/app/": "/app/index.html",
            "/app/calendar": "/app/index.html",
            "/app/signed-in": "/app/index.html",
            "/app/settings/": "/app/index.html",
            "/app/clients/cli_1": "/app/index.html",
            "/app/index.html": "/app/index.html",
            "/app/config.json": "/app/config.json",
            "/app/assets/index-1a2b.js": "/app/assets/index-1a2b.js",
            "/app/assets/gone": "/app/assets/gone",
            "/apple": "/apple",
            "/calendar": "/calendar",
        }
        asks = "JSON.parse(fs.readFileSync(0)).map((uri) => handler({ request: { method: 'GET', uri, querystring: {}, headers: {} } }))"
        code = f"{RESOURCES['WebRoutes']['Properties']['FunctionCode']}; console.log(JSON.stringify({asks}))"
        ran = subprocess.run(["node", "-e", code], input=json.dumps(list(expected)), capture_output=True, text=True, check=True)
        answers = json.loads(ran.stdout)
        self.assertEqual({path: its.get("statusCode", its.get("uri")) for path, its in zip(expected, answers)}, expected)
        self.assertEqual([its["headers"] for its in answers if "statusCode" in its], [{"location": {"value": "/app/"}}] * 2)

    def test_the_policy_lets_in_what_the_page_asks_for(self):
        allowed = policy()
        page = Page()
        page.feed((deploy.ROOT / "web/app/index.html").read_text())
        self.assertEqual(page.inline, [])
        self.assertIn(("script-src", "/src/main.ts"), page.asked)
        for directive, address in page.asked:
            self.assertIn("'self'", allowed[directive], address)
            self.assertTrue(address.startswith("/"), address)

    def test_the_policy_is_the_one_under_which_the_app_is_tried(self):
        local = re.search(r'const POLICY: &str = "(.*?)";', (deploy.ROOT / "local/src/app.rs").read_text(), re.DOTALL)[1]
        # The local server is its own issuer, so there is nowhere else to connect to.
        tried = directives(local.replace("\\\n", ""))
        self.assertEqual(policy() | {"connect-src": ["'self'"]}, tried)
        self.assertEqual(policy()["connect-src"], ["'self'", "https://${Identity}"])

    def test_sign_in_returns_to_where_the_app_expects_it(self):
        client = RESOURCES["WebClient"]["Properties"]
        for file, returns in [("flow.ts", client["CallbackURLs"]), ("who.svelte.ts", client["LogoutURLs"])]:
            paths = re.findall(r"`\$\{location\.origin\}(/app/[^`]*)`", (SOURCES / "signin" / file).read_text())
            self.assertEqual(returns, [{"Fn::Sub": f"${{BaseUrl}}{path}"} for path in paths], file)

    def test_pages_elsewhere_may_send_and_read_what_the_api_speaks(self):
        cors = RESOURCES["Api"]["Properties"]["CorsConfiguration"]
        api = json.loads((deploy.ROOT / "web/client/openapi.json").read_text())
        operations = [(method, its) for path in api["paths"].values() for method, its in path.items()]
        sent = {its["name"].lower() for _, operation in operations for its in operation.get("parameters", []) if its["in"] == "header"}
        self.assertEqual(set(cors["AllowHeaders"]), sent | {"authorization", "content-type"})
        self.assertEqual(set(cors["AllowMethods"]), {method.upper() for method, _ in operations})
        source = "".join(file.read_text() for file in SOURCES.rglob("*.ts"))
        read = {name.lower() for name in re.findall(r'(?:answer|response)\.headers\.get\("([\w-]+)"\)', source)}
        self.assertEqual(set(cors["ExposeHeaders"]), read)


class Page(HTMLParser):
    """What a page asks for, and by which directive of a policy; and what of it is inline."""

    def __init__(self):
        super().__init__()
        self.asked: list[tuple[str, str]] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag, attrs):
        its = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in its) or any(name == "style" or name.startswith("on") for name in its):
            self.inline.append(self.get_starttag_text())
        elif tag == "script":
            self.asked.append(("script-src", its["src"]))
        elif tag == "link":
            self.asked.append(({"icon": "img-src", "stylesheet": "style-src"}[its["rel"]], its["href"]))


def directives(text: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (directive.split() for directive in text.split(";"))}


def policy() -> dict[str, list[str]]:
    """The web app's policy in the template."""
    headers = RESOURCES["WebHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    return directives(headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"][0])


def described(**otherwise: str) -> BytesIO:
    """What ISSUER answers when it is asked for its configuration."""
    its = {"issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token"}
    return BytesIO(json.dumps(its | {"jwks_uri": f"{ISSUER}/keys"} | otherwise).encode())


class FakeSession:
    def __init__(self, region_name, credentials):
        self.region_name = region_name
        self.credentials = credentials

    def get_credentials(self):
        return self.credentials


if __name__ == "__main__":
    unittest.main()
