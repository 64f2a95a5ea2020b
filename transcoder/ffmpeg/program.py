"""Where FFmpeg is: the same one on a laptop, in tests and in the container."""

from functools import cache

import imageio_ffmpeg


@cache
def ffmpeg() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())
