"""Ids of imported objects: their own where that is possible, else one computed from their name."""

import hashlib
from typing import Any

from chalicelib.clock import LARGEST_ID

_DIGITS_OF_AN_ID = 13  # 52 bits
_DIGITS_OF_AN_UPLOAD = 32


def spare_id(name: str) -> int:
    """Return the id of an object whose own id is taken or none; the same in every import."""
    return int(_digest(name)[:_DIGITS_OF_AN_ID], 16) or 1


def own_id(key: Any, name: str) -> int:
    is_number = isinstance(key, int) and not isinstance(key, bool)
    return key if is_number and 0 < key <= LARGEST_ID else spare_id(name)


def upload_id(name: str) -> str:
    """Return the id of the upload of a file, so that it is not sent again."""
    return _digest(name)[:_DIGITS_OF_AN_UPLOAD]


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", errors="replace")).hexdigest()
