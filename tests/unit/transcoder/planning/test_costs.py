"""What an encode is estimated to cost, and when that is more than an operator allows."""

from fractions import Fraction

import pytest

from chalicelib.catalogue.asset import Grid, Rung
from chalicelib.encoding.failures import Reason
from chalicelib.encoding.plan import Picture
from transcoder.errors import Refused
from transcoder.planning import costs
from transcoder.settings import SourceLimits

GRID = Grid(Fraction(25), frames=90_000, frames_per_gop=50, gops_per_segment=3)
PICTURE = Picture("mov", 0, "h264", 1280, 720, Fraction(0), frames=90_000)
RUNGS = (Rung("720p", 1280, 720, "3.1", 23, 4000, 8000),)


def estimate(*, per_hour: float = 0.05) -> costs.Cost:
    return costs.estimate(PICTURE, GRID, RUNGS, per_hour=per_hour)


def test_an_hour_of_one_core_costs_what_an_operator_pays_for_it() -> None:
    cost = estimate(per_hour=0.36)
    assert cost.cpu_seconds == pytest.approx(6082.56)
    assert cost.dollars == pytest.approx(cost.cpu_seconds * 0.0001)


def refusal_of(limits: SourceLimits) -> Refused | None:
    try:
        costs.require_within(limits, estimate())
    except Refused as refused:
        return refused
    return None


@pytest.mark.parametrize(
    "limits",
    [
        SourceLimits(),
        SourceLimits(cpu_seconds=6083),
        SourceLimits(dollars=0.09),
        SourceLimits(cpu_seconds=6083, dollars=0.09),
    ],
)
def test_what_is_within_the_limits_or_without_one_is_encoded(limits: SourceLimits) -> None:
    assert refusal_of(limits) is None


@pytest.mark.parametrize(
    "limits",
    [
        SourceLimits(cpu_seconds=6082),
        SourceLimits(dollars=0.08),
        SourceLimits(cpu_seconds=6083, dollars=0.08),
        SourceLimits(cpu_seconds=6082, dollars=0.09),
    ],
)
def test_what_is_beyond_either_limit_is_refused_with_the_estimate(limits: SourceLimits) -> None:
    refused = refusal_of(limits)
    assert refused
    assert refused.reason is Reason.TOO_COSTLY
    assert refused.detail == "It would take about 101 minutes of one core, or 0.08 dollars."
