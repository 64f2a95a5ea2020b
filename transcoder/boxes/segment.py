"""Writes a media segment of fragmented MP4 with exact samples and times."""

import struct
from collections.abc import Sequence

from transcoder.boxes.fragments import Sample

_SYNC, _NO_SYNC = 0x0200_0000, 0x0101_0000
_TRACK = 1
_BASE_IS_MOOF, _DEFAULT_DURATION, _DEFAULT_FLAGS = 0x02_0000, 0x08, 0x20
_DATA_OFFSET, _DURATIONS, _SIZES = 0x01, 0x100, 0x200
_EACH_FLAGS, _COMPOSITIONS = 0x400, 0x800


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
