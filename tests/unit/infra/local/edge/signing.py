"""Key pairs, and URLs signed by botocore's own signer, for tests of the edge."""

import json
from datetime import UTC, datetime
from typing import Any

from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

KEY_ID = "K2JCJMDEHXQW5F"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
OBJECT_URL = "http://127.0.0.1:8080/media/7/1/video/720p/00000.m4s"
FOLDER = "http://127.0.0.1:8080/media/7/1/*"

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
HASHES: dict[str, Any] = {"SHA1": SHA1(), "SHA256": SHA256()}  # noqa: S303 - CloudFront's


def secret(kind: str, hash_name: str = "SHA256", *, key_id: str = KEY_ID) -> str:
    """Return the secret of a key pair, as in Secrets Manager."""
    key = RSA_KEY if kind == "RSA" else EC_KEY
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    pair = {"key_id": key_id, "algorithm": kind, "hash": hash_name, "private_key": pem}
    return json.dumps(pair)


def botocore_signer(kind: str = "RSA", hash_name: str = "SHA1") -> CloudFrontSigner:
    def sign(message: bytes) -> bytes:
        if kind == "RSA":
            return RSA_KEY.sign(message, padding.PKCS1v15(), HASHES[hash_name])
        return EC_KEY.sign(message, ec.ECDSA(HASHES[hash_name]))

    return CloudFrontSigner(KEY_ID, sign)


def signed(
    url: str, policy: dict[str, Any] | None = None, *, kind: str = "RSA", hash_name: str = "SHA1"
) -> str:
    """Sign a URL as a customer of CloudFront would; without a policy, with a canned one."""
    signer = botocore_signer(kind, hash_name)
    if policy is None:
        after_noon = datetime(2026, 11, 21, 13, tzinfo=UTC)
        result = signer.generate_presigned_url(url, date_less_than=after_noon)
    else:
        text = json.dumps(policy, separators=(",", ":"))
        result = signer.generate_presigned_url(url, policy=text)
    return result if hash_name == "SHA1" else f"{result}&Hash-Algorithm={hash_name}"


def policy(resource: str | None = FOLDER, **condition: Any) -> dict[str, Any]:
    ends = {"DateLessThan": {"AWS:EpochTime": int(NOON.timestamp()) + 60}}
    statement: dict[str, Any] = {"Condition": {**ends, **condition}}
    return {"Statement": [{"Resource": resource, **statement} if resource else statement]}
