"""The mailbox as HTML: values of a mail are escaped, and its own HTML is shown in a frame."""

from collections.abc import Sequence
from email.utils import parseaddr
from html import escape
from urllib.parse import urlencode

from infra.local.mailbox.mails import ReceivedMail


def inbox(mails: Sequence[ReceivedMail], *, to: str) -> str:
    rows = "".join(
        f'<tr><td><a href="/mails/{escape(mail.id)}">{_subject(mail)}</a>'
        f"<td>{', '.join(_filter(recipient) for recipient in mail.to)}"
        f'<td class="quiet">{_time(mail)}'
        for mail in mails
    )
    nothing = '<p class="quiet">No mail yet. This page looks for new ones by itself.'
    chosen = f'<p>To {escape(to)}. <a href="/">All mails</a>' if to else ""
    return _page(
        "Mailbox",
        chosen + (f"<table>{rows}</table>" if mails else nothing),
        head='<meta http-equiv="refresh" content="3">',
    )


def mail(mail: ReceivedMail) -> str:
    frame = (
        f'<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail" '
        f'src="/mails/{escape(mail.id)}/html"></iframe>'
    )
    return _page(
        _subject(mail),
        f"<dl><dt>From<dd>{escape(mail.sender)}<dt>To<dd>{escape(', '.join(mail.to))}"
        f"<dt>Sent<dd>{_time(mail)}</dl>"
        f"{frame if mail.html else ''}<h2>Text</h2><pre>{escape(mail.text)}</pre>"
        '<p><a href="/">All mails</a>',
    )


def framed(mail: ReceivedMail) -> str:
    """Return the mail's own HTML, with links that open in a new window."""
    return f'<!doctype html><base target="_blank">{mail.html}'


def problem(sentence: str) -> str:
    return _page("Mailbox", f"<p>{escape(sentence)}")


def _page(heading: str, body: str, *, head: str = "") -> str:
    """Assemble a page; heading and body are HTML already."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">{head}'
        f'<title>{heading}</title><link rel="stylesheet" href="/style.css">'
        f"<h1>{heading}</h1>{body}"
    )


def _subject(mail: ReceivedMail) -> str:
    return escape(mail.subject) or "(no subject)"


def _filter(recipient: str) -> str:
    address = parseaddr(recipient)[1]
    return f'<a href="/?{escape(urlencode({"to": address}))}">{escape(address)}</a>'


def _time(mail: ReceivedMail) -> str:
    moment = mail.sent.astimezone()
    return f'<time datetime="{mail.sent.isoformat()}">{moment:%d %b, %H:%M:%S}</time>'
