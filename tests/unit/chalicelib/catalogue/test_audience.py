"""Who sees a video, decided for one video and chosen by lists, in the same way."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from chalicelib.adapters.sqlite.catalogue_file import CatalogueFile
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import (
    NO_AGE_LIMIT,
    Card,
    EncodeStatus,
    EncodeSummary,
    Revision,
    Video,
    VideoId,
)
from chalicelib.catalogue.ports import Changes
from tests.builders.videos import a_video, complete_media
from tests.fakes.clock import HandClock

NOW = HandClock().now()
_LATER, _EARLIER = NOW + timedelta(seconds=1), NOW - timedelta(seconds=1)
_CARDS = [
    Card("a film", publish_at=publish_at, rights_until=rights_until, age_rating=rating)
    for publish_at, rights_until, rating in product(
        (None, _EARLIER, NOW, _LATER), (None, NOW, _LATER), (None, 0, 12, NO_AGE_LIMIT)
    )
]
_ENCODES = [
    EncodeSummary(Revision(1), status, 15, is_playable=is_playable)
    for status, is_playable in product(EncodeStatus, (False, True))
]
KEPT = [
    a_video(NOW, card=card, encode=encode, media=media, is_published=is_published)
    for card, encode, media, is_published in product(
        _CARDS, _ENCODES, (None, complete_media()), (False, True)
    )
]
TRASHED = [replace(each, id=VideoId(each.id + 2**20), trashed_at=NOW) for each in KEPT]
EVERY_VIDEO = [*KEPT, *TRASHED]


@pytest.fixture(scope="module")
def copy() -> CatalogueFile:
    copy = CatalogueFile()
    copy.apply(Changes({each.id: each for each in EVERY_VIDEO}, {}))
    return copy


@pytest.mark.parametrize("age_limit", [0, 6, 12, NO_AGE_LIMIT])
@pytest.mark.parametrize("audience", Audience)
def test_lists_hold_what_their_audience_sees(
    copy: CatalogueFile, audience: Audience, age_limit: int
) -> None:
    listed = copy.entries(Selection(audience, age_limit, at=NOW))
    seen = {each.id for each in EVERY_VIDEO if audience.sees(each, at=NOW, age_limit=age_limit)}
    assert {entry.video.id for entry in listed} == seen
    assert seen


def test_each_audience_sees_more_than_the_one_before() -> None:
    viewers, early, administrators, trash = (
        {each.id for each in EVERY_VIDEO if audience.sees(each, at=NOW)} for audience in Audience
    )
    assert viewers < early < administrators
    assert administrators == {each.id for each in KEPT}
    assert trash == {each.id for each in TRASHED}


def test_dates_and_ratings_decide_nothing_of_what_an_audience_gets() -> None:
    def gets(video: Video) -> list[bool]:
        return [each.gets(video) for each in Audience]

    for video in EVERY_VIDEO:
        assert gets(video) == gets(replace(video, card=Card("a film")))
