"""Orders to forget copies: CloudFront gets them by its API, the edge on a laptop by the bucket.

They lie there until they are carried out, so an edge that was not running misses none.
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
_LOOK_EVERY_SECONDS = 1.0
# A bucket that does not answer must not hold what is here.
_PATIENCE_SECONDS = 2.0
_log = logging.getLogger(__name__)


class Orders(Protocol):
    def waiting(self) -> Mapping[str, Sequence[str]]:
        """Return the paths of every order that was not carried out yet, by its name."""

    def done(self, names: Iterable[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class BucketOrders:
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
            _log.warning("An order cannot be read, so everything is forgotten: %s", key)
            return ["/*"]


class OrderDesk:
    """Looks for orders at most once a second, and only while somebody asks for something."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._looked_at = float("-inf")
        self._looking: asyncio.Task[None] | None = None

    async def catch_up(self, forget: Callable[[str], None]) -> None:
        """Carry out what was ordered by now."""
        if self._looking is None:
            if monotonic() - self._looked_at < _LOOK_EVERY_SECONDS:
                return
            self._looking = asyncio.create_task(self._look(forget))
        await asyncio.wait([self._looking], timeout=_PATIENCE_SECONDS)

    async def _look(self, forget: Callable[[str], None]) -> None:
        try:
            waiting = await asyncio.to_thread(self._orders.waiting)
            for paths in waiting.values():
                for path in paths:
                    forget(path)
            if waiting:
                await asyncio.to_thread(self._orders.done, waiting)
        except (BotoCoreError, ClientError, OSError):
            _log.exception("Orders to forget media cannot be read.")
        finally:
            self._looked_at = monotonic()
            self._looking = None
