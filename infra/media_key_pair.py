"""A fresh key pair for media URLs, and the text as which its private half is kept."""

import json
from dataclasses import dataclass
from typing import Self

# Of the pair that no edge of AWS has given an id.
KEY_ID = "K00LOCAL0MEDIA"


@dataclass(frozen=True, slots=True)
class Pair:
    public: str
    private: str

    @classmethod
    def fresh(cls) -> Self:
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
            PublicFormat,
        )

        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return cls(public=public.decode(), private=private.decode())

    def secret(self, key_id: str) -> str:
        """What is kept in Secrets Manager."""
        return json.dumps(
            {"key_id": key_id, "algorithm": "ECDSA", "hash": "SHA256", "private_key": self.private}
        )
