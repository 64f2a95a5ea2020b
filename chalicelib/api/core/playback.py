"""Watch a title: playlists for every kind of player, and the pictures of its scrub bar."""

from typing import NoReturn

from chalice.app import Blueprint

from chalicelib import bootstrap
from chalicelib.api.body import NoBody
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api, Query
from chalicelib.api.identity import Access
from chalicelib.api.reply import MEDIA_TYPES, Cues, Playlist, Reply
from chalicelib.api.request import Call, whole_number
from chalicelib.catalogue.model import Revision, VideoId, VideoNotFound
from chalicelib.identifiers import LARGEST_ID

api = Api(OFFICIAL, Blueprint(__name__))

_TYPE = "Content-Type"


@api.get(
    "/video/{video_id}/master.m3u8",
    access=Access.SIGNED_IN,
    query={
        "revision": Query(
            "For administrators: the revision that was refused for its damage.",
            largest=LARGEST_ID,
        )
    },
)
def master(call: Call[NoBody], video_id: str) -> Reply[Playlist]:
    """All sizes, languages and subtitles of a title, also while it is still being made.

    The addresses in it work without cookies for as long as the session lasts, so that a
    television can be given them.
    """
    playlists_url = _playlists(call, levels=0)
    number = call.query_number("revision", largest=LARGEST_ID)
    refused = Revision(number) if number else None
    text = bootstrap.playback().all_sizes(
        call.identity, _id(video_id), playlists_url=playlists_url, refused=refused
    )
    return _playlist(text)


@api.get("/video/{video_id}/{resolution}/index.m3u8", access=Access.SIGNED_IN)
def one_size(call: Call[NoBody], video_id: str, resolution: str) -> Reply[Playlist]:
    """A title in one size: the one asked for, such as `720p`, or the next smaller one.

    It grows while the title is still being made.
    """
    playlists_url = _playlists(call, levels=1)
    text = bootstrap.playback().one_size(
        call.identity, _id(video_id), resolution, playlists_url=playlists_url
    )
    return _playlist(text)


@api.get(
    "/video/{video_id}/playlist/{name}",
    # The grant says who may: televisions have no cookies.
    access=Access.PUBLIC,
    query={"grant": Query("Who may watch: it is part of the addresses in `master.m3u8`.")},
)
def pieces(call: Call[NoBody], video_id: str, name: str) -> Reply[Playlist]:
    """The segments of one size, sound or subtitle track, as signed addresses."""
    text = bootstrap.playback().media_playlist(_id(video_id), name, call.query_text("grant"))
    return _playlist(text)


@api.get("/video/{video_id}/{resolution}/{segment}", access=Access.SIGNED_IN)
def segment(call: Call[NoBody], video_id: str, resolution: str, segment: str) -> NoReturn:
    """Always 404: a segment such as `000.ts` has no sound and no init section of its own.

    `index.m3u8` lists where the segments are, and players read that.
    """
    bootstrap.playback().require_no_segment(call.identity, _id(video_id), resolution, segment)


@api.get("/video/{video_id}/storyboard.vtt", access=Access.SIGNED_IN)
def storyboard(call: Call[NoBody], video_id: str) -> Reply[Cues]:
    """Small pictures for the scrub bar: which part of which sheet belongs to which moment."""
    text = bootstrap.playback().storyboard(call.identity, _id(video_id))
    return Reply(Cues(text), headers={_TYPE: MEDIA_TYPES[Cues]})


def _id(text: str) -> VideoId:
    number = whole_number(text, largest=LARGEST_ID)
    if number is None:
        raise VideoNotFound
    return VideoId(number)


def _playlists(call: Call[NoBody], *, levels: int) -> str:
    """Where the media playlists are, seen from this address: a proxy may have moved it."""
    path = str(call.request.to_original_event().get("path", ""))
    return "../" * (levels + path.endswith("/")) + "playlist/"


def _playlist(text: str) -> Reply[Playlist]:
    return Reply(Playlist(text), headers={_TYPE: MEDIA_TYPES[Playlist]})
