"""Contract of `MailQueue`: the fake and SQS."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import boto3
import pytest

from chalicelib.accounts.mail import MailKind, MailRequest
from chalicelib.accounts.ports import MailQueue
from chalicelib.adapters.mail_queue import SqsMailQueue
from chalicelib.language import Language
from chalicelib.telemetry import correlated
from tests.fakes.mail_queue import InMemoryMailQueue

pytestmark = pytest.mark.contract(of=MailQueue)

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

REQUEST = MailRequest(MailKind.SIGN_UP, "ada@example.com", Language.GERMAN, "official")


@dataclass(frozen=True)
class Line:
    queue: MailQueue
    arrived: Callable[[], list[MailRequest]]


def messages() -> list["MessageTypeDef"]:
    return boto3.client("sqs").receive_message(
        QueueUrl=os.environ["MAIL_QUEUE_URL"],
        MessageAttributeNames=["All"],
        MaxNumberOfMessages=10,
    )["Messages"]


@pytest.fixture
def sqs(cloud: None) -> MailQueue:  # noqa: ARG001
    return SqsMailQueue(lambda: boto3.client("sqs"), os.environ["MAIL_QUEUE_URL"])


@pytest.fixture(params=["memory", "sqs"])
def line(request: pytest.FixtureRequest) -> Line:
    if request.param == "memory":
        queue = InMemoryMailQueue()
        return Line(queue, lambda: queue.requests)
    return Line(
        request.getfixturevalue("sqs"),
        lambda: [MailRequest.from_json(each["Body"]) for each in messages()],
    )


@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize("language", Language)
def test_a_mail_request_arrives_as_it_was_put(
    line: Line, kind: MailKind, language: Language
) -> None:
    request = replace(REQUEST, kind=kind, language=language)
    line.queue.put(request)
    assert line.arrived() == [request]


def test_every_request_arrives(line: Line) -> None:
    requests = [replace(REQUEST, email=f"{each}@example.com") for each in range(3)]
    for request in requests:
        line.queue.put(request)
    assert sorted(line.arrived(), key=lambda request: request.email) == requests


def test_on_sqs_a_mail_request_has_the_correlation_id(sqs: MailQueue) -> None:
    with correlated("request-7"):
        sqs.put(REQUEST)
    [message] = messages()
    assert message["MessageAttributes"]["correlation_id"]["StringValue"] == "request-7"


def test_on_sqs_a_mail_request_without_a_correlation_id_arrives_too(sqs: MailQueue) -> None:
    sqs.put(REQUEST)
    [message] = messages()
    assert message["MessageAttributes"]["correlation_id"]["StringValue"] == "none"


def test_on_sqs_a_mail_request_has_no_other_content(sqs: MailQueue) -> None:
    sqs.put(REQUEST)
    [message] = messages()
    assert json.loads(message["Body"]) == {
        "kind": "sign_up",
        "email": "ada@example.com",
        "language": "de",
        "dialect": "official",
        "state": "",
        "origin": "",
        "version": 1,
    }
