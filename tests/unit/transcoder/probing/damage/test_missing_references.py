"""A gap between frame numbers of H.264 means that a reference picture is missing."""

import pytest
from av.packet import Packet
from av.stream import Stream

from tests.builders.bits import bits
from transcoder.probing.damage.missing_references import MissingReferences


def _description(*, may_skip: bool = False) -> bytes:
    skips = "1" if may_skip else "0"
    return b"\0\0\1\x67" + bits(f"01001101 00000000 00010101 1 1 011 010 {skips} 00110 010 1")


def _picture(code: str) -> "Packet[Stream]":
    """Return a packet by the letter of its kind (I, P, B) and its frame number."""
    kind, number = code[0], int(code[1:])
    head = {"I": 0x65, "P": 0x41, "B": 0x01}[kind]
    packet = Packet(b"\0\0\1" + bytes([head]) + bits(f"1 0001000 1 {number:04b} 0"))
    packet.is_keyframe = kind == "I"
    return packet


def _runs(pictures: str, *, may_skip: bool = False) -> list[tuple[int, int]]:
    references = MissingReferences.of("h264", _description(may_skip=may_skip))
    for time, code in enumerate(pictures.split()):
        references.see(_picture(code))
        references.display(time)
    return list(references.runs)


@pytest.mark.parametrize(
    "pictures",
    [
        "I0 P1 P2 P3 I0 P1 P2",
        # Numbers start again after the largest one.
        "I0 P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P12 P13 P14 P15 P0 P1",
        # Pictures that are no references have the number of the next reference.
        "I0 P1 B2 B2 P2 B3 B3 P3",
        "P7 P8 P9",
    ],
)
def test_numbers_without_a_gap_are_no_damage(pictures: str) -> None:
    assert _runs(pictures) == []


@pytest.mark.parametrize(
    ("pictures", "runs"),
    [
        ("I0 P1 P2 P3 P5 P6 P7 I0 P1", [(4, 6)]),
        # A lost key picture.
        ("I0 P1 P2 P3 P1 P2 P3 I0 P1", [(4, 6)]),
        ("I0 P1 P2 P1 P2 I0 P1 P2", [(3, 4)]),
        ("I0 P1 P1 P2 I0 P1 P2 P3", [(2, 3)]),
        ("I0 P1 B3 B3 P3 P4 I0 P1 P2 P3 P4 P5 P6", [(2, 5)]),
        ("I0 P1 P2 P4 I0 P1 P2 P4 P5", [(3, 3), (7, 8)]),
    ],
)
def test_a_run_lasts_from_a_gap_to_the_next_key_picture(
    pictures: str, runs: list[tuple[int, int]]
) -> None:
    assert _runs(pictures) == runs


def test_a_stream_that_may_skip_numbers_has_no_gaps() -> None:
    assert _runs("I0 P1 P3 P5 P6 P7 P8 P9", may_skip=True) == []


def test_an_encoder_that_numbers_in_another_way_is_not_believed() -> None:
    assert _runs("I0 P2 P4 P6 P8 P10 P12 P14") == []


def test_other_codecs_have_no_frame_numbers() -> None:
    references = MissingReferences.of("mpeg4", _description())
    references.see(_picture("P9"))
    references.display(0)
    assert references.runs == ()
