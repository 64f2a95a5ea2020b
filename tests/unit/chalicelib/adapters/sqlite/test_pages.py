"""Lists of administrators in every order, by every filter, and their limits of time."""

import random
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.sqlite import pages
from chalicelib.adapters.sqlite.catalogue_file import CatalogueFile
from chalicelib.adapters.sqlite.limited import limited
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import (
    Card,
    EncodeStatus,
    EncodeSummary,
    Revision,
    Video,
    VideoId,
)
from chalicelib.catalogue.ports import Changes
from chalicelib.catalogue.studio import (
    MissingFact,
    Order,
    Period,
    Sorting,
    StudioFilters,
    TooCostly,
    VideoState,
    Visibility,
    missing_facts,
    sort_key,
)
from tests.builders.videos import complete_media
from tests.fakes.clock import HandClock

NOW = HandClock().now()
DAY = timedelta(days=1)
ALL = Selection(Audience.ADMINISTRATORS, at=NOW, studio=StudioFilters())
LATE = -1.0
Fits = Callable[[Video], object]
HALF = Period(Order.CREATED, NOW - 4 * DAY, NOW - 2 * DAY)
DATED = Period(Order.PUBLISH_AT, until=NOW + DAY)


def a_random_video(number: int, source: random.Random) -> Video:
    at = NOW - DAY * source.randrange(6)
    begins, ends = (source.choice([None, NOW - DAY, NOW, NOW + DAY]) for _ in range(2))
    card = Card(
        source.choice(["Metropolis", "Zoé", "Der Tag", "Ägypten", "M"]),
        description=source.choice(["", "the city"]),
        category=source.choice(["", "Drama", "Comedy"]),
        tags=source.choice([(), ("silent",)]),
        director=source.choice(["", "Fritz Lang"]),
        original_language=source.choice(["", "de"]),
        age_rating=source.choice([None, 0, 18]),
        is_trailer=source.choice([True, False]),
        publish_at=begins,
        rights_until=ends,
    )
    has_media = source.random() < 0.5
    status = source.choice(list(EncodeStatus))
    return Video(
        VideoId(number),
        card,
        created_at=at,
        changed_at=at + DAY * source.randrange(3),
        is_published=source.random() < 0.7,
        encode=EncodeSummary(
            Revision(source.randrange(2)), status, source_size=source.choice([None, 0, 700, 2**50])
        ),
        media=complete_media(duration_seconds=source.randrange(3)) if has_media else None,
    )


SOURCE = random.Random(5)  # noqa: S311 - test data
VIDEOS = [a_random_video(number, SOURCE) for number in range(1, 300)]


@pytest.fixture(scope="module")
def copy() -> CatalogueFile:
    made = CatalogueFile()
    made.apply(Changes({each.id: each for each in VIDEOS}, {}))
    return made


def ids(copy: CatalogueFile, selection: Selection, most: int = 1000) -> list[VideoId]:
    return [each.video.id for each in copy.page(selection, skip=0, most=most)]


def sorted_by(sorting: Sorting, videos: Sequence[Video] = VIDEOS) -> list[VideoId]:
    def key(video: Video) -> Any:
        return sort_key(video, sorting.order), video.id

    return [each.id for each in sorted(videos, key=key, reverse=not sorting.is_ascending)]


EVERY_SORTING = [Sorting(order, ascending) for order in Order for ascending in (False, True)]


@pytest.mark.parametrize("sorting", EVERY_SORTING, ids=str)
def test_each_order_is_paged_without_a_gap_or_a_repetition(
    copy: CatalogueFile, sorting: Sorting
) -> None:
    selection, listed = ALL.sorted_by(sorting), list[VideoId]()
    while page := copy.page(selection, skip=0, most=7):
        listed += [each.video.id for each in page]
        selection = selection.beyond(page[-1])
    assert listed == sorted_by(sorting)


def of_visibility(visibility: Visibility) -> Fits:
    return lambda video: Visibility.of(video, NOW) is visibility


FILTERS: dict[str, tuple[dict[str, Any], Fits]] = {
    "state": (
        {"states": frozenset({VideoState.FAILED, VideoState.EMPTY})},
        lambda video: VideoState.of(video) in (VideoState.FAILED, VideoState.EMPTY),
    ),
    **{
        each.value: ({"visibilities": frozenset({each})}, of_visibility(each))
        for each in Visibility
    },
    "drafts and expired": (
        {"visibilities": frozenset({Visibility.DRAFT, Visibility.EXPIRED})},
        lambda video: Visibility.of(video, NOW) in (Visibility.DRAFT, Visibility.EXPIRED),
    ),
    "gaps": (
        {"missing": frozenset({MissingFact.DESCRIPTION, MissingFact.TAGS})},
        lambda video: missing_facts(video) >= {MissingFact.DESCRIPTION, MissingFact.TAGS},
    ),
    "rating": ({"age_rating": 18}, lambda video: video.card.age_rating == 18),
    "created": (
        {"periods": (HALF,)},
        lambda video: NOW - 4 * DAY <= video.created_at < NOW - 2 * DAY,
    ),
    "dated": (
        {"periods": (DATED,)},
        lambda video: video.card.publish_at and video.card.publish_at < NOW + DAY,
    ),
    "at least so large": (
        {"smallest": 700},
        lambda video: (video.encode.source_size or 0) >= 700,
    ),
    "at most so large": (
        {"largest": 700},
        lambda video: video.encode.source_size in (0, 700),
    ),
    "rights": (
        {"periods": (Period(Order.RIGHTS_UNTIL, since=NOW),)},
        lambda video: video.card.rights_until and video.card.rights_until >= NOW,
    ),
}
ORDINARY: dict[str, tuple[dict[str, Any], Fits]] = {
    "category": ({"category": "drama"}, lambda video: video.card.category == "Drama"),
    "no category": ({"category": "western"}, lambda _: False),
    "tag": ({"tag": "silent"}, lambda video: video.card.tags),
    "person": ({"person": "fritz lang"}, lambda video: video.card.director),
    "language": ({"language": "de"}, lambda video: video.card.original_language),
    "trailer": ({"is_trailer": True}, lambda video: video.card.is_trailer),
    "search": ({"search": "metro"}, lambda video: video.card.title == "Metropolis"),
    "short": ({"search": "m"}, lambda video: "m" in video.card.title.lower()),
}


@pytest.mark.parametrize("walk_seconds", [LATE, 1.0], ids=["all facts", "walk"])
@pytest.mark.parametrize("name", [*FILTERS, *ORDINARY])
def test_each_filter_chooses_the_same_videos_in_either_way(
    copy: CatalogueFile, monkeypatch: pytest.MonkeyPatch, name: str, walk_seconds: float
) -> None:
    monkeypatch.setattr(pages, "_WALK_SECONDS", walk_seconds)
    monkeypatch.setattr("chalicelib.adapters.sqlite.limited._STEPS", 1)
    if name in FILTERS:
        changes, fits = FILTERS[name]
        selection = replace(ALL, studio=StudioFilters(**changes))
    else:
        changes, fits = ORDINARY[name]
        selection = replace(ALL, **changes)
    fitting = [each for each in VIDEOS if fits(each)]
    for sorting in EVERY_SORTING:
        assert ids(copy, selection.sorted_by(sorting)) == sorted_by(sorting, fitting)
    sorting = Sorting(Order.TITLE)
    expected = sorted_by(sorting, fitting)
    selection = selection.sorted_by(sorting)
    assert copy.count_in_time(selection) == len(expected)
    assert [each.video.id for each in copy.entries(selection)] == expected


def test_what_takes_too_long_is_refused_and_what_is_counted_too_long_left_out(
    copy: CatalogueFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.adapters.sqlite.limited._STEPS", 1)
    for name in ("_WALK_SECONDS", "_LONGEST_SECONDS", "_COUNT_SECONDS"):
        monkeypatch.setattr(pages, name, LATE)
    with pytest.raises(TooCostly) as refused:
        ids(copy, replace(ALL, search="m"))
    assert list(refused.value.fields) == ["search"]
    with pytest.raises(TooCostly, match="fewer filters"):
        ids(copy, replace(ALL, category="drama"))
    assert copy.count_in_time(replace(ALL, search="m")) is None
    # Lists of viewers have no limit, and the next statement of this copy neither.
    assert len(ids(copy, replace(ALL, studio=None))) == len(VIDEOS)


def test_another_error_of_a_statement_is_raised() -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError), limited(connection, lambda: False):
        connection.execute("SELECT * FROM missing")


@pytest.mark.parametrize("sorting", EVERY_SORTING, ids=str)
def test_the_trash_has_every_order_and_is_in_no_other_list(sorting: Sorting) -> None:
    thrown, kept = VIDEOS[:20], VIDEOS[20:40]
    made = CatalogueFile()
    both = [*(replace(each, trashed_at=NOW) for each in thrown), *kept]
    made.apply(Changes({each.id: each for each in both}, {}))
    selection = ALL.sorted_by(sorting)
    assert ids(made, selection) == sorted_by(sorting, kept)
    trash = replace(selection, audience=Audience.TRASH)
    assert ids(made, trash) == sorted_by(sorting, thrown)
    assert (made.count_in_time(trash), made.count_in_time(selection)) == (20, 20)
