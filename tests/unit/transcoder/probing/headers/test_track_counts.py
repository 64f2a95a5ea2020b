"""A header with thousands of tracks, or samples, is refused before each takes memory."""

import struct
from pathlib import Path

import pytest

from chalicelib.encoding.failures import Finding, Reason
from tests.builders.plans import question_of
from transcoder.errors import Refused
from transcoder.probing.headers.track_counts import require_few_tracks

_MOST = 16 + 512


def _box(kind: bytes, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _track(size: int = 0, count: int = 0, *, references: bytes = b"") -> bytes:
    samples = _box(b"stbl", _box(b"stsz", struct.pack(">III", 0, size, count)))
    media = _box(b"mdia", _box(b"minf", samples, references))
    return _box(b"trak", media)


def _mp4(path: Path, *tracks: bytes) -> None:
    path.write_bytes(_box(b"ftyp", b"isom") + _box(b"moov", *tracks) + _box(b"mdat", bytes(1000)))
    require_few_tracks("mov", question_of(path))


def _element(kind: str, content: bytes) -> bytes:
    return bytes.fromhex(kind) + (len(content) | 1 << 56).to_bytes(8) + content


def _matroska(path: Path, tracks: int) -> None:
    listed = _element("1654ae6b", _element("ae", b"\xd7\x81\x01") * tracks)
    path.write_bytes(_element("1a45dfa3", b"") + _element("18538067", listed))
    require_few_tracks("matroska", question_of(path))


def test_so_many_tracks_of_an_mp4_are_looked_at(tmp_path: Path) -> None:
    _mp4(tmp_path / "few.mp4", *[_track()] * _MOST)
    with pytest.raises(Refused) as refused:
        _mp4(tmp_path / "many.mp4", *[_track()] * (_MOST + 1))
    assert refused.value.reason == Reason.TOO_MANY_STREAMS
    assert refused.value.detail == "It has 529 or more; the limit is 16."


def test_so_many_tracks_of_a_matroska_are_looked_at(tmp_path: Path) -> None:
    _matroska(tmp_path / "few.mkv", _MOST)
    with pytest.raises(Refused) as refused:
        _matroska(tmp_path / "many.mkv", _MOST + 1)
    assert refused.value.reason == Reason.TOO_MANY_STREAMS
    assert refused.value.detail == "It has 529 or more; the limit is 16."


def test_samples_that_cannot_be_in_the_file_are_damage(tmp_path: Path) -> None:
    # Of uncompressed sound in a file that is cut.
    _mp4(tmp_path / "cut.mp4", _track(4, 4000))
    with pytest.raises(Refused) as refused:
        _mp4(tmp_path / "claims.mp4", _track(4000, 12_500))
    assert refused.value.reason == Reason.CORRUPT


def test_samples_that_are_in_another_file_are_said_to_be_there(tmp_path: Path) -> None:
    by_url = _box(b"url ", bytes(4), b"http://example.com/film.mov")
    references = _box(b"dinf", _box(b"dref", bytes(4), struct.pack(">I", 1), by_url))
    with pytest.raises(Refused) as refused:
        _mp4(tmp_path / "refers.mov", _track(4000, 12_500, references=references))
    assert (refused.value.reason, refused.value.detail) == (Reason.NO_FRAMES, Finding.ELSEWHERE)
