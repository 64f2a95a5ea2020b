"""What CloudFront checks before it serves a private object: key, signature, policy."""

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
class Asked:
    """A request as far as signatures are about it."""

    address: str  # scheme, host and path, exactly as they were sent
    query: str
    client: str


@dataclass(frozen=True, slots=True)
class Gate:
    keys: Keys
    epoch_seconds: Callable[[], float]

    def require_signature(self, asked: Asked) -> None:
        """Raise `Refused` unless the request proves that it was let in."""
        pairs = [_pair(each) for each in asked.query.split("&") if each]
        said = {name: value for name, value in pairs if name in _OURS}
        url = _without_ours(asked)
        signed = _signed(said, url)
        for name in ("Signature", "Key-Pair-Id"):
            if name not in said:
                raise missing(name)
        key = self.keys.get(said["Key-Pair-Id"])
        if key is None:
            raise unknown_key()
        if not key.verify(signed, _decoded(said["Signature"]), said.get("Hash-Algorithm", "SHA1")):
            raise denied()
        policy.require_allowed(signed, Visit(url, self.epoch_seconds(), asked.client))


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, unquote(value)


def _without_ours(asked: Asked) -> str:
    rest = [each for each in asked.query.split("&") if each and _pair(each)[0] not in _OURS]
    return f"{asked.address}?{'&'.join(rest)}" if rest else asked.address


def _signed(said: Mapping[str, str], url: str) -> bytes:
    if "Policy" in said:
        return _decoded(said["Policy"])
    if "Expires" in said:
        return policy.canned(url, said["Expires"])
    raise missing("Key-Pair-Id" if "Key-Pair-Id" not in said else "Policy")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.translate(_UNSAFE), validate=True)
    except (binascii.Error, ValueError):
        raise malformed() from None
