"""A client of S3 whose presigned addresses work from a browser."""

from typing import Any, Literal

from botocore.config import Config


def s3_client(more: Config | None = None) -> Any:
    first = _client("virtual", more)
    if ".amazonaws.com" in first.meta.endpoint_url:
        return first
    # An emulator answers under one name only, which cannot have the bucket's before it.
    return _client("path", more)


def _client(addressing_style: Literal["path", "virtual"], more: Config | None) -> Any:
    import boto3

    config = Config(
        # With older ones, addresses lead to a redirect, which a browser does not follow.
        signature_version="s3v4",
        s3={"addressing_style": addressing_style},
        # Else a checksum that no browser computes becomes part of the address.
        request_checksum_calculation="when_required",
    )
    return boto3.client("s3", config=config.merge(more) if more else config)
