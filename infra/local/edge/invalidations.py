"""Invalidations of cached objects, which the local edge reads from the bucket.

They stay in the bucket until they are applied, so an edge that was not running misses none.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

_PREFIX = "invalidations/"
_READ_EVERY_SECONDS = 1.0
# A bucket that does not answer must not block cached objects.
_PATIENCE_SECONDS = 2.0
_log = logging.getLogger(__name__)


class Invalidations(Protocol):
    def waiting(self) -> Mapping[str, Sequence[str]]:
        """Return the paths of every invalidation that was not applied yet, by its name."""

    def done(self, names: Iterable[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class BucketInvalidations:
    client: Any
    bucket: str

    def waiting(self) -> Mapping[str, Sequence[str]]:
        pages = self.client.get_paginator("list_objects_v2")
        keys = [
            each["Key"]
            for page in pages.paginate(Bucket=self.bucket, Prefix=_PREFIX)
            for each in page.get("Contents", [])
        ]
        return {key: self._paths(key) for key in keys}

    def done(self, names: Iterable[str]) -> None:
        for name in names:
            self.client.delete_object(Bucket=self.bucket, Key=name)

    def _paths(self, key: str) -> Sequence[str]:
        with self.client.get_object(Bucket=self.bucket, Key=key)["Body"] as body:
            text = body.read()
        try:
            return [str(path) for path in json.loads(text)["paths"]]
        except (ValueError, KeyError, TypeError):
            _log.warning("An invalidation cannot be read, so everything is invalidated: %s", key)
            return ["/*"]


class InvalidationReader:
    """Reads invalidations at most once a second, and only when there are requests."""

    def __init__(self, invalidations: Invalidations) -> None:
        self._invalidations = invalidations
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def apply_pending(self, invalidate: Callable[[str], None]) -> None:
        """Apply the invalidations so far."""
        if self._reading is None:
            if monotonic() - self._read_at < _READ_EVERY_SECONDS:
                return
            self._reading = asyncio.create_task(self._apply(invalidate))
        await asyncio.wait([self._reading], timeout=_PATIENCE_SECONDS)

    async def _apply(self, invalidate: Callable[[str], None]) -> None:
        try:
            waiting = await asyncio.to_thread(self._invalidations.waiting)
            for paths in waiting.values():
                for path in paths:
                    invalidate(path)
            if waiting:
                await asyncio.to_thread(self._invalidations.done, waiting)
        except (BotoCoreError, ClientError, OSError):
            _log.exception("Invalidations cannot be read.")
        finally:
            self._read_at = monotonic()
            self._reading = None
