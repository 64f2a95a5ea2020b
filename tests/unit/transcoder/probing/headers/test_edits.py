"""Edit lists that pause in the middle are refused; whatever else a header holds is not."""

import struct
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from fractions import Fraction

import pytest

from chalicelib.encoding.failures import Finding, Reason
from tests.cpu import cpu_seconds, seconds_to_read
from transcoder.errors import Refused
from transcoder.probing.headers.edits import Edits, Pause

_NOTHING, _BEGIN, _LATER = -1, 0, 900
_MEDIA = (b"mdia", b"minf", b"stbl")
# In loops of Python over as many bytes as a header has. Each box takes some calls.
_HEADER_BYTES, _MOST_READS = 256 * 1024, 200


def _box(kind: bytes, *inside: bytes, length: int | None = None) -> bytes:
    content = b"".join(inside)
    return struct.pack(">I4s", len(content) + 8 if length is None else length, kind) + content


def _edits(*entries: tuple[int, int], version: int = 0, claimed: int | None = None) -> bytes:
    form = ">Iii" if version == 0 else ">Qqi"
    listed = b"".join(struct.pack(form, *each, 65536) for each in entries)
    count = len(entries) if claimed is None else claimed
    head = bytes([version, 0, 0, 0]) + struct.pack(">I", count)
    return _box(b"edts", _box(b"elst", head, listed))


def _numbered(kind: bytes, number: int, version: int = 0) -> bytes:
    """Return the header of the file, or of a track."""
    return _box(kind, bytes([version, 0, 0, 7]), bytes(16 if version else 8),
                struct.pack(">I", number), bytes(20))  # fmt: skip


def _header(version: int = 0) -> bytes:
    # The ticks of a second lie where the number of a track does.
    return _numbered(b"mvhd", 600, version)


def _track(number: int, *boxes: bytes, version: int = 0) -> bytes:
    return _box(b"trak", _numbered(b"tkhd", number, version), *boxes)


def _file(*boxes: bytes) -> bytes:
    return _box(b"ftyp", b"isom") + _box(b"mdat", bytes(50)) + _box(b"moov", *boxes)


def _read(data: bytes) -> Edits:
    return Edits.of(lambda begin, count: data[begin : begin + count], len(data))


def _refused(data: bytes, tracks: Collection[int] = (1,)) -> str:
    """Return what is said of the edits of these tracks; nothing if they are taken."""
    try:
        _read(data).refuse_pauses(tracks)
    except Refused as refused:
        return refused.detail
    return ""


_PAUSED = (600, _BEGIN), (600, _NOTHING), (600, _LATER)
_ENDED = (600, _BEGIN), (301, _NOTHING)


@pytest.mark.parametrize("version", [0, 1])
def test_a_pause_is_refused(version: int) -> None:
    track = _track(1, _edits(*_PAUSED, version=version), version=version)
    assert _refused(_file(_header(version), track)) == Finding.GAP


@pytest.mark.parametrize(
    ("entries", "pause"),
    [
        (_ENDED, Pause(Fraction(1), Fraction(901, 600))),
        (((60, _NOTHING), *_ENDED, (300, _NOTHING)), Pause(Fraction(11, 10), Fraction(1261, 600))),
        (_PAUSED, None),
        (((600, _BEGIN), (300, _NOTHING)), None),
        (((600, _NOTHING),), None),
    ],
)
def test_a_pause_at_the_end_is_known(
    entries: Sequence[tuple[int, int]], pause: Pause | None
) -> None:
    data = _file(_header(), _track(1), _track(2, _edits(*entries)))
    assert _read(data).pause_of(2) == pause
    assert _read(data).pause_of(1) is None
    assert not _refused(data, tracks=(1, 2)) or entries == _PAUSED


@pytest.mark.parametrize("is_first", [True, False])
def test_only_tracks_that_are_presented_are_read(is_first: bool) -> None:
    number, edits = _numbered(b"tkhd", 2), _edits(*_PAUSED)
    paused = _box(b"trak", *((number, edits) if is_first else (edits, number)))
    data = _file(_header(), _track(1), paused, _track(3))
    assert not _refused(data, tracks=(1, 3))
    assert _refused(data, tracks=(1, 2)) == Finding.GAP


def _referring(*references: bytes) -> bytes:
    listed = _box(b"dref", bytes(4), struct.pack(">I", len(references)), *references)
    return _box(b"mdia", _box(b"minf", _box(b"dinf", listed)))


_HERE, _EMPTY = _box(b"url ", b"\0\0\0\1"), _box(b"url ", bytes(5))
_ELSEWHERE = (
    _box(b"url ", bytes(4), b"file:///Card/CLIP.MOV\0"),
    _box(b"alis", bytes(4), b"\0alias"),
)


@pytest.mark.parametrize(
    ("references", "is_refused"),
    [
        (_ELSEWHERE[:1], True),
        (_ELSEWHERE, True),
        ((_HERE,), False),
        ((_EMPTY,), False),
        ((*_ELSEWHERE, _HERE), False),
        ((_box(b"alis", b"\0\0\0\1", b"alias"),), False),
        ((), False),
    ],
)
def test_a_track_whose_media_are_in_another_file_is_refused(
    references: Sequence[bytes], is_refused: bool
) -> None:
    edits = _read(_file(_header(), _track(1), _track(2, _referring(*references))))
    edits.require_media(1)
    with pytest.raises(Refused, match=Reason.NO_FRAMES) if is_refused else nullcontext():
        edits.require_media(2)


def test_of_a_track_without_a_number_nothing_is_left_out() -> None:
    assert _refused(_file(_header(), _box(b"trak", _edits(*_PAUSED)))) == Finding.GAP


def test_what_looks_like_a_list_elsewhere_is_none() -> None:
    """A name may hold anything, and so may what lies behind the boxes of a track."""
    looks_so = _edits(*_PAUSED)
    name = _box(b"udta", _box(b"name", looks_so))
    assert not _refused(_file(_header(), _track(1, name), name, looks_so))
    assert not _refused(_file(_header(), _track(1)) + _track(1, looks_so))


def test_a_header_longer_than_what_is_read_at_once_is_read_whole() -> None:
    table = _box(b"mdia", bytes(3 * 1024**2))
    data = _file(_header(), _track(1, table), _track(2, table, _edits(*_PAUSED)))
    assert _refused(data, tracks=(2,)) == Finding.GAP
    assert not _refused(data, tracks=(1,))


def test_a_list_does_not_go_on_behind_its_box() -> None:
    short = _edits((600, _BEGIN), claimed=3)
    behind = struct.pack(">Iii", 600, _NOTHING, 65536) + struct.pack(">Iii", 600, _LATER, 65536)
    assert not _refused(_file(_header(), _track(1, short, behind)))


@pytest.mark.parametrize(
    "inside",
    [
        _edits((600, _NOTHING), (600, _NOTHING), (600, _BEGIN), (600, _LATER)),
        _edits((600, _BEGIN), (300, _NOTHING)),
        _edits((600, _BEGIN), claimed=2**32 - 1),
        _edits((600, _BEGIN), (600, _NOTHING), version=7),
        _box(b"edts", _box(b"elst")), _box(b"edts", b"elst"), _box(b"elst", length=7),
        _box(b"edts", length=2**32 - 1), _box(b"edts", length=1), _box(b"tkhd"), b"\0", b"",
    ],
)  # fmt: skip
def test_nothing_else_is(inside: bytes) -> None:
    assert not _refused(_file(_header(), _track(1, inside)))
    assert not _refused(_file(_header(), _track(1), inside))


@pytest.mark.parametrize(
    ("kind", "scheme", "encryption"),
    [
        (b"drmi", b"", Finding.FAIRPLAY),
        (b"drms", b"", Finding.FAIRPLAY),
        (b"encv", b"cenc", Finding.COMMON_ENCRYPTION),
        (b"encv", b"cbcs", Finding.COMMON_ENCRYPTION),
        (b"enca", b"cenc", Finding.COMMON_ENCRYPTION),
        (b"enca", b"", Finding.OTHER_ENCRYPTION),
        (b"encv", b"piff", Finding.OTHER_ENCRYPTION),
    ],
)
def test_encryption_is_what_the_kind_of_its_samples_says(
    kind: bytes, scheme: bytes, encryption: Finding
) -> None:
    protection = _box(b"sinf", _box(b"schm", bytes(4), scheme)) if scheme else b""

    def kinds(*each: bytes) -> bytes:
        table = _box(b"stsd", bytes(4), struct.pack(">I", len(each)), *each)
        for parent in reversed(_MEDIA):
            table = _box(parent, table)
        return table

    clear, hidden = _box(b"avc1"), _box(kind, bytes(78), protection)
    data = _file(_header(), _track(1, kinds(clear)), _track(2, kinds(clear, hidden)))
    assert _read(data).encryptions == {2: encryption}


@pytest.mark.parametrize("claimed", [0, 1, 0x7FFFFF, 2**32 - 1])
@pytest.mark.parametrize("version", [0, 1])
def test_entries_are_read_once(version: int, claimed: int) -> None:
    """Each list claims everything behind it, which is lists again."""
    head = struct.pack(">B3xI", version, claimed)
    entry = _box(b"edts", _box(b"elst", head, length=2**31))
    for data in (
        _file(_header(), _track(1, entry * (_HEADER_BYTES // len(entry)))),
        _file(_header(), _box(b"trak", entry) * (_HEADER_BYTES // len(entry))),
    ):
        seconds = cpu_seconds(lambda data=data: _read(data))  # type: ignore[misc]
        assert seconds / seconds_to_read(_HEADER_BYTES) < _MOST_READS


def _timed(ticks: int, version: int = 0) -> bytes:
    return _box(b"mdia", _numbered(b"mdhd", ticks, version))


@pytest.mark.parametrize("version", [0, 1])
def test_a_track_that_does_not_say_how_it_counts_time_is_refused(version: int) -> None:
    data = _file(_header(), _track(1, _timed(0, version)), _track(2, _timed(600, version)))
    assert _refused(data, tracks=(1, 2)) == Finding.NO_CLOCK
    assert _refused(data, tracks=(2,)) == ""


@pytest.mark.parametrize(
    ("speeds", "is_named"),
    [((1.0,), False), ((0.5,), True), ((1.0, 0.0, 1.0), True), ((0.0,), False)],
)
def test_a_speed_that_is_not_followed_is_named(speeds: Sequence[float], is_named: bool) -> None:
    listed = b"".join(struct.pack(">Iii", 600, _BEGIN, int(each * 65536)) for each in speeds)
    edits = _box(b"edts", _box(b"elst", bytes(4) + struct.pack(">I", len(speeds)), listed))
    data = _file(_header(), _track(1, edits))
    assert bool(_read(data).speed_notes(1)) is is_named
    assert not _read(data).speed_notes(2)
