"""The durations of the samples in a finished MP4, from its index."""

import struct

from transcoder.boxes.box import find
from transcoder.errors import Unreadable

# Of `stts` if all samples last equally long: one entry, with their number and the ticks of each.
_ONE_ENTRY = struct.Struct(">4xIII")


def samples_and_ticks(data: memoryview) -> tuple[int, int]:
    """Return the number of samples of the first track, and the ticks of each.

    Raise `Unreadable` if they differ.
    """
    times = find(data, "moov", "trak", "mdia", "minf", "stbl", "stts")
    if len(times) != _ONE_ENTRY.size:
        raise Unreadable("samples have different durations")
    _, samples, ticks = _ONE_ENTRY.unpack(times)
    return samples, ticks
