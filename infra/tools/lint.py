"""Lints the SAM template, and what SAM makes of it, without an account and without the network.

In a template that SAM has yet to translate, cfn-lint overlooks dangling references from SAM's own resources, and actions that
IAM does not know. So it is translated here as CloudFormation would, and the outcome is linted too, with what people deploy it
with. The outcome is left among the tools as template.json, for tests to read.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import boto3
from cfnlint.api import lint_file
from cfnlint.context.parameters import ParameterSet
from samcli.yamlhelper import yaml_parse
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

INFRA = Path(__file__).resolve().parent.parent
TEMPLATE = INFRA / "template.yaml"
TOOLS = Path(sys.prefix)
REGION = "us-east-1"

# What has no default.
REQUIRED = {"BaseUrl": "https://app.hourkeep.example", "MailDomain": "mail.hourkeep.example"}

# What it may be deployed with, besides the stages of samconfig.toml.
SETS = {
    "defaults": REQUIRED,
    "an issuer of one's own": REQUIRED | {"OidcIssuer": "https://id.hourkeep.example", "OidcAudience": "hourkeep"},
    "everything that is optional": REQUIRED
    | {
        "HostedZoneId": "Z0123456789ABCDEFGHIJ",
        "WebCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
        "MachineClients": "machine-1,machine-2",
        "ReceiveReplies": "false",
        "Architecture": "x86_64",
        "AlarmEmail": "operations@hourkeep.example",
    },
}


def stages(samconfig: Path) -> dict[str, dict[str, str]]:
    """The parameters of each stage."""
    config = tomllib.loads(samconfig.read_text())
    pairs = {stage: config[stage]["global"]["parameters"]["parameter_overrides"] for stage in ("dev", "prod")}
    return {stage: dict(pair.split("=", 1) for pair in its) for stage, its in pairs.items()}


def unfit(template: dict, parameters: dict[str, str]) -> list[str]:
    """Which parameters CloudFormation would not take, or would ask for."""
    known = template["Parameters"]
    wrong = [f"the parameter {name} is needed" for name, its in known.items() if "Default" not in its and name not in parameters]
    for name, value in parameters.items():
        if name not in known:
            wrong.append(f"there is no parameter {name}")
        elif value not in map(str, known[name].get("AllowedValues", [value])):
            wrong.append(f"{value} is none of the allowed values of the parameter {name}")
        elif not re.fullmatch(known[name].get("AllowedPattern", ".*"), value):
            wrong.append(f"{value} is not of the pattern of the parameter {name}")
    return wrong


def translate(template: dict, parameters: dict[str, str]) -> dict:
    """What SAM makes of a template: CloudFormation's own. The template is used up."""
    # Code is where `sam package` puts it; no folder is looked into.
    functions = [its for its in template["Resources"].values() if its["Type"] == "AWS::Serverless::Function"]
    for properties in [its["Properties"] for its in functions] + [template.get("Globals", {}).get("Function", {})]:
        if "CodeUri" in properties:
            properties["CodeUri"] = "s3://bucket/key"
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=REGION))
    try:
        return translator.translate(template, dict(parameters))
    finally:
        translator.metrics.publish()  # To nobody; otherwise it warns that nobody got them.


def findings(file: Path, sets: dict[str, dict[str, str]]) -> list[str]:
    """What cfn-lint finds in a template deployed with any of these parameters."""
    lists = {name for name, its in json.loads(file.read_text())["Parameters"].items() if "List" in its["Type"]}
    given = [
        ParameterSet(name, {key: value.split(",") if key in lists else value for key, value in parameters.items()})
        for name, parameters in sets.items()
    ]
    return [f"{found}" for found in lint_file(file, {"regions": [REGION], "parameters": given})]


def sam_validate(template: Path) -> list[str]:
    """What `sam validate --lint` says against a template."""
    # By itself it would report its use, and ask PyPI weekly for a newer version.
    settings = TOOLS / "sam"
    settings.mkdir(exist_ok=True)
    (settings / "metadata.json").write_text(json.dumps({"telemetryEnabled": False, "lastVersionCheck": 9_999_999_999}))
    alone = {"SAM_CLI_TELEMETRY": "0", "__SAM_CLI_APP_DIR": str(settings), "AWS_DEFAULT_REGION": REGION}
    command = [TOOLS / "bin/sam", "validate", "--lint", "--region", REGION, "--template-file", template]
    ran = subprocess.run(command, capture_output=True, text=True, env=os.environ | alone)
    return [] if ran.returncode == 0 else [ran.stdout + ran.stderr or f"sam validate ended with {ran.returncode}"]


def lint_what_sam_makes(template: Path, sets: dict[str, dict[str, str]], folder: Path) -> list[str]:
    """What speaks against a template deployed with any of these parameters. What SAM makes of it is left in the folder, of
    the first set as template.json."""
    text = template.read_text()
    wrong = []
    made: dict[str, dict[str, dict[str, str]]] = {}
    for name, parameters in sets.items():
        wrong += [f"{name}: {what}" for what in unfit(yaml_parse(text), parameters)]
        try:
            outcome = json.dumps(translate(yaml_parse(text), parameters), indent=2)
        except InvalidDocumentException as error:
            wrong.append(f"{name}: {error.message}: {'; '.join(cause.message for cause in error.causes)}")
        else:
            made.setdefault(outcome, {})[name] = parameters
    for number, (outcome, its_sets) in enumerate(made.items()):
        file = folder / (f"template-{number}.json" if number else "template.json")
        file.write_text(outcome)
        wrong += [f"{file.name}: {found}" for found in findings(file, its_sets)]
    return wrong


def main() -> int:
    """Lints the product's own; 1 if anything was found."""
    sets = SETS | stages(INFRA.parent / "samconfig.toml")
    wrong = sam_validate(TEMPLATE) + lint_what_sam_makes(TEMPLATE, sets, TOOLS)
    print("\n".join(wrong) or f"Nothing found in the template, nor in what SAM makes of it for {', '.join(sets)}.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
