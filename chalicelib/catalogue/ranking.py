"""Lists whose order is computed for each request: their pages, and where they go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.catalogue.listing import Entry
from chalicelib.catalogue.model import VideoId


class Likeness(StrEnum):
    """Why a video is listed for another one: what they have in common that counts most."""

    PERSON = "person"
    TAG = "tag"
    GENRE = "genre"
    CATEGORY = "category"
    WORDS = "words"
    # Nothing: it is one of the newest videos.
    NEWEST = "newest"


# Videos like another one, the most similar first, and why.
Alike = Mapping[VideoId, Likeness]


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
    # Of entries that are like a video, one for each.
    reasons: Sequence[Likeness] | None = None

    def position_after(self, entries: int) -> RankPosition:
        """Return the position after so many entries of the page, at least one."""
        return RankPosition(self.entries_before + entries, self.entries[entries - 1].video.id)
