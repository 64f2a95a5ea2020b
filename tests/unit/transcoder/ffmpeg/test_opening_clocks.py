"""What FFmpeg computes of a time, wherever it begins to read, is what the probe has computed."""

from fractions import Fraction
from typing import Any

import pytest

from chalicelib.encoding.plan import SourceClock
from transcoder.ffmpeg.opening import _right

_TICKS, _WRAP = 90_000, Fraction(1 << 33, 90_000)
_WRAPS, _SECOND = 1000, 9000
_CLOCK = SourceClock(((_WRAPS, _WRAP), (_SECOND, Fraction(90))))


def computed(position: int, seconds: Fraction) -> Fraction:
    """Evaluate the expression by the names of FFmpeg's functions."""
    names: dict[str, Any] = {
        "PTS": seconds * _TICKS, "NOPTS": None, "POS": position, "TB": Fraction(1, _TICKS),
        "ld": lambda _: position, "st": lambda _, value: value, "max": max, "round": round,
        "eq": lambda one, other: one == other, "gte": lambda one, other: one >= other,
        "lt": lambda one, other: one < other, "chosen": lambda is_so, yes, no: yes if is_so else no,
    }  # fmt: skip
    *_, time = _right("PTS", _CLOCK, 0).replace("if(", "chosen(").split(";")
    return Fraction(eval(time, names), _TICKS)  # noqa: S307 - an expression of our own


@pytest.mark.parametrize(
    ("position", "time", "right"),
    [
        (_WRAPS - 1, _WRAP - 1, _WRAP - 1),
        (_WRAPS, Fraction(1), _WRAP + 1),
        # Another stream, which has not wrapped yet.
        (_WRAPS, _WRAP - 1, _WRAP - 1),
        # A second recording may begin at any time.
        (_SECOND, Fraction(1), Fraction(91)),
        (_SECOND, _WRAP - 20, _WRAP + 70),
        # FFmpeg has seen the wrap and goes on counting from there.
        (_WRAPS, _WRAP + 1, _WRAP + 1),
        (_SECOND, 2 * _WRAP - 20, _WRAP + 70),
    ],
)
def test_a_clock_wraps_and_starts_again(position: int, time: Fraction, right: Fraction) -> None:
    assert computed(position, time) == right


def test_times_may_be_wrong_where_no_clock_starts_again() -> None:
    assert _right("PTS", SourceClock(wrong=((1, 5),)), 0).endswith("PTS+round((0)/TB))")
