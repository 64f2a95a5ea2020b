"""Call a handler whenever its schedule is due, as EventBridge does."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.local.pump.expressions import Rate
from infra.local.pump.invocation import Handler, succeeds

_ACCOUNT = "000000000000"
# While a laptop sleeps, the clock goes on but a wait does not, so the clock is read regularly.
_LONGEST_WAIT_SECONDS = 30.0


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ScheduleFeed:
    name: str
    schedule: Rate
    handler: Handler
    region: str
    now: Callable[[], datetime] = wall_clock

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
