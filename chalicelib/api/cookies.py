"""The cookies of a signed-in browser, and how to read and write them."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.accounts.session import ACCESS_LIFE, REFRESH_LIFE
from chalicelib.accounts.tokens import DEVICE_LIFE, Credentials

ACCESS = "access_token"
REFRESH = "refresh_token"
CSRF = "csrftoken"
DEVICE = "device_token"

_API_ONLY = "/api"
_EVERYWHERE = "/"


@dataclass(frozen=True, slots=True)
class Cookie:
    name: str
    value: str
    seconds: int
    path: str = _API_ONLY
    # Only the CSRF token may be read by scripts; it is shared with the page's own host.
    for_scripts: bool = False


@dataclass(frozen=True, slots=True)
class CookieStyle:
    """What depends on where we run."""

    same_site: str
    secure: bool
    domain_for_scripts: str

    def header(self, cookie: Cookie) -> str:
        parts = [
            f"{cookie.name}={cookie.value}",
            f"Path={cookie.path}",
            f"Max-Age={cookie.seconds}",
            f"SameSite={self.same_site}",
        ]
        if self.secure:
            parts.append("Secure")
        if not cookie.for_scripts:
            parts.append("HttpOnly")
        elif self.domain_for_scripts:
            parts.append(f"Domain={self.domain_for_scripts}")
        return "; ".join(parts)


def read(header: str) -> dict[str, str]:
    """Parse a Cookie header; of two with one name the first, more specific, one counts."""
    cookies: dict[str, str] = {}
    for part in header.split(";"):
        name, equals, value = part.strip().partition("=")
        if equals:
            cookies.setdefault(name, value)
    return cookies


def signed_in(credentials: Credentials) -> list[Cookie]:
    refresh_seconds = int(REFRESH_LIFE.total_seconds())
    return [
        Cookie(ACCESS, credentials.access, int(ACCESS_LIFE.total_seconds())),
        Cookie(REFRESH, str(credentials.refresh), refresh_seconds),
        _csrf(credentials.csrf, refresh_seconds),
    ]


def device(token: str) -> Cookie:
    return Cookie(DEVICE, token, int(DEVICE_LIFE.total_seconds()))


def signed_out() -> Iterable[Cookie]:
    return [Cookie(ACCESS, "", 0), Cookie(REFRESH, "", 0), _csrf("", 0)]


def _csrf(value: str, seconds: int) -> Cookie:
    return Cookie(CSRF, value, seconds, path=_EVERYWHERE, for_scripts=True)
