"""Schedules are due at the same times as in EventBridge."""

from datetime import UTC, datetime, timedelta

import pytest
from chalice.app import Rate, ScheduledEventConfig, ScheduleExpression

from app import app
from infra.local.pump.schedules import UnknownExpression, parse

# A Saturday.
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rate", "period"),
    [
        (Rate(1, unit=Rate.MINUTES), timedelta(minutes=1)),
        (Rate(5, unit=Rate.MINUTES), timedelta(minutes=5)),
        (Rate(1, unit=Rate.HOURS), timedelta(hours=1)),
        (Rate(7, unit=Rate.DAYS), timedelta(days=7)),
    ],
)
def test_a_rate_is_due_at_equal_intervals(rate: Rate, period: timedelta) -> None:
    schedule = parse(rate.to_string())
    first = schedule.next_after(NOON)
    assert NOON < first <= NOON + period
    assert schedule.next_after(first) == first + period
    assert schedule.next_after(first + period / 2) == first + period


def test_the_pump_knows_every_schedule_of_the_app() -> None:
    schedules = [each for each in app.event_sources if isinstance(each, ScheduledEventConfig)]
    expressions = [each.schedule_expression for each in schedules]
    assert len(expressions) == 3
    for expression in expressions:
        assert isinstance(expression, ScheduleExpression)
        assert parse(expression.to_string()).next_after(NOON) > NOON


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 minutes)",
        "rate(2 minute)",
        "rate(0 minutes)",
        "rate(5 seconds)",
        "rate(5 minutes",
        "every day",
        "",
    ],
)
def test_an_unknown_expression_is_refused_by_its_name(expression: str) -> None:
    with pytest.raises(UnknownExpression) as refused:
        parse(expression)
    assert str(refused.value).startswith(f"{expression}: ")


def test_a_cron_is_refused_by_its_name() -> None:
    with pytest.raises(UnknownExpression, match=r"^cron\(0 3 \* \* \? \*\): the pump knows rates"):
        parse("cron(0 3 * * ? *)")
