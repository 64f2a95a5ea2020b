"""Reading and writing of the session cookies."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.accounts.session import ACCESS_LIFE, REFRESH_LIFE
from chalicelib.accounts.tokens import DEVICE_LIFE, Credentials

ACCESS = "access_token"
REFRESH = "refresh_token"
CSRF = "csrftoken"
DEVICE = "device_token"

_SECRETS = (ACCESS, REFRESH, DEVICE)
# Browsers accept such a cookie only over https and only from the host itself.
_OF_THIS_HOST = "__Host-"
# Python would strip more. Browsers do not, so other hosts could set a cookie of such a name.
_BLANKS = " \t"

# Clears cached answers of the account; docs/decisions/0029 says why nothing else.
FORGET_ANSWERS = {"Clear-Site-Data": '"cache"'}

_API_ONLY = "/api"
_EVERYWHERE = "/"


@dataclass(frozen=True, slots=True)
class Cookie:
    name: str
    value: str
    seconds: int
    path: str = _API_ONLY
    # Only the CSRF token is readable by scripts; it is shared with the host of the page.
    for_scripts: bool = False


@dataclass(frozen=True, slots=True)
class CookieStyle:
    """Cookie attributes that depend on the stage."""

    same_site: str
    secure: bool
    domain_for_scripts: str
    is_https: bool = False

    def headers(self, to_set: Iterable[Cookie], sent: str) -> list[str]:
        """Return headers that set the cookies, and expire sent ones with unprefixed names."""
        # A later cookie replaces an earlier one of the same name.
        each_once = {each.name: each for each in to_set}.values()
        before = {each.strip(_BLANKS).partition("=")[0] for each in sent.split(";")}
        return [
            *(
                self._written(replace(each, value="", seconds=0), each.name, each.path)
                for each in each_once
                if self._is_of_this_host(each) and each.name in before
            ),
            *(self.header(each) for each in each_once),
        ]

    def header(self, cookie: Cookie) -> str:
        if self._is_of_this_host(cookie):
            return self._written(cookie, _OF_THIS_HOST + cookie.name, _EVERYWHERE)
        return self._written(cookie, cookie.name, cookie.path)

    def _is_of_this_host(self, cookie: Cookie) -> bool:
        # Frontends read the CSRF token by its plain name, possibly on another host.
        return self.is_https and not cookie.for_scripts

    def _written(self, cookie: Cookie, name: str, path: str) -> str:
        attributes = [
            f"{name}={cookie.value}",
            f"Path={path}",
            f"Max-Age={cookie.seconds}",
            f"SameSite={self.same_site}",
        ]
        if self.secure:
            attributes.append("Secure")
        if not cookie.for_scripts:
            attributes.append("HttpOnly")
        elif self.domain_for_scripts:
            attributes.append(f"Domain={self.domain_for_scripts}")
        return "; ".join(attributes)


def read(header: str) -> dict[str, str]:
    """Parse a Cookie header; of two cookies of one name the first, more specific, one counts.

    Names are returned without the prefix `__Host-`. If one secret has the prefix, secrets without
    it are dropped, because any host of the domain may have set them.
    """
    cookies: dict[str, str] = {}
    for each in header.split(";"):
        name, equals, value = each.strip(_BLANKS).partition("=")
        if equals:
            cookies.setdefault(name, value)
    marked = {name: cookies.pop(_OF_THIS_HOST + name, None) for name in _SECRETS}
    secrets = {name: value for name, value in marked.items() if value is not None}
    if not secrets:
        return cookies
    return {name: value for name, value in cookies.items() if name not in _SECRETS} | secrets


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
