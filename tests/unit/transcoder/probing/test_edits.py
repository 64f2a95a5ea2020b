"""Edit lists that pause in the middle are refused; whatever else a header holds is not."""

import struct
from collections.abc import Collection, Sequence

import pytest

from chalicelib.encoding.model import Finding
from tests.cpu import cpu_seconds, seconds_to_read
from transcoder.errors import Refused
from transcoder.probing.edits import Edits
from transcoder.probing.packed import READ_BYTES

_HEADERS = {
    0: b"mvhd" + bytes(12) + struct.pack(">I", 600),
    1: b"mvhd\1" + bytes(19) + struct.pack(">I", 600),
}
_NOTHING, _BEGIN, _LATER = -1, 0, 900
# In loops of Python over as many bytes as a part has. Lists that overlap take thousands.
_PART_BYTES, _MOST_READS = 1024**2, 60


def _edits(*entries: tuple[int, int], version: int = 0, claimed: int | None = None) -> bytes:
    form = ">Iii" if version == 0 else ">Qqi"
    listed = b"".join(struct.pack(form, *each, 65536) for each in entries)
    count = len(entries) if claimed is None else claimed
    return b"elst" + bytes([version, 0, 0, 0]) + struct.pack(">I", count) + listed


def _track(number: int, *boxes: bytes, version: int = 0) -> bytes:
    times = bytes(16 if version else 8)
    header = b"tkhd" + bytes([version, 0, 0, 7]) + times + struct.pack(">I", number)
    return b"trak" + b"".join(boxes or (header,)).replace(b"HEAD", header)


def _refused(*parts: bytes, tracks: Collection[int] = (1,)) -> str:
    """Return what is said of the edits of these tracks; nothing if they are taken."""
    edits = Edits()
    for part in parts:
        edits.see(part)
    try:
        edits.require_shown(tracks)
    except Refused as refused:
        return refused.detail
    return ""


_PAUSED = (600, _BEGIN), (600, _NOTHING), (600, _LATER)
_ENDED = (600, _BEGIN), (301, _NOTHING)


@pytest.mark.parametrize("version", [0, 1])
def test_a_pause_is_refused(version: int) -> None:
    for entries, finding in ((_PAUSED, Finding.GAP), (_ENDED, Finding.ENDS_IN_GAP)):
        edits = _edits(*entries, version=version)
        assert _refused(_HEADERS[version] + _track(1, b"HEAD", edits, version=version)) == finding


def test_the_ticks_of_a_second_and_the_track_are_kept_until_the_pause_comes() -> None:
    assert _refused(_HEADERS[0], _track(1), _edits(*_PAUSED)) == Finding.GAP
    assert not _refused(_HEADERS[0], _track(2), _edits(*_PAUSED))


@pytest.mark.parametrize("places", [(b"HEAD", b"EDIT"), (b"EDIT", b"HEAD")])
def test_only_tracks_that_are_shown_are_looked_at(places: Sequence[bytes]) -> None:
    paused = [each.replace(b"EDIT", _edits(*_PAUSED)) for each in places]
    film = _HEADERS[0] + _track(1) + _track(2, *paused) + _track(3)
    assert not _refused(film, tracks=(1, 3))
    assert _refused(film, tracks=(1, 2)) == Finding.GAP


def test_of_a_track_without_a_number_nothing_is_left_out() -> None:
    assert _refused(_HEADERS[0] + _edits(*_PAUSED)) == Finding.GAP
    assert _refused(_HEADERS[0] + _track(1) + _track(2, _edits(*_PAUSED))) == Finding.GAP


def test_what_two_parts_share_is_read_in_one_of_them() -> None:
    """Else the edits in front of a track are those of the track, in the second part."""
    shared = _edits(*_PAUSED) + _track(1)
    first = (_HEADERS[0] + _track(2)).ljust(READ_BYTES, b"\0")
    assert not _refused(first + shared, shared)
    assert _refused(first + shared, shared, tracks=(2,)) == Finding.GAP


@pytest.mark.parametrize(
    "part",
    [
        _edits((600, _NOTHING), (600, _NOTHING), (600, _BEGIN), (600, _LATER)),
        _edits((600, _BEGIN), (300, _NOTHING)),
        _edits((600, _BEGIN), claimed=2**32 - 1),
        _edits((600, _BEGIN), (600, _NOTHING), version=7),
        b"elst", b"elst\0", b"mvhd", b"elst" * 100_000, b"trak" * 100_000, b"tkhd", b"tkhd\1", b"",
    ],
)  # fmt: skip
def test_nothing_else_is(part: bytes) -> None:
    assert not _refused(_HEADERS[0] + _track(1) + part)


@pytest.mark.parametrize("claimed", [0, 1, 0x7FFFFF, 2**32 - 1])
@pytest.mark.parametrize("version", [0, 1])
def test_entries_are_read_once(version: int, claimed: int) -> None:
    """Each list claims everything behind it, which is lists again."""
    entry = b"elst" + struct.pack(">B3xI", version, claimed)
    hostile = _HEADERS[0] + entry * (_PART_BYTES // len(entry))
    seconds = cpu_seconds(lambda: Edits().see(hostile))
    assert seconds / seconds_to_read(_PART_BYTES) < _MOST_READS
