"""The call that a view receives, and what is read from the headers of its request."""

import ipaddress
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar

from chalice.app import Request

from chalicelib.accounts.model import SessionOver
from chalicelib.accounts.tokens import Identity
from chalicelib.accounts.visitor import Visitor
from chalicelib.api import cookies
from chalicelib.api.filling import spelling
from chalicelib.errors import InvalidInput, Unauthenticated
from chalicelib.language import Language, Text

B = TypeVar("B")
T = TypeVar("T")

_TEXT_IS_PLAIN = {
    by_default: {"": by_default, "html": False, "plain": True} for by_default in (False, True)
}
BEARER_SCHEMES = frozenset({"bearer", "jwt"})
TOKEN_SCHEME = "token"  # noqa: S105 - the name of a scheme
OUR_SCHEMES = BEARER_SCHEMES | {TOKEN_SCHEME}
BAD_TOKEN = "The token is wrong or expired."  # noqa: S105 - a sentence

_IPV6_NETWORK_BITS = 64
# Loopback over IPv4 and IPv6 counts as one caller.
_THIS_MACHINE = "127.0.0.1"
_LONGEST_AGENT = 200
_LONGEST_LANGUAGES = 200
_QUALITY = re.compile(r"q=([01](?:\.[0-9]{0,3})?)", re.ASCII)


class NoTokenSent(SessionOver):
    """The header has a scheme, and nothing behind it."""

    code = "no_token_sent"


class SeveralTokensSent(SessionOver):
    code = "several_tokens_sent"


@dataclass(frozen=True, slots=True)
class Call(Generic[B]):
    request: Request
    visitor: Visitor
    cookies: dict[str, str] = field(repr=False)
    body: B = field(repr=False)
    sent: dict[str, Any] = field(repr=False)
    identity_if_any: Identity | None = None
    text_is_plain_by_default: bool = False

    @property
    def identity(self) -> Identity:
        """The identity of the caller; raise `Unauthenticated` if there is none."""
        if self.identity_if_any is None:
            raise Unauthenticated("Please sign in.")
        return self.identity_if_any

    @property
    def text_is_plain(self) -> bool:
        """Whether texts and names are answered as they were written, not as HTML."""
        return self.query_option("text", _TEXT_IS_PLAIN[self.text_is_plain_by_default])

    def spelled(self, name: str) -> str:
        return spelling(type(self.body), name, self.sent)

    def query_text(self, name: str) -> str:
        parameters = self.request.query_params
        return str(parameters.get(name, "")) if parameters else ""

    def query_option(self, name: str, options: Mapping[str, T]) -> T:
        """Return the value of one of the options; "" is the one of a missing parameter."""
        return option_called(self.query_text(name), name, options)

    def query_number(self, name: str, *, largest: int) -> int | None:
        text = self.query_text(name)
        if not text:
            return None
        number = whole_number(text, largest=largest)
        if not number:
            raise InvalidInput(
                fields={name: [Text("Send a whole number from 1 to {most}.", most=largest)]}
            )
        return number


def option_called(text: str, name: str, options: Mapping[str, T]) -> T:
    """Return the option; raise `InvalidInput` for this field if there is none called so."""
    if text not in options:
        names = ", ".join(filter(None, options))
        raise InvalidInput(fields={name: [Text("Must be one of: {options}.", options=names)]})
    return options[text]


def whole_number(text: str, *, largest: int) -> int | None:
    """Parse a whole number; return None if the text is not one or it is too large."""
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(largest)):
        return None
    number = int(text)
    return number if number <= largest else None


def header(request: Request, name: str) -> str:
    try:
        return str(request.headers[name])
    except KeyError:
        return ""


def scheme_in(authorization: str) -> str:
    """Return the scheme in lower case, or an empty text."""
    return authorization.partition(" ")[0].lower()


def token_in(authorization: str) -> str:
    """Return the token; raise a `SessionOver` unless there is exactly one."""
    _, *tokens = authorization.split()
    if not tokens:
        raise NoTokenSent(BAD_TOKEN)
    if len(tokens) > 1:
        raise SeveralTokensSent(BAD_TOKEN)
    return tokens[0]


def origin_of(request: Request, allowed: Container[str]) -> str:
    """Return the origin of the calling page, or "" if there is none that may call."""
    origin = header(request, "origin")
    return origin if origin in allowed else ""


def visitor_of(
    request: Request,
    sent_cookies: dict[str, str],
    *,
    dialect: str,
    address_header: str,
    origin: str = "",
) -> Visitor:
    return Visitor(
        address=_network(_address(request, address_header)),
        agent=header(request, "user-agent")[:_LONGEST_AGENT],
        language=language_of(request),
        dialect=dialect,
        device_token=sent_cookies.get(cookies.DEVICE, ""),
        origin=origin,
    )


def _address(request: Request, address_header: str) -> str:
    # Our own proxy wrote the last entry of the list.
    forwarded = header(request, address_header).rpartition(",")[2].strip() if address_header else ""
    return forwarded or str(request.context.get("identity", {}).get("sourceIp", ""))


@lru_cache(maxsize=1024)
def _network(address: str) -> str:
    """Return the key of a caller: an IPv4 address or an IPv6 network of 2^64 addresses."""
    parsed = _parsed(address) or _parsed(
        address.rpartition(":")[0].strip("[]")
    )  # CloudFront adds the port
    if parsed is None:
        return "unknown"
    if parsed.version == 6 and parsed.ipv4_mapped:  # noqa: PLR2004 - the version's name
        parsed = parsed.ipv4_mapped
    if parsed.version == 4:  # noqa: PLR2004 - the version's name
        return str(parsed)
    if parsed.is_loopback:
        return _THIS_MACHINE  # its /64 network would be unreadable
    network = ipaddress.ip_network((parsed, _IPV6_NETWORK_BITS), strict=False)
    return str(network.network_address)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None


def language_of(request: Request) -> Language:
    """Return the supported language that the client prefers, else English."""
    return _language(header(request, "accept-language")[:_LONGEST_LANGUAGES])


@lru_cache(maxsize=256)
def _language(accepted: str) -> Language:
    best, highest = Language.ENGLISH, 0.0
    for each in accepted.lower().split(","):
        tag, _, options = each.partition(";")
        language = Language.named(tag.partition("-")[0].strip())
        quality = _quality(options)
        # Of equal qualities, the first counts.
        if language and quality > highest:
            best, highest = language, quality
    return best


def _quality(options: str) -> float:
    match = _QUALITY.fullmatch(options.strip())
    return float(match[1]) if match else 1.0
