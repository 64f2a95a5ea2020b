"""The FFmpeg commands for the subtitles of a video."""

from chalicelib.catalogue.asset import SubtitleTrack
from chalicelib.encoding.plan import Plan
from transcoder.ffmpeg.opening import QUIET, ffmpeg, opened, protocols


def words_of_track(plan: Plan, track: SubtitleTrack, url: str, *, name: str) -> tuple[str, ...]:
    # FFmpeg's decoder of SubRip drops words in angle brackets.
    codec, container = ("copy", "srt") if track.stream in plan.subrip else ("webvtt", "webvtt")
    return (
        ffmpeg(),
        *QUIET,
        # Times are those of the source, whose first picture may not be at 0.
        "-copyts",
        # Without it FFmpeg drops cues that are not UTF-8.
        *("-sub_charenc_mode", "ignore"),
        *opened(plan.picture, url),
        *("-map", f"0:{track.stream}"),
        *("-c:s", codec, "-avoid_negative_ts", "disabled"),
        *("-f", container, name),
    )


def bytes_of_sidecar(url: str, *, name: str, most_bytes: int) -> tuple[str, ...]:
    """Copy a file unchanged, so that only sandboxed programs open untrusted files."""
    return (
        ffmpeg(),
        *QUIET,
        # The demuxer "data" parses nothing, so that a file cannot attack it.
        *("-protocol_whitelist", protocols(url), "-f", "data", "-i", url),
        *("-map", "0:0", "-c", "copy", "-fs", str(most_bytes), "-f", "data", name),
    )
