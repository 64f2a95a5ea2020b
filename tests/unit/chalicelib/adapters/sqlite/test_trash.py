"""The trash of a copy, in its order, and what has been there for long."""

from datetime import timedelta
from functools import partial

from chalicelib.adapters.sqlite.catalogue_file import CatalogueFile
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Selection, TrashPosition
from chalicelib.catalogue.model import VideoId
from chalicelib.catalogue.ports import Changes
from tests.builders.videos import a_published_video
from tests.fakes.clock import HandClock

NOW = HandClock().now()
video = partial(a_published_video, NOW)
# In pairs that were put there at the same moment; the last one is not in the trash.
VIDEOS = [
    *(video(f"{n}", trashed_at=NOW + timedelta(milliseconds=n // 2)) for n in range(9)),
    video("kept"),
]
ORDERED = [each.id for each in reversed(VIDEOS[:-1])]


def a_copy() -> CatalogueFile:
    copy = CatalogueFile()
    copy.apply(Changes({each.id: each for each in VIDEOS}, {}))
    return copy


def test_the_last_one_put_there_is_first_and_a_page_goes_on_where_another_ends() -> None:
    copy, listed, after = a_copy(), list[VideoId](), None
    while page := copy.trash(most=2, after=after):
        listed += [each.video.id for each in page]
        last = page[-1].video
        assert last.trashed_at
        after = TrashPosition(last.trashed_at, last.id)
    assert listed == ORDERED
    assert copy.count(Selection(Audience.TRASH)) == len(ORDERED)


def test_what_has_been_there_until_a_moment_is_listed_from_the_first_one_on() -> None:
    copy = a_copy()

    def due(milliseconds: int, most: int = 99) -> list[VideoId]:
        until = NOW + timedelta(milliseconds=milliseconds)
        return [each.video.id for each in copy.trashed_until(until, most=most)]

    assert due(-1) == []
    assert due(0) == ORDERED[:-3:-1]
    assert due(1) == ORDERED[:-5:-1]
    assert due(99) == ORDERED[::-1]
    assert due(99, most=3) == ORDERED[:-4:-1]


def test_what_is_restored_or_deleted_leaves_the_trash() -> None:
    copy = a_copy()
    restored = VIDEOS[0]
    copy.apply(Changes({restored.id: video("0", id=restored.id), VIDEOS[1].id: None}, {}))
    assert [each.video.id for each in copy.trash(most=99)] == ORDERED[:-2]
    assert len(list(copy.entries(Selection(Audience.ADMINISTRATORS)))) == 2
