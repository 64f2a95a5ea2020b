"""Chalice, called as a person calls it, against the emulated account."""

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from infra.local.settings import REGION
from tests.deploy.house import PREFIX, STAGE, House

_STACK, _BUCKET = f"{PREFIX}-api", f"{PREFIX}-code"
_CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")


def chalice(house: House, project: Path, command: str, *options: str) -> str:
    """Run a command of Chalice on a build folder; return what it said."""
    done = subprocess.run(
        [Path(sys.executable).with_name("chalice"), command, "--stage", STAGE, *options],
        cwd=project,
        env=_environment(house),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr or done.stdout
    return done.stdout


def deploy_package(house: House, project: Path, folder: Path) -> str:
    """Deploy what `chalice package` makes, by CloudFormation; return the id of the API."""
    chalice(house, project, "package", "--template-format", "json", str(folder))
    template = json.loads((folder / "sam.json").read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": _BUCKET, "Key": "deployment.zip"}
    with closing(house.client("s3")) as client:
        client.create_bucket(
            Bucket=_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        client.upload_file(str(folder / "deployment.zip"), _BUCKET, "deployment.zip")
        # It is larger than a request to CloudFormation may be.
        client.put_object(Bucket=_BUCKET, Key="sam.json", Body=json.dumps(template))
    return str(_stack(house, f"{house.settings.aws_url}/{_BUCKET}/sam.json")["RestAPIId"])


def _stack(house: House, template: str) -> Mapping[str, Any]:
    with closing(house.client("cloudformation")) as client:
        client.create_stack(StackName=_STACK, TemplateURL=template, Capabilities=_CAPABILITIES)
        client.get_waiter("stack_create_complete").wait(
            StackName=_STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
        (stack,) = client.describe_stacks(StackName=_STACK)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _environment(house: House) -> dict[str, str]:
    own = house.programs_environment
    return {key: own[key] for key in own if key.startswith("AWS_")} | {
        "PATH": own["PATH"],
        # Which queues the app listens to is said when it is loaded.
        "PREFIX": PREFIX,
    }
