"""Signed URLs of CloudFront: a policy, its signature and the id of the key."""

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from chalicelib.clock import Clock

Sign = Callable[[bytes], bytes]

# A new key pair is in use everywhere within this time; the old one stays valid at the edge.
REMEMBERED_FOR = timedelta(minutes=10)

_SAFE = str.maketrans("+=/", "-_~")


@dataclass(frozen=True, slots=True)
class MediaSigningKey:
    key_id: str
    hash_name: Literal["SHA1", "SHA256"]
    sign: Sign


@dataclass(frozen=True, slots=True)
class CloudFrontSigner:
    media_url: str
    key: Callable[[], MediaSigningKey]

    def query(self, folder: str, *, expires_at: datetime) -> str:
        if not folder.endswith("/"):
            raise ValueError("a wildcard has to end on a directory boundary")
        key = self.key()
        policy = _policy(f"{self.media_url}/{folder}*", expires_at)
        parameters = [
            f"Policy={_in_url(policy)}",
            f"Signature={_in_url(key.sign(policy))}",
            f"Key-Pair-Id={key.key_id}",
        ]
        if key.hash_name != "SHA1":  # the default of CloudFront
            parameters.append(f"Hash-Algorithm={key.hash_name}")
        return "&".join(parameters)


@dataclass(slots=True)
class SecretMediaSigningKey:
    """The key in Secrets Manager, cached by each process."""

    client: Callable[[], Any]
    secret_id: str
    clock: Clock
    _known: tuple[datetime, MediaSigningKey] | None = None
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> MediaSigningKey:
        now = self.clock.now()
        with self._reading:
            if self._known is None or now - self._known[0] >= REMEMBERED_FOR:
                answer = self.client().get_secret_value(SecretId=self.secret_id)
                self._known = (now, media_signing_key(answer["SecretString"]))
            return self._known[1]


def media_signing_key(secret: str) -> MediaSigningKey:
    """Read a stored key pair; raise `ValueError` if CloudFront supports no such key."""
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    pair = json.loads(secret)
    hash_name = pair.get("hash", "SHA256")
    # SHA-1 is safe here and the default of CloudFront: no input of a client is signed.
    digest = {"SHA1": SHA1, "SHA256": SHA256}[hash_name]()
    key = load_pem_private_key(pair["private_key"].encode(), password=None)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return MediaSigningKey(
            pair["key_id"], hash_name, lambda text: key.sign(text, ec.ECDSA(digest))
        )
    if isinstance(key, rsa.RSAPrivateKey):
        return MediaSigningKey(
            pair["key_id"], hash_name, lambda text: key.sign(text, padding.PKCS1v15(), digest)
        )
    raise ValueError("a key for media has to be of ECDSA or RSA")


def _policy(resource: str, expires_at: datetime) -> bytes:
    condition = {"DateLessThan": {"AWS:EpochTime": int(expires_at.timestamp())}}
    policy = {"Statement": [{"Resource": resource, "Condition": condition}]}
    return json.dumps(policy, separators=(",", ":")).encode()


def _in_url(raw: bytes) -> str:
    return base64.b64encode(raw).decode().translate(_SAFE)
