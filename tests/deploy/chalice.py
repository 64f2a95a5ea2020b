"""Chalice's command line, against the emulated account."""

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from infra.local.settings import REGION
from tests.deploy.emulated_account import PREFIX, STAGE, EmulatedAccount

_STACK, _BUCKET = f"{PREFIX}-api", f"{PREFIX}-code"
_CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")


def chalice(emulated: EmulatedAccount, project: Path, command: str, *options: str) -> str:
    """Run a command of Chalice on a build folder; return its output."""
    done = subprocess.run(
        [Path(sys.executable).with_name("chalice"), command, "--stage", STAGE, *options],
        cwd=project,
        env=_environment(emulated),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr or done.stdout
    return done.stdout


def deploy_package(emulated: EmulatedAccount, project: Path, folder: Path) -> str:
    """Deploy the output of `chalice package` by CloudFormation; return the id of the API."""
    chalice(emulated, project, "package", "--template-format", "json", str(folder))
    template = json.loads((folder / "sam.json").read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": _BUCKET, "Key": "deployment.zip"}
    with closing(emulated.client("s3")) as client:
        client.create_bucket(
            Bucket=_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        client.upload_file(str(folder / "deployment.zip"), _BUCKET, "deployment.zip")
        # Too large for a request to CloudFormation.
        client.put_object(Bucket=_BUCKET, Key="sam.json", Body=json.dumps(template))
    return str(_stack(emulated, f"{emulated.settings.aws_url}/{_BUCKET}/sam.json")["RestAPIId"])


def _stack(emulated: EmulatedAccount, template: str) -> Mapping[str, Any]:
    with closing(emulated.client("cloudformation")) as client:
        client.create_stack(StackName=_STACK, TemplateURL=template, Capabilities=_CAPABILITIES)
        client.get_waiter("stack_create_complete").wait(
            StackName=_STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
        (stack,) = client.describe_stacks(StackName=_STACK)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _environment(emulated: EmulatedAccount) -> dict[str, str]:
    own = emulated.programs_environment
    return {key: own[key] for key in own if key.startswith("AWS_")} | {
        "PATH": own["PATH"],
        # The app names its queues when it is loaded.
        "PREFIX": PREFIX,
    }
