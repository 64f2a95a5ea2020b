"""The FFmpeg commands that join finished tracks to one file: as they are, or scaled down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from chalicelib.catalogue.asset import Asset, Rung
from transcoder.ffmpeg import graph
from transcoder.ffmpeg.chunk import encoder
from transcoder.ffmpeg.opening import QUIET, ffmpeg


@dataclass(frozen=True, slots=True)
class Joined:
    """The segments of one track in one file, and by how much their times are reduced.

    FFmpeg copies video by presentation times, audio by decode times.
    """

    name: str
    early: Fraction = Fraction(0)
    # Three letters of ISO 639-2; empty if the track has none.
    language: str = ""


def remuxed(
    *, tracks: Sequence[Joined], demuxer: str, timescale: int, name: str
) -> tuple[str, ...]:
    """Video is the first track; its times are ticks of this time scale."""
    return (
        *_opened(tracks, demuxer),
        *("-c", "copy"),
        *_written(timescale, name),
    )


def scaled(
    asset: Asset, rung: Rung, *, tracks: Sequence[Joined], demuxer: str, name: str
) -> tuple[str, ...]:
    """Encode the first track, the finished video of another rung, in the size of this one."""
    return (
        *_opened(tracks, demuxer),
        # A segment that cannot be decoded ends the run.
        "-xerror",
        *("-filter:v", graph.of_finished(asset.grid, rung), "-fps_mode:v", "passthrough"),
        *encoder(asset, rung),
        *("-c:a", "copy"),
        *_written(asset.grid.timescale, name),
    )


def _opened(tracks: Sequence[Joined], demuxer: str) -> Iterator[str]:
    # Video and audio stay in sync.
    yield from (ffmpeg(), *QUIET, "-copyts", "-fflags", "+bitexact")
    for track in tracks:
        # Of a decoder: a machine has a worker for each core.
        yield from ("-threads", "1", "-protocol_whitelist", "file", "-f", demuxer)
        yield from ("-itsoffset", f"{-float(track.early):.9f}", "-i", track.name)
    for number, track in enumerate(tracks):
        yield from ("-map", f"{number}:0")
        if track.language:
            yield from (f"-metadata:s:{number}", f"language={track.language}")


def _written(timescale: int, name: str) -> Iterator[str]:
    yield from ("-map_metadata", "-1", "-avoid_negative_ts", "disabled")
    # Times of MPEG-TS are rounded to its clock; this makes all frames equally long again.
    yield from ("-video_track_timescale", str(timescale))
    yield from ("-fflags", "+bitexact", "-flags", "+bitexact")
    # The index comes first, so that a browser can start before it has the whole file.
    yield from ("-movflags", "+faststart", "-f", "mp4", name)
