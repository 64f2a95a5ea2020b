"""CloudFront's checks before it serves a private object: key, signature, policy; and refusals."""

import base64
import binascii
import ipaddress
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import unquote

from infra.local.edge.keys import Keys

_OURS = ("Policy", "Signature", "Key-Pair-Id", "Expires", "Hash-Algorithm")
_UNSAFE = str.maketrans("-_~", "+=/")
_CONDITIONS = {"DateLessThan", "DateGreaterThan", "IpAddress"}


class EdgeRefusal(Exception):
    """A refusal with CloudFront's own code and message."""

    def __init__(self, code: str, message: str, *, status: int = 403) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status

    @property
    def xml(self) -> bytes:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<Error><Code>{self.code}</Code><Message>{escape(self.message)}</Message></Error>"
        ).encode()


def missing(parameter: str) -> EdgeRefusal:
    return EdgeRefusal("MissingKey", f"Missing {parameter} query parameter or cookie value")


def malformed() -> EdgeRefusal:
    return EdgeRefusal("MalformedPolicy", "Malformed Policy")


def denied() -> EdgeRefusal:
    return EdgeRefusal("AccessDenied", "Access denied")


def not_found() -> EdgeRefusal:
    return EdgeRefusal("NoSuchKey", "The specified key does not exist.", status=404)


@dataclass(frozen=True, slots=True)
class MediaRequest:
    """The parts of a request that a signature depends on."""

    url: str  # scheme, host and path, exactly as sent
    query: str
    client: str


@dataclass(frozen=True, slots=True)
class Gate:
    keys: Keys
    epoch_seconds: Callable[[], float]

    def require_signature(self, request: MediaRequest) -> None:
        """Raise `EdgeRefusal` unless the request has a valid signature."""
        pairs = [_pair(each) for each in request.query.split("&") if each]
        parameters = {name: value for name, value in pairs if name in _OURS}
        url = _without_ours(request)
        signed = _signed(parameters, url)
        for name in ("Signature", "Key-Pair-Id"):
            if name not in parameters:
                raise missing(name)
        key = self.keys.get(parameters["Key-Pair-Id"])
        if key is None:
            raise EdgeRefusal("InvalidKey", "Unknown Key")
        if not key.verify(
            signed, _decoded(parameters["Signature"]), parameters.get("Hash-Algorithm", "SHA1")
        ):
            raise denied()
        require_allowed(signed, url, self.epoch_seconds(), request.client)


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, unquote(value)


def _without_ours(request: MediaRequest) -> str:
    rest = [each for each in request.query.split("&") if each and _pair(each)[0] not in _OURS]
    return f"{request.url}?{'&'.join(rest)}" if rest else request.url


def _signed(parameters: Mapping[str, str], url: str) -> bytes:
    if "Policy" in parameters:
        return _decoded(parameters["Policy"])
    if "Expires" in parameters:
        return canned(url, parameters["Expires"])
    raise missing("Key-Pair-Id" if "Key-Pair-Id" not in parameters else "Policy")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.translate(_UNSAFE), validate=True)
    except (binascii.Error, ValueError):
        raise malformed() from None


def canned(url: str, expires: str) -> bytes:
    """Return the policy that CloudFront builds from a URL with `Expires`."""
    if not (expires.isascii() and expires.isdecimal()):
        raise malformed()
    return (
        f'{{"Statement":[{{"Resource":"{url}",'
        f'"Condition":{{"DateLessThan":{{"AWS:EpochTime":{expires}}}}}}}]}}'
    ).encode()


def require_allowed(policy: bytes, url: str, epoch_seconds: float, address: str) -> None:
    """Raise `EdgeRefusal` unless the policy, whose signature is verified, allows this request."""
    resource, condition = _parsed(policy)
    ends = _moment(condition["DateLessThan"])
    begins = _moment(condition["DateGreaterThan"]) if "DateGreaterThan" in condition else 0
    if not begins < epoch_seconds < ends:
        raise denied()
    if "IpAddress" in condition and not _is_within(address, condition["IpAddress"]):
        raise denied()
    if not _matches(resource, url):
        raise denied()


def _parsed(policy: bytes) -> tuple[str, Mapping[str, Any]]:
    try:
        statements = json.loads(policy)["Statement"]
        (statement,) = statements
        # A policy without a resource allows every URL, as with CloudFront.
        resource, condition = statement.get("Resource", "*"), statement["Condition"]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise malformed() from None
    well_formed = isinstance(resource, str) and isinstance(condition, dict)
    if not well_formed or "DateLessThan" not in condition or condition.keys() - _CONDITIONS:
        raise malformed()
    return resource, condition


def _moment(condition: Any) -> int:
    seconds = condition.get("AWS:EpochTime") if isinstance(condition, dict) else None
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        raise malformed()
    return seconds


def _is_within(address: str, condition: Any) -> bool:
    network = condition.get("AWS:SourceIp") if isinstance(condition, dict) else None
    if not isinstance(network, str):
        raise malformed()
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        raise malformed() from None


def _matches(resource: str, url: str) -> bool:
    """Match a URL: `*` is any characters, also slashes, and `?` is exactly one."""
    # Bit n: the first n characters of the resource match so far. Each character of the URL is
    # read once, however many wildcards there are.
    repeatable, anything, positions, length = 0, 0, dict[str, int](), 0
    for character in resource:
        if character == "*":
            repeatable |= 1 << length
            continue
        if character == "?":
            anything |= 1 << length
        else:
            positions[character] = positions.get(character, 0) | 1 << length
        length += 1
    reached = 1
    for character in url:
        advancing = reached & (positions.get(character, 0) | anything)
        reached = advancing << 1 | reached & repeatable
    return bool(reached >> length & 1)
