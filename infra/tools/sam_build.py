"""`sam build` of the product's template, as `make deploy` does it, and a look at what came of it: python sam_build.py arm64|x86_64.

cargo-lambda has built the functions before (build.sh), so SAM's own builds of each should have had nothing to do, and what SAM
would upload should be those binaries.
"""

import filecmp
import json
import os
import subprocess
import sys
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATE = ROOT / "infra/template.yaml"


def differing(built: Path, target: Path) -> list[str]:
    """The functions of the template of which SAM has another binary than cargo-lambda's, or none."""
    resources = yaml_parse(TEMPLATE.read_text())["Resources"]
    functions = {
        name: its["Metadata"]["BuildProperties"]["Binary"]
        for name, its in resources.items()
        if its["Type"] == "AWS::Serverless::Function"
    }
    pairs = {name: (built / name / "bootstrap", target / "lambda" / binary / "bootstrap") for name, binary in functions.items()}
    wrong = [name for name, (sams, ours) in pairs.items() if not sams.is_file() or not filecmp.cmp(sams, ours, shallow=False)]
    print(f"{len(functions) - len(wrong)} of {len(functions)} functions are what cargo-lambda built.")
    return wrong


def main() -> None:
    architecture = sys.argv[1]
    settings = Path(sys.prefix) / "sam"
    settings.mkdir(exist_ok=True)
    # By itself it would report its use, and ask PyPI weekly for a newer version.
    (settings / "metadata.json").write_text(json.dumps({"telemetryEnabled": False, "lastVersionCheck": 9_999_999_999}))
    alone = {"SAM_CLI_TELEMETRY": "0", "__SAM_CLI_APP_DIR": str(settings), "AWS_DEFAULT_REGION": "us-east-1"}
    command = [Path(sys.executable).parent / "sam", "build", "--template-file", TEMPLATE]
    built = subprocess.run(
        [*command, "--parameter-overrides", f"Architecture={architecture}"], cwd=ROOT, env=os.environ | alone, stdout=subprocess.DEVNULL
    )
    if built.returncode != 0:
        sys.exit(built.returncode)
    target = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
    wrong = differing(ROOT / ".aws-sam/build", target)
    if wrong:
        sys.exit(f"SAM built another binary for {', '.join(wrong)}.")


if __name__ == "__main__":
    main()
