"""Create, update and delete CloudFormation stacks in an account, real or emulated."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import ClientError
from mypy_boto3_cloudformation import CloudFormationClient
from mypy_boto3_cloudformation.literals import CapabilityType
from mypy_boto3_cloudformation.type_defs import StackTypeDef

from infra.root import ROOT, TEMPLATE_FOLDER

# Stacks that a laptop has as well, in order of their dependencies.
SHARED = ("accounts", "catalogue", "viewing", "mail", "secrets", "media", "pipeline")
TEMPLATES = tuple(ROOT / TEMPLATE_FOLDER / f"{stack}.yaml" for stack in SHARED)

_GOOD = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
# The last change failed and was rolled back.
_UNCHANGED = frozenset({"UPDATE_ROLLBACK_COMPLETE"})
_CAPABILITIES: Sequence[CapabilityType] = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM")
# After a failed creation the stack can only be deleted.
_CREATION_FAILED = "ROLLBACK_COMPLETE"
_GONE = "DELETE_COMPLETE"


class StackFailed(RuntimeError):
    """CloudFormation could not create or update a stack."""


def deploy(
    client: CloudFormationClient,
    *,
    prefix: str,
    parameters: Mapping[str, str],
    templates: Sequence[Path] = TEMPLATES,
) -> dict[str, str]:
    """Create or update a stack per template; return all outputs as environment variables."""
    outputs: dict[str, str] = {}
    for template in templates:
        # Outputs of earlier stacks are parameters of later ones.
        known = {**outputs, **parameters}
        outputs |= create_or_update(client, prefix=prefix, parameters=known, template=template)
    return {variable_of(name): value for name, value in outputs.items()}


def create_or_update(
    client: CloudFormationClient, *, prefix: str, parameters: Mapping[str, str], template: Path
) -> dict[str, str]:
    """Create or update the stack of one template if it differs; return its outputs."""
    known = {"Prefix": prefix, **parameters}
    body = template.read_text(encoding="utf-8")
    name = name_of(prefix, template)
    try:
        declared = client.validate_template(TemplateBody=body)["Parameters"]
    except ClientError as error:
        raise StackFailed(f"Stack {name}: {error}") from error
    defaults = {each["ParameterKey"]: each.get("DefaultValue") for each in declared}
    values = {key: known.get(key, default) for key, default in defaults.items()}
    declared_values = {key: value for key, value in values.items() if value is not None}
    stack = _current_stack(client, name, body, declared_values)
    return _outputs(stack)


def name_of(prefix: str, template: Path) -> str:
    return f"{prefix}-{template.stem}"


def parameters_of(client: CloudFormationClient, name: str) -> dict[str, str]:
    """Return the parameters of the stack; none if there is no such stack."""
    stack = _settled(client, name)
    return _parameters(stack) if stack else {}


def outputs_of(client: CloudFormationClient, name: str) -> dict[str, str]:
    stack = _settled(client, name)
    return _outputs(stack) if stack else {}


def last_changed(client: CloudFormationClient, name: str) -> datetime | None:
    """Return when the stack was last changed; None if there is no such stack."""
    stack = _settled(client, name)
    return stack and stack.get("LastUpdatedTime", stack["CreationTime"])


def delete(client: CloudFormationClient, name: str) -> bool:
    """Delete the stack and wait for it; False if there was none."""
    before = _settled(client, name)
    if before is None or before["StackStatus"] == _GONE:
        return False
    started = datetime.now(UTC)
    client.delete_stack(StackName=name)
    # By its id: the name of a deleted stack is not found.
    after = _settled(client, before["StackId"])
    if after is not None and after["StackStatus"] != _GONE:
        raise StackFailed(f"Stack {name}: {_first_failure(client, name, since=started)}")
    return True


def variable_of(output: str) -> str:
    """Name the environment variable of an output: `MailQueueUrl` becomes `MAIL_QUEUE_URL`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", output).upper()


def _current_stack(
    client: CloudFormationClient, name: str, body: str, parameters: Mapping[str, str]
) -> StackTypeDef:
    before = _settled(client, name)
    if before and before["StackStatus"] == _CREATION_FAILED:
        client.delete_stack(StackName=name)
        before = _settled(client, before["StackId"])
    exists = before is not None and before["StackStatus"] != _GONE
    if before and exists and _is_current(client, before, body, parameters):
        return before
    change = client.update_stack if exists else client.create_stack
    started = datetime.now(UTC)
    try:
        change(
            StackName=name,
            TemplateBody=body,
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
            Capabilities=_CAPABILITIES,
        )
    except ClientError as error:
        if before and "No updates are to be performed" in str(error):
            return before
        raise StackFailed(f"Stack {name}: {error}") from error
    after = _settled(client, name)
    if after is None or after["StackStatus"] not in _GOOD:
        raise StackFailed(f"Stack {name}: {_first_failure(client, name, since=started)}")
    return after


def _is_current(
    client: CloudFormationClient, stack: StackTypeDef, body: str, parameters: Mapping[str, str]
) -> bool:
    if stack["StackStatus"] not in _GOOD | _UNCHANGED or _parameters(stack) != dict(parameters):
        return False
    current = client.get_template(StackName=stack["StackName"], TemplateStage="Original")
    text: object = current["TemplateBody"]
    return isinstance(text, str) and text.strip() == body.strip()


def _parameters(stack: StackTypeDef) -> dict[str, str]:
    return {
        parameter["ParameterKey"]: parameter.get("ParameterValue", "")
        for parameter in stack.get("Parameters", [])
    }


def _outputs(stack: StackTypeDef) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _settled(client: CloudFormationClient, name: str) -> StackTypeDef | None:
    """Wait for the end of changes to the stack; None if there is no such stack."""
    for seconds in _pauses():
        try:
            stack = client.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return stack
        time.sleep(seconds)
    raise AssertionError("the pauses never end")


def _pauses() -> Iterator[float]:
    """Yield growing pauses: an emulator changes a stack in moments, AWS in minutes."""
    seconds = 0.05
    while True:
        yield seconds
        seconds = min(seconds * 1.5, 5)


def _first_failure(client: CloudFormationClient, name: str, *, since: datetime) -> str:
    pages = client.get_paginator("describe_stack_events").paginate(StackName=name)
    failures = [
        f"{event['LogicalResourceId']} ({event.get('ResourceType', '')}) "
        f"{event.get('ResourceStatusReason', 'failed without a reason')}"
        for page in pages
        for event in page["StackEvents"]
        if event["Timestamp"] >= since and event.get("ResourceStatus", "").endswith("_FAILED")
    ]
    # CloudFormation lists the newest first, and what fails later fails because of the first.
    return failures[-1] if failures else "failed without saying where"
