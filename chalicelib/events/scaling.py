"""Handler of scale checks: of the schedule, and of the pipeline when its tasks begin."""

from dataclasses import asdict
from datetime import datetime

from chalice.app import CloudWatchEvent

from chalicelib.telemetry import count, log
from chalicelib.wiring import encoding


def on_work_waiting(event: CloudWatchEvent) -> None:
    # Outside AWS, transcoders are started by other means.
    if (scaling := encoding.scaling()) is None:
        return
    # Executions that began with an earlier version send no time.
    since = datetime.fromisoformat(event.time) if event.time else None
    # Lambda may deliver an event late or again.
    result = scaling.check(int(event.detail.get("expected", 0)), since)
    if result.waiting:
        log.info("scale check done", extra=asdict(result))
    if result.refused:
        count("CrewRefused")
    if result.misses or (result.refused and not result.working + result.started):
        count("CrewMissing")
