"""The use cases of playback: admission and content of playlists."""

from datetime import timedelta

import m3u8
import pytest

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.asset import Container
from chalicelib.catalogue.model import (
    EncodeStatus,
    EncodeSummary,
    Revision,
    VideoId,
    VideoNotFound,
)
from chalicelib.playback.grants import PAUSES
from chalicelib.playback.model import GrantRefused, NotPlayable, SegmentsAreListed
from tests.builders.assets import ENGLISH, GERMAN, SUBTITLES, asset
from tests.unit.chalicelib.playback.conftest import VIEWER, PlaybackHarness


def uris(text: str) -> list[str]:
    return [each.uri for each in m3u8.loads(text).playlists]


def test_a_video_in_the_trash_plays_for_neither_viewers_nor_administrators(
    harness: PlaybackHarness,
) -> None:
    harness.shows(asset())
    token = harness.token()
    harness.change(trashed_at=harness.clock.now())
    for admins in (set(), {VIEWER.account_id}):
        harness.viewers.admins = admins
        with pytest.raises(VideoNotFound):
            harness.token()
        with pytest.raises(VideoNotFound):
            harness.media_playlist("video-720p.m3u8", token)
    harness.change(trashed_at=None)
    assert harness.media_playlist("video-720p.m3u8", token)


def test_a_viewer_gets_all_sizes_with_a_grant_in_each_url(harness: PlaybackHarness) -> None:
    harness.shows(asset())
    listed = uris(harness.playback.all_sizes(VIEWER, harness.id, playlists_url="playlist/"))
    assert [each.partition("?")[0] for each in listed] == [
        "playlist/video-480p.m3u8",
        "playlist/video-1080p.m3u8",
        "playlist/video-720p.m3u8",
    ]
    assert len({each.partition("?grant=")[2] for each in listed}) == 1


@pytest.mark.parametrize(
    ("asked", "height"),
    [("1080p", 1080), ("720", 720), ("1440p", 1080), ("240p", 480), ("2160p", 1080)],
)
def test_one_size_is_the_requested_one_or_the_next_smaller(
    harness: PlaybackHarness, asked: str, height: int
) -> None:
    harness.shows(asset())
    text = harness.playback.one_size(VIEWER, harness.id, asked, playlists_url="../playlist/")
    (variant,) = m3u8.loads(text).playlists
    assert variant.stream_info.resolution[1] == height


@pytest.mark.parametrize(
    "asked",
    ["99999p", "", "..", "p", "hd", "-480p", "480p ", "\u0664p", "100000p", "1000p", "0", "120p"],
)
def test_an_unknown_resolution_is_not_playable(harness: PlaybackHarness, asked: str) -> None:
    harness.shows(asset())
    with pytest.raises(NotPlayable):
        harness.playback.one_size(VIEWER, harness.id, asked, playlists_url="")


def test_every_url_of_a_media_playlist_is_absolute_and_signed(harness: PlaybackHarness) -> None:
    harness.shows(asset(seconds=60, subtitles=(SUBTITLES,)))
    for name in ("video-720p.m3u8", "audio-0.m3u8", "subtitles-0.m3u8"):
        listed = m3u8.loads(harness.media_playlist(name))
        folder = f"media/{harness.id}/1/"
        addresses = [each.uri for each in [*listed.segments, *filter(None, listed.segment_map)]]
        assert addresses
        for address in addresses:
            assert address.startswith(f"https://media.example/{folder}")
            assert f"?opens={folder}&until=" in address


def test_a_signature_outlives_the_video_and_four_hours_of_pauses(harness: PlaybackHarness) -> None:
    harness.shows(asset(seconds=7200))
    text = harness.media_playlist("video-720p.m3u8")
    until = int(text.partition("until=")[2].split()[0].strip('"'))
    life = timedelta(seconds=until - harness.clock.now().timestamp())
    assert timedelta(hours=2) + PAUSES <= life <= timedelta(hours=2, minutes=15) + PAUSES


def test_one_signature_serves_a_quarter_of_an_hour(harness: PlaybackHarness) -> None:
    harness.shows(asset())
    for name in ("video-720p.m3u8", "video-480p.m3u8", "audio-0.m3u8", "audio-0.m3u8"):
        harness.media_playlist(name, harness.token())
    assert harness.signer.signed == 1
    harness.clock.advance(minutes=15)
    harness.media_playlist("video-720p.m3u8")
    assert harness.signer.signed == 2


def test_a_player_gets_the_same_urls_at_every_reload(harness: PlaybackHarness) -> None:
    harness.makes(asset(seconds=600), video=3, audio={0: 3})
    token = harness.token()
    before = harness.media_playlist("video-720p.m3u8", token)
    harness.clock.advance(minutes=40)
    harness.makes(asset(seconds=600), video=9, audio={0: 9})
    assert harness.media_playlist("video-720p.m3u8", token).startswith(before)


def test_a_complete_stream_is_read_once(harness: PlaybackHarness) -> None:
    harness.shows(asset())
    for name in ("video-720p.m3u8", "audio-0.m3u8"):
        harness.media_playlist(name)
    assert harness.streams.reads == 1


def test_during_the_encode_all_sizes_and_one_size_play(harness: PlaybackHarness) -> None:
    harness.makes(
        asset(seconds=600, audio=(ENGLISH, GERMAN), subtitles=(SUBTITLES,)), video=2, audio={0: 1}
    )
    listed = m3u8.loads(harness.playback.all_sizes(VIEWER, harness.id, playlists_url=""))
    assert [each.language for each in listed.media] == ["en"]
    assert len(uris(harness.playback.one_size(VIEWER, harness.id, "720p", playlists_url=""))) == 1
    with pytest.raises(NotPlayable):
        harness.media_playlist("subtitles-0.m3u8")


@pytest.mark.parametrize(("video", "audio"), [(0, {0: 1}), (1, {}), (1, {0: 0})])
def test_nothing_plays_before_audio_and_video_have_segments(
    harness: PlaybackHarness, video: int, audio: dict[int, int]
) -> None:
    harness.makes(asset(), video=video, audio=audio)
    with pytest.raises(NotPlayable):
        harness.token()


def test_a_new_encode_does_not_disturb_viewers_of_the_earlier_revision(
    harness: PlaybackHarness,
) -> None:
    harness.shows(asset())
    token = harness.token()
    harness.shows(asset(seconds=99), Revision(2))
    assert f"media/{harness.id}/1/" in harness.media_playlist("video-720p.m3u8", token)
    assert f"media/{harness.id}/2/" in harness.media_playlist("video-720p.m3u8")


@pytest.mark.parametrize(
    "summary",
    [
        EncodeSummary(Revision(1), EncodeStatus.PENDING),
        EncodeSummary(Revision(1), EncodeStatus.PROCESSING, 5),
        EncodeSummary(Revision(1), EncodeStatus.FAILED, is_playable=True),
    ],
)
def test_a_video_without_media_is_not_playable(
    harness: PlaybackHarness, summary: EncodeSummary
) -> None:
    harness.change(media=None, encode=summary)
    with pytest.raises(VideoNotFound):
        harness.token()
    harness.viewers.admins.add(VIEWER.account_id)
    with pytest.raises(NotPlayable):
        harness.token()


def test_an_unpublished_video_plays_for_administrators_only(harness: PlaybackHarness) -> None:
    harness.shows(asset())
    token = harness.token()
    harness.change(is_published=False)
    with pytest.raises(VideoNotFound):
        harness.token()
    with pytest.raises(VideoNotFound):
        harness.media_playlist("video-720p.m3u8", token)
    harness.viewers.admins.add(AccountId(7))
    assert "#EXTINF" in harness.media_playlist("video-720p.m3u8", token)


def test_a_deleted_video_ends_its_grants(harness: PlaybackHarness) -> None:
    harness.shows(asset())
    token = harness.token()
    del harness.finder.videos[harness.id]
    with pytest.raises(VideoNotFound):
        harness.media_playlist("video-720p.m3u8", token)


def test_a_grant_ends_with_its_session(harness: PlaybackHarness) -> None:
    harness.shows(asset())
    token = harness.token()
    harness.viewers.sessions.remove(VIEWER.session_id)
    with pytest.raises(GrantRefused):
        harness.media_playlist("video-720p.m3u8", token)


def test_a_grant_is_for_one_video_and_expires(harness: PlaybackHarness) -> None:
    harness.shows(asset())
    token = harness.token()
    with pytest.raises(GrantRefused):
        harness.playback.media_playlist(VideoId(harness.id + 1), "video-720p.m3u8", token)
    harness.clock.advance(hours=4, minutes=16)
    with pytest.raises(GrantRefused):
        harness.media_playlist("video-720p.m3u8", token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c"])
def test_without_a_grant_there_is_no_media_playlist(harness: PlaybackHarness, token: str) -> None:
    harness.shows(asset())
    with pytest.raises(GrantRefused):
        harness.media_playlist("video-720p.m3u8", token)


@pytest.mark.parametrize(
    "name",
    [
        "video-240p.m3u8",
        "audio-1.m3u8",
        "audio-00.m3u8",
        "subtitles-0.m3u8",
        "iframes-720p.m3u8",
        "video-1.m3u8",
        "../x",
        "",
    ],
)
def test_a_missing_rendition_is_not_playable(harness: PlaybackHarness, name: str) -> None:
    harness.shows(asset())
    with pytest.raises(NotPlayable):
        harness.media_playlist(name)


def test_iframe_playlists_are_offered_once_they_are_measured(harness: PlaybackHarness) -> None:
    harness.shows(asset(seconds=14, has_iframes=True))
    harness.streams.indexes[harness.id, Revision(1)] = {"720p": [9000, 7500, 5000]}
    listed = m3u8.loads(harness.playback.all_sizes(VIEWER, harness.id, playlists_url=""))
    (offered,) = listed.iframe_playlists
    # The last one lasts two seconds only.
    assert offered.iframe_stream_info.bandwidth == 5000 * 8 / 2
    name = offered.uri.partition("?")[0]
    assert m3u8.loads(harness.media_playlist(name)).segments[0].byterange == "9000@0"


@pytest.mark.parametrize("segment", ["000.ts", "0.m4s", "00000.m4s"])
@pytest.mark.parametrize("container", Container)
def test_a_single_segment_is_refused(
    harness: PlaybackHarness, segment: str, container: Container
) -> None:
    harness.shows(asset(container=container))
    with pytest.raises(SegmentsAreListed, match=r"index\.m3u8"):
        harness.playback.require_no_segment(VIEWER, harness.id, "480p", segment)


@pytest.mark.parametrize(
    "segment",
    ["..", "4.ts", "99999.ts", "999999999999.ts", "-1.ts", "0.exe", "0", "a/0.ts", "\u0660.ts", ""],
)
def test_an_unknown_segment_is_not_playable(harness: PlaybackHarness, segment: str) -> None:
    harness.shows(asset())
    with pytest.raises(NotPlayable):
        harness.playback.require_no_segment(VIEWER, harness.id, "480p", segment)


def test_the_storyboard_points_into_signed_sheets(harness: PlaybackHarness) -> None:
    harness.shows(asset(seconds=6 * 101))
    text = harness.playback.storyboard(VIEWER, harness.id)
    cues = text.split("\n\n")
    assert cues[0] == "WEBVTT"
    assert cues[12].startswith("00:01:06.000 --> 00:01:12.000\nhttps://media.example/media/")
    assert cues[12].endswith("#xywh=160,90,160,90")
    assert "storyboard/001.jpg?opens=" in cues[101]
