"""A change log over the other fakes, which counts its reads."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from chalicelib.catalogue.ports import Changes
from chalicelib.errors import Unavailable
from tests.fakes.category_store import InMemoryCategoryStore
from tests.fakes.video_store import InMemoryVideoStore


class InMemoryChangeLog:
    def __init__(self, videos: InMemoryVideoStore, categories: InMemoryCategoryStore) -> None:
        self._videos = videos
        self._categories = categories
        self.asked: list[datetime | None] = []
        self.is_broken = False
        # Changes that are read at a time; a store that holds more is long.
        self.at_once = 1000
        # Entries that an earlier version filed.
        self.earlier = 0

    def since(self, moment: datetime) -> Iterator[Changes]:
        return self._read(moment)

    def everything(self) -> Iterator[Changes]:
        return self._read(None)

    def refile(self, *, most: int) -> int:
        refiled = min(most, self.earlier)
        self.earlier -= refiled
        return refiled

    def _read(self, moment: datetime | None) -> Iterator[Changes]:
        self.asked.append(moment)
        if self.is_broken:
            raise Unavailable("The catalogue is not available right now.")
        videos = iter(self._videos.since(moment).items())
        yield Changes(dict(islice(videos, self.at_once)), self._categories.since(moment))
        while some := dict(islice(videos, self.at_once)):
            yield Changes(some, {})
