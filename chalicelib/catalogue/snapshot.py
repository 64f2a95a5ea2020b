"""The catalogue of this process between two dates: its copy, and the lists that are kept of it."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Self

from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.category_names import CategoryNames
from chalicelib.catalogue.listing import Entry, Person, Selection
from chalicelib.catalogue.model import NO_AGE_LIMIT, Category, Video, VideoId, VideoNotFound
from chalicelib.catalogue.ports import CatalogueCopy, Changes
from chalicelib.catalogue.ranking import Likeness, RankedPage, RankPosition
from chalicelib.catalogue.search import ranked_page, search_page
from chalicelib.clock import FOR_EVER

# Lists that a process keeps, and the length of them together.
MOST_REMEMBERED = 32
MOST_CHARACTERS = 16 * 1024**2
# Nothing is listed beyond them.
MOST_SIMILAR = 100
# If nothing is similar: as many as a row of a page has.
MOST_NEWEST = 20


# With slots it could keep no cached property.
@dataclass(frozen=True)
class Snapshot:
    """It reads the copy of this process; another one begins when lists have changed."""

    copy: CatalogueCopy
    names: CategoryNames
    # What viewers see at this moment, and until the next one at which a date changes it.
    at: datetime
    until: datetime
    # Whether any video has an age rating: until then, age limits hide nothing.
    has_ratings: bool = False
    # A cache for callers: see `remember`.
    renderings: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)
    _remembered_characters: list[int] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def of(cls, copy: CatalogueCopy, at: datetime) -> Self:
        return cls(copy, copy.names, at, copy.next_date(at) or FOR_EVER, copy.has_ratings)

    def next(self, at: datetime) -> Self:
        """Return one without kept lists."""
        return self.of(self.copy, at)

    def apply(self, changes: Changes) -> bool:
        """Write changes to the copy; return whether anything that viewers see differs now."""
        return self.copy.apply(changes)

    @cached_property
    def categories(self) -> Sequence[Category]:
        return self.names.in_order()

    def entry(self, video_id: VideoId) -> Entry | None:
        """Return the entry of a video, also of a draft."""
        return self.copy.entry(video_id)

    def find(
        self, video_id: VideoId, audience: Audience, *, age_limit: int = NO_AGE_LIMIT
    ) -> Entry:
        entry = self.copy.entry(video_id)
        if entry is None or not self.shows(entry, audience, age_limit=age_limit):
            raise VideoNotFound
        return entry

    def shows(self, entry: Entry, audience: Audience, *, age_limit: int = NO_AGE_LIMIT) -> bool:
        return audience.sees(entry.video, at=self.at, age_limit=age_limit)

    def entry_of(self, video: Video) -> Entry:
        """Return the entry of a video that was just read."""
        return Entry.of(video, self.names)

    def chosen(self, selection: Selection) -> Iterator[Entry]:
        """Return the entries of a selection, the newest first; they are read as they are used."""
        return self.copy.entries(self._dated(selection))

    def remember(self, key: Hashable, rendered: object, *, characters: int) -> None:
        """Keep a list for viewers, until what they see has changed; few are requested often."""
        lengths = self._remembered_characters
        if len(lengths) >= MOST_REMEMBERED or sum(lengths) + characters > MOST_CHARACTERS:
            self.renderings.clear()
            lengths.clear()
        lengths.append(characters)
        self.renderings[key] = rendered

    def page(self, selection: Selection, *, skip: int, most: int) -> Sequence[Entry]:
        return self.copy.page(self._dated(selection), skip=skip, most=most)

    def search(
        self, selection: Selection, *, limit: int, after: RankPosition | None = None
    ) -> RankedPage:
        """Return the next hits, the best first; raise `InvalidInput` if the search is too long."""
        return search_page(self.copy, self._dated(selection), limit=limit, after=after)

    def similar(
        self,
        video_id: VideoId,
        selection: Selection,
        *,
        limit: int,
        after: RankPosition | None = None,
        or_newest: bool = False,
    ) -> RankedPage:
        """Return the next videos like this one, the most similar first.

        Given `or_newest`, return the newest ones if none is like it.
        """
        selection = self._dated(selection)
        similar = self.copy.similar(video_id, selection, most=MOST_SIMILAR)
        if or_newest and not similar:
            newest = self.copy.page(selection, skip=0, most=MOST_NEWEST + 1)
            others = [each.video.id for each in newest if each.video.id != video_id]
            similar = dict.fromkeys(others[:MOST_NEWEST], Likeness.NEWEST)
        page = ranked_page(self.copy, [*similar], limit=limit, after=after)
        return replace(page, reasons=[similar[each.video.id] for each in page.entries])

    def count(self, selection: Selection) -> int:
        return self.copy.count(self._dated(selection))

    def count_in_time(self, selection: Selection) -> int | None:
        return self.copy.count_in_time(self._dated(selection))

    def counts(self, selection: Selection) -> Mapping[str, int]:
        """Return the numbers of videos by the slugs of their categories."""
        return self.copy.counts(self._dated(selection))

    def people(
        self, selection: Selection, words: Sequence[str], *, limit: int, after: str = ""
    ) -> Sequence[Person]:
        """Return people of a selection whose names have words that begin so, after a slug."""
        return self.copy.people(self._dated(selection), words, most=limit, after=after)

    def _dated(self, selection: Selection) -> Selection:
        return replace(selection, at=self.at)
