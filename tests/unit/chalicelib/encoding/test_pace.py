"""The time to go comes from finished chunks, and grows only with a reason."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.encoding.model import Encode, EncodeOver, Step
from chalicelib.encoding.progress import DELAYS, Delay, EncodeProgress
from tests.builders.encodes import InMemoryEncoding
from transcoder.outputs.objects import chunk_report


@dataclass
class Watched:
    """One encode of so many equal chunks, looked at by a viewer who waits for its only worker."""

    encoding: InMemoryEncoding
    encode: Encode
    done: int = 0

    @classmethod
    def of(cls, encoding: InMemoryEncoding, chunks: int) -> "Watched":
        watched = cls(encoding, encoding.planned(segments=chunks, tracks=0))
        watched.take()
        return watched

    def take(self) -> None:
        name = chunk_report(self.done)
        self.encoding.encodes.task_taken(self.encode.video_id, self.encode.revision, name)

    def finish(self, chunks: int = 1, *, seconds: float) -> EncodeProgress:
        """Finish some chunks, each after so many seconds."""
        for _ in range(chunks):
            self.encoding.clock.advance(seconds=seconds)
            taken = self.encoding.now(self.encode).taken_as(chunk_report(self.done))
            self.encoding.updates.chunk_done(
                self.encode.video_id, self.encode.revision, self.done, taken=taken
            )
            self.done += 1
            self.take()
        return self.look()

    def look(self, *, after_seconds: float = 0) -> EncodeProgress:
        self.encoding.clock.advance(seconds=after_seconds)
        return self.encoding.inspection.progress(self.encoding.video(self.encode))


@pytest.fixture
def watched(encoding: InMemoryEncoding) -> Watched:
    return Watched.of(encoding, chunks=40)


def test_the_time_to_go_is_what_the_measured_pace_promises(watched: Watched) -> None:
    assert watched.look(after_seconds=5).eta_seconds is None
    progress = watched.finish(10, seconds=3)
    # 88 hundredths are 40 chunks; 5 other ones are left.
    others = 40 * 3 * 5 / 88
    assert progress.eta_seconds == pytest.approx(30 * 3 + others, abs=1)
    assert watched.finish(10, seconds=3).eta_seconds == pytest.approx(20 * 3 + others, abs=1)


def test_while_nothing_finishes_the_time_to_go_shrinks_and_then_is_unknown(
    watched: Watched,
) -> None:
    first = watched.finish(10, seconds=10).eta_seconds
    assert first is not None
    assert watched.look(after_seconds=8).eta_seconds == first - 8
    # The chunk takes longer than the others, and the rest is not begun.
    assert watched.look(after_seconds=30).eta_seconds == first - 10
    later = watched.look(after_seconds=400)
    assert (later.eta_seconds, later.delay) == (None, Delay.OVERDUE)
    assert watched.look(after_seconds=86_400).delay is Delay.OVERDUE


def test_a_long_encode_that_stands_still_says_so_long_before_it_is_due(
    encoding: InMemoryEncoding,
) -> None:
    watched = Watched.of(encoding, chunks=1000)
    progress = watched.finish(200, seconds=10)
    assert progress.eta_seconds is not None
    assert progress.eta_seconds > 6000
    assert watched.look(after_seconds=300).delay is None
    assert watched.look(after_seconds=3000).delay is Delay.OVERDUE


def test_a_time_to_go_that_grows_says_why(watched: Watched) -> None:
    before = watched.finish(20, seconds=2)
    after = watched.finish(2, seconds=30)
    assert before.eta_seconds is not None
    assert after.eta_seconds is not None
    assert after.eta_seconds > before.eta_seconds
    assert after.delay is Delay.SLOWER
    assert watched.finish(8, seconds=1).delay is None


def test_another_try_is_measured_anew(watched: Watched) -> None:
    watched.finish(20, seconds=10)
    encode, encoding = watched.encode, watched.encoding
    encoding.clock.advance(hours=5)
    encoding.control.cancel(encoding.video(encode))
    encoding.control.retry(encoding.video(encode))
    asset = encode.asset
    assert asset
    encoding.updates.planned(encoding.now(encode), asset, segments_per_chunk=1)
    progress = watched.look()
    assert (progress.eta_seconds, progress.delay) == (None, Delay.RETRYING)
    watched.take()
    progress = watched.finish(10, seconds=4)
    assert progress.eta_seconds == pytest.approx(10 * 4 + 40 * 4 * 5 / 88, abs=1)
    assert progress.delay is None


def test_time_in_the_queue_is_no_work(watched: Watched) -> None:
    first = watched.finish(10, seconds=3).eta_seconds
    encoding, encode = watched.encoding, watched.encode
    taken = encoding.now(encode).taken_as(chunk_report(watched.done))
    encoding.clock.advance(seconds=3)
    encoding.updates.chunk_done(encode.video_id, encode.revision, watched.done, taken=taken)
    watched.done += 1
    # Another video has the worker for an hour.
    waiting = watched.look(after_seconds=3600)
    assert (waiting.eta_seconds, waiting.delay) == (None, Delay.WAITING)
    assert waiting.text == "Waiting for a free transcoder."
    watched.take()
    progress = watched.look()
    assert progress.eta_seconds == pytest.approx((first or 0) - 3, abs=1)
    assert progress.delay is None
    after = watched.finish(4, seconds=3)
    assert after.eta_seconds == pytest.approx((first or 0) - 15, abs=1)


def test_two_workers_need_half_the_time_and_that_one_has_left_is_a_reason(
    encoding: InMemoryEncoding,
) -> None:
    encode = encoding.planned(segments=10, tracks=0)
    for number in range(2):
        encoding.encodes.task_taken(encode.video_id, encode.revision, chunk_report(number))
    for number in range(4):
        encoding.clock.advance(seconds=5)
        name = chunk_report(number)
        taken = encoding.now(encode).taken_as(name)
        encoding.updates.chunk_done(encode.video_id, encode.revision, number, taken=taken)
        if number < 3:
            encoding.encodes.task_taken(encode.video_id, encode.revision, chunk_report(number + 2))
    video = encoding.video(encode)
    both = encoding.inspection.progress(video)
    # Of six chunks of 10 s, half of one is done; the check and the pictures are left as well.
    assert both.eta_seconds == pytest.approx(27.5 + 5, abs=2)
    assert both.delay is None
    encoding.clock.advance(seconds=6)
    one = encoding.inspection.progress(video)
    assert one.eta_seconds
    assert both.eta_seconds
    assert one.eta_seconds > both.eta_seconds
    assert one.delay is Delay.SLOWER


def test_a_worker_that_has_come_between_two_steps_of_the_catalogue_is_missed_when_it_leaves(
    encoding: InMemoryEncoding,
) -> None:
    watched = Watched.of(encoding, chunks=200)
    watched.finish(4, seconds=10)
    encode, second = watched.encode, chunk_report(100)
    taken = encoding.encodes.task_taken(encode.video_id, encode.revision, second).taken_as(second)
    both = watched.finish(seconds=10)
    encoding.updates.chunk_done(encode.video_id, encode.revision, 100, taken=taken)
    one = watched.look(after_seconds=6)
    assert one.eta_seconds
    assert both.eta_seconds
    assert one.eta_seconds > both.eta_seconds
    assert (both.delay, one.delay) == (None, Delay.SLOWER)


def test_the_first_chunk_of_many_says_nothing_of_the_others(watched: Watched) -> None:
    assert watched.finish(seconds=60).eta_seconds is None
    assert watched.finish(seconds=3).eta_seconds == pytest.approx(38 * 3 + 7, abs=1)


def test_of_two_chunks_the_first_one_is_measured(encoding: InMemoryEncoding) -> None:
    assert Watched.of(encoding, chunks=2).finish(seconds=9).eta_seconds is not None


def test_an_encode_that_is_over_or_failed_has_no_time_to_go(watched: Watched) -> None:
    watched.finish(20, seconds=10)
    watched.encoding.control.cancel(watched.encoding.video(watched.encode))
    progress = watched.look(after_seconds=9)
    assert (progress.eta_seconds, progress.delay, progress.step) == (
        None,
        None,
        Step.FAILED.value,
    )
    with pytest.raises(EncodeOver):
        watched.finish(seconds=1)


@given(st.lists(st.tuples(st.floats(0.1, 300), st.integers(0, 5)), min_size=5, max_size=39))
def test_it_never_grows_without_a_reason(steps: list[tuple[float, int]]) -> None:
    watched = Watched.of(InMemoryEncoding(), chunks=40)
    before: EncodeProgress | None = None
    for seconds, looks in steps:
        for _ in range(looks):
            progress = watched.look(after_seconds=seconds / 6)
            assert not _has_grown(before, progress)
            before = progress
        progress = watched.finish(seconds=seconds)
        assert progress.delay or not _has_grown(before, progress)
        before = progress


def _has_grown(before: EncodeProgress | None, after: EncodeProgress) -> bool:
    was_known = before is not None and before.eta_seconds is not None
    if not was_known or after.eta_seconds is None:
        return False
    assert before
    return after.eta_seconds > (before.eta_seconds or 0)


def test_every_delay_has_a_sentence() -> None:
    assert DELAYS.keys() == set(Delay)
    assert all(text.endswith(".") for text in DELAYS.values())
