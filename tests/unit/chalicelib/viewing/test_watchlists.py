"""Watchlists: what may be added, and in which order it is listed."""

import pytest

from chalicelib.catalogue.model import VideoId, VideoNotFound
from chalicelib.viewing.model import DEFAULT_PROFILE
from tests.unit.chalicelib.viewing.conftest import InMemoryViewing


def listed(viewing: InMemoryViewing) -> list[VideoId]:
    page = viewing.watchlists().entries(viewing.account.id, DEFAULT_PROFILE, limit=9)
    return [each.video_id for each in page.entries]


def test_the_last_added_comes_first_and_stays_there(viewing: InMemoryViewing) -> None:
    lists, videos = viewing.watchlists(), [viewing.put("M").id, viewing.put("N").id]
    for video in (*videos, videos[0]):
        lists.add(viewing.account.id, DEFAULT_PROFILE, video)
        viewing.clock.advance(seconds=1)
    assert listed(viewing) == videos[::-1]
    lists.remove(viewing.account.id, DEFAULT_PROFILE, videos[1])
    lists.remove(viewing.account.id, DEFAULT_PROFILE, videos[1])
    assert listed(viewing) == videos[:1]


def test_only_what_viewers_can_see_is_added(viewing: InMemoryViewing) -> None:
    draft = viewing.put()
    viewing.withdraw(draft)
    for video in (draft.id, VideoId(1)):
        with pytest.raises(VideoNotFound):
            viewing.watchlists().add(viewing.account.id, DEFAULT_PROFILE, video)
    assert viewing.table.watchlists == {}
