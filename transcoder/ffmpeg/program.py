"""The path of FFmpeg: the same build on a laptop, in tests and in the container."""

from functools import cache

import imageio_ffmpeg


@cache
def ffmpeg() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())
