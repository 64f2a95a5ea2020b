"""Watchlists: what may be added, and in which order it is listed."""

import pytest

from chalicelib.catalogue.model import VideoId, VideoNotFound
from chalicelib.viewing.model import DEFAULT_PROFILE
from tests.unit.chalicelib.viewing.conftest import House


def listed(house: House) -> list[VideoId]:
    page = house.watchlists().entries(house.account.id, DEFAULT_PROFILE, limit=9)
    return [each.video_id for each in page.entries]


def test_the_last_added_comes_first_and_stays_there(house: House) -> None:
    lists, videos = house.watchlists(), [house.put("M").id, house.put("N").id]
    for video in (*videos, videos[0]):
        lists.add(house.account.id, DEFAULT_PROFILE, video)
        house.clock.advance(seconds=1)
    assert listed(house) == videos[::-1]
    lists.remove(house.account.id, DEFAULT_PROFILE, videos[1])
    lists.remove(house.account.id, DEFAULT_PROFILE, videos[1])
    assert listed(house) == videos[:1]


def test_only_what_viewers_can_see_is_added(house: House) -> None:
    draft = house.put()
    house.withdraw(draft)
    for video in (draft.id, VideoId(1)):
        with pytest.raises(VideoNotFound):
            house.watchlists().add(house.account.id, DEFAULT_PROFILE, video)
    assert house.table.watchlists == {}
