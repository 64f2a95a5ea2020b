"""A thread-safe cache of limited size that evicts the least recently used entry."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class LruCache(Generic[K, V]):
    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._changing = threading.Lock()

    def get(self, key: K) -> V | None:
        with self._changing:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: K, value: V) -> None:
        with self._changing:
            self._kept[key] = value
            self._kept.move_to_end(key)
            if len(self._kept) > self._at_most:
                self._kept.popitem(last=False)

    def drop(self, key: K) -> None:
        with self._changing:
            self._kept.pop(key, None)
