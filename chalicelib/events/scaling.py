"""Handler of scale checks: of the schedule, and of the pipeline when its tasks begin."""

from dataclasses import asdict

from chalice.app import CloudWatchEvent

from chalicelib.telemetry import count, log
from chalicelib.wiring import encoding


def on_work_waiting(event: CloudWatchEvent) -> None:
    # Outside AWS, transcoders are started by other means.
    if (scaling := encoding.scaling()) is None:
        return
    result = scaling.check(int(event.detail.get("expected", 0)))
    if result.waiting:
        log.info("scale check done", extra=asdict(result))
    if result.refused:
        count("CrewRefused")
    if result.misses or (result.refused and not result.working + result.hired):
        count("CrewMissing")
