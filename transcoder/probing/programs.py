"""Which programs of a transport stream a stream belongs to: a recording may hold several."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

# Tables come ten times a second.
LOOKED_AT_BYTES = 1024**2
_SYNC, _LENGTHS, _IN_STEP = 0x47, (188, 192, 204), 4
_HEADER, _SHORTEST_SECTION, _MOST_SECTION = 4, 12, 1024
_PROGRAMS, _STREAMS, _TABLE_OF_PROGRAMS = 0x00, 0x02, 0
_HAS_FIELD, _HAS_PAYLOAD, _BEGINS = 0x20, 0x10, 0x40
# Of a section: what lies before its length ends, before its entries, and its checksum.
_LENGTH_ENDS, _ENTRIES_BEGIN, _CHECKSUM, _ENTRY = 3, 8, 4, 4
_STREAMS_BEGIN, _STREAM = 12, 5


def programs_of(head: bytes) -> Mapping[int, frozenset[int]]:
    """Return the numbers of the programs of each stream that a table names, by its own number."""
    tables, found = {_TABLE_OF_PROGRAMS}, defaultdict[int, set[int]](set)
    for table, section in _sections(head, tables):
        if table == _TABLE_OF_PROGRAMS and section[0] == _PROGRAMS:
            tables.update(number for program, number in _entries(section) if program)
        elif table != _TABLE_OF_PROGRAMS and section[0] == _STREAMS:
            program = int.from_bytes(section[3:5])
            for stream in _streams(section):
                found[stream].add(program)
    return {stream: frozenset(programs) for stream, programs in found.items()}


def _sections(head: bytes, tables: set[int]) -> Iterator[tuple[int, bytes]]:
    """Yield the first section of each table that begins in a packet, once it is complete."""
    begun = dict[int, bytes]()
    for packet in _packets(head):
        number = int.from_bytes(packet[1:3]) & 0x1FFF
        if number not in tables or not packet[3] & _HAS_PAYLOAD:
            continue
        payload = packet[_HEADER + (1 + packet[4] if packet[3] & _HAS_FIELD else 0) :]
        if packet[1] & _BEGINS:
            begun[number] = payload[1 + payload[0] :] if payload else b""
        elif number in begun:
            begun[number] += payload
        section = begun.get(number, b"")
        length = _LENGTH_ENDS + (int.from_bytes(section[1:3]) & 0xFFF)
        if len(section) >= min(length, _MOST_SECTION):
            begun.pop(number, None)
            if _SHORTEST_SECTION <= length <= _MOST_SECTION:
                yield number, section[: length - _CHECKSUM]


def _packets(head: bytes) -> Iterator[bytes]:
    at = 0
    while at + _LENGTHS[0] <= len(head):
        length = next((each for each in _LENGTHS if _is_in_step(head, at, each)), 0)
        if not length:
            at = head.find(_SYNC, at + 1)
            if at < 0:
                return
            continue
        yield head[at : at + _LENGTHS[0]]
        at += length


def _is_in_step(head: bytes, at: int, length: int) -> bool:
    """Whether packets of this length go on here, as far as the head does."""
    return all(each == _SYNC for each in head[at : at + _IN_STEP * length : length])


def _entries(section: bytes) -> Iterator[tuple[int, int]]:
    for at in range(_ENTRIES_BEGIN, len(section) - _ENTRY + 1, _ENTRY):
        yield (
            int.from_bytes(section[at : at + 2]),
            int.from_bytes(section[at + 2 : at + 4]) & 0x1FFF,
        )


def _streams(section: bytes) -> Iterator[int]:
    at = _STREAMS_BEGIN + (int.from_bytes(section[10:12]) & 0xFFF)
    while at + _STREAM <= len(section):
        yield int.from_bytes(section[at + 1 : at + 3]) & 0x1FFF
        at += _STREAM + (int.from_bytes(section[at + 3 : at + 5]) & 0xFFF)
