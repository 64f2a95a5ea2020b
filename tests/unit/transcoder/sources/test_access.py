"""A source is fetched once, by one worker, whole, and leaves when room is needed."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chalicelib.encoding.model import Source
from transcoder.sources.access import SourceCache


def source(name: str, size: int = 100) -> Source:
    return Source(key=f"uploads/{name}", etag=f"{name}-1", size=size)


class Store:
    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def fetch(self, asked: Source, path: Path) -> None:
        path.write_bytes(b"half")
        self.gate.wait(5)
        path.write_bytes(bytes(asked.size))
        self.fetched.append(asked.key)


def take(cache: SourceCache, store: Store, asked: Source) -> Path:
    return cache.path(asked, lambda path: store.fetch(asked, path))


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


def test_no_lock_is_left_behind(tmp_path: Path) -> None:
    cache, store = SourceCache(tmp_path, 1000), Store()
    path = take(cache, store, source("film"))
    (tmp_path / "of-a-killed-worker.lock").touch()
    take(cache, store, source("next"))
    assert list(tmp_path.glob("*.lock")) == []
    assert path.exists()


class Fetches:
    """Fetches of one source by several workers, each of which waits at its gate."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.folder, self.now, self.most = folder, 0, 0
        self.gates = {name: threading.Event() for name in names}

    def work(self, name: str, *, fails: bool = False) -> Path:
        def fetch(path: Path) -> None:
            self.now += 1
            self.most = max(self.most, self.now)
            self.gates[name].wait(5)
            self.now -= 1
            if fails:
                raise OSError("gone")
            path.write_bytes(bytes(100))

        return SourceCache(self.folder, 1000).path(source("film"), fetch)


def test_who_waited_for_a_lock_that_was_removed_waits_for_its_successor(tmp_path: Path) -> None:
    fetches = Fetches(tmp_path, "first", "second", "third")
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(fetches.work, "first", fails=True)
        until(lambda: fetches.now == 1)
        second = pool.submit(fetches.work, "second")
        # Long enough to wait for the lock that the first one holds, and removes.
        time.sleep(0.1)
        fetches.gates["first"].set()
        with pytest.raises(OSError, match="gone"):
            first.result()
        until(lambda: fetches.now == 1)
        fetches.gates["third"].set()
        third = pool.submit(fetches.work, "third")
        time.sleep(0.1)
        fetches.gates["second"].set()
        assert second.result() == third.result()
    assert fetches.most == 1
    assert list(tmp_path.glob("*.lock")) == []


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")
