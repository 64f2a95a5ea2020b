"""Edit lists that pause in the middle are refused; whatever else a header holds is not."""

import struct
from contextlib import suppress

import pytest

from chalicelib.transcoding.model import Finding
from tests.cpu import cpu_seconds, seconds_to_read
from transcoder.probing.edits import Edits
from transcoder.refusal import Refused

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


@pytest.mark.parametrize("version", [0, 1])
def test_a_pause_in_the_middle_is_refused(version: int) -> None:
    paused = _edits((600, _BEGIN), (600, _NOTHING), (600, _LATER), version=version)
    with pytest.raises(Refused) as refusal:
        Edits().see(_HEADERS[version] + paused)
    assert refusal.value.detail == Finding.GAP


def test_the_ticks_of_a_second_are_kept_until_the_pause_comes() -> None:
    edits = Edits()
    edits.see(_HEADERS[0])
    with pytest.raises(Refused):
        edits.see(_edits((600, _BEGIN), (301, _NOTHING)))


@pytest.mark.parametrize(
    "part",
    [
        _edits((600, _NOTHING), (600, _NOTHING), (600, _BEGIN), (600, _LATER)),
        _edits((600, _BEGIN), (300, _NOTHING)),
        _edits((600, _BEGIN), claimed=2**32 - 1),
        _edits((600, _BEGIN), (600, _NOTHING), version=7),
        b"elst", b"elst\0", b"mvhd", b"elst" * 100_000, b"",
    ],
)  # fmt: skip
def test_nothing_else_is(part: bytes) -> None:
    Edits().see(_HEADERS[0] + part)


@pytest.mark.parametrize("claimed", [0, 1, 0x7FFFFF, 2**32 - 1])
@pytest.mark.parametrize("version", [0, 1])
def test_entries_are_read_once(version: int, claimed: int) -> None:
    """Each list claims everything behind it, which is lists again."""
    entry = b"elst" + struct.pack(">B3xI", version, claimed)
    hostile = _HEADERS[0] + entry * (_PART_BYTES // len(entry))

    def see() -> None:
        with suppress(Refused):
            Edits().see(hostile)

    seconds = cpu_seconds(see)
    assert seconds / seconds_to_read(_PART_BYTES) < _MOST_READS
