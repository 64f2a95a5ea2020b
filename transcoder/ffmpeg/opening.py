"""How FFmpeg may open what strangers sent: by one demuxer, over as few protocols as it takes."""

from chalicelib.transcoding.plan import Picture

QUIET = ("-nostdin", "-hide_banner", "-nostats", "-y", "-loglevel", "error")
_MOST_PIXELS = 16_384 * 16_384
_SILENCE_MICROSECONDS = "30000000"


def protocols(address: str) -> str:
    return "http,tcp" if address.startswith("http://") else "file"


def opened(picture: Picture, address: str) -> tuple[str, ...]:
    return (
        *("-f", picture.demuxer, "-format_whitelist", picture.demuxer),
        *("-protocol_whitelist", protocols(address)),
        *("-max_pixels", str(_MOST_PIXELS)),
        # A server that falls silent; the queue lets somebody try again.
        *(("-rw_timeout", _SILENCE_MICROSECONDS) if "://" in address else ()),
        *("-i", address),
    )
