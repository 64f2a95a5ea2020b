"""The FFmpeg command that joins finished tracks to one file without encoding."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from transcoder.ffmpeg.opening import QUIET, ffmpeg


@dataclass(frozen=True, slots=True)
class Joined:
    """The segments of one track in one file, and by how much their times are reduced.

    FFmpeg copies video by presentation times, audio by decode times.
    """

    name: str
    early: Fraction = Fraction(0)


def remuxed(
    *, tracks: Sequence[Joined], demuxer: str, timescale: int, name: str
) -> tuple[str, ...]:
    """Video is the first track; its times are ticks of this time scale."""
    return (
        ffmpeg(),
        *QUIET,
        # Video and audio stay in sync.
        *("-copyts", "-fflags", "+bitexact"),
        *(option for track in tracks for option in _opened(track, demuxer)),
        *(option for number in range(len(tracks)) for option in ("-map", f"{number}:0")),
        *("-c", "copy", "-map_metadata", "-1", "-avoid_negative_ts", "disabled"),
        # Times of MPEG-TS are rounded to its clock; this makes all frames equally long again.
        *("-video_track_timescale", str(timescale)),
        *("-fflags", "+bitexact", "-flags", "+bitexact"),
        # The index comes first, so that a browser can start before it has the whole file.
        *("-movflags", "+faststart", "-f", "mp4", name),
    )


def _opened(track: Joined, demuxer: str) -> tuple[str, ...]:
    return (
        *("-protocol_whitelist", "file", "-f", demuxer),
        *("-itsoffset", f"{-float(track.early):.9f}", "-i", track.name),
    )
