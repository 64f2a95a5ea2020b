"""The mails that the emulator's SES accepted, the newest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_string, policy
from email.utils import getaddresses, parseaddr
from functools import partial
from typing import Any

import httpx


class NoEmulator(Exception):
    """The emulator does not answer."""


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    sent: datetime

    def is_for(self, address: str) -> bool:
        return address.lower() in (parseaddr(recipient)[1].lower() for recipient in self.to)


def read(port: int, *, to: str = "", host: str = "127.0.0.1") -> Sequence[ReceivedMail]:
    """Return all mails, or those to an address; raise `NoEmulator` if nothing listens there."""
    try:
        mails = received(partial(_json_at, host, port))
    except (httpx.HTTPError, ValueError) as problem:
        raise NoEmulator from problem
    mails.sort(key=lambda mail: mail.sent, reverse=True)
    return [mail for mail in mails if not to or mail.is_for(to)]


def received(json_at: Callable[[str], Any]) -> list[ReceivedMail]:
    """Return an emulator's mails; `json_at` reads one of its paths."""
    if sent := json_at("/_ministack/ses/messages"):
        return [_of_ministack(each) for messages in sent["messages"].values() for each in messages]
    sent = json_at("/_aws/ses") or {"messages": []}
    return [_of_localstack(each) for each in sent["messages"]]


def _of_ministack(message: dict[str, Any]) -> ReceivedMail:
    return ReceivedMail(
        id=message["MessageId"].partition("@")[0],
        sender=message["Source"],
        to=(*message["To"], *message["CC"], *message["BCC"]),
        subject=message["Subject"],
        text=_plain(message["BodyText"] or ""),
        html=message["BodyHtml"] or "",
        sent=datetime.fromtimestamp(message["Timestamp"], UTC),
    )


def _of_localstack(message: dict[str, Any]) -> ReceivedMail:
    """Parse a mail, which LocalStack stores as it was sent."""
    mail = message_from_string(message["RawData"], policy=policy.default)
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    return ReceivedMail(
        id=message["Id"].partition("@")[0],
        sender=mail["From"],
        to=tuple(address for _, address in getaddresses(mail.get_all("To", []))),
        subject=mail["Subject"],
        text=_plain(text.get_content() if text else ""),
        html=html.get_content() if html else "",
        sent=datetime.fromisoformat(message["Timestamp"]).replace(tzinfo=UTC),
    )


def _plain(text: str) -> str:
    # MIME ends lines with CR LF; copied into a shell, the CR would stay.
    return "\n".join(text.splitlines())


def _json_at(host: str, port: int, path: str) -> Any:
    """Return the JSON at a path; None if this emulator does not have it."""
    url = httpx.URL(scheme="http", host=host, port=port, path=path)
    answer = httpx.get(url, timeout=5, trust_env=False)
    return answer.json() if answer.status_code == httpx.codes.OK else None
