"""What goes first: videos that are nearly done, with a share for new ones and for long ones."""

import heapq
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from chalicelib.catalogue.damage import Decodable
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.fair_work import FairWork
from chalicelib.encoding.messages import MP4_ONLY_TASK, Task, TaskKind
from chalicelib.encoding.model import Encode
from chalicelib.encoding.ports import UnsortedTask
from chalicelib.encoding.task_queues import (
    AT_LEAST_EVERY,
    BY_URGENCY,
    NEARLY_DONE_SECONDS,
    TaskQueue,
)
from tests.builders.assets import an_asset
from tests.builders.encodes import an_encode
from tests.fakes.clock import HandClock
from tests.fakes.encode_store import InMemoryEncodeStore
from tests.fakes.task_queues import InMemoryDelivery, InMemoryTaskQueues

REVISION = Revision(1)
SHORT, LONG = VideoId(1), VideoId(2)
LONG_CHUNKS = 300
# As many chunks of one video as the state machine has under way.
WINDOW = 40


class CountedQueue(InMemoryTaskQueues):
    """Counts what would be requests."""

    requests = 0

    def take(self, queue: TaskQueue, *, wait_seconds: int = 0) -> InMemoryDelivery | None:
        self.requests += 1
        return super().take(queue, wait_seconds=wait_seconds)

    def receive_unsorted(self) -> Sequence[UnsortedTask]:
        self.requests += 1
        return super().receive_unsorted()


@dataclass
class Backlog:
    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        self.queue = CountedQueue(self.clock)
        self.encodes = InMemoryEncodeStore(self.clock)

    def worker(self) -> FairWork:
        return FairWork(self.queue, self.encodes)

    def plan(self, video_id: VideoId, chunks: int, *, per_chunk: int = 1) -> None:
        encode = self.encodes.begin(an_encode(self.clock.now(), video_id, REVISION))
        segments = 1 + (chunks - 1) * per_chunk
        self.encodes.planned(encode, an_asset(segments), segments_per_chunk=per_chunk)

    def put(self, kind: TaskKind, video_id: VideoId = SHORT, number: int = 0) -> None:
        self.queue.put(Task(kind, video_id, REVISION, number, "token").to_json())

    def taken(self, worker: FairWork, number: int) -> list[str]:
        """Let a worker do so many tasks, and return which."""
        return [self.name_of(self._done(worker)) for _ in range(number)]

    def _done(self, worker: FairWork) -> str:
        delivery = worker.take(wait_seconds=0)
        assert delivery
        delivery.done()
        return delivery.body

    @staticmethod
    def name_of(body: str) -> str:
        task = Task.from_json(body)
        return f"{task.kind} {task.video_id}.{task.number}"


@pytest.fixture
def backlog() -> Backlog:
    backlog = Backlog()
    backlog.plan(SHORT, chunks=1)
    backlog.plan(LONG, chunks=LONG_CHUNKS)
    return backlog


def test_publishing_and_files_go_before_all_that_arrived_earlier(backlog: Backlog) -> None:
    backlog.put(TaskKind.CHUNK, LONG, 7)
    backlog.put(TaskKind.CHUNK)
    backlog.put(TaskKind.PUBLISH)
    backlog.put(TaskKind.MP4, number=1)
    expected = ["publish 1.0", "mp4 1.1", "chunk 1.0"]
    assert backlog.taken(backlog.worker(), 3) == expected


def test_what_is_checked_again_after_its_damage_was_accepted_goes_first(backlog: Backlog) -> None:
    backlog.encodes.chunk_done(SHORT, REVISION, 0)
    backlog.encodes.fail(SHORT, REVISION)
    seen = backlog.encodes.get(SHORT, REVISION)
    backlog.encodes.again(seen, accepted=Decodable(0.5))
    # Another attempt without acceptance.
    backlog.encodes.fail(LONG, REVISION)
    backlog.encodes.again(backlog.encodes.get(LONG, REVISION))
    backlog.plan(VideoId(4), chunks=1)
    backlog.put(TaskKind.PLAN, VideoId(3))
    backlog.put(TaskKind.PLAN, LONG)
    backlog.put(TaskKind.CHUNK, VideoId(4))
    backlog.put(TaskKind.PLAN, SHORT)
    expected = ["plan 1.0", "chunk 4.0", "plan 3.0", "plan 2.0"]
    assert backlog.taken(backlog.worker(), 4) == expected


def test_a_file_that_is_encoded_waits_for_all_that_others_wait_for(backlog: Backlog) -> None:
    backlog.put(TaskKind.MP4, number=MP4_ONLY_TASK)
    backlog.put(TaskKind.PLAN, VideoId(3))
    backlog.put(TaskKind.MP4, number=1)
    assert backlog.taken(backlog.worker(), 3) == ["mp4 1.1", "plan 3.0", "mp4 1.120"]


def test_the_encode_with_less_to_do_goes_before_new_ones_and_those_before_one_with_much(
    backlog: Backlog,
) -> None:
    backlog.put(TaskKind.PLAN, VideoId(3))
    backlog.put(TaskKind.CHUNK, LONG, 7)
    backlog.put(TaskKind.PICTURES, SHORT)
    assert backlog.taken(backlog.worker(), 3) == ["pictures 1.0", "plan 3.0", "chunk 2.7"]


def test_the_first_chunk_and_sound_of_a_long_video_belong_to_beginnings(backlog: Backlog) -> None:
    for kind in (TaskKind.CHUNK, TaskKind.AUDIO, TaskKind.PICTURES, TaskKind.SUBTITLES):
        backlog.put(kind, LONG)
    backlog.put(TaskKind.AUDIO, LONG, 1)
    assert backlog.taken(backlog.worker(), 1) == ["chunk 2.0"]
    waiting = {backlog.name_of(each.body): each.queue for each in backlog.queue.messages}
    assert waiting == {
        "pictures 2.0": TaskQueue.MUCH_LEFT,
        "audio 2.0": TaskQueue.BEGINNING,
        "subtitles 2.0": TaskQueue.MUCH_LEFT,
        "audio 2.1": TaskQueue.MUCH_LEFT,
    }


def test_a_long_video_of_which_little_is_left_is_nearly_done(backlog: Backlog) -> None:
    backlog.put(TaskKind.AUDIO, LONG, 1)
    for number in range(LONG_CHUNKS - NEARLY_DONE_SECONDS // 6):
        backlog.encodes.chunk_done(LONG, REVISION, number)
    backlog.put(TaskKind.CHUNK, LONG, LONG_CHUNKS - 1)
    delivery = backlog.worker().take(wait_seconds=0)
    assert isinstance(delivery, InMemoryDelivery)
    assert delivery.message.queue is TaskQueue.NEARLY_DONE


def test_a_long_video_in_few_chunks_is_not_nearly_done(backlog: Backlog) -> None:
    """Where seeking is impossible, a video of three hours is eight chunks."""
    long_video = VideoId(3)
    backlog.plan(long_video, chunks=8, per_chunk=250)
    backlog.put(TaskKind.CHUNK, long_video, 1)
    backlog.put(TaskKind.CHUNK)
    worker = backlog.worker()
    assert backlog.taken(worker, 2) == ["chunk 1.0", "chunk 3.1"]
    for number in range(7):
        backlog.encodes.chunk_done(long_video, REVISION, number)
    backlog.put(TaskKind.CHUNK, long_video, 7)
    delivery = worker.take(wait_seconds=0)
    assert isinstance(delivery, InMemoryDelivery)
    assert delivery.message.queue is TaskQueue.MUCH_LEFT


def test_at_least_every_fourth_task_is_of_a_video_that_begins(backlog: Backlog) -> None:
    for number in range(12):
        backlog.put(TaskKind.PUBLISH, number=number)
        backlog.put(TaskKind.PLAN, VideoId(3 + number))
    kinds = [each.partition(" ")[0] for each in backlog.taken(backlog.worker(), 12)]
    assert kinds == ["publish", "publish", "publish", "plan"] * 3


def test_at_least_every_eighth_task_is_of_a_video_with_much_left(backlog: Backlog) -> None:
    for number in range(1, 33):
        backlog.put(TaskKind.PUBLISH, number=number)
        backlog.put(TaskKind.CHUNK, LONG, number)
    kinds = [each.partition(" ")[0] for each in backlog.taken(backlog.worker(), 32)]
    assert kinds == [*["publish"] * 7, "chunk"] * 4


def test_where_all_have_something_each_has_its_share(backlog: Backlog) -> None:
    for number in range(1, 101):
        backlog.put(TaskKind.PUBLISH, number=number)
        backlog.put(TaskKind.CHUNK, LONG, number)
        backlog.put(TaskKind.PLAN, VideoId(3 + number))
    kinds = [each.partition(" ")[0] for each in backlog.taken(backlog.worker(), 100)]
    assert all("plan" in kinds[start : start + 4] for start in range(97))
    assert all("chunk" in kinds[start : start + 9] for start in range(92))
    assert kinds.count("publish") > 60


def test_a_share_without_tasks_is_not_saved_up(backlog: Backlog) -> None:
    worker = backlog.worker()
    for number in range(40):
        backlog.put(TaskKind.PUBLISH, number=number)
    backlog.taken(worker, 20)
    for number in range(10):
        backlog.put(TaskKind.PLAN, VideoId(3 + number))
    kinds = [each.partition(" ")[0] for each in backlog.taken(worker, 8)]
    assert kinds.count("plan") == 2


def test_what_cannot_be_read_goes_last_and_holds_up_no_other(backlog: Backlog) -> None:
    backlog.queue.put("nonsense")
    backlog.put(TaskKind.CHUNK)
    worker = backlog.worker()
    assert backlog.taken(worker, 1) == ["chunk 1.0"]
    unreadable = worker.take(wait_seconds=0)
    assert unreadable
    assert unreadable.body == "nonsense"


def test_an_encode_that_cannot_be_read_holds_up_no_other(
    backlog: Backlog, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = backlog.encodes.get

    def get(video_id: VideoId, revision: Revision) -> Encode:
        if video_id == LONG:
            raise KeyError("grid")
        return read(video_id, revision)

    monkeypatch.setattr(backlog.encodes, "get", get)
    backlog.put(TaskKind.CHUNK, LONG, 7)
    backlog.put(TaskKind.CHUNK)
    worker = backlog.worker()
    with pytest.raises(KeyError):
        worker.take(wait_seconds=0)
    assert backlog.taken(worker, 1) == ["chunk 1.0"]
    backlog.clock.advance(seconds=61)
    monkeypatch.setattr(backlog.encodes, "get", read)
    assert backlog.taken(worker, 1) == ["chunk 2.7"]


def test_work_for_an_encode_that_is_gone_is_taken_soon_to_be_dropped(backlog: Backlog) -> None:
    backlog.put(TaskKind.CHUNK, LONG, 7)
    backlog.put(TaskKind.CHUNK, VideoId(99), 7)
    assert backlog.taken(backlog.worker(), 1) == ["chunk 99.7"]


def test_an_idle_worker_takes_what_arrives_at_once(backlog: Backlog) -> None:
    worker = backlog.worker()
    assert worker.take(wait_seconds=2) is None
    for _ in range(2):
        assert worker.take(wait_seconds=2) is None
    before = backlog.queue.requests
    backlog.put(TaskKind.PLAN, VideoId(3))
    assert backlog.taken(worker, 1) == ["plan 3.0"]
    assert backlog.queue.requests == before + 1


@pytest.mark.parametrize("waits", [0, 1, 5, 17])
def test_what_one_worker_has_sorted_is_taken_by_an_idle_one(backlog: Backlog, waits: int) -> None:
    idle = backlog.worker()
    for _ in range(waits):
        assert idle.take(wait_seconds=2) is None
    for number in range(3):
        backlog.put(TaskKind.CHUNK, LONG, 7 + number)
    backlog.taken(backlog.worker(), 1)
    deliveries = [idle.take(wait_seconds=2) for _ in range(4)]
    assert any(deliveries)


def test_a_minute_of_waiting_costs_little(backlog: Backlog) -> None:
    worker = backlog.worker()
    for _ in range(30):
        worker.take(wait_seconds=2)
    assert backlog.queue.requests <= 80


def test_taking_a_task_among_many_costs_few_requests(backlog: Backlog) -> None:
    for number in range(1, 101):
        backlog.put(TaskKind.CHUNK, LONG, number)
    backlog.taken(backlog.worker(), 100)
    # Ten batches to sort; to look whether more has arrived, and into four queues.
    assert backlog.queue.requests <= 10 + 100 * (1 + 4)


def test_of_a_long_video_alone_its_first_picture_and_sound_come_first(backlog: Backlog) -> None:
    """Each worker takes one of them, whatever arrived earlier."""
    for number in range(WINDOW, 0, -1):
        backlog.put(TaskKind.CHUNK, LONG, number)
    backlog.put(TaskKind.AUDIO, LONG)
    backlog.put(TaskKind.CHUNK, LONG)
    workers = backlog.worker(), backlog.worker()
    assert [backlog.taken(each, 1) for each in workers] == [["audio 2.0"], ["chunk 2.0"]]


@dataclass
class Execution:
    """What the state machine does for one encode."""

    backlog: Backlog
    video_id: VideoId
    chunks: int
    sent: int = 0
    open: Counter[TaskKind] = field(default_factory=Counter)
    published_at: float | None = None
    files: int = 2

    def begin(self) -> None:
        self.backlog.encodes.begin(an_encode(self.backlog.clock.now(), self.video_id, REVISION))
        self._order(TaskKind.PLAN)

    def answered(self, task: Task, now: float) -> None:
        self.open[task.kind] -= 1
        if task.kind is TaskKind.PLAN:
            self.backlog.plan(self.video_id, self.chunks)
            self._order(TaskKind.AUDIO)
            for _ in range(WINDOW):
                self._next_chunk()
            self._order(TaskKind.PICTURES)
        elif task.kind is TaskKind.CHUNK:
            self.backlog.encodes.chunk_done(self.video_id, REVISION, task.number)
            self._next_chunk()
        elif task.kind is TaskKind.PUBLISH:
            self.published_at = now
            for number in range(self.files):
                self._order(TaskKind.MP4, number)
        if self.published_at is None and not self.open.total():
            self._order(TaskKind.PUBLISH)

    @property
    def is_over(self) -> bool:
        return self.published_at is not None and not self.open.total()

    def _next_chunk(self) -> None:
        if self.sent < self.chunks:
            self._order(TaskKind.CHUNK, self.sent)
            self.sent += 1

    def _order(self, kind: TaskKind, number: int = 0) -> None:
        self.open[kind] += 1
        self.backlog.put(kind, self.video_id, number)


@dataclass(frozen=True)
class Taken:
    """One task that a worker took, and what it might have taken."""

    task: Task
    queue: TaskQueue
    waiting: frozenset[TaskQueue]


@dataclass
class Day:
    """Encodes that begin, and workers; a task takes between one and two moments."""

    executions: dict[VideoId, Execution]
    # What each worker took, in turn.
    taken: list[list[Taken]]

    @classmethod
    def of(cls, chunks: Sequence[int], *, workers: int, seed: int = 0) -> "Day":
        """All encodes begin at once, in this order, with so many chunks each."""
        backlog, chance = Backlog(), random.Random(seed)  # noqa: S311
        executions = {
            VideoId(number): Execution(backlog, VideoId(number), each)
            for number, each in enumerate(chunks)
        }
        for execution in executions.values():
            execution.begin()
        day = cls(executions, [[] for _ in range(workers)])
        day._pass(backlog, chance)
        return day

    def _pass(self, backlog: Backlog, chance: random.Random) -> None:
        works = [backlog.worker() for _ in self.taken]
        now = 0.0
        idle = set(range(len(works)))
        busy: list[tuple[float, int, InMemoryDelivery]] = []
        while True:
            for worker in sorted(idle):
                delivery = works[worker].take(wait_seconds=0)
                if isinstance(delivery, InMemoryDelivery):
                    delivery.keep(seconds=10**6)
                    self._record(backlog, worker, delivery)
                    idle.remove(worker)
                    heapq.heappush(busy, (now + 1 + chance.random(), worker, delivery))
            if not busy:
                return
            now, worker, delivery = heapq.heappop(busy)
            delivery.done()
            task = Task.from_json(delivery.body)
            self.executions[task.video_id].answered(task, now)
            idle.add(worker)

    def _record(self, backlog: Backlog, worker: int, delivery: InMemoryDelivery) -> None:
        queue, now = delivery.message.queue, backlog.clock.now()
        left = {each.queue for each in backlog.queue.messages if each.visible_at <= now}
        task = Task.from_json(delivery.body)
        self.taken[worker].append(Taken(task, queue, frozenset(left | {queue})))

    def published(self) -> list[float]:
        return [execution.published_at or float("inf") for execution in self.executions.values()]

    def passed_over(self, queue: TaskQueue) -> Iterator[int]:
        """Yield how many tasks in a row came from elsewhere, though there was one here."""
        for taken in self.taken:
            row = 0
            for each in taken:
                row = row + 1 if queue in each.waiting and each.queue is not queue else 0
                yield row


def a_mix(seed: int) -> list[int]:
    chance = random.Random(seed)  # noqa: S311
    chunks = [1] * 30 + [8] * 10 + [60] * 3 + [200]
    chance.shuffle(chunks)
    return chunks


@pytest.mark.parametrize("seed", range(6))
def test_whatever_arrives_the_shares_are_kept_and_all_is_made_once(seed: int) -> None:
    chunks = a_mix(seed)
    day = Day.of(chunks, workers=1 + seed, seed=seed)
    assert all(execution.is_over for execution in day.executions.values())
    tasks = [each.task for taken in day.taken for each in taken]
    assert len(tasks) == len(set(tasks)) == sum(chunks) + len(chunks) * 6
    # Where two are due at once, the second has its turn one task later.
    assert max(day.passed_over(TaskQueue.BEGINNING)) < AT_LEAST_EVERY[TaskQueue.BEGINNING]
    assert max(day.passed_over(TaskQueue.MUCH_LEFT)) <= AT_LEAST_EVERY[TaskQueue.MUCH_LEFT]


@pytest.mark.parametrize("seed", range(6))
def test_nothing_goes_before_what_is_more_urgent_but_by_its_share(seed: int) -> None:
    day = Day.of(a_mix(seed), workers=1 + seed, seed=seed)
    for each in (each for taken in day.taken for each in taken):
        more_urgent = BY_URGENCY[: BY_URGENCY.index(each.queue)] if each.queue in BY_URGENCY else ()
        assert each.queue in AT_LEAST_EVERY or not each.waiting.intersection(more_urgent)


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_the_first_of_many_is_published_as_early_as_of_few(workers: int) -> None:
    few, many = (min(Day.of([1] * number, workers=workers).published()) for number in (10, 200))
    assert many <= few * 1.2
    alone = Day.of([1], workers=1).published()[0]
    assert many <= 1.5 * alone


def test_short_videos_do_not_wait_for_a_long_one_that_came_before() -> None:
    alone = Day.of([1] * 50, workers=4)
    beside = Day.of([LONG_CHUNKS, *[1] * 50], workers=4)
    # An eighth and a beginning now and then go to the long video.
    assert max(beside.published()[1:]) <= 1.25 * max(alone.published())


def test_a_crowd_of_short_videos_does_not_stop_a_long_one() -> None:
    day = Day.of([60, *[1] * 300], workers=4)
    long_video, *short = day.published()
    assert long_video < sorted(short)[200]


def test_two_long_videos_get_on_side_by_side() -> None:
    first, second = Day.of([LONG_CHUNKS, LONG_CHUNKS], workers=4).published()
    assert abs(first - second) < WINDOW
