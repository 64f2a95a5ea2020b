"""The FFmpeg command that joins storyboard tiles to sheets."""

from transcoder.ffmpeg.opening import QUIET
from transcoder.ffmpeg.program import ffmpeg

_JPEG_QUALITY = 4


def sheets(*, tiles: str, columns: int, rows: int, name: str) -> tuple[str, ...]:
    """`tiles` and `name` are patterns such as `tiles/%05d.jpg`, counted from 0."""
    return (
        ffmpeg(),
        *QUIET,
        *("-protocol_whitelist", "file", "-f", "image2", "-framerate", "1"),
        *("-start_number", "0", "-i", tiles),
        *("-vf", f"tile={columns}x{rows}", "-fps_mode", "passthrough"),
        *("-c:v", "mjpeg", "-q:v", str(_JPEG_QUALITY), "-threads", "1", "-flags", "+bitexact"),
        *("-f", "image2", "-start_number", "0", name),
    )
