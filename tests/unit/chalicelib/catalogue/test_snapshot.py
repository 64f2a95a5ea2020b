"""Who sees which videos, and in what order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.catalogue.model import EncodeStatus, EncodeSummary, Revision, Video, VideoNotFound
from chalicelib.catalogue.ports import Changes
from chalicelib.catalogue.snapshot import Audience, Selection, Snapshot
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
SEEN = {
    Audience.VIEWERS: {"complete", "renewed"},
    Audience.EARLY_VIEWERS: {"complete", "renewed", "growing", "waiting to go on"},
    Audience.CURATORS: {each.card.title for each in EVERYTHING},
}


def snapshot(*videos: Video) -> Snapshot:
    return Snapshot().changed(Changes({each.id: each for each in videos}, {}))


@pytest.mark.parametrize("audience", Audience)
def test_everybody_sees_what_is_for_them(audience: Audience) -> None:
    cache = snapshot(*EVERYTHING)
    chosen = {entry.video.card.title for entry in cache.chosen(Selection(audience))}
    assert chosen == SEEN[audience]
    for each in EVERYTHING:
        if each.card.title in chosen:
            assert cache.find(each.id, audience).video is each
        else:
            with pytest.raises(VideoNotFound):
                cache.find(each.id, audience)


def test_the_newest_is_first_and_of_the_same_moment_the_greater_id() -> None:
    old = video("old", created_at=NOW - timedelta(days=1))
    first, second = video("first"), video("second")
    ordered = snapshot(second, old, first).entries
    assert [entry.video.card.title for entry in ordered] == ["second", "first", "old"]
