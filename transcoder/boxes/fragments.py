"""Fragments of fMP4: reading, and writing one as a segment."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transcoder.boxes.box import HEADER, boxes, find, header
from transcoder.errors import Unreadable

_IS_NO_SYNC = 0x0001_0000
_TFHD = ((0x01, 8), (0x02, 4), (0x08, 4), (0x10, 4), (0x20, 4))
_DATA_OFFSET, _FIRST_FLAGS = 0x01, 0x04
_DURATIONS, _SIZES, _EACH_FLAGS, _COMPOSITIONS = 0x100, 0x200, 0x400, 0x800
_SYNC, _NO_SYNC = 0x0200_0000, 0x0101_0000
_TRACK = 1
_BASE_IS_MOOF, _DEFAULT_DURATION, _DEFAULT_FLAGS = 0x02_0000, 0x08, 0x20


@dataclass(frozen=True, slots=True)
class Sample:
    size: int
    duration: int
    is_sync: bool
    # Presentation time minus decode time.
    composition: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """One moof and its mdat."""

    sequence: int
    decode_time: int
    samples: tuple[Sample, ...]
    payload: memoryview
    # Size of everything before the first sample.
    header_bytes: int

    @property
    def first_sample_end(self) -> int:
        return self.header_bytes + self.samples[0].size

    @property
    def sample_duration(self) -> int:
        """Duration of each sample; 0 if they differ."""
        durations = {sample.duration for sample in self.samples}
        return durations.pop() if len(durations) == 1 else 0

    @property
    def presented(self) -> list[int]:
        """Presentation times, sorted."""
        at, times = self.decode_time, []
        for sample in self.samples:
            times.append(at + sample.composition)
            at += sample.duration
        return sorted(times)


def fragments(data: memoryview) -> Iterator[Fragment]:
    """Yield complete fragments; bytes after the last belong to one that is being written."""
    at = 0
    while moof := _whole(data, at):
        kind, begin, size = moof
        if kind != "moof":
            at += size
            continue
        mdat = _whole(data, at + size)
        if mdat is None:
            return
        body = data[at + size + mdat[1] : at + size + mdat[2]]
        yield _fragment(data[at + begin : at + size], body, header_bytes=size + mdat[1])
        at += size + mdat[2]


def end_of_last(data: memoryview) -> int:
    """Return the offset after the last complete fragment."""
    at = end = 0
    while box := _whole(data, at):
        at += box[2]
        end = at if box[0] != "moof" else end
    return end


def _whole(data: memoryview, at: int) -> tuple[str, int, int] | None:
    if len(data) - at < HEADER:
        return None
    box = header(data[at:])
    return box if at + box[2] <= len(data) else None


def _fragment(moof: memoryview, payload: memoryview, *, header_bytes: int) -> Fragment:
    traf = find(moof, "traf")
    (sequence,) = struct.unpack_from(">4xI", find(moof, "mfhd"))
    tfdt = find(traf, "tfdt")
    (decode_time,) = struct.unpack_from(">4xQ" if tfdt[0] else ">4xI", tfdt)
    defaults = _defaults(find(traf, "tfhd"))
    runs = [_run(body, defaults) for kind, body in boxes(traf) if kind == "trun"]
    samples = tuple(sample for run in runs for sample in run)
    if not samples or sum(sample.size for sample in samples) != len(payload):
        raise Unreadable("a fragment does not hold what it says")
    return Fragment(sequence, decode_time, samples, payload, header_bytes)


def _defaults(tfhd: memoryview) -> tuple[int, int, int]:
    """Return default duration, size and flags of samples."""
    flags = int.from_bytes(tfhd[1:4])
    at, values = 8, dict.fromkeys((bit for bit, _ in _TFHD), 0)
    for bit, length in _TFHD:
        if flags & bit:
            values[bit] = int.from_bytes(tfhd[at : at + length])
            at += length
    return values[0x08], values[0x10], values[0x20]


def _run(trun: memoryview, defaults: tuple[int, int, int]) -> Iterator[Sample]:
    flags = int.from_bytes(trun[1:4])
    (count,) = struct.unpack_from(">4xI", trun)
    at = 8 + 4 * bool(flags & _DATA_OFFSET)
    first_flags = int.from_bytes(trun[at : at + 4]) if flags & _FIRST_FLAGS else None
    at += 4 * bool(flags & _FIRST_FLAGS)
    for number in range(count):
        duration, size, sample_flags = defaults
        composition = 0
        if flags & _DURATIONS:
            duration, at = int.from_bytes(trun[at : at + 4]), at + 4
        if flags & _SIZES:
            size, at = int.from_bytes(trun[at : at + 4]), at + 4
        if flags & _EACH_FLAGS:
            sample_flags, at = int.from_bytes(trun[at : at + 4]), at + 4
        elif number == 0 and first_flags is not None:
            sample_flags = first_flags
        if flags & _COMPOSITIONS:
            composition, at = int.from_bytes(trun[at : at + 4], signed=trun[0] > 0), at + 4
        yield Sample(size, duration, not sample_flags & _IS_NO_SYNC, composition)


def segment(samples: Sequence[Sample], payload: bytes, *, number: int, decode_time: int) -> bytes:
    """Return moof and mdat."""
    # The size of moof does not depend on the offset that it holds.
    size = len(_moof(samples, number, decode_time, offset=0))
    return _moof(samples, number, decode_time, offset=size + 8) + _box("mdat", payload)


def _moof(samples: Sequence[Sample], number: int, decode_time: int, *, offset: int) -> bytes:
    defaults = struct.pack(">III", _TRACK, samples[-1].duration, _SYNC)
    header = _full("tfhd", defaults, flags=_BASE_IS_MOOF | _DEFAULT_DURATION | _DEFAULT_FLAGS)
    time = _full("tfdt", struct.pack(">Q", decode_time), version=1)
    traf = _box("traf", header + time + _trun(samples, offset))
    # Sequence numbers start at 1.
    return _box("moof", _full("mfhd", struct.pack(">I", number + 1)) + traf)


def _trun(samples: Sequence[Sample], offset: int) -> bytes:
    """Store only what differs between samples."""
    columns = {_SIZES: [sample.size for sample in samples]}
    if len({sample.duration for sample in samples}) > 1:
        columns[_DURATIONS] = [sample.duration for sample in samples]
    if not all(sample.is_sync for sample in samples):
        columns[_EACH_FLAGS] = [_SYNC if sample.is_sync else _NO_SYNC for sample in samples]
    if any(sample.composition for sample in samples):
        columns[_COMPOSITIONS] = [sample.composition for sample in samples]
    order = sorted(columns)
    rows = zip(*(columns[flag] for flag in order), strict=True)
    body = b"".join(struct.pack(f">{len(row)}I", *row) for row in rows)
    head = struct.pack(">Ii", len(samples), offset)
    return _full("trun", head + body, flags=_DATA_OFFSET | sum(order))


def _full(kind: str, body: bytes, *, version: int = 0, flags: int = 0) -> bytes:
    return _box(kind, bytes([version]) + flags.to_bytes(3) + body)


def _box(kind: str, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind.encode()) + body
