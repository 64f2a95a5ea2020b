"""Playback of a refused revision is for administrators only."""

import m3u8
import pytest

from chalicelib.catalogue.model import Revision, VideoNotFound
from chalicelib.playback.model import NotPlayable
from tests.unit.playback.assets import asset
from tests.unit.playback.conftest import VIEWER, Cinema

SECOND = Revision(2)


def test_an_administrator_plays_a_refused_revision(cinema: Cinema) -> None:
    cinema.refuses(asset(seconds=60))
    cinema.viewers.admins.add(VIEWER.account_id)
    listed = m3u8.loads(cinema.media_playlist("video-720p.m3u8"))
    assert (listed.is_endlist, len(listed.segments)) == (True, 10)


@pytest.mark.parametrize("asked", [None, Revision(1)])
def test_viewers_do_not_see_a_refused_revision(cinema: Cinema, asked: Revision | None) -> None:
    cinema.refuses(asset())
    with pytest.raises(VideoNotFound):
        cinema.playback.all_sizes(VIEWER, cinema.id, playlists_url="", refused=asked)


def test_a_refused_revision_plays_on_request_beside_a_published_one(cinema: Cinema) -> None:
    cinema.shows(asset(seconds=60))
    cinema.refuses(asset(seconds=120), SECOND)
    assert len(m3u8.loads(cinema.media_playlist("video-720p.m3u8")).segments) == 10
    with pytest.raises(VideoNotFound):
        cinema.playback.all_sizes(VIEWER, cinema.id, playlists_url="", refused=SECOND)
    cinema.viewers.admins.add(VIEWER.account_id)
    assert len(m3u8.loads(cinema.media_playlist("video-720p.m3u8")).segments) == 10
    text = cinema.playback.all_sizes(VIEWER, cinema.id, playlists_url="", refused=SECOND)
    token = text.rpartition("grant=")[2].strip().strip('"')
    assert len(m3u8.loads(cinema.media_playlist("video-720p.m3u8", token)).segments) == 20


@pytest.mark.parametrize("asked", [Revision(1), Revision(3)])
def test_no_other_revision_can_be_requested(cinema: Cinema, asked: Revision) -> None:
    cinema.shows(asset())
    cinema.refuses(asset(), SECOND)
    cinema.viewers.admins.add(VIEWER.account_id)
    with pytest.raises(NotPlayable):
        cinema.playback.all_sizes(VIEWER, cinema.id, playlists_url="", refused=asked)


def test_a_grant_from_before_the_refusal_is_refused_to_viewers(cinema: Cinema) -> None:
    cinema.makes(asset(), video=3, audio={0: 3})
    token = cinema.token()
    cinema.media_playlist("video-720p.m3u8", token)
    cinema.refuses(asset())
    with pytest.raises(VideoNotFound):
        cinema.media_playlist("video-720p.m3u8", token)


def test_while_it_is_tried_again_administrators_alone_play_it(cinema: Cinema) -> None:
    cinema.makes(asset(), video=3, audio={0: 3})
    token = cinema.token()
    cinema.tries_again(asset(), video=3, audio={0: 3})
    with pytest.raises(VideoNotFound):
        cinema.media_playlist("video-720p.m3u8", token)
    with pytest.raises(VideoNotFound):
        cinema.token()
    cinema.viewers.admins.add(VIEWER.account_id)
    listed = m3u8.loads(cinema.media_playlist("video-720p.m3u8"))
    assert (listed.is_endlist, len(listed.segments)) == (False, 3)
