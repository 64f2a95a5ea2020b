"""Handler of the mail queue: sends the requested mail, or leaves the message for a retry."""

from chalice.app import SQSRecord

from chalicelib.accounts.mail import MailRequest
from chalicelib.telemetry import correlated, count, log
from chalicelib.wiring import accounts


def on_mail(record: SQSRecord) -> None:
    attributes = record.to_dict().get("messageAttributes", {})
    with correlated(attributes.get("correlation_id", {}).get("stringValue", "none")):
        try:
            request = MailRequest.from_json(record.body)
            mail = accounts.mails().deliver(request)
        except Exception:
            log.exception("mail not sent", extra={"message_id": record.to_dict()["messageId"]})
            count("MailFailed")
            raise  # the queue decides whether to retry
        if mail:
            log.info("mail sent", extra={"template": mail.template.value})
            count("MailSent", template=mail.template.value)
        else:
            log.info("mail not needed", extra={"kind": request.kind.value})
