"""Settings of mails: the address in a sender, and the links to pages of known frontends."""

from email.utils import parseaddr

# The known frontends at this port are made with Angular, which escapes text itself.
ANGULAR_PAGES = "http://localhost:4200,http://127.0.0.1:4200"
# Their links, by dialect.
_LINKS = {
    "official,prefixed": (
        "/auth/activate.html?uid={uid}&token={token}",
        "/auth/confirm_password.html?uid={uid}&token={token}",
    ),
    "authemail": ("/email-verify?code={uid}~{token}", "/new-password?code={uid}~{token}"),
    "djoser": ("/auth/activate/{uid}/{token}", "/auth/reset-password/{uid}/{token}"),
}
_LINK = "{origin}/pages/auth/{page}.html?uid={{uid}}&token={{token}}"


def address_in(sender: str) -> str:
    """Return the address in a sender such as `Videoflix <a@b.example>`; "" if there is none."""
    address = parseaddr(sender)[1]
    return address if address.count("@") == 1 else ""


def activation_link(origin: str) -> str:
    return _LINK.format(origin=origin, page="activate")


def reset_link(origin: str) -> str:
    return _LINK.format(origin=origin, page="confirm_password")


def links_of_angular_pages() -> str:
    """Return the rows of `MAIL_LINKS` for the known frontends made with Angular."""
    rows = [(dialects, ANGULAR_PAGES, *links) for dialects, links in _LINKS.items()]
    return "; ".join(" ".join(row) for row in rows)
