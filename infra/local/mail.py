"""`make mail`: print the newest mail, or the newest to an address."""

import os
import sys

from infra.local.mailbox import mails
from infra.local.mailbox.mails import Mail, NoEmulator
from infra.local.settings import ROOT, LocalSettings
from infra.refusal import Refusal

_NOT_UP = "Nothing runs here: start it with  make run  in another terminal."


def newest(settings: LocalSettings, *, to: str, host: str = "", not_up: str = _NOT_UP) -> str:
    """Return the mail as a person reads it; raise `Refusal` if there is none."""
    try:
        known_host, port = settings.aws_address
        found = mails.read(port, to=to, host=host or known_host)
    except NoEmulator:
        raise Refusal(not_up) from None
    if not found:
        raise Refusal(f"No mail to {to} yet." if to else "No mail yet.")
    return _printed(found[0])


def _printed(mail: Mail) -> str:
    return (
        f"From:    {mail.sender}\n"
        f"To:      {', '.join(mail.to)}\n"
        f"Date:    {mail.sent.astimezone():%d %b %Y, %H:%M:%S}\n"
        f"Subject: {mail.subject}\n\n"
        f"{mail.text}"
    )


if __name__ == "__main__":
    try:
        settings = LocalSettings.load(ROOT, os.environ)
        print(newest(settings, to="".join(sys.argv[1:])))
    except Refusal as refusal:
        sys.exit(str(refusal))
