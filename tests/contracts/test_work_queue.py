"""One contract for the work queue, as a worker sees it: the fake, and SQS."""

from collections.abc import Callable
from dataclasses import dataclass

import boto3
import pytest

from chalicelib.adapters.work_queue import SqsDelivery, SqsWorkQueue
from chalicelib.transcoding.ports import Delivery, WorkQueue
from tests.fakes.clock import HandClock
from tests.fakes.work_queue import InMemoryDelivery, InMemoryWorkQueue

pytestmark = pytest.mark.contract(of=(WorkQueue, Delivery))

TEXT = '{"kind": "chunk", "grüße": "\\n"}'


@dataclass(frozen=True)
class Work:
    queue: WorkQueue
    put: Callable[[str], object]
    kind: type[InMemoryDelivery | SqsDelivery]

    def take(self) -> Delivery | None:
        return next(iter(self.queue.take(wait_seconds=0)), None)

    def taken(self) -> Delivery:
        delivery = self.take()
        assert isinstance(delivery, self.kind)
        return delivery


@pytest.fixture(params=["memory", "sqs"])
def work(request: pytest.FixtureRequest, clock: HandClock) -> Work:
    if request.param == "memory":
        memory = InMemoryWorkQueue(clock)
        return Work(memory, memory.put, InMemoryDelivery)
    url = request.getfixturevalue("work_queue_url")
    sqs = boto3.client("sqs")
    return Work(
        SqsWorkQueue(lambda: sqs, url),
        lambda text: sqs.send_message(QueueUrl=url, MessageBody=text),
        SqsDelivery,
    )


def test_where_nothing_waits_nothing_is_taken(work: Work) -> None:
    assert work.take() is None


def test_a_message_is_taken_as_it_was_put_for_the_first_time(work: Work) -> None:
    work.put(TEXT)
    delivery = work.taken()
    assert (delivery.body, delivery.count) == (TEXT, 1)


def test_what_is_in_somebodys_hands_is_hidden_from_others(work: Work) -> None:
    work.put(TEXT)
    assert work.taken().count == 1
    assert work.take() is None


def test_one_message_is_taken_at_a_time_and_each_once(work: Work) -> None:
    texts = {f"message {number}" for number in range(5)}
    for text in texts:
        work.put(text)
    assert len(list(work.queue.take(wait_seconds=0))) == 1
    assert len({work.taken().body for _ in range(4)}) == 4
    assert work.take() is None


def test_what_is_given_back_is_there_at_once_and_counted(work: Work) -> None:
    work.put(TEXT)
    work.taken().give_back()
    again = work.taken()
    again.give_back()
    assert (again.body, again.count) == (TEXT, 2)
    assert work.taken().count == 3


def test_what_is_kept_stays_hidden(work: Work) -> None:
    work.put(TEXT)
    delivery = work.taken()
    for _ in range(3):
        delivery.keep(seconds=60)
    assert work.take() is None


def test_what_is_done_never_comes_again(work: Work) -> None:
    work.put(TEXT)
    delivery = work.taken()
    delivery.done()
    delivery.done()
    assert work.take() is None


def test_a_message_that_is_done_can_no_longer_be_kept_or_given_back(work: Work) -> None:
    work.put(TEXT)
    delivery = work.taken()
    delivery.done()
    delivery.keep(seconds=60)
    delivery.give_back()
    assert work.take() is None


def test_another_message_is_not_touched(work: Work) -> None:
    work.put("first")
    work.put("second")
    first, second = work.taken(), work.taken()
    first.done()
    second.give_back()
    assert work.taken().body == second.body
