"""Playback of a refused revision is for administrators only."""

import m3u8
import pytest

from chalicelib.catalogue.model import Revision, VideoNotFound
from chalicelib.playback.model import NotPlayable
from tests.builders.assets import asset
from tests.unit.chalicelib.playback.conftest import VIEWER, PlaybackHarness

SECOND = Revision(2)


def test_an_administrator_plays_a_refused_revision(harness: PlaybackHarness) -> None:
    harness.refuses(asset(seconds=60))
    harness.viewers.admins.add(VIEWER.account_id)
    listed = m3u8.loads(harness.media_playlist("video-720p.m3u8"))
    assert (listed.is_endlist, len(listed.segments)) == (True, 10)


@pytest.mark.parametrize("asked", [None, Revision(1)])
def test_viewers_do_not_see_a_refused_revision(
    harness: PlaybackHarness, asked: Revision | None
) -> None:
    harness.refuses(asset())
    with pytest.raises(VideoNotFound):
        harness.playback.all_sizes(VIEWER, harness.id, playlists_url="", refused=asked)


def test_a_refused_revision_plays_on_request_beside_a_published_one(
    harness: PlaybackHarness,
) -> None:
    harness.shows(asset(seconds=60))
    harness.refuses(asset(seconds=120), SECOND)
    assert len(m3u8.loads(harness.media_playlist("video-720p.m3u8")).segments) == 10
    with pytest.raises(VideoNotFound):
        harness.playback.all_sizes(VIEWER, harness.id, playlists_url="", refused=SECOND)
    harness.viewers.admins.add(VIEWER.account_id)
    assert len(m3u8.loads(harness.media_playlist("video-720p.m3u8")).segments) == 10
    text = harness.playback.all_sizes(VIEWER, harness.id, playlists_url="", refused=SECOND)
    token = text.rpartition("grant=")[2].strip().strip('"')
    assert len(m3u8.loads(harness.media_playlist("video-720p.m3u8", token)).segments) == 20


@pytest.mark.parametrize("asked", [Revision(1), Revision(3)])
def test_no_other_revision_can_be_requested(harness: PlaybackHarness, asked: Revision) -> None:
    harness.shows(asset())
    harness.refuses(asset(), SECOND)
    harness.viewers.admins.add(VIEWER.account_id)
    with pytest.raises(NotPlayable):
        harness.playback.all_sizes(VIEWER, harness.id, playlists_url="", refused=asked)


def test_a_grant_from_before_the_refusal_is_refused_to_viewers(harness: PlaybackHarness) -> None:
    harness.makes(asset(), video=3, audio={0: 3})
    token = harness.token()
    harness.media_playlist("video-720p.m3u8", token)
    harness.refuses(asset())
    with pytest.raises(VideoNotFound):
        harness.media_playlist("video-720p.m3u8", token)


def test_while_it_is_tried_again_administrators_alone_play_it(harness: PlaybackHarness) -> None:
    harness.makes(asset(), video=3, audio={0: 3})
    token = harness.token()
    harness.tries_again(asset(), video=3, audio={0: 3})
    with pytest.raises(VideoNotFound):
        harness.media_playlist("video-720p.m3u8", token)
    with pytest.raises(VideoNotFound):
        harness.token()
    harness.viewers.admins.add(VIEWER.account_id)
    listed = m3u8.loads(harness.media_playlist("video-720p.m3u8"))
    assert (listed.is_endlist, len(listed.segments)) == (False, 3)
