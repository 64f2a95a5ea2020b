"""An audit trail that keeps every event."""

from dataclasses import dataclass, field

from chalicelib.audit import AuditEvent


@dataclass(slots=True)
class InMemoryAuditTrail:
    events: list[AuditEvent] = field(default_factory=list)

    def record(self, event: AuditEvent) -> None:
        self.events.append(event)
