"""The FFmpeg command that reads a picture which was sent as a poster."""

from collections.abc import Mapping

from chalicelib.encoding.sent_posters import MOST_POSTER_PIXELS
from transcoder.ffmpeg.graph import WITHOUT_SIDE_DATA, Size
from transcoder.ffmpeg.opening import QUIET, ffmpeg
from transcoder.ffmpeg.pictures import EXACT, JPEG_COLOUR, JPEG_QUALITY

# The first bytes of what is read, with its demuxer and its only decoder.
_KINDS: Mapping[bytes, tuple[str, str]] = {
    b"\xff\xd8\xff": ("jpeg_pipe", "mjpeg"),
    b"\x89PNG\r\n\x1a\n": ("png_pipe", "png"),
    b"RIFF": ("webp_pipe", "webp"),
}
_WEBP, _WEBP_AT = b"WEBP", 8
HEAD_BYTES = 12


def kind_of(head: bytes) -> tuple[str, str] | None:
    """Return demuxer and decoder of a picture that begins so; None if it is of another kind."""
    for magic, kind in _KINDS.items():
        is_whole = magic != b"RIFF" or head[_WEBP_AT:HEAD_BYTES] == _WEBP
        if head.startswith(magic) and is_whole:
            return kind
    return None


def largest_of(name: str, kind: tuple[str, str], *, within: Size, target: str) -> tuple[str, ...]:
    """Write the picture as JPEG, upright, on black, not larger than it is, and without its tags."""
    demuxer, decoder = kind
    width, height = within
    scale = f"scale=w=min({width}\\,iw):h=min({height}\\,ih):force_original_aspect_ratio=decrease"
    return (
        ffmpeg(),
        *QUIET,
        # Half a picture is none.
        *("-xerror", "-err_detect", "explode"),
        *("-protocol_whitelist", "file", "-f", demuxer, "-format_whitelist", demuxer),
        *("-codec_whitelist", decoder, "-c:v", decoder),
        *("-max_pixels", str(MOST_POSTER_PIXELS), "-threads", "1", "-i", name),
        *("-vf", ",".join((
            f"{scale}:flags=lanczos+{EXACT}",
            # What is transparent would show what it hides.
            f"format=gbrap,premultiply=inplace=1,scale={JPEG_COLOUR}:flags={EXACT}",
            "format=yuvj420p,setsar=1",
            WITHOUT_SIDE_DATA,
        ))),
        *("-map_metadata", "-1", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", str(JPEG_QUALITY)),
        *("-threads", "1", "-flags", "+bitexact", "-update", "1", "-f", "image2", target),
    )  # fmt: skip
