"""28 videos that arrive at once, on two workers: what each of them says while it waits and runs."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import chain, count, pairwise

from chalicelib.catalogue.model import VideoId
from chalicelib.encoding.chunks import chunk_count, first_segment_of
from chalicelib.encoding.fair_work import FairWork
from chalicelib.encoding.messages import Task, TaskKind
from chalicelib.encoding.model import Encode, Step
from chalicelib.encoding.progress import Delay, EncodeProgress
from tests.builders.assets import an_asset
from tests.builders.encodes import InMemoryEncoding
from tests.fakes.task_queues import InMemoryDelivery, InMemoryTaskQueues
from transcoder.outputs.objects import PICTURES, audio_report, chunk_report

VIDEOS, WORKERS, PER_CHUNK = 28, 2, 8
# In segments.
LENGTHS = (2, 3, 5, 10, 17, 40, 90)
LOOK_EVERY = timedelta(seconds=2)
# What a task needs beside the encoding: to open the source, to start programs, to upload.
OVERHEAD_SECONDS = 0.6
# Between two looks, and of a time to go in whole seconds.
BLUR_SECONDS = 3
PLANNED_PERCENT = 2
# After so long without a task, it waits.
MOMENT_SECONDS = 5


@dataclass
class SimulatedVideo:
    """One video, and what the state machine does for it."""

    encode: Encode
    segments: int
    # Of one worker.
    seconds_per_segment: float
    open: int = 0

    @property
    def chunks(self) -> int:
        return chunk_count(self.segments, PER_CHUNK)

    def seconds_of(self, task: Task) -> float:
        whole = self.segments * self.seconds_per_segment
        if task.kind is TaskKind.CHUNK:
            first, end = (first_segment_of(task.number + n, PER_CHUNK) for n in (0, 1))
            return OVERHEAD_SECONDS + self.seconds_per_segment * (min(end, self.segments) - first)
        share = {TaskKind.PLAN: 0.0, TaskKind.PUBLISH: 0.02, TaskKind.PICTURES: 0.02}
        return OVERHEAD_SECONDS + whole * share.get(task.kind, 0.06)


@dataclass
class Look:
    at: datetime
    progress: EncodeProgress
    # Since the last task ended; None while one runs.
    idle_seconds: float | None

    @property
    def is_running(self) -> bool:
        return self.idle_seconds is None


@dataclass(eq=False)
class Work:
    """A task on a worker."""

    ends_at: datetime
    worker: FairWork
    video: SimulatedVideo
    task: Task
    delivery: InMemoryDelivery
    # As it was when the task was taken.
    encode: Encode


@dataclass
class Replay:
    """Two workers with their queues, and a viewer who looks at every video."""

    videos: Sequence[SimulatedVideo]
    encoding: InMemoryEncoding
    queue: InMemoryTaskQueues
    looks: Mapping[int, list[Look]] = field(default_factory=lambda: defaultdict(list))
    idle_since: dict[int, datetime] = field(default_factory=dict)
    over_at: dict[int, datetime] = field(default_factory=dict)

    def run(self) -> None:
        clock = self.encoding.clock
        idle = [FairWork(self.queue, self.encoding.encodes) for _ in range(WORKERS)]
        busy: list[Work] = []
        for video in self.videos:
            self._send(video, TaskKind.PLAN)
        look_at = clock.now()
        while len(self.over_at) < len(self.videos):
            begun = [work for work in map(self._take, idle) if work]
            busy += begun
            idle = [each for each in idle if each not in [work.worker for work in begun]]
            ends = min(busy, key=lambda work: work.ends_at)
            clock.advance(seconds=(min(ends.ends_at, look_at) - clock.now()).total_seconds())
            if look_at <= ends.ends_at:
                self._look({work.task.video_id for work in busy})
                look_at += LOOK_EVERY
            else:
                busy.remove(ends)
                idle.append(ends.worker)
                ends.delivery.done()
                self.idle_since[ends.task.video_id] = clock.now()
                self._end(ends.video, ends.task, ends.encode)

    def _take(self, worker: FairWork) -> "Work | None":
        if (delivery := worker.take(wait_seconds=0)) is None:
            return None
        assert isinstance(delivery, InMemoryDelivery)
        delivery.keep(seconds=86_400)
        task = Task.from_json(delivery.body)
        video = next(each for each in self.videos if each.encode.video_id == task.video_id)
        ends_at = self.encoding.clock.now() + timedelta(seconds=video.seconds_of(task))
        return Work(ends_at, worker, video, task, delivery, self._begin(task))

    def _begin(self, task: Task) -> Encode:
        video_id, revision = task.video_id, task.revision
        if task.kind is TaskKind.PLAN:
            return self.encoding.updates.planning(video_id, revision)
        if task.kind is TaskKind.PUBLISH:
            return self.encoding.updates.checking(video_id, revision)
        return self.encoding.encodes.task_taken(video_id, revision, _name(task))

    def _end(self, video: SimulatedVideo, task: Task, taken: Encode) -> None:
        updates, encode = self.encoding.updates, video.encode
        video.open -= 1
        if task.kind is TaskKind.PLAN:
            asset = an_asset(video.segments, subtitles=0)
            updates.planned(encode, asset, segments_per_chunk=PER_CHUNK)
            self._send(video, TaskKind.AUDIO, TaskKind.PICTURES)
            self._send(video, *[TaskKind.CHUNK] * video.chunks)
            return
        if task.kind is TaskKind.PUBLISH:
            assert taken.asset
            updates.publish(encode.video_id, encode.revision, taken.asset)
            self.over_at[encode.video_id] = self.encoding.clock.now()
            return
        ended = taken.taken_as(_name(task))
        if task.kind is TaskKind.CHUNK:
            updates.chunk_done(encode.video_id, encode.revision, task.number, taken=ended)
        else:
            if task.kind is TaskKind.AUDIO:
                sound = encode.video_id, encode.revision, 0, video.segments
                updates.audio_grown(*sound)
            updates.task_done(encode.video_id, encode.revision, _name(task), taken=ended)
        if not video.open:
            self._send(video, TaskKind.PUBLISH)

    def _send(self, video: SimulatedVideo, *kinds: TaskKind) -> None:
        chunk, encode = count(), video.encode
        for kind in kinds:
            number = next(chunk) if kind is TaskKind.CHUNK else 0
            video.open += 1
            self.queue.put(Task(kind, encode.video_id, encode.revision, number, "token").to_json())

    def _look(self, running: set[VideoId]) -> None:
        now = self.encoding.clock.now()
        for video_id in [video.encode.video_id for video in self.videos]:
            if video_id not in self.over_at:
                progress = self.encoding.inspection.progress(self.encoding.videos.get(video_id))
                idle = (now - self.idle_since.get(video_id, now)).total_seconds()
                look = Look(now, progress, None if video_id in running else idle)
                self.looks[video_id].append(look)

    def seconds_left(self, video_id: int, look: Look) -> float:
        """Return the true time to go, without that in which it waits for other videos."""
        waits = [
            each
            for each in self.looks[video_id]
            if each.at >= look.at and (not each.is_running or each.progress.delay is Delay.WAITING)
        ]
        return (self.over_at[video_id] - look.at - len(waits) * LOOK_EVERY).total_seconds()


def _name(task: Task) -> str:
    if task.kind is TaskKind.CHUNK:
        return chunk_report(task.number)
    return PICTURES if task.kind is TaskKind.PICTURES else audio_report(task.number)


@cache
def replay() -> Replay:
    dice, encoding = random.Random(28), InMemoryEncoding()  # noqa: S311 - the same in every run
    videos = [
        SimulatedVideo(encoding.begun(), dice.choice(LENGTHS), dice.uniform(0.5, 5))
        for _ in range(VIDEOS)
    ]
    done = Replay(videos, encoding, InMemoryTaskQueues(encoding.clock))
    done.run()
    return done


def test_the_time_to_go_is_right_within_a_factor_of_two_from_the_first_one_on() -> None:
    done = replay()
    checked = 0
    for video_id, looks in done.looks.items():
        for look in looks:
            if (seconds := look.progress.eta_seconds) is not None:
                left = done.seconds_left(video_id, look)
                assert left / 2 - BLUR_SECONDS <= seconds <= left * 2 + BLUR_SECONDS, look
                checked += 1
    assert checked > 10 * VIDEOS


def test_the_time_to_go_grows_by_a_quarter_only_with_a_reason() -> None:
    """With several workers, which chunk ends when decides how many have work at the end."""
    for looks in replay().looks.values():
        for before, after in pairwise([each.progress for each in looks]):
            if before.eta_seconds is not None and after.eta_seconds is not None:
                most = before.eta_seconds * 1.25 + BLUR_SECONDS
                assert after.eta_seconds <= most or after.delay, after


def test_there_is_no_time_to_go_before_a_chunk_is_done_or_while_nothing_runs() -> None:
    for look in chain.from_iterable(replay().looks.values()):
        if not look.progress.chunks_done or not look.is_running:
            assert look.progress.eta_seconds is None


def test_a_video_says_that_it_waits_until_a_task_is_taken_after_its_plan() -> None:
    waited = 0
    for look in chain.from_iterable(replay().looks.values()):
        progress = look.progress
        if progress.step == Step.ENCODING.value and progress.percent == PLANNED_PERCENT:
            text = "Encoding: " if look.is_running else "Waiting for a free transcoder."
            assert progress.text.startswith(text), look
            assert look.is_running or progress.delay is Delay.WAITING
            waited += not look.is_running
    assert waited > VIDEOS


def test_a_video_of_which_nothing_runs_any_more_says_that_it_waits() -> None:
    waited = 0
    for look in chain.from_iterable(replay().looks.values()):
        progress = look.progress
        if progress.percent > PLANNED_PERCENT and (look.idle_seconds or 0) > MOMENT_SECONDS:
            assert progress.step == Step.ENCODING.value
            assert progress.text == "Waiting for a free transcoder.", look
            assert (progress.delay, progress.eta_seconds) == (Delay.WAITING, None)
            waited += 1
    assert waited > VIDEOS
