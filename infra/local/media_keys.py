"""The key pair that signs media URLs here; on AWS its public half is known to CloudFront."""

import json
from contextlib import closing

NAME = "videoflix/media-keys"
KEY_ID = "K00LOCAL0MEDIA"


def ensure() -> str:
    """Return the name of the secret that holds the pair; make it at the first start."""
    import boto3

    # Closed, for the emulator does not end while somebody is connected.
    with closing(boto3.client("secretsmanager")) as client:
        try:
            client.describe_secret(SecretId=NAME)
        except client.exceptions.ResourceNotFoundException:
            client.create_secret(Name=NAME, SecretString=fresh_pair())
    return NAME


def fresh_pair() -> str:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    pair = {"key_id": KEY_ID, "algorithm": "ECDSA", "hash": "SHA256", "private_key": pem.decode()}
    return json.dumps(pair)
