"""The mails that the emulator's SES took in, the newest first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from http.client import HTTPConnection, HTTPException
from typing import Any


class NoEmulator(Exception):
    """The emulator does not answer."""


@dataclass(frozen=True, slots=True)
class Mail:
    id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    sent: datetime

    def is_for(self, address: str) -> bool:
        return address.lower() in (parseaddr(recipient)[1].lower() for recipient in self.to)


def read(port: int, *, to: str = "") -> Sequence[Mail]:
    """Return all mails, or those to an address; raise `NoEmulator` if nothing listens there."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_ministack/ses/messages")
        answer = json.load(connection.getresponse())
    except (OSError, HTTPException, ValueError) as problem:
        raise NoEmulator from problem
    finally:
        connection.close()
    mails = [_mail(message) for sent in answer["messages"].values() for message in sent]
    mails.sort(key=lambda mail: mail.sent, reverse=True)
    return [mail for mail in mails if not to or mail.is_for(to)]


def _mail(message: dict[str, Any]) -> Mail:
    return Mail(
        id=message["MessageId"].partition("@")[0],
        sender=message["Source"],
        to=(*message["To"], *message["CC"], *message["BCC"]),
        subject=message["Subject"],
        # MIME ends its lines with two characters; copied into a shell, the first would stay.
        text="\n".join((message["BodyText"] or "").splitlines()),
        html=message["BodyHtml"] or "",
        sent=datetime.fromtimestamp(message["Timestamp"], UTC),
    )
