"""The programs of a transport stream: their streams, and changes of streams."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice

from transcoder.probing.damage.scrambled import Scrambled, ScrambledCount
from transcoder.probing.formats import transport

# Tables come ten times a second: all in the head are read, then those in samples of the file.
HEAD_BYTES, SAMPLE_BYTES, _SAMPLES, _MOST_TABLES = 1024**2, 512 * 1024, 32, 100
_SHORTEST_SECTION, _MOST_SECTION = 12, 1024
_PROGRAMS, _STREAMS, _TABLE_OF_PROGRAMS = 0x00, 0x02, 0
_QUARTERS = 4
# Types of streams by ISO/IEC 13818-1.
PICTURES = {1: "mpeg2", 2: "mpeg2", 0x10: "mpeg4", 0x1B: "h264", 0x24: "hevc", 0x33: "vvc"}
# Sizes in a section: up to the end of its length, up to its entries, and the checksum.
_LENGTH_ENDS, _ENTRIES_BEGIN, _CHECKSUM, _ENTRY = 3, 8, 4, 4
_STREAMS_BEGIN, _STREAM = 12, 5


@dataclass(frozen=True, slots=True)
class Table:
    """One version of a program map table."""

    program: int
    # PID and type of each stream.
    streams: tuple[tuple[int, int], ...]
    # The number of the stream that this table is in.
    number: int

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(number for number, _ in self.streams)

    def follows(self, before: "Table") -> bool:
        """Whether it continues the same program in other streams, at the same places."""
        # Where the table itself moves, FFmpeg does not follow.
        if not (moved := self.moved(before)):
            return False
        changed = {old[1] for old, new in moved if old[1] != new[1]}
        changed |= {new[1] for old, new in moved if old[1] != new[1]}
        has_picture = any(kind in PICTURES for _, kind in (new for _, new in moved))
        # The sound is lost where its codec changes; that is worth it for a picture alone.
        return not changed or (has_picture and not changed & PICTURES.keys())

    def moved(self, before: "Table") -> Sequence[tuple[tuple[int, int], tuple[int, int]]]:
        """The streams that continue in others; none if they would be mixed with others."""
        if (self.program, self.number) != (before.program, before.number):
            return ()
        moved = [(old, new) for old, new in self.pairs(before) if old[0] != new[0]]
        # A stream that has another place, or another picture, would be mixed with others.
        is_fresh = all(old[0] not in self.numbers and new[0] not in before.numbers
                       for old, new in moved)  # fmt: skip
        return moved if is_fresh else ()

    def keeps_picture(self, before: "Table") -> bool:
        """Whether its picture goes on as it was, beside other sound."""
        return any(old == new and old[1] in PICTURES for old, new in self.pairs(before))

    def pairs(self, before: "Table") -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        return zip(before.streams, self.streams, strict=False)

    def changed_by(self, later: "Table") -> Iterator[tuple[int, int]]:
        """Yield the PID of each stream that continues in another codec, and the PID there."""
        if later.follows(self) or later.keeps_picture(self):
            for old, new in later.moved(self):
                if old[1] != new[1]:
                    yield old[0], new[0]


@dataclass(frozen=True, slots=True)
class Programs:
    tables: Sequence[Table]
    # Position of each sample, and the PIDs in it.
    positions: Sequence[tuple[int, frozenset[int]]]
    size: int
    scrambled: Scrambled

    @property
    def of_streams(self) -> Mapping[int, frozenset[int]]:
        """The programs of each stream in a table, by PID."""
        by_stream = defaultdict[int, set[int]](set)
        for table in self.tables:
            for number in table.numbers:
                by_stream[number].add(table.program)
        return {number: frozenset(programs) for number, programs in by_stream.items()}

    @property
    def changes(self) -> bool:
        """Whether any program continues in other streams, as in joined recordings."""
        return _goes_on(self.tables)

    def goes_on(self, number: int) -> bool:
        """Whether a program with this stream continues in other streams."""
        of_stream = self.of_streams.get(number, frozenset())
        return _goes_on([table for table in self.tables if table.program in of_stream])

    def share_behind(self, number: int, *, follows_tables: bool) -> float:
        """The share of the file, at its end, in other streams than those of this picture."""
        own = self._continued(number) if follows_tables else {number}
        there = [at for at, (_, present) in enumerate(self.positions) if own & present]
        newest = there[-1] if there else len(self.positions)
        # In its last sample others may begin, but those of another program are there before.
        before = frozenset[int]().union(*(present for _, present in self.positions[:newest]))
        later = (begin for begin, present in self.positions[newest + 1 :] if present - before)
        return 1 - next(later, self.size) / self.size if self.size else 0.0

    def _continued(self, number: int) -> set[int]:
        """PIDs of the stream, as tables change."""
        own = {number}
        for table, later in combinations(self.tables, 2):
            if later.follows(table):
                own.update(new for (old, _), (new, _) in later.pairs(table) if old in own)
        return own

    def in_other_codecs(self, numbers: Iterable[int]) -> Mapping[int, Fraction]:
        """For each stream that goes on in another codec, the share of the file that does."""
        changes = {each for table, later in combinations(self.tables, 2)
                   for each in table.changed_by(later)}  # fmt: skip
        return {
            number: share
            for number in numbers
            if (share := self._share_of({new for old, new in changes if old == number}, number))
        }

    def _share_of(self, numbers: set[int], instead_of: int) -> Fraction:
        ends = (*(begin for begin, _ in self.positions[1:]), self.size)
        there = zip(self.positions, ends, strict=True)
        size = sum(
            end - begin
            for (begin, present), end in there
            if numbers & present and instead_of not in present
        )
        return Fraction(size, self.size or 1)


def programs_of(read: Callable[[int, int], bytes], size: int) -> Programs:
    """`read` returns a number of bytes, from a position on."""
    tables, positions = dict[Table, None](), list[tuple[int, frozenset[int]]]()
    scrambled, samples = ScrambledCount(), sample_positions(size)
    for begin, end in zip(samples, (*samples[1:], size), strict=True):
        block = read(begin, SAMPLE_BYTES if begin else HEAD_BYTES)
        scrambled.add(transport.packets(block), weight=(end - begin) / max(1, len(block)))
        there = dict.fromkeys(table for _, table in tables_of(block))
        tables.update(dict.fromkeys(islice(there, _MOST_TABLES - len(tables))))
        positions.append((begin, _numbers(there)))
    if size <= HEAD_BYTES:
        quarter = size // _QUARTERS + 1
        blocks = ((at, tables_of(read(at, quarter))) for at in range(0, size, quarter))
        positions = [(at, _numbers(table for _, table in tables)) for at, tables in blocks]
    return Programs(tuple(tables), tuple(positions), size, scrambled.result)


def sample_positions(size: int) -> Sequence[int]:
    """Return where the samples of a file begin; the first one is its head."""
    return (0, *range(HEAD_BYTES, size, max(SAMPLE_BYTES, size // _SAMPLES)))


def _goes_on(tables: Sequence[Table]) -> bool:
    return any(later.follows(table) for table, later in combinations(tables, 2))


def tables_of(block: bytes) -> Iterator[tuple[int, Table]]:
    """Yield the program map tables, each with the position of the packet in which it begins."""
    tables = {_TABLE_OF_PROGRAMS}
    for at, table, section in _sections(block, tables):
        if table == _TABLE_OF_PROGRAMS and section[0] == _PROGRAMS:
            tables.update(number for program, number in _entries(section) if program)
        elif table != _TABLE_OF_PROGRAMS and section[0] == _STREAMS:
            yield at, Table(int.from_bytes(section[3:5]), tuple(_streams(section)), table)


def _sections(block: bytes, tables: set[int]) -> Iterator[tuple[int, int, bytes]]:
    """Yield position and PID of the table of each complete section, and the section."""
    begun = dict[int, tuple[int, bytes]]()
    for at, packet in transport.positioned(block):
        number = transport.pid_of(packet)
        if number not in tables:
            continue
        payload = transport.payload(packet)
        if transport.begins(packet):
            begun[number] = at, payload[1 + payload[0] :] if payload else b""
        elif number in begun:
            begin, content = begun[number]
            begun[number] = begin, content + payload
        begin, section = begun.get(number, (at, b""))
        length = _LENGTH_ENDS + (int.from_bytes(section[1:3]) & 0xFFF)
        if len(section) >= min(length, _MOST_SECTION):
            begun.pop(number, None)
            if _SHORTEST_SECTION <= length <= _MOST_SECTION:
                yield begin, number, section[: length - _CHECKSUM]


def _numbers(tables: Iterable[Table]) -> frozenset[int]:
    return frozenset(number for each in tables for number in each.numbers)


def _entries(section: bytes) -> Iterator[tuple[int, int]]:
    for at in range(_ENTRIES_BEGIN, len(section) - _ENTRY + 1, _ENTRY):
        yield (
            int.from_bytes(section[at : at + 2]),
            int.from_bytes(section[at + 2 : at + 4]) & 0x1FFF,
        )


def _streams(section: bytes) -> Iterator[tuple[int, int]]:
    at = _STREAMS_BEGIN + (int.from_bytes(section[10:12]) & 0xFFF)
    while at + _STREAM <= len(section):
        yield int.from_bytes(section[at + 1 : at + 3]) & 0x1FFF, section[at]
        at += _STREAM + (int.from_bytes(section[at + 3 : at + 5]) & 0xFFF)
