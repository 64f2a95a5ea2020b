"""Settings of mails: the address in a sender, and the links to pages of the official frontend."""

from email.utils import parseaddr

_LINK = "{origin}/pages/auth/{page}.html?uid={{uid}}&token={{token}}"


def address_in(sender: str) -> str:
    """Return the address in a sender such as `Videoflix <a@b.example>`; "" if there is none."""
    address = parseaddr(sender)[1]
    return address if address.count("@") == 1 else ""


def activation_link(origin: str) -> str:
    return _LINK.format(origin=origin, page="activate")


def reset_link(origin: str) -> str:
    return _LINK.format(origin=origin, page="confirm_password")
