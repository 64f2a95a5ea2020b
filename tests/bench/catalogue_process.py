"""One process with a catalogue of some size: make its saved copy, or start from it and measure.

python -m tests.bench.catalogue_process make|measure <number of videos> <saved copy>
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.accounts.model import AccountId
from chalicelib.adapters.sqlite.copies import SavedCopies
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import Video, VideoId
from chalicelib.catalogue.ports import NOTHING, CatalogueCopy, Changes
from chalicelib.catalogue.snapshot import MOST_SIMILAR
from chalicelib.catalogue.studio import Order, Sorting, StudioFilters, Visibility
from chalicelib.clock import SystemClock
from chalicelib.viewing.home import Home
from chalicelib.viewing.model import DEFAULT_PROFILE
from chalicelib.viewing.progress import ContinueRule, PlayerReport
from chalicelib.viewing.tracking import Tracking
from chalicelib.viewing.watchlists import Watchlists
from tests.bench.catalogue_videos import videos
from tests.fakes.viewing_stores import (
    InMemoryProgressStore,
    InMemoryWatchlistStore,
    ViewingTable,
)

_AT_ONCE = 1000
_ON_A_PAGE = 20
_MILLISECONDS = 1000
_MB_OF_KB = 1024
_CHANGES = 20


class OneFile:
    """As much of a client of S3 as a saved copy needs, over one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def upload_file(self, source: str, *_: str, **__: Any) -> None:
        Path(source).replace(self._path)

    def get_object(self, **_: str) -> Mapping[str, Any]:
        if not self._path.exists():
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Metadata": {"known-at": datetime.now(UTC).isoformat()}, "Body": self}

    def iter_chunks(self, size: int) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            while block := file.read(size):
                yield block


def make(number: int, path: Path) -> None:
    copies = SavedCopies(lambda: OneFile(path), "")
    copy = copies.empty()
    made = videos(number)
    while some := {each.id: each for each in islice(made, _AT_ONCE)}:
        copy.apply(Changes(some, {}))
    copies.save(copy, known_at=datetime.now(UTC))


class TwoBatches:
    """A change log that is too long to be read at once, and says nothing."""

    def everything(self) -> Iterator[Changes]:
        yield from (NOTHING, NOTHING)

    def since(self, _moment: datetime) -> Iterator[Changes]:
        return iter(())

    def refile(self, *, most: int) -> int:  # noqa: ARG002 - as the port has it
        return 0


def measure(path: Path) -> Mapping[str, float]:
    started = time.process_time()
    catalogue = CatalogueCache(TwoBatches(), SavedCopies(lambda: OneFile(path), ""), SystemClock())
    copy = catalogue.snapshot().copy
    start = time.process_time() - started
    if copy.is_empty:
        raise SystemExit(f"{path} is no saved copy")
    everything = Selection(Audience.VIEWERS)
    middle = copy.page(everything, skip=copy.count(everything) // 2, most=1)[0]
    deep = replace(everything, after=middle.position)
    title = replace(everything, search=middle.video.card.title)
    # All facts are read, for few videos at most are so.
    studio = replace(
        Selection(Audience.ADMINISTRATORS, at=datetime.now(UTC)),
        studio=StudioFilters(visibilities=frozenset({Visibility.EXPIRED, Visibility.DRAFT})),
        sorting=Sorting(Order.TITLE),
    )
    measured = {
        "start": start,
        "change": _change(copy, middle.video),
        "first_page": _slowest(lambda: _page(copy, everything)),
        "deep_page": _slowest(lambda: copy.page(deep, skip=0, most=_ON_A_PAGE)),
        "similar": _slowest(lambda: copy.similar(middle.video.id, everything, most=MOST_SIMILAR)),
        "home": _home(catalogue, middle.video.id),
        "people": _slowest(lambda: copy.people(everything, ["sch"], most=_ON_A_PAGE)),
        "counts": _slowest(lambda: copy.counts(everything)),
        "search": _slowest(lambda: copy.search(title, most=_ON_A_PAGE)),
        "studio_page": _slowest(lambda: copy.page(studio, skip=0, most=_ON_A_PAGE)),
        "studio_count": _slowest(lambda: copy.count_in_time(studio)),
        "mistyped": _mistyped(copy, everything),
    }
    return {**measured, "memory": _peak_mb()}


def _peak_mb() -> float:
    """Return the most memory so far; `getrusage` would count that of the program before `exec`."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [peak] = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak) / _MB_OF_KB


def _page(copy: CatalogueCopy, selection: Selection) -> None:
    copy.page(selection, skip=0, most=_ON_A_PAGE)
    copy.count(selection)


def _home(catalogue: CatalogueCache, watched: VideoId) -> float:
    """Return the time of the rows of a viewer with full ones, without reading what he keeps."""
    table, clock, snapshot = ViewingTable(), SystemClock(), catalogue.snapshot()
    home = Home(
        Tracking(InMemoryProgressStore(table), catalogue, ContinueRule(), clock),
        Watchlists(InMemoryWatchlistStore(table), catalogue, clock),
    )
    viewer, selection = (AccountId(1), DEFAULT_PROFILE), Selection(is_trailer=False)
    for entry in snapshot.page(selection, skip=_CHANGES, most=_ON_A_PAGE):
        home.watchlists.add(*viewer, entry.video.id)
        home.tracking.report(*viewer, entry.video.id, PlayerReport(1, 2))
    home.tracking.report(*viewer, watched, PlayerReport(2, 2))
    calls = [_spent(lambda: home.rows(*viewer, snapshot, selection)) for _ in range(_CHANGES)]
    return statistics.median(calls)


def _mistyped(copy: CatalogueCopy, everything: Selection) -> float:
    """Return the time of a search for a title with a letter too many, for most titles."""
    titles = (each.video.card.title for each in copy.page(everything, skip=0, most=_CHANGES))
    mistyped = [replace(everything, search=f"{each[:2]}{each[1:]}") for each in titles]
    searches = [partial(copy.search, each, most=_ON_A_PAGE) for each in mistyped]
    return statistics.median(map(_spent, searches))


def _change(copy: CatalogueCopy, video: Video) -> float:
    numbers = iter(range(_CHANGES + 1))

    def change() -> None:
        card = replace(video.card, title=f"{video.card.title} {next(numbers)}")
        copy.apply(Changes({video.id: replace(video, card=card)}, {}))

    return statistics.median(_spent(change) for _ in range(_CHANGES))


def _slowest(call: Callable[[], Any]) -> float:
    """Return the time of the first call, which finds nothing in memory."""
    return _spent(call)


def _spent(call: Callable[[], Any]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


if __name__ == "__main__":
    what, number, path = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    if what == "make":
        make(number, path)
    else:
        print(json.dumps(measure(path)))
