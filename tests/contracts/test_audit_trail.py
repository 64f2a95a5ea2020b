"""Contract of `AuditTrail`: the fake and the log."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.adapters.audit_log import LoggedAuditTrail
from chalicelib.audit import Actor, AuditAction, AuditEvent, AuditOutcome, AuditTrail, Target
from tests.fakes.audit_trail import InMemoryAuditTrail
from tests.fakes.clock import HandClock

pytestmark = pytest.mark.contract(of=AuditTrail)

_OF_THE_LOG = {"stream", "service", "correlation_id"}


@dataclass(frozen=True)
class Trail:
    trail: AuditTrail
    read: Callable[[], Sequence[Mapping[str, Any]]]


@pytest.fixture(params=["memory", "log"])
def kept(request: pytest.FixtureRequest) -> Trail:
    if request.param == "memory":
        memory = InMemoryAuditTrail()
        return Trail(memory, lambda: [event.as_fields() for event in memory.events])
    lines: list[str] = []

    def read() -> Sequence[Mapping[str, Any]]:
        written = [json.loads(line) for line in lines]
        return [{k: v for k, v in each.items() if k not in _OF_THE_LOG} for each in written]

    return Trail(LoggedAuditTrail(lines.append), read)


def test_events_are_stored_completely_and_in_order(kept: Trail, clock: HandClock) -> None:
    events = [
        AuditEvent(action, outcome, clock.now(), Actor("7", "s", "::1"), Target("video", "8"), "x")
        for action, outcome in zip(AuditAction, [*AuditOutcome] * len(AuditAction), strict=False)
    ]
    for event in events:
        kept.trail.record(event)
    assert kept.read() == [event.as_fields() for event in events]


def test_an_event_of_an_anonymous_caller_is_stored_too(kept: Trail, clock: HandClock) -> None:
    event = AuditEvent(AuditAction.SIGN_UP, AuditOutcome.DONE, clock.now())
    kept.trail.record(event)
    assert kept.read() == [event.as_fields()]


def test_in_the_log_an_event_is_one_line_of_its_own_stream(clock: HandClock) -> None:
    lines: list[str] = []
    LoggedAuditTrail(lines.append).record(
        AuditEvent(AuditAction.SIGN_IN, AuditOutcome.DONE, clock.now())
    )
    [line] = lines
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert json.loads(line)["stream"] == "audit"
