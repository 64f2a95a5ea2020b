"""The order of tasks: no video waits for all others (decision 0039)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.chunks import segments_in
from chalicelib.encoding.messages import Task, UnreadableTask
from chalicelib.encoding.model import EncodeNotFound
from chalicelib.encoding.ports import Delivery, EncodeStore, TaskQueues, UnsortedTask
from chalicelib.encoding.task_queues import (
    AT_LEAST_EVERY,
    BY_URGENCY,
    TaskQueue,
    queue_of,
    queue_without_reading,
)

# The next call sorts the rest.
_MOST_BATCHES = 100
# After this many empty waits, the queues are polled less often.
_EAGER_WAITS = 2
_WAITS_BETWEEN_POLLS = 4


@dataclass(frozen=True, slots=True)
class Left:
    seconds: float = 0
    is_accepted: bool = False


LeftOf = Callable[[VideoId, Revision], Left]


@dataclass(slots=True)
class FairWork:
    """The tasks of one worker, one after the other."""

    queue: TaskQueues
    encodes: EncodeStore
    # Tasks taken since each queue with a guaranteed share was last polled.
    _passed_over: dict[TaskQueue, int] = field(
        default_factory=lambda: dict.fromkeys(AT_LEAST_EVERY, 0)
    )
    _empty_waits: int = 0

    def take(self, *, wait_seconds: int) -> Delivery | None:
        """Return the most urgent task, or wait for the next one that arrives."""
        delivery = self._poll() if self._polls_now else None
        if delivery is None:
            # All queues are empty, so an unsorted task overtakes no other.
            delivery = self.queue.take(TaskQueue.UNSORTED, wait_seconds=wait_seconds)
            self._record(delivery, asked=frozenset())
        self._empty_waits = 0 if delivery else self._empty_waits + 1
        return delivery

    @property
    def _polls_now(self) -> bool:
        waits = self._empty_waits
        return waits <= _EAGER_WAITS or waits % _WAITS_BETWEEN_POLLS == 0

    def _poll(self) -> Delivery | None:
        self._sort()
        asked: set[TaskQueue] = set()
        delivery = None
        for queue in self._order():
            asked.add(queue)
            if delivery := self.queue.take(queue):
                break
        self._record(delivery, asked=frozenset(asked))
        return delivery

    def _sort(self) -> None:
        left_of = cache(self._left)
        for _ in range(_MOST_BATCHES):
            unsorted = self.queue.receive_unsorted()
            if not unsorted:
                return
            self._sort_batch(unsorted, left_of)

    def _sort_batch(self, unsorted: Sequence[UnsortedTask], left_of: LeftOf) -> None:
        tasks_by_queue: dict[TaskQueue, list[UnsortedTask]] = defaultdict(list)
        failed: list[Exception] = []
        for each in unsorted:
            try:
                tasks_by_queue[_queue_of(each.body, left_of)].append(each)
            except Exception as error:  # noqa: BLE001 - raised once its neighbours are sorted
                failed.append(error)
        for queue, tasks in tasks_by_queue.items():
            self.queue.move(tasks, queue)
        if failed:
            # The table may be out of reach: messages that were not received lose no attempt.
            raise failed[0]

    def _left(self, video_id: VideoId, revision: Revision) -> Left:
        try:
            encode = self.encodes.get(video_id, revision)
        except EncodeNotFound:
            # The encode was removed; the worker ends the task at once.
            return Left()
        if encode.asset is None:
            return Left()
        grid = encode.asset.grid
        done = segments_in(encode.chunks, encode.segments_per_chunk, grid.segments)
        seconds = float((grid.segments - done) * grid.segment_seconds(0))
        return Left(seconds, is_accepted=encode.accepted is not None)

    def _order(self) -> Iterator[TaskQueue]:
        passed_over = self._passed_over
        due = [each for each, often in AT_LEAST_EVERY.items() if passed_over[each] >= often - 1]
        yield from due
        yield from (queue for queue in BY_URGENCY if queue not in due)

    def _record(self, delivery: Delivery | None, *, asked: frozenset[TaskQueue]) -> None:
        for queue in self._passed_over:
            if queue in asked:
                self._passed_over[queue] = 0
            elif delivery:
                self._passed_over[queue] += 1


def _queue_of(body: str, left_of: LeftOf) -> TaskQueue:
    try:
        task = Task.from_json(body)
    except UnreadableTask:
        # The worker that takes it reports the error.
        return TaskQueue.BEGINNING
    # The table is read only for tasks whose queue depends on it.
    queue = queue_without_reading(task)
    if queue is None:
        left = left_of(task.video_id, task.revision)
        queue = queue_of(task, left.seconds, is_accepted=left.is_accepted)
    return queue
