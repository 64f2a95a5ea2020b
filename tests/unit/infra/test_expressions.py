"""Schedules are due at the same times as in EventBridge."""

from datetime import UTC, datetime, timedelta

import pytest
from chalice.app import Cron, Rate

from infra.local.pump.expressions import UnknownExpression, parse

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
    assert first is not None
    assert NOON < first <= NOON + period
    assert schedule.next_after(first) == first + period
    assert schedule.next_after(first + period / 2) == first + period


@pytest.mark.parametrize(
    ("expression", "due"),
    [
        ("cron(* * * * ? *)", datetime(2026, 11, 21, 12, 1, tzinfo=UTC)),
        ("cron(0/15 * * * ? *)", datetime(2026, 11, 21, 12, 15, tzinfo=UTC)),
        ("cron(*/20 * * * ? *)", datetime(2026, 11, 21, 12, 20, tzinfo=UTC)),
        ("cron(30 4 * * ? *)", datetime(2026, 11, 22, 4, 30, tzinfo=UTC)),
        ("cron(0 12 * * ? *)", datetime(2026, 11, 22, 12, 0, tzinfo=UTC)),
        ("cron(0 8 1 * ? *)", datetime(2026, 12, 1, 8, 0, tzinfo=UTC)),
        ("cron(0 18 ? * MON-FRI *)", datetime(2026, 11, 23, 18, 0, tzinfo=UTC)),
        ("cron(0 18 ? * 7 *)", datetime(2026, 11, 21, 18, 0, tzinfo=UTC)),
        ("cron(0 0 ? * sun,wed *)", datetime(2026, 11, 22, 0, 0, tzinfo=UTC)),
        ("cron(5,10 0-2 1-31/10 JAN ? *)", datetime(2027, 1, 1, 0, 5, tzinfo=UTC)),
        ("cron(0 0 29 2 ? *)", datetime(2028, 2, 29, 0, 0, tzinfo=UTC)),
        ("cron(0 0 1 1 ? 2026)", None),
    ],
)
def test_a_cron_is_due_at_the_next_matching_time(expression: str, due: datetime | None) -> None:
    assert parse(expression).next_after(NOON) == due


def test_a_cron_of_chalice_is_parsed() -> None:
    schedule = parse(Cron(0, 3, "*", "*", "?", "*").to_string())
    assert schedule.next_after(NOON) == datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 minutes)",
        "rate(2 minute)",
        "rate(0 minutes)",
        "rate(5 seconds)",
        "cron(0 12 * * *)",
        "cron(0 12 * * * *)",
        "cron(0 12 ? * ? *)",
        "cron(60 12 * * ? *)",
        "cron(0 12 L * ? *)",
        "cron(0 12 ? * 6#3 *)",
        "cron(0 12 15W * ? *)",
        "cron(*/0 * * * ? *)",
        "every day",
    ],
)
def test_an_unknown_expression_is_refused(expression: str) -> None:
    with pytest.raises(UnknownExpression, match="^" + expression[:4]):
        parse(expression)
