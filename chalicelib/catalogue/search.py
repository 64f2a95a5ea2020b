"""Searches for videos, the best first: their limits, and where they go on."""

from collections.abc import Sequence

from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import VideoId
from chalicelib.catalogue.ports import CatalogueCopy
from chalicelib.catalogue.ranking import RankedPage, RankPosition, start_after
from chalicelib.catalogue.spelling import words_in
from chalicelib.errors import InvalidInput
from chalicelib.language import Text

LONGEST_QUERY = 200
MOST_WORDS = 10
# Nothing is listed beyond them: more words find better.
MOST_HITS = 1_000
# Videos that may have come before a position since it was read.
_NEWCOMERS = 50


def search_page(
    copy: CatalogueCopy, selection: Selection, *, limit: int, after: RankPosition | None = None
) -> RankedPage:
    """Return the next hits of `selection.search`; raise `InvalidInput` if it is too long.

    It goes on after the last video that was read, also if that one has moved since. If it is no
    hit any more, as many hits are skipped as were read.
    """
    searchable_words(selection.search)
    read = after.entries if after else 0
    most = min(read + limit + 1 + (_NEWCOMERS if after else 0), MOST_HITS)
    return ranked_page(copy, copy.search(selection, most=most), limit=limit, after=after)


def ranked_page(
    copy: CatalogueCopy,
    hits: Sequence[VideoId],
    *,
    limit: int,
    after: RankPosition | None,
) -> RankedPage:
    start = start_after(hits, after)
    entries = [entry for each in hits[start : start + limit] if (entry := copy.entry(each))]
    return RankedPage(entries, len(hits) > start + limit, start)


def searchable_words(text: str) -> Sequence[str]:
    """Return the words of a query; raise `InvalidInput` if it is too long."""
    if len(text) > LONGEST_QUERY:
        raise _too_long(Text("Send at most {most} characters.", most=LONGEST_QUERY))
    words = words_in(text)
    if len(words) > MOST_WORDS:
        raise _too_long(Text("Send at most {most} words.", most=MOST_WORDS))
    return words


def _too_long(problem: Text) -> InvalidInput:
    return InvalidInput(fields={"q": [problem]})
