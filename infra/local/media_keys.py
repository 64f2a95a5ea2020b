"""The key pair that signs media URLs here; on AWS its public half is known to CloudFront."""

from contextlib import closing

from infra.media_key_pair import KEY_ID, Pair

NAME = "videoflix/media-keys"


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
    return Pair.fresh().secret(KEY_ID)
