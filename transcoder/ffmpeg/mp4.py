"""How FFmpeg is asked to put finished tracks into one file, without encoding."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from transcoder.ffmpeg.opening import QUIET
from transcoder.ffmpeg.program import ffmpeg


@dataclass(frozen=True, slots=True)
class Joined:
    """All segments of one track in one file, and how much earlier they are than their times say.

    Those of picture are times of presentation, but FFmpeg copies sound by its times of decoding.
    """

    name: str
    early: Fraction = Fraction(0)


def remuxed(
    *, tracks: Sequence[Joined], demuxer: str, timescale: int, name: str
) -> tuple[str, ...]:
    """The picture comes first, in ticks of this time scale."""
    return (
        ffmpeg(),
        *QUIET,
        # Picture and sound keep their times towards each other.
        *("-copyts", "-fflags", "+bitexact"),
        *(option for track in tracks for option in _opened(track, demuxer)),
        *(option for number in range(len(tracks)) for option in ("-map", f"{number}:0")),
        *("-c", "copy", "-map_metadata", "-1", "-avoid_negative_ts", "disabled"),
        # Times of MPEG-TS are rounded to its clock; here all frames last equally long again.
        *("-video_track_timescale", str(timescale)),
        *("-fflags", "+bitexact", "-flags", "+bitexact"),
        # The index comes first, so that a browser can begin before it has the whole file.
        *("-movflags", "+faststart", "-f", "mp4", name),
    )


def _opened(track: Joined, demuxer: str) -> tuple[str, ...]:
    return (
        *("-protocol_whitelist", "file", "-f", demuxer),
        *("-itsoffset", f"{-float(track.early):.9f}", "-i", track.name),
    )
