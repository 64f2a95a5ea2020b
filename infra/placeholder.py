"""The picture of videos that have none yet: one public object."""

from pathlib import Path
from typing import Any

from chalicelib.catalogue.object_keys import PLACEHOLDER

_PICTURE = Path(__file__).with_suffix(".jpg")


def ensure(client: Any, bucket: str) -> None:
    """Upload the picture unless it is there already."""
    try:
        stored_bytes = client.head_object(Bucket=bucket, Key=PLACEHOLDER)["ContentLength"]
    except client.exceptions.ClientError:
        stored_bytes = 0
    if stored_bytes != _PICTURE.stat().st_size:
        put(client, bucket)


def put(client: Any, bucket: str) -> None:
    """Upload the picture to its fixed key."""
    client.put_object(
        Bucket=bucket,
        Key=PLACEHOLDER,
        Body=_PICTURE.read_bytes(),
        ContentType="image/jpeg",
        CacheControl="public, max-age=86400",
    )
