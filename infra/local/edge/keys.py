"""The public keys that the edge trusts, by id; an unknown id makes it read them again."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

# Requests with an invented key id must not cost a call each.
_PAUSE_SECONDS = 5
_HASHES: Mapping[str, Callable[[], HashAlgorithm]] = {"SHA1": SHA1, "SHA256": SHA256}


@dataclass(frozen=True, slots=True)
class PublicKey:
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey

    def verify(self, signed: bytes, signature: bytes, hash_name: str) -> bool:
        if hash_name not in _HASHES:
            return False
        digest = _HASHES[hash_name]()
        try:
            if isinstance(self.key, rsa.RSAPublicKey):
                self.key.verify(signature, signed, padding.PKCS1v15(), digest)
            else:
                self.key.verify(signature, signed, ec.ECDSA(digest))
        except InvalidSignature:
            return False
        return True


class Keys:
    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read
        self._known: Mapping[str, PublicKey] = {}
        self._read_at = float("-inf")
        self._reading = threading.Lock()

    def get(self, key_id: str) -> PublicKey | None:
        with self._reading:
            is_time = time.monotonic() - self._read_at > _PAUSE_SECONDS
            if key_id not in self._known and is_time:
                self._known = {**self._known, **trusted(self._read())}
                self._read_at = time.monotonic()
            return self._known.get(key_id)


def trusted(secret: str) -> Mapping[str, PublicKey]:
    """Return the public key of the key pair in a secret, by its id."""
    pair = json.loads(secret)
    private = load_pem_private_key(pair["private_key"].encode(), password=None)
    public = private.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise TypeError("CloudFront knows keys of ECDSA and RSA only")
    return {pair["key_id"]: PublicKey(public)}
