"""Lists whose order is computed for each request: their pages, and where they go on."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.catalogue.listing import Entry


@dataclass(frozen=True, slots=True)
class RankPosition:
    """The number of entries until here, and the id of the last one of them."""

    entries: int
    last_id: int


def start_after(ids: Sequence[int], position: RankPosition | None) -> int:
    """Return where a list of ids goes on: after the last one that was read, wherever it is now.

    If that one is gone, as many are skipped as were read.
    """
    if position is None:
        return 0
    return ids.index(position.last_id) + 1 if position.last_id in ids else position.entries


@dataclass(frozen=True, slots=True)
class RankedPage:
    entries: Sequence[Entry]
    has_more: bool
    entries_before: int

    def position_after(self, entries: int) -> RankPosition:
        """Return the position after so many entries of the page, at least one."""
        return RankPosition(self.entries_before + entries, self.entries[entries - 1].video.id)
