"""Handler of scale checks: starts transcoders when tasks wait, and repeats until none are left."""

from dataclasses import asdict

from chalice.app import SQSRecord

from chalicelib.telemetry import correlated, count, log
from chalicelib.wiring import encoding


def on_work_waiting(record: SQSRecord) -> None:
    # Outside AWS, transcoders are started by other means.
    if (scaling := encoding.scaling()) is None:
        return
    from chalicelib.encoding.scaling import ScaleCheck

    message_id = str(record.to_dict()["messageId"])
    with correlated(message_id):
        try:
            result = scaling.check(ScaleCheck.from_json(record.body))
        except Exception:
            log.exception("scale check failed", extra={"message_id": message_id})
            count("CrewFailed")
            raise  # the queue decides whether to retry
        log.info("scale check done", extra=asdict(result))
        if result.refused:
            count("CrewRefused")
        if result.misses:
            count("CrewMissing")
