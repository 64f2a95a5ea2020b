"""Sound that goes on behind the last picture, as far as packets follow one another."""

from collections.abc import Iterable
from fractions import Fraction

from chalicelib.encoding.plan import SoundTimes

# What comes behind a longer pause has another clock, or is a fault of the file.
MOST_PAUSE_SECONDS = 10


def kept_until(sounds: Iterable[SoundTimes | None], picture_end: Fraction) -> Fraction:
    """Return the end of the sound that follows the pictures, in seconds of the source's clock."""
    ends = (_follows_until(each, picture_end) for each in sounds if each)
    return max((picture_end, *ends))


def _follows_until(times: SoundTimes, picture_end: Fraction) -> Fraction:
    known = sum((end - begin for begin, end in times.gaps), Fraction(0))
    pauses = [(picture_end, times.begins), *times.gaps]
    for begin, end in pauses:
        if end - max(begin, picture_end) > MOST_PAUSE_SECONDS:
            return max(begin, picture_end)
    # Of the gaps that are not listed, one may be a jump of the clock.
    unlisted = times.missing - known
    return times.ends - unlisted if unlisted > MOST_PAUSE_SECONDS else times.ends
