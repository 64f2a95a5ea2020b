"""A client of S3 whose presigned URLs work from a browser."""

from typing import Any, Literal

from botocore.config import Config


def s3_client(more: Config | None = None, *, url: str = "") -> Any:
    """Return a client of S3 at the URL, by default at the one of `AWS_ENDPOINT_URL` or AWS's."""
    first = _client("virtual", more, url)
    if ".amazonaws.com" in first.meta.endpoint_url:
        return first
    # An emulator has one host name, without buckets in front of it.
    return _client("path", more, url)


def _client(style: Literal["path", "virtual"], more: Config | None, url: str) -> Any:
    import boto3

    config = Config(
        # URLs of older signatures lead to a redirect, which a browser does not follow.
        signature_version="s3v4",
        s3={"addressing_style": style},
        # Otherwise a checksum that no browser computes becomes part of the URL.
        request_checksum_calculation="when_required",
    )
    merged = config.merge(more) if more else config
    return boto3.client("s3", config=merged, endpoint_url=url or None)
