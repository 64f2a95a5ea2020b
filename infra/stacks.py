"""Bring the CloudFormation stacks of this folder to an account, real or emulated."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import ClientError
from mypy_boto3_cloudformation import CloudFormationClient
from mypy_boto3_cloudformation.type_defs import ParameterTypeDef, StackTypeDef

_FOLDER = Path(__file__).parent
TEMPLATES = tuple(
    _FOLDER / f"{concern}.yaml"
    for concern in ("accounts", "catalogue", "mail", "secrets", "media", "pipeline")
)

_GOOD = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
# A first creation that failed leaves a husk, which can only be deleted.
_HUSK = "ROLLBACK_COMPLETE"
_GONE = "DELETE_COMPLETE"


class StackFailed(RuntimeError):
    """CloudFormation could not make what a template describes."""


def deploy(
    client: CloudFormationClient,
    *,
    prefix: str,
    parameters: Mapping[str, str],
    templates: Sequence[Path] = TEMPLATES,
) -> dict[str, str]:
    """Create or update a stack per template; return all outputs as environment variables."""
    wanted = {"Prefix": prefix, **parameters}
    environment: dict[str, str] = {}
    for template in templates:
        body = template.read_text(encoding="utf-8")
        declared = client.validate_template(TemplateBody=body)["Parameters"]
        names = {parameter["ParameterKey"] for parameter in declared} & wanted.keys()
        stack = _bring_up_to_date(
            client,
            f"{prefix}-{template.stem}",
            body,
            [{"ParameterKey": name, "ParameterValue": wanted[name]} for name in sorted(names)],
        )
        for output in stack.get("Outputs", []):
            environment[variable_of(output["OutputKey"])] = output["OutputValue"]
    return environment


def variable_of(output: str) -> str:
    """Name the environment variable of an output: `MailQueueUrl` becomes `MAIL_QUEUE_URL`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", output).upper()


def _bring_up_to_date(
    client: CloudFormationClient, name: str, body: str, parameters: list[ParameterTypeDef]
) -> StackTypeDef:
    before = _settled(client, name)
    if before and before["StackStatus"] == _HUSK:
        client.delete_stack(StackName=name)
        before = _settled(client, before["StackId"])
    exists = before is not None and before["StackStatus"] != _GONE
    change = client.update_stack if exists else client.create_stack
    started = datetime.now(UTC)
    try:
        change(StackName=name, TemplateBody=body, Parameters=parameters)
    except ClientError as error:
        if before and "No updates are to be performed" in str(error):
            return before
        raise StackFailed(f"Stack {name}: {error}") from error
    after = _settled(client, name)
    if after is None or after["StackStatus"] not in _GOOD:
        raise StackFailed(f"Stack {name}: {_first_failure(client, name, since=started)}")
    return after


def _settled(client: CloudFormationClient, name: str) -> StackTypeDef | None:
    """Wait until nothing happens to the stack any more; None if there is no such stack."""
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
    """Ask often at first, then ever less: an emulator answers in moments, AWS in minutes."""
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
