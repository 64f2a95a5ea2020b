"""What the header of a file promises, and what of it is not there."""

from dataclasses import dataclass
from fractions import Fraction

from av.container import InputContainer
from av.video.stream import VideoStream

from transcoder.probing.model import Timeline
from transcoder.probing.signatures import COUNTED

# These have no header to promise anything; how long they last is guessed.
_SILENT = {"mpegts", "mpeg", *COUNTED}
_MICROSECONDS = 1_000_000
_TOLERATED_SECONDS, _TOLERATED_SHARE = Fraction(1), Fraction(1, 50)


@dataclass(frozen=True, slots=True)
class Promised:
    """0 is no promise."""

    picture: Fraction = Fraction(0)
    whole: Fraction = Fraction(0)


def promised_seconds(container: InputContainer, stream: VideoStream) -> Promised:
    """Return how long the picture or all of the file is said to last, if anybody says so."""
    if container.format.name.split(",")[0] in _SILENT:
        return Promised()
    if stream.duration and stream.time_base:
        return Promised(picture=stream.duration * stream.time_base)
    return Promised(whole=Fraction(container.duration or 0, _MICROSECONDS))


def broken(timeline: Timeline, promised: Promised) -> list[str]:
    """Say so if a file ends long before it says it does."""
    end = pictured = (timeline.ticks[-1] + timeline.last_ticks) * timeline.tick
    if timeline.sound_end is not None:
        end = max(end, timeline.sound_end)
    # Some count from their first picture, others from 0.
    begin = min(timeline.start, Fraction(0))
    for seconds, there in ((promised.picture, pictured - begin), (promised.whole, end - begin)):
        if seconds - there > max(_TOLERATED_SECONDS, seconds * _TOLERATED_SHARE):
            told = f"The file promises {float(seconds):.0f} s; {float(there):.0f} s of them"
            return [f"{told} are there."]
    return []
