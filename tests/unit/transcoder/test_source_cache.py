"""A source is fetched once, by one worker, whole, and leaves when room is needed."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chalicelib.transcoding.model import Source
from transcoder.source_cache import SourceCache


def source(name: str, size: int = 100) -> Source:
    return Source(key=f"uploads/{name}", etag=f"{name}-1", size=size)


class Store:
    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def fetch(self, wanted: Source, path: Path) -> None:
        path.write_bytes(b"half")
        self.gate.wait(5)
        path.write_bytes(bytes(wanted.size))
        self.fetched.append(wanted.key)


def take(cache: SourceCache, store: Store, wanted: Source) -> Path:
    return cache.path(wanted, lambda path: store.fetch(wanted, path))


def test_a_source_is_fetched_once(tmp_path: Path) -> None:
    cache, store = SourceCache(tmp_path, 1000), Store()
    paths = {take(cache, store, source("film")) for _ in range(3)}
    assert len(paths) == len(store.fetched) == 1


def test_workers_that_want_it_together_wait_for_the_first(tmp_path: Path) -> None:
    store = Store()
    store.gate.clear()
    with ThreadPoolExecutor(4) as pool:
        waiting = [
            pool.submit(take, SourceCache(tmp_path, 1000), store, source("film")) for _ in range(4)
        ]
        store.gate.set()
        sizes = {each.result().stat().st_size for each in waiting}
    assert sizes == {100}
    assert len(store.fetched) == 1


def test_another_version_of_a_file_is_another_file(tmp_path: Path) -> None:
    cache, store = SourceCache(tmp_path, 1000), Store()
    changed = Source(key="uploads/film", etag="film-2", size=100)
    assert take(cache, store, source("film")) != take(cache, store, changed)


def test_a_fetch_that_fails_leaves_nothing_that_could_be_taken_for_the_file(tmp_path: Path) -> None:
    cache = SourceCache(tmp_path, 1000)

    def breaks(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        cache.path(source("film"), breaks)
    store = Store()
    assert take(cache, store, source("film")).stat().st_size == 100


def test_what_was_used_longest_ago_makes_room(tmp_path: Path) -> None:
    cache, store = SourceCache(tmp_path, 250), Store()
    first, second = take(cache, store, source("a")), take(cache, store, source("b"))
    take(cache, store, source("a"))
    third = take(cache, store, source("c"))
    assert first.exists()
    assert not second.exists()
    assert third.exists()


def test_what_a_killed_worker_left_unfinished_is_cleared_away(tmp_path: Path) -> None:
    cache, store = SourceCache(tmp_path, 1000), Store()
    abandoned = take(cache, store, source("deleted")).with_suffix(".part")
    abandoned.write_bytes(bytes(5000))
    take(cache, store, source("film"))
    assert not abandoned.exists()


def test_what_another_worker_is_fetching_stays(tmp_path: Path) -> None:
    slow, quick = Store(), Store()
    slow.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(take, SourceCache(tmp_path, 1000), slow, source("long"))
        while not list(tmp_path.glob("*.part")):
            time.sleep(0.01)
        take(SourceCache(tmp_path, 1000), quick, source("film"))
        slow.gate.set()
    assert first.result().stat().st_size == 100
