"""Mails as MIME messages, sent through v1 of the API of SES."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.accounts.mail import Mail

if TYPE_CHECKING:
    from email.message import EmailMessage

    from mypy_boto3_ses import SESClient

_DISPLAY_NAME = "Videoflix"


@dataclass(frozen=True, slots=True)
class SesMailer:
    """Sends as `sender`, an address that SES has verified, with or without a display name."""

    client: "SESClient"
    sender: str
    # The configuration set that requires TLS; "" if there is none.
    configuration_set: str = ""

    def send(self, mail: Mail) -> None:
        data = _message(mail, self.sender).as_bytes()
        if self.configuration_set:
            self.client.send_raw_email(
                Destinations=[mail.to],
                RawMessage={"Data": data},
                ConfigurationSetName=self.configuration_set,
            )
        else:
            self.client.send_raw_email(Destinations=[mail.to], RawMessage={"Data": data})


def _message(mail: Mail, sender: str) -> "EmailMessage":
    from email.headerregistry import Address
    from email.message import EmailMessage
    from email.policy import SMTP

    from chalicelib.adapters.mail_templates import render

    rendered = render(mail)
    message = EmailMessage(policy=SMTP)
    # An `Address` is one address and one line, whatever the text it was made from says.
    message["From"] = sender if "<" in sender else Address(_DISPLAY_NAME, addr_spec=sender)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = rendered.subject
    message["Date"] = datetime.now(UTC)
    message["Auto-Submitted"] = "auto-generated"  # no out-of-office replies to us
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    # Last: what says Content-… so far has just moved down into the first part.
    message["Content-Language"] = mail.language
    return message
