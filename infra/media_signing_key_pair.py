"""A key pair that signs media URLs, and the secret that stores its private key."""

import json
from dataclasses import dataclass
from typing import Self

# The id of a local key pair; on AWS, CloudFront assigns one.
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
        """Return the value of the secret in Secrets Manager."""
        return json.dumps(
            {"key_id": key_id, "algorithm": "ECDSA", "hash": "SHA256", "private_key": self.private}
        )


def secret_name(prefix: str) -> str:
    return f"{prefix}/media-keys"
