"""The index of a fragmented MP4: where the fragments that it lists end."""

from collections.abc import Callable
from itertools import takewhile

from transcoder.probing.formats.boxes import on_top

Read = Callable[[int, int], bytes]
# Offsets and sizes of its fields, by version.
_INDEX, _FRAGMENT, _MOST_INDEX_BYTES = b"sidx", b"moof", 1_000_000
_OFFSET_AT, _OFFSET_BYTES, _COUNT_BYTES, _ENTRY_BYTES = {0: 16, 1: 20}, {0: 4, 1: 8}, 4, 12
_SIZE_BITS = 0x7FFFFFFF


def fragments_listed_end(read: Read) -> int:
    """Return 0 without an index before the first fragment."""
    before = takewhile(lambda each: each.kind != _FRAGMENT, on_top(read))
    return max((_listed_end(read, each.begin, each.end) for each in before
                if each.kind == _INDEX), default=0)  # fmt: skip


def _listed_end(read: Read, begin: int, end: int) -> int:
    data = read(begin, min(end - begin, _MOST_INDEX_BYTES))
    version = data[0] if data else -1
    if version not in _OFFSET_AT:
        return 0
    at, after = _OFFSET_AT[version], _OFFSET_AT[version] + _OFFSET_BYTES[version]
    entries = data[after + _COUNT_BYTES :]
    sizes = (
        int.from_bytes(entries[each : each + 4]) & _SIZE_BITS
        for each in range(0, len(entries), _ENTRY_BYTES)
    )
    return end + int.from_bytes(data[at:after]) + sum(sizes)
