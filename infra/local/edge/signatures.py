"""CloudFront's checks before it serves a private object: key, signature, policy."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from infra.local.edge import policy
from infra.local.edge.keys import Keys
from infra.local.edge.policy import Visit
from infra.local.edge.refused import denied, malformed, missing, unknown_key

_OURS = ("Policy", "Signature", "Key-Pair-Id", "Expires", "Hash-Algorithm")
_UNSAFE = str.maketrans("-_~", "+=/")


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
        """Raise `Refused` unless the request has a valid signature."""
        pairs = [_pair(each) for each in request.query.split("&") if each]
        parameters = {name: value for name, value in pairs if name in _OURS}
        url = _without_ours(request)
        signed = _signed(parameters, url)
        for name in ("Signature", "Key-Pair-Id"):
            if name not in parameters:
                raise missing(name)
        key = self.keys.get(parameters["Key-Pair-Id"])
        if key is None:
            raise unknown_key()
        if not key.verify(
            signed, _decoded(parameters["Signature"]), parameters.get("Hash-Algorithm", "SHA1")
        ):
            raise denied()
        policy.require_allowed(signed, Visit(url, self.epoch_seconds(), request.client))


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
        return policy.canned(url, parameters["Expires"])
    raise missing("Key-Pair-Id" if "Key-Pair-Id" not in parameters else "Policy")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.translate(_UNSAFE), validate=True)
    except (binascii.Error, ValueError):
        raise malformed() from None
