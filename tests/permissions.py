"""IAM as far as it concerns us: what each function asks of AWS is held against its own policy."""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from chalice.app import Chalice, EventSourceHandler

from infra.deploy import policies

REGION, ACCOUNT, PREFIX = "eu-central-1", "123456789012", "videoflix"
FOLDER = Path(".chalice")


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a call needs to be allowed to do."""

    action: str
    resource: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grant:
    """One thing that a policy allows."""

    action: str
    resource: str
    conditions: Mapping[str, str]

    def covers(self, need: Need) -> bool:
        pattern = re.escape(self.resource).replace(r"\*", ".*").replace(r"\?", ".")
        return (
            need.action == self.action
            and re.fullmatch(pattern, need.resource, re.DOTALL) is not None
            and all(need.facts.get(name) == value for name, value in self.conditions.items())
        )


def grants(function: str) -> list[Grant]:
    known = policies.names(
        prefix=PREFIX,
        account=ACCOUNT,
        region=REGION,
        sender="noreply@videoflix.test",
        distribution=os.environ.get("EDGE_DISTRIBUTION", ""),
    )
    text = (FOLDER / f"policy-{function}.json").read_text(encoding="utf-8")
    policy = json.loads(policies.rendered(text, {**known, "Function": f"{PREFIX}-{function}"}))
    return [
        Grant(action, resource, dict(_conditions(statement)))
        for statement in policy["Statement"]
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
    ]


def _conditions(statement: Any) -> Iterator[tuple[str, str]]:
    for operator, tests in statement.get("Condition", {}).items():
        assert operator in {"StringEquals", "ArnEquals"}
        yield from tests.items()


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@dataclass
class Guard:
    """Notes what every function asked for, and which of it nothing allows."""

    used: set[tuple[str, str, str]] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    function: str = ""

    def ask(self, service: str, operation: str, sent: Mapping[str, Any]) -> None:
        if not self.function:
            return
        for need in NEEDS[service](operation, sent):
            covering = [grant for grant in grants(self.function) if grant.covers(need)]
            self.used |= {(self.function, each.action, each.resource) for each in covering}
            if not covering:
                self.refused.append(f"{self.function} may not {need.action} {need.resource}")

    def used_by(self, function: str) -> set[tuple[str, str]]:
        return {(action, resource) for name, action, resource in self.used if name == function}

    @contextmanager
    def inside(self, function: str) -> Iterator[None]:
        before, self.function = self.function, function
        try:
            yield
        finally:
            self.function = before


def guarding(monkeypatch: pytest.MonkeyPatch) -> Guard:
    """Hold every call against the policy of the function that makes it."""
    guard = Guard()
    serve, handle, prepare = (
        Chalice.__call__,
        EventSourceHandler.__call__,
        BaseClient._emit_api_params,  # type: ignore[attr-defined]
    )

    def served(app: Chalice, event: Any, context: Any) -> Any:
        with guard.inside("api_handler"):
            return serve(app, event, context)

    def handled(handler: EventSourceHandler, event: Any, context: Any) -> Any:
        with guard.inside(handler.func.__name__):
            return handle(handler, event, context)

    def prepared(client: Any, api_params: Any, operation_model: Any, context: Any) -> Any:
        guard.ask(client.meta.service_model.service_name, operation_model.name, api_params)
        return prepare(client, api_params, operation_model, context)

    monkeypatch.setattr(Chalice, "__call__", served)
    monkeypatch.setattr(EventSourceHandler, "__call__", handled)
    # Behind every call and every presigned address, whichever library asks.
    monkeypatch.setattr(BaseClient, "_emit_api_params", prepared)
    return guard


def _arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


_IN_TRANSACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


def _dynamodb(operation: str, sent: Mapping[str, Any]) -> Iterator[Need]:
    if operation == "TransactWriteItems":
        for item in sent["TransactItems"]:
            for kind, write in item.items():
                yield from _dynamodb(_IN_TRANSACTIONS[kind], write)
    elif operation in {"BatchGetItem", "BatchWriteItem"}:
        for table in sent["RequestItems"]:
            yield Need(f"dynamodb:{operation}", _arn("dynamodb", f"table/{table}"))
    else:
        index = f"/index/{sent['IndexName']}" if "IndexName" in sent else ""
        resource = _arn("dynamodb", f"table/{sent['TableName']}{index}")
        yield Need(f"dynamodb:{operation}", resource)


_ON_OBJECTS = {
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "PutObject": "PutObject",
    "AbortMultipartUpload": "AbortMultipartUpload",
    "ListParts": "ListMultipartUploadParts",
    "HeadObject": "GetObject",
    "GetObject": "GetObject",
    "DeleteObject": "DeleteObject",
}
_ON_BUCKETS = {
    "ListObjectsV2": "ListBucket",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    # Else what is not there is not 404 but 403.
    "HeadObject": "ListBucket",
    "GetObject": "ListBucket",
}


def _s3(operation: str, sent: Mapping[str, Any]) -> Iterator[Need]:
    bucket = f"arn:aws:s3:::{sent['Bucket']}-{ACCOUNT}"
    if operation == "DeleteObjects":
        for each in sent["Delete"]["Objects"]:
            yield Need("s3:DeleteObject", f"{bucket}/{each['Key']}")
        return
    if operation == "CopyObject":
        yield from _s3("GetObject", sent["CopySource"])
        yield from _s3("PutObject", sent)
        return
    assert operation in _ON_OBJECTS.keys() | _ON_BUCKETS.keys()
    if operation in _ON_OBJECTS:
        yield Need(f"s3:{_ON_OBJECTS[operation]}", f"{bucket}/{sent['Key']}")
    if operation in _ON_BUCKETS:
        yield Need(f"s3:{_ON_BUCKETS[operation]}", bucket)


def _sqs(operation: str, sent: Mapping[str, Any]) -> Iterator[Need]:
    # Several at once need what one needs.
    action = operation.removesuffix("Batch")
    yield Need(f"sqs:{action}", _arn("sqs", sent["QueueUrl"].rpartition("/")[2]))


def _secretsmanager(operation: str, sent: Mapping[str, Any]) -> Iterator[Need]:
    # AWS ends the ARN of every secret with six characters of its own.
    resource = _arn("secretsmanager", f"secret:{sent['SecretId']}-AbCdEf")
    yield Need(f"secretsmanager:{operation}", resource)


def _stepfunctions(operation: str, sent: Mapping[str, Any]) -> Iterator[Need]:
    yield Need(f"states:{operation}", sent.get("stateMachineArn") or sent["executionArn"])


def _ses(operation: str, sent: Mapping[str, Any]) -> Iterator[Need]:
    message = message_from_bytes(sent["RawMessage"]["Data"])
    sender, reader = (parseaddr(message[name])[1] for name in ("From", "To"))
    # In its sandbox, SES asks for the identity of the reader as well.
    known = (f"identity/{sender}", f"identity/{reader}", f"configuration-set/{PREFIX}-mail")
    for resource in known:
        yield Need(f"ses:{operation}", _arn("ses", resource), {"ses:FromAddress": sender})


def _ecs(operation: str, sent: Mapping[str, Any]) -> Iterator[Need]:
    cluster = {"ecs:cluster": _arn("ecs", f"cluster/{sent['cluster'].rpartition('/')[2]}")}
    if operation == "ListTasks":
        yield Need("ecs:ListTasks", "*", cluster)
        return
    if operation == "DescribeTasks":
        for task in sent["tasks"]:
            yield Need("ecs:DescribeTasks", task, cluster)
        return
    family = sent["taskDefinition"].rpartition("/")[2].partition(":")[0]
    yield Need(f"ecs:{operation}", _arn("ecs", f"task-definition/{family}:1"), cluster)
    for role in ("start", "work"):
        yield Need(
            "iam:PassRole",
            f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}-transcoder-{role}",
            {"iam:PassedToService": "ecs-tasks.amazonaws.com"},
        )


def _cloudfront(operation: str, sent: Mapping[str, Any]) -> Iterator[Need]:
    distribution = f"arn:aws:cloudfront::{ACCOUNT}:distribution/{sent['DistributionId']}"
    yield Need(f"cloudfront:{operation}", distribution)


NEEDS: Mapping[str, Callable[[str, Mapping[str, Any]], Iterator[Need]]] = {
    "cloudfront": _cloudfront,
    "dynamodb": _dynamodb,
    "ecs": _ecs,
    "s3": _s3,
    "secretsmanager": _secretsmanager,
    "ses": _ses,
    "sqs": _sqs,
    "stepfunctions": _stepfunctions,
}
