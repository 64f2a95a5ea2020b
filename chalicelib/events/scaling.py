"""Handler of scale checks: starts transcoders when tasks wait, and repeats until none are left."""

from dataclasses import asdict

from chalice.app import SQSRecord

from chalicelib.telemetry import correlated, count, log
from chalicelib.wiring import encoding


def on_work_waiting(record: SQSRecord) -> None:
    # Outside AWS, transcoders are started by other means.
    if (crew := encoding.scaling()) is None:
        return
    from chalicelib.encoding.scaling import Call

    message_id = str(record.to_dict()["messageId"])
    with correlated(message_id):
        try:
            looked = crew.look(Call.from_json(record.body))
        except Exception:
            log.exception("crew not looked after", extra={"message_id": message_id})
            count("CrewFailed")
            raise  # the queue decides whether to retry
        log.info("crew looked after", extra=asdict(looked))
        if looked.refused:
            count("CrewRefused")
        if looked.misses:
            count("CrewMissing")
