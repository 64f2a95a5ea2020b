"""The rows of the first page: what a profile watches, what is new, what categories have."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Entry, ListPosition, Selection
from chalicelib.catalogue.model import Category, VideoId
from chalicelib.catalogue.ranking import RankPosition
from chalicelib.catalogue.snapshot import Snapshot
from chalicelib.clock import LARGEST_ID
from chalicelib.viewing.model import Cursor, ProfileId
from chalicelib.viewing.tracking import Tracking
from chalicelib.viewing.watchlists import Watchlists

MOST_IN_ROW = 20
MOST_CATEGORIES = 6
_MOST_ROWS_OF_VIDEO = 2
# A row after two full ones skips at most as many videos as one holds.
_TO_COMPARE = 2 * MOST_IN_ROW
# The same for all viewers, who may have three rows of their own before: enough of any category.
_TO_SHARE = 3 * MOST_IN_ROW


class Reason(StrEnum):
    """Why a row is shown, for programs."""

    CONTINUE_WATCHING = "continue_watching"
    WATCHLIST = "watchlist"
    BECAUSE_YOU_WATCHED = "because_you_watched"
    NEW = "new"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Row:
    reason: Reason
    entries: Sequence[Entry]
    # Where the list goes on from which it is taken, if it does.
    rest: Cursor | RankPosition | ListPosition | None = None
    # The video that its videos are like.
    watched: Entry | None = None
    category: Category | None = None


@dataclass(slots=True)
class _Rows:
    """Rows so far: a video may be in two of them, and no row is empty."""

    rows: list[Row] = field(default_factory=list)
    _uses: Counter[VideoId] = field(default_factory=Counter)

    def choose(self, entries: Iterable[Entry]) -> Sequence[Entry]:
        free = (each for each in entries if self._uses[each.video.id] < _MOST_ROWS_OF_VIDEO)
        return list(islice(free, MOST_IN_ROW))

    def add(self, row: Row) -> None:
        if row.entries:
            self.rows.append(row)
            self._uses.update(each.video.id for each in row.entries)


@dataclass(frozen=True, slots=True)
class Home:
    tracking: Tracking
    watchlists: Watchlists

    def rows(
        self,
        account_id: AccountId,
        profile_id: ProfileId,
        snapshot: Snapshot,
        selection: Selection,
    ) -> Sequence[Row]:
        """Return the rows of a profile within a selection, at the cost of two queries."""
        rows = _Rows()
        watched = self._add_own(rows, account_id, profile_id, snapshot, selection)
        if watched:
            _add_similar(rows, watched, snapshot, selection)
        for category, videos in _shared(snapshot, selection):
            entries = [entry for each in videos if (entry := snapshot.entry(each))]
            chosen = rows.choose(entries)
            goes_on = _read_for(chosen, entries) < len(entries)
            rest = chosen[-1].position if goes_on else None
            reason = Reason.CATEGORY if category else Reason.NEW
            rows.add(Row(reason, chosen, rest, category=category))
        return rows.rows

    def _add_own(
        self,
        rows: _Rows,
        account_id: AccountId,
        profile_id: ProfileId,
        snapshot: Snapshot,
        selection: Selection,
    ) -> Entry | None:
        """Add the rows of what the profile keeps; return the video that others shall be like."""
        limit, age_limit = MOST_IN_ROW, selection.age_limit
        begun, preferred = self.tracking.begun_and_preferred(
            account_id, profile_id, limit=limit, age_limit=age_limit
        )
        listed = self.watchlists.entries(account_id, profile_id, limit=limit, age_limit=age_limit)
        for reason, page in ((Reason.CONTINUE_WATCHING, begun), (Reason.WATCHLIST, listed)):
            entries = (snapshot.entry(each.video_id) for each in page.entries)
            chosen = rows.choose(
                each for each in entries if each and _is_in(snapshot, each, selection)
            )
            rows.add(Row(reason, chosen, page.next_before))
        watched = snapshot.entry(preferred) if preferred else None
        return watched if watched and _is_in(snapshot, watched, selection) else None


def _add_similar(rows: _Rows, watched: Entry, snapshot: Snapshot, selection: Selection) -> None:
    page = snapshot.similar(watched.video.id, selection, limit=_TO_COMPARE)
    chosen = rows.choose(page.entries)
    read = _read_for(chosen, page.entries)
    has_more = page.has_more or read < len(page.entries)
    rest = RankPosition(read, chosen[-1].video.id) if chosen and has_more else None
    rows.add(Row(Reason.BECAUSE_YOU_WATCHED, chosen, rest, watched=watched))


def _read_for(chosen: Sequence[Entry], entries: Sequence[Entry]) -> int:
    """Return the number of entries until the last one of a full row; of one with room, all."""
    return entries.index(chosen[-1]) + 1 if len(chosen) == MOST_IN_ROW else len(entries)


def _shared(
    snapshot: Snapshot, selection: Selection
) -> Sequence[tuple[Category | None, Sequence[VideoId]]]:
    """Return the newest videos, and those of arranged and large categories, kept for all."""
    key = "home", selection
    shared: Sequence[tuple[Category | None, Sequence[VideoId]]] | None
    shared = snapshot.renderings.get(key)
    if shared is None:
        chosen = [None, *_first_ones(snapshot, selection)]
        shared = [(each, _newest(snapshot, selection, each)) for each in chosen]
        # Administrators see changes for which no other snapshot begins.
        if selection.audience is not Audience.ADMINISTRATORS:
            videos = sum(len(ids) for _, ids in shared)
            snapshot.remember(key, shared, characters=videos * len(str(LARGEST_ID)))
    return shared


def _first_ones(snapshot: Snapshot, selection: Selection) -> Sequence[Category]:
    numbers = snapshot.counts(selection)
    filled = [each for each in snapshot.categories if numbers.get(each.slug)]
    # First those that administrators arranged; of equal numbers in the order of names.
    return sorted(
        filled, key=lambda each: -numbers[each.slug] if each.position is None else -LARGEST_ID
    )[:MOST_CATEGORIES]


def _newest(
    snapshot: Snapshot, selection: Selection, category: Category | None
) -> Sequence[VideoId]:
    within = replace(selection, category=category.slug if category else "")
    return [each.video.id for each in snapshot.page(within, skip=0, most=_TO_SHARE + 1)]


def _is_in(snapshot: Snapshot, entry: Entry, selection: Selection) -> bool:
    return snapshot.shows(entry, selection.audience, age_limit=selection.age_limit)
