"""The time to go comes from what was finished, and grows only with a reason."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.encoding.model import Encode, EncodeOver, Step
from chalicelib.encoding.progress import DELAYS, Delay, Progress
from tests.builders.encodes import InMemoryEncoding


@dataclass
class Watched:
    """One encode of so many equal chunks, looked at by a viewer who waits."""

    encoding: InMemoryEncoding
    encode: Encode
    done: int = 0

    @classmethod
    def of(cls, encoding: InMemoryEncoding, chunks: int) -> "Watched":
        return cls(encoding, encoding.planned(segments=chunks, tracks=0))

    def finish(self, chunks: int = 1, *, seconds: float) -> Progress:
        """Finish some chunks, each after so many seconds."""
        for _ in range(chunks):
            self.encoding.clock.advance(seconds=seconds)
            self.encoding.updates.chunk_done(self.encode.video_id, self.encode.revision, self.done)
            self.done += 1
        return self.look()

    def look(self, *, after_seconds: float = 0) -> Progress:
        self.encoding.clock.advance(seconds=after_seconds)
        return self.encoding.control.progress(self.encoding.video(self.encode))


@pytest.fixture
def watched(encoding: InMemoryEncoding) -> Watched:
    return Watched.of(encoding, chunks=40)


def test_the_time_to_go_is_what_the_measured_pace_promises(watched: Watched) -> None:
    assert watched.look(after_seconds=5).eta_seconds is None
    progress = watched.finish(10, seconds=3)
    # 22 of 98 hundredths in 35 s.
    assert progress.eta_seconds == pytest.approx(35 * 76 / 22, rel=0.05)
    assert watched.finish(10, seconds=3).eta_seconds == pytest.approx(80, rel=0.1)


def test_while_nothing_finishes_the_time_to_go_shrinks_and_then_is_unknown(
    watched: Watched,
) -> None:
    first = watched.finish(10, seconds=10).eta_seconds
    assert first is not None
    assert watched.look(after_seconds=40).eta_seconds == first - 40
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
    progress = watched.finish(10, seconds=4)
    assert progress.eta_seconds == pytest.approx(40 * 27 / 22, rel=0.2)
    assert progress.delay is None


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
    before: Progress | None = None
    for seconds, looks in steps:
        for _ in range(looks):
            progress = watched.look(after_seconds=seconds / 6)
            assert not _has_grown(before, progress)
            before = progress
        progress = watched.finish(seconds=seconds)
        assert progress.delay or not _has_grown(before, progress)
        before = progress


def _has_grown(before: Progress | None, after: Progress) -> bool:
    was_known = before is not None and before.eta_seconds is not None
    if not was_known or after.eta_seconds is None:
        return False
    assert before
    return after.eta_seconds > (before.eta_seconds or 0)


def test_every_delay_has_a_sentence() -> None:
    assert DELAYS.keys() == set(Delay)
    assert all(text.endswith(".") for text in DELAYS.values())
