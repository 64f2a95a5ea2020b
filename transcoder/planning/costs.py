"""The estimated cost of an encode: seconds of one core, and money."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.catalogue.asset import Grid, Rung
from chalicelib.encoding.failures import Reason
from chalicelib.encoding.plan import Picture
from transcoder.errors import Refused
from transcoder.settings import SourceLimits

# Measured with noisy 720p videos, preset "fast", FFmpeg 9, one core of a server of 2024: between
# 13 and 16 million encoded. A cap needs the order of magnitude only.
_ENCODED_PIXELS_PER_SECOND = 15_000_000
_DECODED_PIXELS_PER_SECOND = 150_000_000
_SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Cost:
    cpu_seconds: float
    dollars: float


def estimate(picture: Picture, grid: Grid, rungs: Sequence[Rung], *, per_hour: float) -> Cost:
    seconds = _cpu_seconds(picture, grid, rungs)
    return Cost(seconds, seconds / _SECONDS_PER_HOUR * per_hour)


def require_within(limits: SourceLimits, cost: Cost) -> None:
    """Raise `Refused` if it exceeds what an operator allows for one video."""
    too_long = limits.cpu_seconds and cost.cpu_seconds > limits.cpu_seconds
    too_dear = limits.dollars and cost.dollars > limits.dollars
    if too_long or too_dear:
        minutes, dollars = cost.cpu_seconds / 60, cost.dollars
        raise Refused(
            Reason.TOO_COSTLY,
            f"It would take about {minutes:.0f} minutes of one core, or {dollars:.2f} dollars.",
        )


def _cpu_seconds(picture: Picture, grid: Grid, rungs: Sequence[Rung]) -> float:
    encoded = sum(rung.width * rung.height for rung in rungs) * grid.frames
    decoded = picture.width * picture.height * picture.frames
    return encoded / _ENCODED_PIXELS_PER_SECOND + decoded / _DECODED_PIXELS_PER_SECOND
