"""States, visibility, gaps and sort keys of videos."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.catalogue.model import Card, EncodeStatus, EncodeSummary, Revision, Video
from chalicelib.catalogue.studio import (
    NO_BEGINNING,
    NO_END,
    NO_SIZE,
    MissingFact,
    Order,
    VideoState,
    Visibility,
    missing_facts,
    sort_key,
)
from tests.builders.videos import a_published_video, a_video
from tests.fakes.clock import HandClock

NOW = HandClock().now()
SECOND = timedelta(seconds=1)


def with_card(video: Video, **changes: Any) -> Video:
    return replace(video, card=replace(video.card, **changes))


def test_a_video_without_a_source_is_empty_and_otherwise_as_its_newest_encode() -> None:
    assert VideoState.of(a_video(NOW)) is VideoState.EMPTY
    for status in EncodeStatus:
        begun = replace(a_video(NOW), encode=EncodeSummary(Revision(1), status))
        assert VideoState.of(begun).value == status.value
    # Of an earlier version, whose summary has no revision.
    done = EncodeSummary(status=EncodeStatus.COMPLETED)
    assert VideoState.of(a_published_video(NOW, encode=done)) is VideoState.COMPLETED


@pytest.mark.parametrize(
    ("publish_in", "rights_end_in", "visibility"),
    [
        (None, None, Visibility.LIVE),
        (0, None, Visibility.LIVE),
        (1, None, Visibility.SCHEDULED),
        (None, 1, Visibility.LIVE),
        (None, 0, Visibility.EXPIRED),
        (-2, -1, Visibility.EXPIRED),
    ],
)
def test_dates_decide_who_sees_a_published_video(
    publish_in: int | None, rights_end_in: int | None, visibility: Visibility
) -> None:
    dates: dict[str, Any] = {
        name: None if seconds is None else NOW + seconds * SECOND
        for name, seconds in (("publish_at", publish_in), ("rights_until", rights_end_in))
    }
    video = with_card(a_published_video(NOW), **dates)
    assert Visibility.of(video, NOW) is visibility
    assert Visibility.of(replace(video, is_published=False), NOW) is Visibility.DRAFT


def test_a_video_lacks_what_is_empty() -> None:
    assert missing_facts(replace(a_video(NOW), card=Card("Metropolis"))) == set(MissingFact)
    full = with_card(
        a_published_video(NOW),
        description="A city",
        director="Fritz Lang",
        tags=("silent",),
        original_language="de",
        age_rating=0,
    )
    assert missing_facts(full) == set()
    assert missing_facts(with_card(full, director="", description=" \u200b")) == {
        MissingFact.PEOPLE,
        MissingFact.DESCRIPTION,
    }
    assert missing_facts(with_card(full, director="", cast=("Brigitte Helm",))) == set()


def test_videos_are_sorted_by_their_words_in_one_spelling() -> None:
    names = ["Zebra", "émile", "Über uns", "Ufo", "Ein Tag", "Eine Nacht"]
    videos = [a_video(NOW, each) for each in names]
    in_order = sorted(videos, key=lambda each: sort_key(each, Order.TITLE))
    assert [each.card.title for each in in_order] == [
        "Ein Tag",
        "Eine Nacht",
        "émile",
        "Über uns",
        "Ufo",
        "Zebra",
    ]


def test_a_missing_date_is_before_or_after_all_others() -> None:
    video = a_video(NOW)
    assert sort_key(video, Order.PUBLISH_AT) == NO_BEGINNING
    assert sort_key(video, Order.RIGHTS_UNTIL) == NO_END
    assert sort_key(video, Order.DURATION) == 0
    assert sort_key(a_published_video(NOW), Order.DURATION) == 98_500
    assert sort_key(video, Order.SIZE) == NO_SIZE
    assert sort_key(of_no_bytes(video), Order.SIZE) == 0 > NO_SIZE
    dated = with_card(video, publish_at=NOW, rights_until=NOW)
    assert (
        sort_key(dated, Order.PUBLISH_AT)
        == sort_key(dated, Order.RIGHTS_UNTIL)
        == sort_key(dated, Order.CREATED)
    )


def of_no_bytes(video: Video) -> Video:
    return replace(video, encode=replace(video.encode, source_size=0))
