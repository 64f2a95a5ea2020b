"""Ten viewers at the edge, beside ten readers of the same files on the disk below it."""

import http.client
import mmap
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.rows import Row
from tests.integration.supervised import LocalRun
from tests.integration.videos import Site

_VIEWERS = 10
_FILE_BYTES = 20 * 1024**2
_BLOCK_BYTES = 1024**2
_ROUNDS = 3


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        with LocalRun.at(Path(name) / "data").running() as run:
            site = Site(run)
            paths = [f"images/1/1/{number}.jpg" for number in range(_VIEWERS)]
            for path in paths:
                site.run.client("s3").put_object(
                    Bucket=site.buckets["media"], Key=path, Body=secrets.token_bytes(_FILE_BYTES)
                )
            port = run.settings.edge_port
            served = _best(lambda path: _download(port, path), paths)
        files = [_written(Path(name) / str(number)) for number in range(_VIEWERS)]
        read = _best(_read, files)
    floor = (
        f"{_VIEWERS} threads read {_VIEWERS} files of {_FILE_BYTES >> 20} MiB past the page cache"
    )
    yield Row("edge.ten_viewers", served, read, 1, unit="s", floor_is=floor)


def _best(work: Callable[[str], None], items: Sequence[str]) -> float:
    """The fastest of some rounds; the first one only warms up."""
    seconds = []
    for _ in range(1 + _ROUNDS):
        started = time.monotonic()
        with ThreadPoolExecutor(_VIEWERS) as pool:
            list(pool.map(work, items))
        seconds.append(time.monotonic() - started)
    return min(seconds[1:])


def _download(port: int, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", f"/{path}")
    answer = connection.getresponse()
    assert answer.status == http.HTTPStatus.OK
    size = 0
    while block := answer.read(_BLOCK_BYTES):
        size += len(block)
    assert size == _FILE_BYTES
    connection.close()


def _written(path: Path) -> str:
    path.write_bytes(secrets.token_bytes(_FILE_BYTES))
    return str(path)


def _read(path: str) -> None:
    """Past the memory of the operating system, for which the disk is only a place to begin."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECT)
    try:
        with mmap.mmap(-1, _BLOCK_BYTES) as block:
            while os.readv(descriptor, [block]):
                pass
    finally:
        os.close(descriptor)
