"""Videos and categories as clients of authemail list them: MP4 files, no playlists."""

from collections.abc import Sequence
from typing import TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core import categories
from chalicelib.api.core.categories import ListedCategory
from chalicelib.api.core.chosen_profile import PROFILE
from chalicelib.api.core.dialect_videos import DialectVideos, Fields
from chalicelib.api.core.list_position import AFTER
from chalicelib.api.dialect import AUTHEMAIL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call

api = Api(AUTHEMAIL, Blueprint(__name__))


class VideoWithFile(TypedDict):
    """A video; clients derive the URLs of other heights from that of `file`."""

    id: int
    title: str
    description: str
    file: str | None
    category: ListedCategory | None
    created_at: str
    thumbnail: str


def _shape(fields: Fields) -> VideoWithFile:
    return {
        "id": fields.listed["id"],
        "title": fields.listed["title"],
        "description": fields.listed["description"],
        "file": fields.files.best_url,
        "category": fields.category,
        "created_at": fields.listed["created_at"],
        "thumbnail": fields.listed["thumbnail_url"],
    }


_VIDEOS = DialectVideos(_shape)

api.repeat("GET", "/categories", at="/categories", of=categories.api)


@api.get("/videos", access=Access.SIGNED_IN, query={**AFTER, **PROFILE})
def list_videos(call: Call[NoBody]) -> Prerendered[Sequence[VideoWithFile]]:
    """List the videos, the newest first."""
    return _VIDEOS.all(call, "/videos")


@api.get("/videos/{video_id}", access=Access.SIGNED_IN, query=PROFILE)
def show_video(call: Call[NoBody], video_id: str) -> Prerendered[VideoWithFile]:
    """Show one video."""
    return _VIDEOS.one(call, video_id)
