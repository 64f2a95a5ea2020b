"""Pictures of a source that are missing where its sound is missing as well."""

from fractions import Fraction
from itertools import pairwise

from chalicelib.encoding.plan import SoundTimes
from transcoder.probing.model import Timeline


def lost_pictures(timeline: Timeline) -> int:
    """Count the pictures for which there is room in gaps that all audio tracks have as well."""
    sounds = [each for each in timeline.sounds if each]
    usual = sorted(after - tick for tick, after in pairwise(timeline.ticks))[
        len(timeline.ticks) // 2 - 1
    ]
    lost = 0
    for tick, after in pairwise(timeline.ticks):
        begin, end = (tick + usual) * timeline.tick, after * timeline.tick
        if sounds and begin < end and all(_lacks(each, begin, end) for each in sounds):
            lost += round(Fraction(after - tick, usual)) - 1
    return lost


def _lacks(sound: SoundTimes, begin: Fraction, end: Fraction) -> bool:
    """Whether most of this time is in gaps of the sound."""
    missing = (min(end, after) - max(begin, before) for before, after in sound.gaps)
    return 2 * sum(each for each in missing if each > 0) > end - begin
