"""The tables of a transport stream say which streams go together; they may be anything."""

import time

import pytest

from transcoder.probing.headers.programs import HEAD_BYTES, Programs, programs_of

_PROGRAMS = bytes.fromhex("00b011 0001 c10000 0001e100 0002e200") + bytes(4)
_MPEG2, _H264, _AAC, _AC3 = 2, 0x1B, 0x0F, 0x81


def _of(content: bytes) -> Programs:
    return programs_of(lambda begin, count: content[begin : begin + count], len(content))


def _packet(number: int, payload: bytes, *, begins: bool = True) -> bytes:
    pointer = b"\0" if begins else b""
    head = bytes([0x47, (0x40 if begins else 0) | number >> 8, number & 0xFF, 0x10])
    return (head + pointer + payload).ljust(188, b"\xff")


def _program(number: int, *streams: int, kinds: tuple[int, ...] = (_H264, _AAC)) -> bytes:
    entries = b"".join(
        bytes([kinds[position % len(kinds)]]) + (0xE000 | each).to_bytes(2) + b"\xf0\0"
        for position, each in enumerate(streams)
    )
    body = number.to_bytes(2) + bytes.fromhex("c10000e100f000") + entries + bytes(4)
    return b"\x02" + (0xB000 | len(body)).to_bytes(2) + body


_TWO = [_packet(0, _PROGRAMS), _packet(0x100, _program(1, 300, 301)),
        _packet(0x200, _program(2, 301, 302))]  # fmt: skip
_OF_STREAMS = {300: frozenset({1}), 301: frozenset({1, 2}), 302: frozenset({2})}


def test_each_stream_has_its_programs() -> None:
    assert _of(b"".join(_TWO)).of_streams == _OF_STREAMS


def test_a_table_may_be_longer_than_a_packet() -> None:
    streams = range(300, 380)
    table = _program(1, *streams)
    packets = [_packet(0x100, table[:183])]
    packets += [_packet(0x100, table[at : at + 184], begins=False) for at in (183, 367)]
    programs = _of(b"".join([_packet(0, _PROGRAMS), *packets]))
    assert programs.of_streams == dict.fromkeys(streams, frozenset({1}))


@pytest.mark.parametrize(
    "hostile",
    [
        b"", b"G", b"G" * HEAD_BYTES, _packet(0, b"") * 5000,
        _packet(0, b"\0\0\0", begins=False) * 5000,
        _packet(0, b"\0\xb0\0") + _packet(0, b"\0", begins=False) * 5000,
        _packet(0, b"\0\xbf\xff") + _packet(0, b"\0", begins=False) * 5000,
        _packet(0, _PROGRAMS) + _packet(0x100, bytes.fromhex("02b00d0001c10000e100ffff00000000")),
    ],
)  # fmt: skip
def test_nothing_comes_of_what_is_no_table_and_soon(hostile: bytes) -> None:
    begun = time.monotonic()
    assert _of(hostile).of_streams == {}
    assert time.monotonic() - begun < 2


def test_thousands_of_tables_take_no_long_time() -> None:
    tables = (_packet(0x100, _program(1, number)) for number in range(5000))
    begun = time.monotonic()
    assert _of(_packet(0, _PROGRAMS) + b"".join(tables)).goes_on(0)
    assert time.monotonic() - begun < 2


_LISTED = _packet(0, _PROGRAMS)
_FIRST = _packet(0x100, _program(1, 300, 301))


@pytest.mark.parametrize(
    ("later", "goes_on"),
    [
        (_program(1, 400, 401), True),
        # Other sound alone, sound of another codec beside another picture, a second sound.
        (_program(1, 300, 401), True),
        (_program(1, 400, 401, kinds=(_H264, _AC3)), True),
        (_program(1, 400, 401, 402, kinds=(_H264, _AAC, _AAC)), True),
        # The same, an advertisement with a second sound, sound of another codec alone, another
        # kind of picture, another order, places that are swapped, another program.
        (_program(1, 300, 301), False),
        (_program(1, 300, 301, 302), False),
        (_program(1, 300, 401, kinds=(_H264, _AC3)), False),
        (_program(1, 400, 401, kinds=(_MPEG2, _AAC)), False),
        (_program(1, 401, 400, kinds=(_AAC, _H264)), False),
        (_program(1, 301, 300), False),
        (_program(2, 400, 401), False),
    ],
)
def test_a_program_goes_on_in_other_streams_of_the_same_order(later: bytes, goes_on: bool) -> None:
    assert _of(_LISTED + _FIRST + _packet(0x100, later)).goes_on(300) is goes_on


def test_another_program_that_changes_does_not_change_the_chosen_one() -> None:
    other = _packet(0x200, _program(2, 400, 401)), _packet(0x200, _program(2, 500, 501))
    programs = _of(b"".join([_LISTED, _FIRST, *other]))
    assert programs.changes
    assert [programs.goes_on(number) for number in (300, 400, 500, 600)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_program_whose_table_moves_is_not_followed() -> None:
    moved = _PROGRAMS.replace(bytes.fromhex("0001e100"), bytes.fromhex("0001e300"))
    first, second = _program(1, 300, 301), _program(1, 400, 401)
    before = [_packet(0, _PROGRAMS), _packet(0x100, first)] * 8
    assert _of(b"".join([*before, _packet(0x100, second)])).changes
    after = [_packet(0, moved), _packet(0x300, second)] * 8
    programs = _of(b"".join([*before, *after]))
    assert not programs.changes
    assert programs.share_behind(300, follows_tables=False) == pytest.approx(0.5, abs=0.01)
