"""The scrambled share of a stream is that of the packets that are flagged and not clear."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest

from chalicelib.encoding.failures import Finding
from transcoder.probing.damage.scrambled import Scrambled, ScrambledCount, ScrambledGaps

_CLEAR, _NOISE = b"\0\0\1\xe0", b"\x9a\x31\x55\x07"
_PES = _CLEAR + b"\0\0"


def _packet(number: int, payload: bytes, *, flag: int = 0x80, begins: bool = False) -> bytes:
    head = bytes([0x47, (0x40 if begins else 0) | number >> 8, number & 0xFF, 0x10 | flag])
    return (head + payload).ljust(188, b"\xff")


def _of(*packets: bytes) -> Scrambled:
    count = ScrambledCount()
    count.add(packets, weight=1)
    return count.result


_HIDDEN = (_packet(300, _NOISE, begins=True), _packet(300, _NOISE))
_OPEN = (_packet(300, _CLEAR, flag=0, begins=True), _packet(300, _NOISE, flag=0))
_FLAGGED = (_packet(300, _CLEAR, begins=True), _packet(300, _NOISE))


@pytest.mark.parametrize(
    ("packets", "shares", "is_encrypted"),
    [
        (_HIDDEN, {300: Fraction(1)}, True),
        (_OPEN, {}, False),
        (_FLAGGED, {}, False),
        (_OPEN + _HIDDEN, {300: Fraction(1, 2)}, False),
        (_OPEN + _HIDDEN * 20, {300: Fraction(20, 21)}, True),
        # Unknown before the first PES packet begins.
        (_HIDDEN[1:], {}, False),
        # Flipped bits.
        (_OPEN * 300 + _HIDDEN[:1], {}, False),
        ((), {}, False),
    ],
)
def test_shares_are_of_packets_that_are_flagged_and_not_clear(
    packets: tuple[bytes, ...], shares: dict[int, Fraction], *, is_encrypted: bool
) -> None:
    scrambled = _of(*packets)
    assert scrambled.shares == shares
    assert scrambled.encryptions == ({300: Finding.SCRAMBLED} if is_encrypted else {})


def test_a_sample_counts_for_the_part_of_the_file_that_it_represents() -> None:
    count = ScrambledCount()
    count.add(_HIDDEN, weight=1)
    count.add(_OPEN, weight=3)
    assert count.result.shares == {300: 1 / 4}


def test_a_note_names_the_largest_share_of_the_sounds() -> None:
    scrambled = Scrambled({300: Fraction(1, 2), 45: Fraction(1, 10)})
    assert scrambled.notes(301, [300, 301, 45]) == [
        "About 50% of its sound is encrypted and not heard."
    ]
    assert scrambled.notes(45, []) == ["About 10% of its picture is encrypted and not shown."]


@dataclass(frozen=True)
class _Stream:
    id: int = 300


@dataclass(frozen=True)
class _PacketTimes:
    dts: int
    pos: int | None
    duration: int = 3600
    stream: _Stream = _Stream()


@dataclass
class _File:
    data: bytes
    reads: list[int] = field(default_factory=list)

    def read(self, begin: int, count: int) -> bytes:
        self.reads.append(begin)
        return self.data[begin : begin + count]

    def gaps(self, packets: Iterable[_PacketTimes]) -> dict[int, Fraction]:
        gaps = ScrambledGaps(self.read, len(self.data))
        for each in packets:
            packet: Any = each
            gaps.see(packet)
        return gaps.shares()


def test_of_many_gaps_the_longest_are_examined() -> None:
    slow = [_PacketTimes(30_000 * number, 376 * number) for number in range(2000)]
    clear, hidden = b"".join(_OPEN) * 2000, b"".join(_HIDDEN) * 1000
    file = _File(clear + hidden + b"".join(_OPEN))
    last = _PacketTimes(slow[-1].dts + 90_000, len(clear + hidden))
    assert file.gaps([*slow, last])[300] == pytest.approx(1 / 3, rel=0.01)
    assert len(file.reads) <= 100


def test_frames_in_the_middle_of_a_pes_packet_leave_no_gap() -> None:
    audio = [_PacketTimes(3600 * number, 376 * number // 5 if number % 5 == 0 else None)
             for number in range(50)]  # fmt: skip
    file = _File(b"".join(_OPEN) * 10)
    assert file.gaps(audio) == {}
    assert not file.reads


def test_between_packets_at_the_same_position_is_no_gap() -> None:
    file = _File(b"".join(_OPEN) * 10)
    assert file.gaps([_PacketTimes(0, 376), _PacketTimes(90_000, 376)]) == {}
    assert not file.reads


@pytest.mark.parametrize(
    ("flags", "position", "shares"),
    [
        # No packet came of those between.
        ((0x80, 0xA0, 0xA0, 0x80), 3, {300: Fraction(3, 4)}),
        ((0x80, 0x80, 0x80, 0x80), 3, {}),
        # Flagged but clear: a packet came of it, and the next one is late.
        ((0xA0, 0xA0, 0xA0, 0xA0), 1, {}),
    ],
)
def test_a_gap_of_pes_packets_that_are_flagged_as_scrambled_is_so(
    flags: tuple[int, ...], position: int, shares: dict[int, Fraction]
) -> None:
    file = _File(b"".join(_packet(300, _PES + bytes([flag]), begins=True) for flag in flags))
    assert file.gaps([_PacketTimes(0, 0), _PacketTimes(90_000, 188 * position)]) == shares
