"""Who sees which videos, and in what order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.sqlite.catalogue_file import CatalogueFile
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Entry, Selection
from chalicelib.catalogue.model import (
    NO_AGE_LIMIT,
    Card,
    EncodeStatus,
    EncodeSummary,
    Revision,
    Video,
    VideoNotFound,
)
from chalicelib.catalogue.ports import Changes
from chalicelib.catalogue.snapshot import Snapshot
from tests.builders.videos import a_published_video
from tests.fakes.clock import HandClock

NOW = HandClock().now()
GROWING = EncodeSummary(Revision(1), EncodeStatus.PROCESSING, 15, is_playable=True)
BROKEN = replace(GROWING, status=EncodeStatus.FAILED)


def video(title: str, **changes: object) -> Video:
    return replace(a_published_video(NOW, title), **changes)  # type: ignore[arg-type]


EVERYTHING = [
    video("complete"),
    video("complete draft", is_published=False),
    video("renewed", encode=replace(GROWING, revision=Revision(2))),
    video("growing", media=None, encode=GROWING),
    video("waiting to go on", media=None, encode=replace(GROWING, status=EncodeStatus.PENDING)),
    video("growing draft", media=None, encode=GROWING, is_published=False),
    video("begun", media=None, encode=replace(GROWING, is_playable=False)),
    video("broken", media=None, encode=BROKEN),
    video("empty", media=None, encode=EncodeSummary()),
]
TRASHED = [
    video("thrown away", trashed_at=NOW),
    video("thrown away early", media=None, encode=GROWING, trashed_at=NOW),
]
SEEN = {
    Audience.VIEWERS: {"complete", "renewed"},
    Audience.EARLY_VIEWERS: {"complete", "renewed", "growing", "waiting to go on"},
    Audience.ADMINISTRATORS: {each.card.title for each in EVERYTHING},
    Audience.TRASH: {each.card.title for each in TRASHED},
}


def snapshot(*videos: Video) -> Snapshot:
    copy = CatalogueFile()
    copy.apply(Changes({each.id: each for each in videos}, {}))
    return Snapshot.of(copy, NOW)


def everything(of: Snapshot) -> list[Entry]:
    return list(of.chosen(Selection(Audience.ADMINISTRATORS)))


@pytest.mark.parametrize("audience", Audience)
def test_everybody_sees_what_is_for_them(audience: Audience) -> None:
    cache = snapshot(*EVERYTHING, *TRASHED)
    chosen = {entry.video.card.title for entry in cache.chosen(Selection(audience))}
    assert chosen == SEEN[audience]
    for each in (*EVERYTHING, *TRASHED):
        if each.card.title in chosen:
            assert cache.find(each.id, audience).video == each
        else:
            with pytest.raises(VideoNotFound):
                cache.find(each.id, audience)


@pytest.mark.parametrize("age_limit", range(NO_AGE_LIMIT + 1))
def test_viewers_see_what_is_within_their_age_limit_and_administrators_everything(
    age_limit: int,
) -> None:
    ratings = [None, *range(NO_AGE_LIMIT + 1)]
    cache = snapshot(*(video(str(each), card=Card(str(each), age_rating=each)) for each in ratings))
    seen = {entry.video.card.age_rating for entry in cache.chosen(Selection(age_limit=age_limit))}
    unrated = {None} if age_limit == NO_AGE_LIMIT else set()
    assert seen == {*range(age_limit + 1)} | unrated
    for entry in everything(cache):
        assert cache.find(entry.video.id, Audience.ADMINISTRATORS, age_limit=age_limit) is entry
        if entry.video.card.age_rating not in seen:
            with pytest.raises(VideoNotFound):
                cache.find(entry.video.id, Audience.VIEWERS, age_limit=age_limit)


def test_a_snapshot_knows_whether_any_video_is_rated() -> None:
    rated = video("rated", card=Card("rated", age_rating=0))
    assert not snapshot(video("unrated")).has_ratings
    both = snapshot(video("unrated"), rated)
    assert both.has_ratings
    assert both.copy.apply(Changes({rated.id: None}, {}))
    assert not Snapshot.of(both.copy, NOW).has_ratings


def test_the_newest_is_first_and_of_the_same_moment_the_greater_id() -> None:
    old = video("old", created_at=NOW - timedelta(days=1))
    first, second = video("first"), video("second")
    ordered = everything(snapshot(second, old, first))
    assert [entry.video.card.title for entry in ordered] == ["second", "first", "old"]
