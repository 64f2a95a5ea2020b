"""How far sound behind the last picture is kept."""

from fractions import Fraction

import pytest

from chalicelib.encoding.plan import SoundTimes
from transcoder.planning.later_sound import kept_until


def _sound(begins: int, ends: int, *gaps: tuple[int, int], unlisted: int = 0) -> SoundTimes:
    listed = tuple((Fraction(begin), Fraction(end)) for begin, end in gaps)
    missing = Fraction(sum(end - begin for begin, end in gaps) + unlisted)
    return SoundTimes(Fraction(begins), Fraction(ends), missing, listed)


@pytest.mark.parametrize(
    ("sound", "until"),
    [
        (_sound(0, 5), 10),
        (_sound(0, 190), 190),
        # Gaps before the end of the pictures do not count.
        (_sound(0, 190, (2, 9), (100, 110)), 190),
        (_sound(0, 190, (0, 20)), 190),
        (_sound(0, 190, (0, 21)), 10),
        (_sound(0, 190, (100, 111)), 100),
        (_sound(21, 190), 10),
        (_sound(20, 190), 190),
        (_sound(0, 190, (2, 3), unlisted=10), 190),
        (_sound(0, 190, (2, 3), unlisted=11), 179),
        (_sound(0, 190, (2, 3), unlisted=189), 10),
    ],
)
def test_sound_is_kept_up_to_a_long_pause(sound: SoundTimes, until: int) -> None:
    assert kept_until((None, sound), Fraction(10)) == until


def test_the_longest_track_counts() -> None:
    assert kept_until((_sound(0, 40), _sound(0, 30)), Fraction(10)) == 40
