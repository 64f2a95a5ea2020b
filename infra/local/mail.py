"""`make mail`: print the newest mail, or the newest to an address."""

import os
import sys
import time
from collections.abc import Sequence

from infra.local.mailbox import mails
from infra.local.mailbox.mails import NoEmulator, ReceivedMail
from infra.local.settings import LocalSettings, no_site_at
from infra.root import ROOT
from infra.terminal import Refusal

# A mail leaves through a queue: on a busy machine it takes a second or two.
PATIENCE_SECONDS = 10
_LOOK_EVERY_SECONDS = 0.2
_USAGE = "It is called as in: make mail TO=ada@example.com, or make mail for the newest of all."


def newest(
    settings: LocalSettings,
    *,
    to: str,
    host: str = "",
    not_up: str = "",
    patience_seconds: float = PATIENCE_SECONDS,
) -> str:
    """Return the newest mail as text; wait a little for the first; raise `Refusal`."""
    try:
        known_host, port = settings.aws_address
        matching = _waited_for(port, to=to, host=host or known_host, seconds=patience_seconds)
    except NoEmulator:
        raise Refusal(not_up or no_site_at(settings.aws_url)) from None
    except KeyboardInterrupt:
        raise Refusal(_none(to)) from None
    if not matching:
        raise Refusal(_none(to))
    return _printed(matching[0])


def address(arguments: Sequence[str]) -> str:
    """Return the recipient's address, "" for all mails; raise `Refusal` for several."""
    if len(arguments) > 1:
        raise Refusal(_USAGE)
    return "".join(arguments)


def _waited_for(port: int, *, to: str, host: str, seconds: float) -> Sequence[ReceivedMail]:
    deadline = time.monotonic() + seconds
    is_announced = False
    while not (matching := mails.read(port, to=to, host=host)) and time.monotonic() < deadline:
        if not is_announced:
            print(f"{_none(to)} Waiting for it …", file=sys.stderr, flush=True)
            is_announced = True
        time.sleep(_LOOK_EVERY_SECONDS)
    return matching


def _none(to: str) -> str:
    return f"No mail to {to} yet." if to else "No mail yet."


def _printed(mail: ReceivedMail) -> str:
    return (
        f"From:    {mail.sender}\n"
        f"To:      {', '.join(mail.to)}\n"
        f"Date:    {mail.sent.astimezone():%d %b %Y, %H:%M:%S}\n"
        f"Subject: {mail.subject}\n\n"
        f"{mail.text}"
    )


if __name__ == "__main__":
    try:
        print(newest(LocalSettings.load(ROOT, os.environ), to=address(sys.argv[1:])))
    except Refusal as refusal:
        sys.exit(str(refusal))
