"""When a schedule is due: EventBridge's `rate(…)`, in UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_RATE = re.compile(r"rate\((?P<value>[1-9]\d*) (?P<unit>minute|hour|day)(?P<plural>s?)\)")


class UnknownExpression(ValueError):
    """EventBridge does not know it, or the pump does not, such as `cron(…)`."""


@dataclass(frozen=True, slots=True)
class Rate:
    period: timedelta

    def next_after(self, moment: datetime) -> datetime:
        # Counted from a fixed time, so that a restart of the pump does not shift it.
        return _EPOCH + self.period * ((moment - _EPOCH) // self.period + 1)


def parse(expression: str) -> Rate:
    """Read an expression; raise `UnknownExpression`, which names it."""
    match = _RATE.fullmatch(expression)
    if match is None:
        raise UnknownExpression(f"{expression}: the pump knows rates in minutes, hours and days")
    if (match["value"] == "1") == bool(match["plural"]):
        raise UnknownExpression(f"{expression}: 1 minute, 2 minutes")
    return Rate(int(match["value"]) * _UNITS[match["unit"]])
