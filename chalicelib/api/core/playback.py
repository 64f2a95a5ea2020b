"""Endpoints for players: playlists, MP4 files and the storyboard of a video."""

from collections.abc import Sequence
from typing import NoReturn, TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core.chosen_profile import PROFILE, age_limit_of
from chalicelib.api.core.video_lookup import to_video_id
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.reply import MEDIA_TYPES, Cues, Playlist, Reply
from chalicelib.api.request import Call
from chalicelib.catalogue.model import Revision
from chalicelib.clock import LARGEST_ID
from chalicelib.wiring import playback

api = Api(OFFICIAL, Blueprint(__name__))

_TYPE = "Content-Type"


class FileShape(TypedDict):
    height: int
    url: str


class VideoFiles(TypedDict):
    """The MP4 files of a video, the largest first."""

    url: str | None
    files: Sequence[FileShape]
    expires_at: str | None


@api.get(
    "/video/{video_id}/master.m3u8",
    access=Access.SIGNED_IN,
    query={
        "revision": Query(
            "For administrators: a revision that was refused for its damage.",
            largest=LARGEST_ID,
        ),
        **PROFILE,
    },
)
def master(call: Call[NoBody], video_id: str) -> Reply[Playlist]:
    """Multivariant playlist: all sizes, languages and subtitles, also during the encode.

    The URLs in it work without cookies until the session ends, so that they can be sent to a
    television.
    """
    playlists_url = _playlists(call, levels=0)
    number = call.query_number("revision", largest=LARGEST_ID)
    refused = Revision(number) if number else None
    text = playback.playback().all_sizes(
        call.identity,
        to_video_id(video_id),
        playlists_url=playlists_url,
        age_limit=age_limit_of(call),
        refused=refused,
    )
    return _playlist(text)


@api.get("/video/{video_id}/{resolution}/index.m3u8", access=Access.SIGNED_IN, query=PROFILE)
def one_size(call: Call[NoBody], video_id: str, resolution: str) -> Reply[Playlist]:
    """Playlist of one size, such as `720p`, or else of the next smaller one.

    It grows during the encode.
    """
    playlists_url = _playlists(call, levels=1)
    text = playback.playback().one_size(
        call.identity,
        to_video_id(video_id),
        resolution,
        playlists_url=playlists_url,
        age_limit=age_limit_of(call),
    )
    return _playlist(text)


@api.get(
    "/video/{video_id}/playlist/{name}",
    # Authorized by the grant: televisions have no cookies.
    access=Access.PUBLIC,
    query={"grant": Query("The permission to play; it is part of the URLs in `master.m3u8`.")},
)
def pieces(call: Call[NoBody], video_id: str, name: str) -> Reply[Playlist]:
    """Media playlist of one rendition: its segments as signed URLs."""
    text = playback.playback().media_playlist(to_video_id(video_id), name, call.query_text("grant"))
    return _playlist(text)


@api.get("/video/{video_id}/{resolution}/{segment}", access=Access.SIGNED_IN, query=PROFILE)
def segment(call: Call[NoBody], video_id: str, resolution: str, segment: str) -> NoReturn:
    """Always 404: a segment such as `000.ts` cannot be played alone.

    `index.m3u8` leads players to the URLs of segments.
    """
    playback.playback().require_no_segment(
        call.identity, to_video_id(video_id), resolution, segment, age_limit=age_limit_of(call)
    )


@api.get("/video/{video_id}/files", access=Access.SIGNED_IN, query=PROFILE)
def files(call: Call[NoBody], video_id: str) -> VideoFiles:
    """MP4 files for downloads and clients without playlists, by height; signed, with ranges.

    A height is that of a resolution: 1080 of `1080p`, also in a wide picture of fewer lines; 120 is
    in no playlist. `url` is the largest file, and `_720p` before its `.mp4` makes it the URL of
    that height: one signature opens all files, until `expires_at`. The files are made one after the
    other once the video is complete: until then, or if that failed, a URL is answered with 404.
    There are none (`url` is null) before, or where the setting `MP4_FILES` is off.
    """
    made = playback.file_urls().playable(
        call.identity, to_video_id(video_id), age_limit=age_limit_of(call)
    )
    return {
        "url": made.best_url,
        "files": [{"height": file.height, "url": file.url} for file in made.by_height],
        "expires_at": made.expires_at.isoformat() if made.expires_at else None,
    }


@api.get("/video/{video_id}/storyboard.vtt", access=Access.SIGNED_IN, query=PROFILE)
def storyboard(call: Call[NoBody], video_id: str) -> Reply[Cues]:
    """Storyboard as WebVTT: the tile of a sheet for each moment, for the scrub bar."""
    text = playback.playback().storyboard(
        call.identity, to_video_id(video_id), age_limit=age_limit_of(call)
    )
    return Reply(Cues(text), headers={_TYPE: MEDIA_TYPES[Cues]})


def _playlists(call: Call[NoBody], *, levels: int) -> str:
    """Return the relative URL of the media playlists; a proxy may change the absolute path."""
    path = str(call.request.to_original_event().get("path", ""))
    return "../" * (levels + path.endswith("/")) + "playlist/"


def _playlist(text: str) -> Reply[Playlist]:
    return Reply(Playlist(text), headers={_TYPE: MEDIA_TYPES[Playlist]})
