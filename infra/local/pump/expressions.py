"""When a schedule is due: EventBridge's `rate(…)` and `cron(…)`, in UTC."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# From one 29 February to the next it can be eight years.
_HORIZON_DAYS = 8 * 366
_RATE = re.compile(r"rate\((?P<value>[1-9]\d*) (?P<unit>minute|hour|day)(?P<plural>s?)\)")
_CRON = re.compile(r"cron\((.+)\)")


class UnknownExpression(ValueError):
    """EventBridge does not know it, or the pump does not (`L`, `W` and `#`)."""


class Schedule(Protocol):
    def next_after(self, moment: datetime) -> datetime | None:
        """Return the next due time; None if there is none."""


@dataclass(frozen=True, slots=True)
class Rate:
    period: timedelta

    def next_after(self, moment: datetime) -> datetime:
        # Counted from a fixed time, so that a restart of the pump does not shift it.
        return _EPOCH + self.period * ((moment - _EPOCH) // self.period + 1)


@dataclass(frozen=True, slots=True)
class Cron:
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    years: frozenset[int]

    def next_after(self, moment: datetime) -> datetime | None:
        first = moment.astimezone(UTC).date()
        days = (first + timedelta(days=later) for later in range(_HORIZON_DAYS))
        times = sorted(time(*at, tzinfo=UTC) for at in product(self.hours, self.minutes))
        due = (datetime.combine(day, at) for day in days if self._includes(day) for at in times)
        return next((candidate for candidate in due if candidate > moment), None)

    def _includes(self, day: date) -> bool:
        return (
            day.year in self.years
            and day.month in self.months
            and day.day in self.days
            and day.isoweekday() % 7 + 1 in self.weekdays
        )


def parse(expression: str) -> Schedule:
    """Read an expression; raise `UnknownExpression`."""
    if match := _RATE.fullmatch(expression):
        if (match["value"] == "1") == bool(match["plural"]):
            raise UnknownExpression(f"{expression}: 1 minute, 2 minutes")
        return Rate(int(match["value"]) * _UNITS[match["unit"]])
    if match := _CRON.fullmatch(expression):
        return _cron(expression, match[1].split())
    raise UnknownExpression(expression)


def _cron(expression: str, fields: Sequence[str]) -> Cron:
    try:
        minute, hour, day, month, weekday, year = fields
        cron = Cron(
            minutes=_field(minute, 0, 59),
            hours=_field(hour, 0, 23),
            days=_field(day.replace("?", "*"), 1, 31),
            months=_field(_numbered(month, _MONTHS), 1, 12),
            weekdays=_field(_numbered(weekday.replace("?", "*"), _WEEKDAYS), 1, 7),
            years=_field(year, 1970, 2199),
        )
    except ValueError:
        raise UnknownExpression(expression) from None
    if (day == "?") == (weekday == "?"):
        raise UnknownExpression(f"{expression}: either the day or the weekday must be ?")
    return cron


def _field(text: str, lowest: int, highest: int) -> frozenset[int]:
    """Read `*`, `5`, `1-5`, `*/15`, `3/15`, `1-30/5` and lists of these."""
    chosen: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        low, _, high = span.partition("-")
        first = lowest if low == "*" else int(low)
        last = int(high) if high else (highest if low == "*" or step else first)
        every = int(step) if step else 1
        if not (lowest <= first <= last <= highest and every > 0):
            raise ValueError
        chosen.update(range(first, last + 1, every))
    return frozenset(chosen)


def _numbered(text: str, names: Sequence[str]) -> str:
    for number, name in enumerate(names, start=1):
        text = re.sub(rf"\b{name}\b", str(number), text, flags=re.IGNORECASE)
    return text
