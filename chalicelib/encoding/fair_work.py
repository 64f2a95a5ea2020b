"""Which task a worker takes next, so that no film waits for all others (decision 0039)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.model import EncodeNotFound
from chalicelib.encoding.plan import segments_in
from chalicelib.encoding.ports import Delivery, EncodeStore, WorkQueue
from chalicelib.encoding.task_queues import AT_LEAST_EVERY, BY_URGENCY, TaskQueue, queue_of

# Of ten messages each. More than that is left to whoever looks next.
_MOST_BATCHES = 100
# After so many waits in vain, queues that hardly change without a worker are looked at less often.
_WATCHFUL_WAITS = 2
_WAITS_BETWEEN_LOOKS = 4


@dataclass(slots=True)
class FairWork:
    """The tasks that one worker takes, one after the other."""

    queue: WorkQueue
    encodes: EncodeStore
    # Tasks taken since a queue with a guaranteed share was last asked.
    _passed_over: dict[TaskQueue, int] = field(
        default_factory=lambda: dict.fromkeys(AT_LEAST_EVERY, 0)
    )
    _waits_in_vain: int = 0

    def take(self, *, wait_seconds: int) -> Delivery | None:
        """Return what goes first, or wait for so long for whatever arrives."""
        delivery = self._look() if self._is_to_look else None
        if delivery is None:
            # Nothing waits, so nothing is overtaken: what arrives is done at once, unsorted.
            delivery = self.queue.take(TaskQueue.ARRIVING, wait_seconds=wait_seconds)
            self._note(delivery, asked=frozenset())
        self._waits_in_vain = 0 if delivery else self._waits_in_vain + 1
        return delivery

    @property
    def _is_to_look(self) -> bool:
        waits = self._waits_in_vain
        return waits <= _WATCHFUL_WAITS or waits % _WAITS_BETWEEN_LOOKS == 0

    def _look(self) -> Delivery | None:
        self._sort()
        asked: set[TaskQueue] = set()
        delivery = None
        for queue in self._order():
            asked.add(queue)
            if delivery := self.queue.take(queue):
                break
        self._note(delivery, asked=frozenset(asked))
        return delivery

    def _sort(self) -> None:
        left = cache(self._seconds_left)
        failed: list[Exception] = []

        def judged(body: str) -> TaskQueue | None:
            try:
                return queue_of(body, left)
            except Exception as error:  # noqa: BLE001 - raised once its neighbours are sorted
                failed.append(error)
                return None

        for _ in range(_MOST_BATCHES):
            there_were = self.queue.sort(judged)
            if failed:
                # Perhaps no encode can be read now: what has not been received loses nothing.
                raise failed[0]
            if not there_were:
                return

    def _seconds_left(self, video_id: VideoId, revision: Revision) -> float:
        try:
            encode = self.encodes.get(video_id, revision)
        except EncodeNotFound:
            # Nobody wants it any more, and the worker will say so at once.
            return 0
        if encode.asset is None:
            return 0
        grid = encode.asset.grid
        done = segments_in(encode.chunks, encode.segments_per_chunk, grid.segments)
        return float((grid.segments - done) * grid.segment_seconds(0))

    def _order(self) -> Iterator[TaskQueue]:
        passed_over = self._passed_over
        due = [each for each, often in AT_LEAST_EVERY.items() if passed_over[each] >= often - 1]
        yield from due
        yield from (queue for queue in BY_URGENCY if queue not in due)

    def _note(self, delivery: Delivery | None, *, asked: frozenset[TaskQueue]) -> None:
        for queue in self._passed_over:
            if queue in asked:
                self._passed_over[queue] = 0
            elif delivery:
                self._passed_over[queue] += 1
