"""Contract of `SliceQueue`: the fake and SQS."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import boto3
import pytest

from chalicelib.adapters.slice_queue import SqsSliceQueue
from chalicelib.bulk.message import SliceMessage
from chalicelib.bulk.ports import SliceQueue
from chalicelib.catalogue.model import BulkChangeId, VideoId
from chalicelib.clock import LARGEST_ID
from chalicelib.errors import Unavailable
from tests.fakes.slice_queue import InMemorySliceQueue
from tests.queues import bodies

pytestmark = pytest.mark.contract(of=SliceQueue)

BULK = BulkChangeId(LARGEST_ID)
SLICE = SliceMessage(BULK, 3, (VideoId(LARGEST_ID), VideoId(1)))


@dataclass(frozen=True)
class Line:
    queue: SliceQueue
    arrived: Callable[[], list[SliceMessage]]


@pytest.fixture
def url(cloud: None) -> str:  # noqa: ARG001
    return str(boto3.client("sqs").get_queue_url(QueueName="videoflix-changes")["QueueUrl"])


@pytest.fixture(params=["memory", "sqs"])
def line(request: pytest.FixtureRequest) -> Line:
    if request.param == "memory":
        queue = InMemorySliceQueue()
        return Line(queue, lambda: queue.messages)
    url = request.getfixturevalue("url")
    return Line(
        SqsSliceQueue(lambda: boto3.client("sqs"), url),
        lambda: [SliceMessage.from_json(each) for each in bodies(url)],
    )


def test_messages_arrive_as_they_were_put(line: Line) -> None:
    line.queue.put([SLICE, SliceMessage(BULK)])
    assert sorted(line.arrived(), key=lambda each: each.slice or 0) == [SliceMessage(BULK), SLICE]


def test_more_messages_than_a_batch_arrive(line: Line) -> None:
    slices = [SliceMessage(BULK, number, (VideoId(number),)) for number in range(23)]
    line.queue.put(iter(slices))
    assert sorted(line.arrived(), key=lambda each: each.slice or 0) == slices


def test_no_message_at_all_is_fine(line: Line) -> None:
    line.queue.put([])
    assert line.arrived() == []


def test_on_sqs_a_message_has_no_other_content(url: str) -> None:
    SqsSliceQueue(lambda: boto3.client("sqs"), url).put([SLICE])
    [body] = bodies(url)
    assert json.loads(body) == {
        "bulk_change": LARGEST_ID,
        "slice": 3,
        "videos": [LARGEST_ID, 1],
        "version": 1,
    }


class _Refusing:
    def send_message_batch(self, **_: object) -> dict[str, object]:
        return {"Failed": [{"Id": "0", "SenderFault": False, "Code": "InternalError"}]}


def test_on_sqs_a_message_that_is_refused_is_an_error() -> None:
    with pytest.raises(Unavailable):
        SqsSliceQueue(_Refusing, "https://sqs.example/changes").put([SLICE])
