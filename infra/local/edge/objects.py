"""The public part of the media bucket: objects below `media/` and `images/`."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from chalicelib.catalogue.object_keys import CONTENT_TYPES

_KEY = re.compile(r"(media|images)(/[\w~()+,'=@!$&; -][\w.~()+,'=@!$&; -]*)+")
_BLOCK_BYTES = 1024 * 1024


def key_in(raw_path: str) -> str | None:
    """Return the object key in a path; None if it cannot be a key of media."""
    key = unquote(raw_path.removeprefix("/"))
    return key if _KEY.fullmatch(key) else None


def media_type(key: str) -> str:
    return CONTENT_TYPES.get(key.rpartition(".")[2], "application/octet-stream")


def etag(key: str, size: int) -> str:
    """Return an ETag of key and size, because objects never change."""
    return f'"{hashlib.sha256(key.encode()).hexdigest()[:20]}-{size:x}"'


def fetcher(client: Any, bucket: str) -> Callable[[str, Path], bool]:
    def fetch(key: str, path: Path) -> bool:
        try:
            answer = client.get_object(Bucket=bucket, Key=key)
        except client.exceptions.NoSuchKey:
            return False
        with answer["Body"] as body, path.open("wb") as file:
            while block := body.read(_BLOCK_BYTES):
                file.write(block)
        return True

    return fetch
