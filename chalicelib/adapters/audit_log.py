"""The audit trail as log lines with `"stream": "audit"`."""

import json
import sys
from collections.abc import Callable

from chalicelib.audit import AuditEvent
from chalicelib.telemetry import SERVICE, correlation_id

STREAM = "audit"


class LoggedAuditTrail:
    """Writes one line per event. `{ $.stream = "audit" }` is the filter to store them longer."""

    def __init__(self, write: Callable[[str], object] | None = None) -> None:
        self._write = write

    def record(self, event: AuditEvent) -> None:
        line = {
            "stream": STREAM,
            "service": SERVICE,
            "correlation_id": correlation_id(),
            **event.as_fields(),
        }
        write = self._write or sys.stdout.write
        write(json.dumps(line, separators=(",", ":")) + "\n")
