"""One contract, every mail queue: a fake that drifts from SQS fails here."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import boto3
import pytest

from chalicelib.accounts.mail import MailKind, MailOrder
from chalicelib.accounts.ports import MailQueue
from chalicelib.adapters.sqs import SqsMailQueue
from chalicelib.language import Language
from chalicelib.telemetry import correlated
from tests.fakes.mail_queue import InMemoryMailQueue

pytestmark = pytest.mark.contract(of=MailQueue)

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

ORDER = MailOrder(MailKind.SIGN_UP, "ada@example.com", Language.GERMAN, "official")


@dataclass(frozen=True)
class Line:
    queue: MailQueue
    arrived: Callable[[], list[MailOrder]]


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
        return Line(queue, lambda: queue.orders)
    return Line(
        request.getfixturevalue("sqs"),
        lambda: [MailOrder.from_json(each["Body"]) for each in messages()],
    )


@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize("language", Language)
def test_an_order_arrives_as_it_was_put(line: Line, kind: MailKind, language: Language) -> None:
    order = replace(ORDER, kind=kind, language=language)
    line.queue.put(order)
    assert line.arrived() == [order]


def test_every_order_arrives(line: Line) -> None:
    orders = [replace(ORDER, email=f"{each}@example.com") for each in range(3)]
    for order in orders:
        line.queue.put(order)
    assert sorted(line.arrived(), key=lambda order: order.email) == orders


def test_on_sqs_an_order_carries_the_mark_of_the_work_it_belongs_to(sqs: MailQueue) -> None:
    with correlated("request-7"):
        sqs.put(ORDER)
    [message] = messages()
    assert message["MessageAttributes"]["correlation_id"]["StringValue"] == "request-7"


def test_on_sqs_an_order_of_no_particular_work_arrives_as_well(sqs: MailQueue) -> None:
    sqs.put(ORDER)
    [message] = messages()
    assert message["MessageAttributes"]["correlation_id"]["StringValue"] == "none"


def test_on_sqs_an_order_says_nothing_but_who_gets_which_mail(sqs: MailQueue) -> None:
    sqs.put(ORDER)
    [message] = messages()
    assert json.loads(message["Body"]) == {
        "kind": "sign_up",
        "email": "ada@example.com",
        "language": "de",
        "dialect": "official",
        "state": "",
        "version": 1,
    }
