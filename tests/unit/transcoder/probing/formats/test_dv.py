"""A change of the television system in raw DV is sought by the headers of frames."""

import pytest

from transcoder.probing.formats.dv import end_of_system

_EUROPE, _AMERICA = 0xBF, 0x3F
_BYTES = {_EUROPE: 144_000, _AMERICA: 120_000}


def _frames(system: int, count: int) -> bytes:
    return (bytes([0x1F, 7, 0, system]).ljust(_BYTES[system], b"\1")) * count


@pytest.mark.parametrize(
    ("parts", "end"),
    [
        (((_EUROPE, 7), (_AMERICA, 6)), 7 * 144_000),
        (((_AMERICA, 6), (_EUROPE, 7)), 6 * 120_000),
        (((_EUROPE, 1), (_AMERICA, 9)), 144_000),
        (((_EUROPE, 9), (_AMERICA, 2)), 9 * 144_000),
        # One frame may be damage.
        (((_EUROPE, 9), (_AMERICA, 1)), 0),
        (((_EUROPE, 9),), 0),
        (((_AMERICA, 1),), 0),
        ((), 0),
    ],
)
def test_the_first_system_ends_where_frames_of_the_other_begin(
    parts: tuple[tuple[int, int], ...], end: int
) -> None:
    data = b"".join(_frames(*part) for part in parts)
    assert end_of_system(lambda begin, count: data[begin : begin + count], len(data)) == end


@pytest.mark.parametrize("damaged", [3, 4, 8, 37, 74, 73])
def test_a_frame_without_a_header_does_not_hide_the_change(damaged: int) -> None:
    data = bytearray(_frames(_EUROPE, 75) + _frames(_AMERICA, 90))
    data[damaged * 144_000 : damaged * 144_000 + 80] = bytes(80)
    assert end_of_system(lambda begin, count: bytes(data[begin : begin + count]), len(data)) == (
        75 * 144_000
    )


@pytest.mark.parametrize("between", [60, 61])
def test_the_first_system_ends_where_it_comes_again_later(between: int) -> None:
    data = _frames(_EUROPE, 20) + _frames(_AMERICA, between) + _frames(_EUROPE, 75)
    assert end_of_system(lambda begin, count: data[begin : begin + count], len(data)) == (
        20 * 144_000
    )


def test_few_frames_of_a_long_file_are_read() -> None:
    frames, border, reads = 1_000_000, 543_210, list[int]()

    def read(begin: int, count: int) -> bytes:
        reads.append(begin)
        size, system = (144_000, _EUROPE) if begin < border * 144_000 else (120_000, _AMERICA)
        at = (begin - border * 144_000) % size
        return bytes([0x1F, 7 + at // 12_000 * 16, 0, system])[:count]

    assert end_of_system(read, frames * 144_000) == border * 144_000
    assert len(reads) < 400


def test_damage_is_no_change_of_the_system() -> None:
    data = bytearray(_frames(_EUROPE, 9))
    data[4 * 144_000 : 8 * 144_000] = bytes(4 * 144_000)
    assert end_of_system(lambda begin, count: bytes(data[begin : begin + count]), len(data)) == 0
