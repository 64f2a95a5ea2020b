"""The size that a file of each kind declares, whatever of it is there."""

import struct
from pathlib import Path

import pytest

from transcoder.probing.files.declared_sizes import declared_size
from transcoder.probing.model import Question

_SEGMENT, _CLUSTER = b"\x18\x53\x80\x67", b"\x1f\x43\xb6\x75"
_LIVE_SEGMENT = _SEGMENT + b"\x01" + b"\xff" * 7
_EBML = b"\x1a\x45\xdf\xa3\x80"
_PARTITION = bytes.fromhex("060e2b34020501010d01020101020400")


def _size_of(
    path: Path, demuxer: str, data: bytes, *, end_byte: int = 0, has_fragments: bool = False
) -> int:
    path.write_bytes(data)
    question = Question(str(path), len(data), 0, 0, 0, 0)
    return declared_size(question, demuxer, end_byte, has_fragments=has_fragments)


def _riff(size: int, *, there: int) -> bytes:
    return b"RIFF" + struct.pack("<I", size) + bytes(there)


def _box(kind: bytes, content: bytes, size: int = 0) -> bytes:
    return struct.pack(">I4s", size or len(content) + 8, kind) + content


def _index(version: int, *sizes: int, later: int = 0) -> bytes:
    begin = struct.pack(">QQ" if version else ">II", 0, later)
    entries = b"".join(struct.pack(">III", 0x80000000 | size, 1, 0) for size in sizes)
    head = struct.pack(">B3xII", version, 1, 1000)
    return _box(b"sidx", head + begin + struct.pack(">HH", 0, len(sizes)) + entries)


@pytest.mark.parametrize(
    ("data", "size"),
    [
        pytest.param(_EBML + _SEGMENT + b"\x42\x00" + bytes(100), 11 + 512, id="segment"),
        pytest.param(_EBML + _LIVE_SEGMENT + _CLUSTER + b"\x42\x00" + bytes(99), 17 + 6 + 512,
                     id="last cluster of a live recording"),
        pytest.param(_EBML + _LIVE_SEGMENT + _CLUSTER + b"\xff" + bytes(99), 0,
                     id="a cluster without a size"),
        pytest.param(_EBML + _LIVE_SEGMENT + bytes(99), 0, id="no cluster"),
        pytest.param(bytes(99), 0, id="something else"),
    ],
)  # fmt: skip
def test_a_matroska_declares_that_of_its_segment_or_last_cluster(
    tmp_path: Path, data: bytes, size: int
) -> None:
    assert _size_of(tmp_path / "film", "matroska", data, end_byte=len(data)) == size


@pytest.mark.parametrize(
    ("data", "size"),
    [
        pytest.param(_riff(500, there=100), 508, id="one chunk"),
        pytest.param(_riff(100, there=100) + _riff(501, there=9), 108 + 510, id="several chunks"),
        pytest.param(_riff(100, there=100) + b"junk" * 9, 108, id="something behind it"),
        pytest.param(b"junk" * 9, 0, id="something else"),
        pytest.param(b"RIFF", 0, id="a beginning"),
    ],
)
def test_an_avi_declares_that_of_its_chunks(tmp_path: Path, data: bytes, size: int) -> None:
    assert _size_of(tmp_path / "film", "avi", data) == size


@pytest.mark.parametrize(
    ("data", "size"),
    [
        pytest.param(_PARTITION + b"\x70" + bytes(24) + struct.pack(">Q", 9000) + bytes(50), 9000,
                     id="short form"),
        pytest.param(_PARTITION + b"\x83\x00\x00\x70" + bytes(24) + struct.pack(">Q", 9000)
                     + bytes(50), 9000, id="long form"),
        pytest.param(_PARTITION + b"\x70" + bytes(80), 0, id="not finished"),
        pytest.param(_PARTITION + b"\x70", 0, id="a beginning"),
        pytest.param(b"junk" * 50, 0, id="something else"),
    ],
)  # fmt: skip
def test_an_mxf_declares_where_its_footer_is(tmp_path: Path, data: bytes, size: int) -> None:
    assert _size_of(tmp_path / "film", "mxf", data) == size


@pytest.mark.parametrize("version", [0, 1])
def test_an_index_of_fragments_declares_where_the_last_one_ends(
    tmp_path: Path, version: int
) -> None:
    index = _index(version, 300, 700, later=50)
    data = _box(b"moov", bytes(20)) + index + _box(b"moof", bytes(9)) + _index(0, 9999)
    end = 28 + len(index) + 50 + 1000
    assert _size_of(tmp_path / "film", "mov", data, has_fragments=True) == end
    assert _size_of(tmp_path / "film", "mov", data) == 0


def test_an_unknown_index_of_fragments_declares_nothing(tmp_path: Path) -> None:
    data = _box(b"moov", bytes(20)) + _index(2, 300) + _box(b"sidx", b"")
    assert _size_of(tmp_path / "film", "mov", data, has_fragments=True) == 0


def test_the_last_fragment_declares_its_own_end(tmp_path: Path) -> None:
    data = _box(b"moof", _box(b"mfhd", bytes(8))) + _box(b"mdat", bytes(50), size=500)
    assert _size_of(tmp_path / "film", "mov", data, end_byte=40, has_fragments=True) == 524


def test_others_declare_none(tmp_path: Path) -> None:
    assert _size_of(tmp_path / "film", "flv", _riff(500, there=100)) == 0
