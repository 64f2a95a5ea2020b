"""How FFmpeg is asked for the words of a film."""

from chalicelib.catalogue.asset import SubtitleTrack
from chalicelib.encoding.plan import Picture
from transcoder.ffmpeg.opening import QUIET, opened, protocols
from transcoder.ffmpeg.program import ffmpeg


def words_of_track(
    picture: Picture, track: SubtitleTrack, address: str, *, name: str
) -> tuple[str, ...]:
    return (
        ffmpeg(),
        *QUIET,
        # Times stay those of the source; its first picture need not be at 0.
        "-copyts",
        # Cues that are no UTF-8 come as they are, and not at all otherwise.
        *("-sub_charenc_mode", "ignore"),
        *opened(picture, address),
        *("-map", f"0:{track.stream}"),
        *("-c:s", "webvtt", "-avoid_negative_ts", "disabled"),
        *("-f", "webvtt", name),
    )


def bytes_of_sidecar(address: str, *, name: str, most_bytes: int) -> tuple[str, ...]:
    """Copy a file as it is, so that only confined programs open what strangers sent."""
    return (
        ffmpeg(),
        *QUIET,
        # "data" understands nothing, so it can be talked into nothing.
        *("-protocol_whitelist", protocols(address), "-f", "data", "-i", address),
        *("-map", "0:0", "-c", "copy", "-fs", str(most_bytes), "-f", "data", name),
    )
