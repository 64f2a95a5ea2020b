"""What the header of a file promises, and what of it is not there."""

from fractions import Fraction

from av.container import InputContainer
from av.video.stream import VideoStream

from transcoder.probing.model import Timeline

# These have no header to promise anything; how long they last is guessed.
_SILENT = ("mpegts", "mpeg")
_MICROSECONDS = 1_000_000
_TOLERATED_SECONDS, _TOLERATED_SHARE = Fraction(1), Fraction(1, 50)


def promised_seconds(container: InputContainer, stream: VideoStream) -> Fraction:
    """Return how long the picture is said to last, 0 if nobody says so."""
    if container.format.name.split(",")[0] in _SILENT:
        return Fraction(0)
    if stream.duration and stream.time_base:
        return stream.duration * stream.time_base
    return Fraction(container.duration or 0, _MICROSECONDS)


def broken(timeline: Timeline, promised: Fraction) -> list[str]:
    """Say so if the pictures end long before the file says they do."""
    end = (timeline.ticks[-1] + timeline.last_ticks) * timeline.tick
    if timeline.sound_end is not None:
        end = max(end, timeline.sound_end)
    # Some count from their first picture, others from 0.
    there = end - min(timeline.start, Fraction(0))
    if promised - there <= max(_TOLERATED_SECONDS, promised * _TOLERATED_SHARE):
        return []
    return [f"The file promises {float(promised):.0f} s; {float(there):.0f} s of them are there."]
