"""A part of a source is opened under a name of its own, and by no more protocols than it needs."""

from pathlib import Path

import pytest

from transcoder.ffmpeg.opening import excerpt, protocols, taken_from
from transcoder.probing.formats.ranges import content, is_remote


@pytest.mark.parametrize("url", ["/films/a,,:b.mp4", "http://127.0.0.1:80/source"])
@pytest.mark.parametrize(("begin", "end"), [(0, 0), (0, 9), (7, 0), (7, 9)])
def test_an_excerpt_names_its_source(url: str, begin: int, end: int) -> None:
    part = excerpt(url, begin, end)
    assert taken_from(part) == (url, begin, end)
    assert is_remote(part) == is_remote(url)


def test_a_source_without_an_excerpt_needs_no_other_protocol() -> None:
    assert protocols("/source") == "file"
    assert protocols(excerpt("/source", 0, 9)) == "subfile,file"
    assert protocols(excerpt("http://127.0.0.1/source", 7, 0)) == "subfile,http,tcp"


def test_no_byte_is_read_beyond_an_excerpt(tmp_path: Path) -> None:
    path = str(tmp_path / "source")
    Path(path).write_bytes(b"0123456789")
    assert content(excerpt(path, 2, 7), count=99) == b"23456"
    assert content(excerpt(path, 2, 7), begin=3, count=99) == b"56"
    assert content(excerpt(path, 2, 7), begin=5, count=99) == b""
    assert content(excerpt(path, 2, 0), begin=1, count=2) == b"34"
