"""One contract for the task queues, as a worker sees them: the fake, and SQS."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import boto3
import pytest

from chalicelib.adapters.task_queues import SqsDelivery, SqsTaskQueues, SqsTaskSender
from chalicelib.catalogue.model import NOTHING_YET, VideoId
from chalicelib.encoding.messages import Task, TaskKind
from chalicelib.encoding.ports import Delivery, TaskQueues
from chalicelib.encoding.poster_ports import TaskSender
from chalicelib.encoding.task_queues import BY_URGENCY, TaskQueue
from tests.fakes.clock import HandClock
from tests.fakes.task_queues import InMemoryDelivery, InMemoryTaskQueues

pytestmark = pytest.mark.contract(of=(TaskQueues, Delivery, TaskSender))

TEXT = '{"kind": "chunk", "grüße": "\\n"}'
UNSORTED, CLOSING, BEGINNING = TaskQueue.UNSORTED, TaskQueue.CLOSING, TaskQueue.BEGINNING


@dataclass(frozen=True)
class Work:
    queue: TaskQueues
    put: Callable[[str], object]
    sender: TaskSender
    kind: type[InMemoryDelivery | SqsDelivery]

    def take(self, queue: TaskQueue = UNSORTED) -> Delivery | None:
        return self.queue.take(queue)

    def taken(self, queue: TaskQueue = UNSORTED) -> Delivery:
        delivery = self.take(queue)
        assert isinstance(delivery, self.kind)
        return delivery

    def sort(self, queue_of: Callable[[str], TaskQueue | None]) -> int:
        """Move a batch of what has arrived, each by its text, and return how many there were."""
        arrived = self.queue.receive_unsorted()
        queues = {queue for task in arrived if (queue := queue_of(task.body))}
        for queue in queues:
            self.queue.move([task for task in arrived if queue_of(task.body) is queue], queue)
        return len(arrived)

    def sort_all_to(self, queue: TaskQueue) -> Sequence[int]:
        """Return how many were moved, call by call."""
        moved = []
        while number := self.sort(lambda _: queue):
            moved.append(number)
        return moved


@pytest.fixture(params=["memory", "sqs"])
def work(request: pytest.FixtureRequest, clock: HandClock) -> Work:
    if request.param == "memory":
        memory = InMemoryTaskQueues(clock)
        return Work(memory, memory.put, memory, InMemoryDelivery)
    url = request.getfixturevalue("work_queue_url")
    sqs = boto3.client("sqs")
    return Work(
        SqsTaskQueues(lambda: sqs, url),
        lambda text: sqs.send_message(QueueUrl=url, MessageBody=text),
        SqsTaskSender(lambda: sqs, url),
        SqsDelivery,
    )


def test_where_nothing_waits_nothing_is_taken(work: Work) -> None:
    assert [work.take(queue) for queue in TaskQueue] == [None] * 5


def test_a_message_is_taken_as_it_was_put_for_the_first_time(work: Work) -> None:
    work.put(TEXT)
    delivery = work.taken()
    assert (delivery.body, delivery.count) == (TEXT, 1)


def test_a_task_that_is_sent_arrives_unsorted(work: Work) -> None:
    task = Task(TaskKind.POSTER, VideoId(7), NOTHING_YET, number=2**53 - 1)
    work.sender.send(task)
    assert Task.from_json(work.taken().body) == task


def test_a_message_in_flight_is_hidden_from_others(work: Work) -> None:
    work.put(TEXT)
    assert work.taken().count == 1
    assert work.take() is None


def test_one_message_is_taken_at_a_time_and_each_once(work: Work) -> None:
    texts = {f"message {number}" for number in range(5)}
    for text in texts:
        work.put(text)
    assert {work.taken().body for _ in range(5)} == texts
    assert work.take() is None


def test_a_returned_message_is_there_at_once_and_counted(work: Work) -> None:
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


def test_a_message_that_is_done_can_no_longer_be_kept_or_returned(work: Work) -> None:
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


def test_where_nothing_arrived_nothing_is_sorted(work: Work) -> None:
    assert work.sort(lambda _: CLOSING) == 0


@pytest.mark.parametrize("queue", BY_URGENCY)
def test_what_is_sorted_waits_in_its_queue_and_nowhere_else(work: Work, queue: TaskQueue) -> None:
    work.put(TEXT)
    assert work.sort_all_to(queue) == [1]
    others = [each for each in TaskQueue if each is not queue]
    assert [work.take(each) for each in others] == [None] * 4
    assert work.taken(queue).body == TEXT


def test_each_message_is_sorted_by_its_text(work: Work) -> None:
    def queue_of(text: str) -> TaskQueue:
        return CLOSING if text == "last" else BEGINNING

    for text in ("first", "last", "second"):
        work.put(text)
    while work.sort(queue_of):
        pass
    assert work.taken(CLOSING).body == "last"
    assert {work.taken(BEGINNING).body for _ in range(2)} == {"first", "second"}


def test_a_message_that_cannot_be_judged_waits_alone(work: Work) -> None:
    texts = {f"message {number}" for number in range(5)}
    for text in [*sorted(texts), "odd"]:
        work.put(text)
    while work.sort(lambda text: CLOSING if text in texts else None):
        pass
    assert {work.taken(CLOSING).body for _ in range(5)} == texts
    assert [work.take(queue) for queue in TaskQueue] == [None] * 5


def test_a_crowd_is_sorted_little_by_little_and_nothing_is_lost(work: Work) -> None:
    texts = {f"message {number}" for number in range(25)}
    for text in texts:
        work.put(text)
    moved = work.sort_all_to(BEGINNING)
    assert (sum(moved), max(moved)) == (25, 10)
    assert {work.taken(BEGINNING).body for _ in range(25)} == texts
    assert work.take(BEGINNING) is None


def test_sorting_forgets_not_how_often_it_was_handed_out_and_is_not_counted(work: Work) -> None:
    work.put(TEXT)
    work.taken().give_back()
    work.taken().give_back()
    work.sort_all_to(CLOSING)
    delivery = work.taken(CLOSING)
    assert delivery.count == 3
    delivery.give_back()
    assert work.taken(CLOSING).count == 4


def test_a_message_in_flight_is_not_sorted(work: Work) -> None:
    work.put(TEXT)
    work.taken().keep(seconds=60)
    assert work.sort_all_to(CLOSING) == []


def test_a_sorted_message_is_kept_returned_and_done_where_it_is(work: Work) -> None:
    work.put(TEXT)
    work.sort_all_to(CLOSING)
    delivery = work.taken(CLOSING)
    delivery.keep(seconds=60)
    assert work.take(CLOSING) is None
    delivery.give_back()
    work.taken(CLOSING).done()
    assert [work.take(queue) for queue in TaskQueue] == [None] * 5
