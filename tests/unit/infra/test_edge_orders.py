"""What the edge is ordered to forget it has no copy of, not even one that was on its way."""

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
    """Objects, and the orders that lie beside them."""

    objects: dict[str, bytes] = field(default_factory=dict)
    orders: dict[str, Sequence[str]] = field(default_factory=dict)
    looks: int = 0
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
        self.looks += 1
        if self.is_down:
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1:4566")
        return dict(self.orders)

    def done(self, names: Iterable[str]) -> None:
        for name in list(names):
            del self.orders[name]


@pytest.fixture
def bucket() -> Bucket:
    return Bucket({PICTURE: b"seven", SEGMENT: b"seven", OTHER: b"seventy-seven"})


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("infra.local.edge.orders.monotonic", lambda: now[0])
    return now


def a_cache(folder: Path, bucket: Bucket) -> DiskCache:
    return DiskCache(folder, bucket.fetch, largest_bytes=10**6, orders=bucket)


async def read(cache: DiskCache, key: str) -> bytes | None:
    opened = await cache.open(key)
    if opened is None:
        return None
    with opened.file as file:
        return file.read()


def test_a_withdrawn_title_is_gone_within_a_second(
    tmp_path: Path, bucket: Bucket, clock: list[float]
) -> None:
    async def story() -> None:
        cache = a_cache(tmp_path, bucket)
        for key in (PICTURE, SEGMENT, OTHER):
            assert await read(cache, key)
        bucket.objects = {OTHER: b"changed"}
        bucket.orders["1"] = OF_SEVEN
        clock[0] += 1.1
        assert await read(cache, PICTURE) is None
        assert await read(cache, SEGMENT) is None
        assert await read(cache, OTHER) == b"seventy-seven"
        assert bucket.orders == {}

    asyncio.run(story())


def test_it_looks_once_a_second_however_many_ask(
    tmp_path: Path, bucket: Bucket, clock: list[float]
) -> None:
    async def story() -> None:
        cache = a_cache(tmp_path, bucket)
        for _ in range(3):
            await asyncio.gather(*(read(cache, PICTURE) for _ in range(50)))
            clock[0] += 1.1

    asyncio.run(story())
    assert bucket.looks == 3


def test_what_was_ordered_while_it_did_not_run_is_carried_out_at_its_start(
    tmp_path: Path, bucket: Bucket
) -> None:
    assert asyncio.run(read(a_cache(tmp_path, bucket), PICTURE)) == b"seven"
    del bucket.objects[PICTURE]
    bucket.orders["1"] = OF_SEVEN
    assert asyncio.run(read(a_cache(tmp_path, bucket), PICTURE)) is None
    assert bucket.orders == {}


def test_a_fetch_that_was_under_way_brings_nothing_back(tmp_path: Path, bucket: Bucket) -> None:
    async def story() -> None:
        cache = a_cache(tmp_path, bucket)
        bucket.pause_seconds = 0.2
        asked = asyncio.create_task(read(cache, PICTURE))
        await asyncio.to_thread(bucket.fetching.wait)
        del bucket.objects[PICTURE]
        cache.forget("/images/7/*")
        assert await asked is None
        assert await read(cache, PICTURE) is None

    asyncio.run(story())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("pattern", ["/*", "/images/*", "nonsense", "/images/7/1/hero.jpg"])
def test_an_order_of_another_form_costs_copies_and_keeps_none_too_many(
    tmp_path: Path, bucket: Bucket, pattern: str
) -> None:
    async def story() -> None:
        cache = a_cache(tmp_path, bucket)
        await read(cache, PICTURE)
        bucket.objects.clear()
        cache.forget(pattern)
        assert await read(cache, PICTURE) is None

    asyncio.run(story())


def test_a_bucket_that_does_not_answer_takes_nothing_away(
    tmp_path: Path, bucket: Bucket, clock: list[float]
) -> None:
    async def story() -> None:
        cache = a_cache(tmp_path, bucket)
        await read(cache, PICTURE)
        bucket.is_down = True
        bucket.orders["1"] = OF_SEVEN
        clock[0] += 1.1
        assert await read(cache, PICTURE) == b"seven"
        bucket.is_down, bucket.objects = False, {}
        clock[0] += 1.1
        assert await read(cache, PICTURE) is None

    asyncio.run(story())


def test_copies_of_an_earlier_version_are_dropped_for_no_order_would_find_them(
    tmp_path: Path, bucket: Bucket
) -> None:
    (tmp_path / ("a" * 64)).write_bytes(b"under the name that was used before")
    a_cache(tmp_path, bucket)
    assert list(tmp_path.iterdir()) == []
