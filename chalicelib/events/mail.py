"""The mail queue: every message becomes a letter, or stays on the queue to be tried again."""

from chalice.app import SQSRecord

from chalicelib import bootstrap
from chalicelib.accounts.mail import MailOrder
from chalicelib.telemetry import correlated, count, log


def on_mail(record: SQSRecord) -> None:
    attributes = record.to_dict().get("messageAttributes", {})
    with correlated(attributes.get("correlation_id", {}).get("stringValue", "none")):
        try:
            order = MailOrder.from_json(record.body)
            letter = bootstrap.correspondence().deliver(order)
        except Exception:
            log.exception("mail not sent", extra={"message_id": record.to_dict()["messageId"]})
            count("MailFailed")
            raise  # the queue decides whether to try again
        if letter:
            log.info("mail sent", extra={"template": letter.template.value})
            count("MailSent", template=letter.template.value)
        else:
            log.info("mail not needed", extra={"kind": order.kind.value})
