"""Handler of the queue of bulk changes: makes a slice, or leaves the message for a retry."""

from chalice.app import SQSRecord

from chalicelib.bulk.message import SliceMessage
from chalicelib.bulk.model import SLICES_AT_ONCE, SliceBusy
from chalicelib.telemetry import correlated, log
from chalicelib.wiring import bulk

AT_ONCE = SLICES_AT_ONCE
# Of ten deliveries; a video that breaks its slice is then left out.
_LAST_TRIES_FROM = 5


def on_slice(record: SQSRecord) -> None:
    delivered = record.to_dict()
    deliveries = int(delivered.get("attributes", {}).get("ApproximateReceiveCount", 1))
    with correlated(str(delivered["messageId"])):
        try:
            message = SliceMessage.from_json(record.body)
            done = bulk.slices().process(message, is_last_try=deliveries >= _LAST_TRIES_FROM)
        except SliceBusy:
            log.info("slice is made elsewhere", extra={"message_id": delivered["messageId"]})
            raise  # the queue delivers it again, in case the other process ends
        except Exception:
            log.exception("slice not made", extra={"message_id": delivered["messageId"]})
            raise  # the queue decides whether to retry
        if done is None:
            log.info("bulk change is over", extra={"bulk_change": message.bulk_change})
            return
        log.info(
            "slice made",
            extra={
                "bulk_change": done.id,
                "slice": message.slice,
                "state": done.state.value,
                "left": done.left,
            },
        )
