"""Pictures that are missing together with sound are counted."""

from array import array
from fractions import Fraction

import pytest

from chalicelib.encoding.plan import SoundTimes
from transcoder.planning.missing_pictures import lost_pictures
from transcoder.probing.model import Timeline

_TICKS = array("q", (40 * number for number in range(100) if not 20 <= number < 38))


def _timeline(*sounds: SoundTimes | None, ticks: "array[int]" = _TICKS) -> Timeline:
    return Timeline(Fraction(1, 1000), ticks, sounds=sounds)


def _sound(*gaps: tuple[str, str]) -> SoundTimes:
    times = tuple((Fraction(begin), Fraction(end)) for begin, end in gaps)
    return SoundTimes(Fraction(0), Fraction(4), gaps=times)


@pytest.mark.parametrize(
    ("gaps", "lost"),
    [
        ([("0.81", "1.5")], 18),
        ([("0.7", "1.2")], 18),
        ([("0.2", "0.3"), ("0.8", "1.0"), ("1.1", "1.4")], 18),
        ([("0.8", "1.1")], 0),
        ([("2", "3")], 0),
        ([], 0),
    ],
)
def test_pictures_are_lost_where_most_of_the_sound_is(
    gaps: list[tuple[str, str]], lost: int
) -> None:
    assert lost_pictures(_timeline(_sound(*gaps))) == lost


def test_all_tracks_must_lack_it() -> None:
    gap = _sound(("0.8", "1.5"))
    assert lost_pictures(_timeline(gap, None, gap)) == 18
    assert lost_pictures(_timeline(gap, _sound())) == 0
    assert lost_pictures(_timeline()) == 0
    assert lost_pictures(_timeline(gap, ticks=array("q", range(0, 4000, 40)))) == 0
