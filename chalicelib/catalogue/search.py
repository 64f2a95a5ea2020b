"""Searches for videos, the best first: their limits, and where they go on."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.catalogue.listing import Entry, Selection
from chalicelib.catalogue.model import VideoId
from chalicelib.catalogue.ports import CatalogueCopy
from chalicelib.catalogue.spelling import words_in
from chalicelib.errors import InvalidInput
from chalicelib.language import Text

LONGEST_QUERY = 200
MOST_WORDS = 10
# Nothing is listed beyond them: more words find better.
MOST_HITS = 1_000
# Videos that may have come before a position since it was read.
_NEWCOMERS = 50


@dataclass(frozen=True, slots=True)
class SearchPosition:
    """The number of hits until here, and the last one of them."""

    hits: int
    video_id: VideoId


@dataclass(frozen=True, slots=True)
class SearchPage:
    entries: Sequence[Entry]
    has_more: bool
    hits_before: int

    def position_after(self, entries: int) -> SearchPosition:
        """Return the position after so many entries of the page, at least one."""
        return SearchPosition(self.hits_before + entries, self.entries[entries - 1].video.id)


def search_page(
    copy: CatalogueCopy, selection: Selection, *, limit: int, after: SearchPosition | None = None
) -> SearchPage:
    """Return the next hits of `selection.search`; raise `InvalidInput` if it is too long.

    It goes on after the last video that was read, also if that one has moved since. If it is no
    hit any more, as many hits are skipped as were read.
    """
    _require_searchable(selection.search)
    skipped = after.hits if after else 0
    most = min(skipped + limit + 1 + (_NEWCOMERS if after else 0), MOST_HITS)
    hits = copy.search(selection, most=most)
    if after and after.video_id in hits:
        skipped = hits.index(after.video_id) + 1
    entries = [entry for each in hits[skipped : skipped + limit] if (entry := copy.entry(each))]
    return SearchPage(entries, len(hits) > skipped + limit, skipped)


def _require_searchable(text: str) -> None:
    if len(text) > LONGEST_QUERY:
        raise _too_long(Text("Send at most {most} characters.", most=LONGEST_QUERY))
    if len(words_in(text)) > MOST_WORDS:
        raise _too_long(Text("Send at most {most} words.", most=MOST_WORDS))


def _too_long(problem: Text) -> InvalidInput:
    return InvalidInput(fields={"q": [problem]})
