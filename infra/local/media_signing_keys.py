"""The local media signing key, which the API and the edge read from one secret."""

from contextlib import closing

from infra.local.settings import PREFIX
from infra.media_signing_key_pair import KEY_ID, Pair, secret_name


def ensure() -> str:
    """Return the name of the secret with the key pair; create it at the first start."""
    import boto3

    name = secret_name(PREFIX)
    # Closed, because the emulator does not end while a client is connected.
    with closing(boto3.client("secretsmanager")) as client:
        try:
            client.describe_secret(SecretId=name)
        except client.exceptions.ResourceNotFoundException:
            client.create_secret(Name=name, SecretString=fresh_pair())
    return name


def fresh_pair() -> str:
    return Pair.fresh().secret(KEY_ID)
