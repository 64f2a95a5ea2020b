"""An invalidation removes copies from the edge's cache, and results of fetches under way."""

import asyncio
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError

from infra.local.edge.disk_cache import DiskCache

PICTURE, SEGMENT, OTHER = "images/7/1/hero.jpg", "media/7/1/video/00000.m4s", "images/77/1/hero.jpg"
OF_SEVEN = ("/media/7/*", "/images/7/*")


@dataclass
class Bucket:
    """A fake bucket with objects and invalidations."""

    objects: dict[str, bytes] = field(default_factory=dict)
    invalidations: dict[str, Sequence[str]] = field(default_factory=dict)
    reads: int = 0
    is_down: bool = False
    pause_seconds: float = 0
    fetching: threading.Event = field(default_factory=threading.Event)

    def fetch(self, key: str, path: Path) -> bool:
        content = self.objects.get(key)
        self.fetching.set()
        time.sleep(self.pause_seconds)
        if content is None:
            return False
        path.write_bytes(content)
        return True

    def waiting(self) -> Mapping[str, Sequence[str]]:
        self.reads += 1
        if self.is_down:
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1:4566")
        return dict(self.invalidations)

    def done(self, names: Iterable[str]) -> None:
        for name in list(names):
            del self.invalidations[name]


@pytest.fixture
def bucket() -> Bucket:
    return Bucket({PICTURE: b"seven", SEGMENT: b"seven", OTHER: b"seventy-seven"})


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("infra.local.edge.invalidations.monotonic", lambda: now[0])
    return now


def a_cache(folder: Path, bucket: Bucket) -> DiskCache:
    return DiskCache(folder, bucket.fetch, largest_bytes=10**6, invalidations=bucket)


async def read(cache: DiskCache, key: str) -> bytes | None:
    opened = await cache.open(key)
    if opened is None:
        return None
    with opened.file as file:
        return file.read()


def test_a_withdrawn_video_is_removed_within_a_second(
    tmp_path: Path, bucket: Bucket, clock: list[float]
) -> None:
    async def story() -> None:
        cache = a_cache(tmp_path, bucket)
        for key in (PICTURE, SEGMENT, OTHER):
            assert await read(cache, key)
        bucket.objects = {OTHER: b"changed"}
        bucket.invalidations["1"] = OF_SEVEN
        clock[0] += 1.1
        assert await read(cache, PICTURE) is None
        assert await read(cache, SEGMENT) is None
        assert await read(cache, OTHER) == b"seventy-seven"
        assert bucket.invalidations == {}

    asyncio.run(story())


def test_invalidations_are_read_once_a_second_whatever_the_load(
    tmp_path: Path, bucket: Bucket, clock: list[float]
) -> None:
    async def story() -> None:
        cache = a_cache(tmp_path, bucket)
        for _ in range(3):
            await asyncio.gather(*(read(cache, PICTURE) for _ in range(50)))
            clock[0] += 1.1

    asyncio.run(story())
    assert bucket.reads == 3


def test_invalidations_of_the_time_before_a_start_are_applied(
    tmp_path: Path, bucket: Bucket
) -> None:
    assert asyncio.run(read(a_cache(tmp_path, bucket), PICTURE)) == b"seven"
    del bucket.objects[PICTURE]
    bucket.invalidations["1"] = OF_SEVEN
    assert asyncio.run(read(a_cache(tmp_path, bucket), PICTURE)) is None
    assert bucket.invalidations == {}


def test_the_result_of_a_fetch_under_way_is_discarded(tmp_path: Path, bucket: Bucket) -> None:
    async def story() -> None:
        cache = a_cache(tmp_path, bucket)
        bucket.pause_seconds = 0.2
        reading = asyncio.create_task(read(cache, PICTURE))
        await asyncio.to_thread(bucket.fetching.wait)
        del bucket.objects[PICTURE]
        cache.invalidate("/images/7/*")
        assert await reading is None
        assert await read(cache, PICTURE) is None

    asyncio.run(story())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("pattern", ["/*", "/images/*", "nonsense", "/images/7/1/hero.jpg"])
def test_any_other_pattern_removes_all_copies(tmp_path: Path, bucket: Bucket, pattern: str) -> None:
    async def story() -> None:
        cache = a_cache(tmp_path, bucket)
        await read(cache, PICTURE)
        bucket.objects.clear()
        cache.invalidate(pattern)
        assert await read(cache, PICTURE) is None

    asyncio.run(story())


def test_an_unreachable_bucket_removes_nothing(
    tmp_path: Path, bucket: Bucket, clock: list[float]
) -> None:
    async def story() -> None:
        cache = a_cache(tmp_path, bucket)
        await read(cache, PICTURE)
        bucket.is_down = True
        bucket.invalidations["1"] = OF_SEVEN
        clock[0] += 1.1
        assert await read(cache, PICTURE) == b"seven"
        bucket.is_down, bucket.objects = False, {}
        clock[0] += 1.1
        assert await read(cache, PICTURE) is None

    asyncio.run(story())


def test_copies_of_an_earlier_version_are_removed(tmp_path: Path, bucket: Bucket) -> None:
    (tmp_path / ("a" * 64)).write_bytes(b"under a name of an earlier version")
    a_cache(tmp_path, bucket)
    assert list(tmp_path.iterdir()) == []
