"""What an encode will cost, before it is begun: seconds of one core, and money."""

from collections.abc import Sequence

from chalicelib.catalogue.asset import Grid, Rung
from chalicelib.transcoding.plan import Picture

# Measured with noisy 720p films, preset "fast", FFmpeg 9, one core of a server of 2024: between
# 13 and 16 million encoded. The order of magnitude is what a cap needs.
_ENCODED_PIXELS_PER_SECOND = 15_000_000
_DECODED_PIXELS_PER_SECOND = 150_000_000
_SECONDS_PER_HOUR = 3600


def cpu_seconds(picture: Picture, grid: Grid, rungs: Sequence[Rung]) -> float:
    encoded = sum(rung.width * rung.height for rung in rungs) * grid.frames
    decoded = picture.width * picture.height * picture.frames
    return encoded / _ENCODED_PIXELS_PER_SECOND + decoded / _DECODED_PIXELS_PER_SECOND


def dollars(seconds: float, *, per_hour: float) -> float:
    return seconds / _SECONDS_PER_HOUR * per_hour
