"""Codec, size and time scale of a rung or audio track, read from its first object."""

import io

import av

from chalicelib.catalogue.asset import TS_CLOCK, Container
from transcoder.boxes.init import Init, read_init

_SPS = b"\x00\x00\x01\x67"
_AAC_LC = "mp4a.40.2"


def head_of(container: Container, data: bytes) -> Init | None:
    """Read an init segment, or the first segment of MPEG-TS; None if it cannot be read."""
    try:
        return read_init(data) if container is Container.FMP4 else _read_ts(data)
    except (ValueError, LookupError, StopIteration, av.FFmpegError):
        return None


def _read_ts(data: bytes) -> Init | None:
    with av.open(io.BytesIO(data), format="mpegts") as opened:
        stream = opened.streams[0]
        if isinstance(stream, av.AudioStream):
            return Init(TS_CLOCK, _AAC_LC if stream.profile == "LC" else "", False)
        if not isinstance(stream, av.VideoStream):
            return None
        _, separator, sps = (stream.codec_context.extradata or b"").partition(_SPS)
        codecs = f"avc1.{sps[:3].hex()}" if separator else ""
        return Init(TS_CLOCK, codecs, has_edit_list=False, width=stream.width, height=stream.height)
