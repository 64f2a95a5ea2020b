"""Call a handler whenever its schedule, a `rate(…)`, is due, as EventBridge does."""

import re
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.clock import SystemClock
from infra.local.pump.invocation import Handler, succeeds

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_RATE = re.compile(r"rate\((?P<value>[1-9]\d*) (?P<unit>minute|hour|day)(?P<plural>s?)\)")
_ACCOUNT = "000000000000"
# While a laptop sleeps, the clock goes on but a wait does not, so the clock is read regularly.
_LONGEST_WAIT_SECONDS = 30.0


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


@dataclass(frozen=True, slots=True)
class ScheduleFeed:
    name: str
    schedule: Rate
    handler: Handler
    region: str
    now: Callable[[], datetime] = SystemClock().now

    def run(self, stop: threading.Event) -> None:
        """Call the handler at every due time until `stop` is set; missed times are skipped."""
        due = self.schedule.next_after(self.now())
        while True:
            left = (due - self.now()).total_seconds()
            if stop.wait(min(max(left, 0), _LONGEST_WAIT_SECONDS)):
                return
            if self.now() >= due:
                succeeds(self.handler, self._event(due), name=self.name)
                due = self.schedule.next_after(max(due, self.now()))

    def _event(self, due: datetime) -> dict[str, Any]:
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": _ACCOUNT,
            "time": due.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": self.region,
            "resources": [f"arn:aws:events:{self.region}:{_ACCOUNT}:rule/{self.name}"],
            "detail": {},
        }
