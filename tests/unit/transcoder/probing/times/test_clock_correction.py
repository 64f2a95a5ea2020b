"""Times are corrected by the clock of each stream, which wraps at its own packet."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from chalicelib.encoding.plan import SourceClock
from transcoder.probing.times.clock_correction import ClockCorrection

_WRAP = 1 << 33
_WRAPS, _SECOND = 1000, 9000
_CLOCK = SourceClock(
    ((_WRAPS, Fraction(_WRAP, 90_000)), (_SECOND, Fraction(90))), ((500, 600),), ((1000, 1100),)
)


@dataclass(frozen=True)
class Packet:
    pos: int
    pts: int | None
    dts: int | None = None
    stream_index: int = 0
    time_base: Fraction = Fraction(1, 90_000)


def shift(position: int, time: int | None, decoded: int | None = None) -> int | None:
    packet: Any = Packet(position, time, decoded)
    return ClockCorrection(_CLOCK).shift(packet)


def test_times_go_on_where_the_clock_wraps() -> None:
    assert (shift(_WRAPS - 1, _WRAP - 100), shift(_WRAPS, 100)) == (0, _WRAP)


def test_a_stream_whose_clock_has_not_wrapped_yet_is_not_moved() -> None:
    assert shift(_WRAPS, _WRAP - 100) == 0
    assert shift(_WRAPS, None, _WRAP - 100) == 0


def test_a_recording_behind_a_wrap_may_begin_at_any_time() -> None:
    assert (shift(_SECOND, 100), shift(_SECOND, _WRAP - 100)) == (90 * 90_000, 90 * 90_000)


def test_wrong_times_are_not_used() -> None:
    assert (shift(500, 100), shift(600, 100)) == (None, 0)


def test_pictures_before_a_key_picture_cannot_be_decoded() -> None:
    packets: list[Any] = [Packet(position, 100) for position in (999, 1099, 1100)]
    correction = ClockCorrection(_CLOCK)
    assert list(map(correction.is_undecodable, packets)) == [False, True, False]
