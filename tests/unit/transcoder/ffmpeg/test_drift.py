"""Only breaks that are short, even and in one direction are those of a clock or a rate."""

from fractions import Fraction

import pytest

from transcoder.ffmpeg.drift import Drift, SoundPace

_SECONDS_20 = 20 * 48_000


def _pace(*breaks: tuple[int, int], lasting: int = _SECONDS_20) -> SoundPace | None:
    drift = Drift()
    for place, length in breaks:
        drift.see(place, length)
    return drift.pace(lasting, _SECONDS_20)


def _each(distance: int, length: int, count: int = 6) -> list[tuple[int, int]]:
    return [(number * distance, length) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("breaks", "factor"),
    [
        (_each(40_000, 1000), Fraction(40, 39)),
        (_each(40_000, -1000), Fraction(40, 41)),
        (_each(9600, 1000), Fraction(48, 43)),
    ],
)
def test_even_breaks_give_the_factor(breaks: list[tuple[int, int]], factor: Fraction) -> None:
    assert _pace(*breaks) == SoundPace(factor)


@pytest.mark.parametrize(
    "breaks",
    [
        _each(40_000, 1000, count=4),
        [*_each(40_000, 1000), (280_000, -1000)],
        [*_each(40_000, 1000), (280_000, 3000)],
        [*_each(40_000, 1000), (400_000, 1000)],
        _each(7000, 1000),
        _each(0, 1000),
        [],
    ],
)
def test_other_breaks_give_none(breaks: list[tuple[int, int]]) -> None:
    assert _pace(*breaks) is None


def test_times_are_wrong_if_the_samples_last_as_long_as_the_picture() -> None:
    cuts = _each(12_000, -1000)
    assert _pace(*cuts, lasting=_SECONDS_20 * 12 // 13) == SoundPace(
        Fraction(12, 13), is_of_times=True
    )
    assert _pace(*cuts) == SoundPace(Fraction(12, 13))


def test_a_note_names_small_differences_too() -> None:
    assert "off by 0.02%" in SoundPace(Fraction(10_002, 10_000)).note(1)
    assert "off by 2.5%" in SoundPace(Fraction(41, 40)).note(1)
