"""Videos and trailers as clients of djoser call them; administrators write."""

from collections.abc import Sequence
from typing import TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core import curation
from chalicelib.api.core.chosen_profile import PROFILE
from chalicelib.api.core.dialect_videos import DialectVideos, Fields, ForAdministrators
from chalicelib.api.core.fields_by_language import ChangesByLanguage, WholeByLanguage
from chalicelib.api.core.list_position import AFTER
from chalicelib.api.dialect import DJOSER
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call

api = Api(DJOSER, Blueprint(__name__))


class Variant(TypedDict):
    path: str
    height: int


class VideoWithVariants(ForAdministrators):
    """A video with the URLs of its MP4 files."""

    id: int
    title: str
    description: str
    category: str
    is_trailer: bool
    thumb: str
    hero_frame: str
    source_url: str | None
    video_file: str | None
    source_variants: Sequence[Variant]
    genre: str
    release: str | None
    director: str
    license_type: str
    license_url: str | None
    created_at: str


def _shape(fields: Fields) -> VideoWithVariants:
    listed = fields.listed
    return {
        "id": listed["id"],
        "title": listed["title"],
        "description": listed["description"],
        "category": listed["category"],
        "is_trailer": listed["is_trailer"],
        "thumb": listed["thumbnail_url"],
        "hero_frame": listed["hero_url"],
        "source_url": None,
        "video_file": fields.files.best_url,
        "source_variants": [
            {"path": file.url, "height": file.height} for file in fields.files.by_height
        ],
        "genre": listed["genre"],
        "release": fields.release,
        "director": listed["director"],
        "license_type": listed["license_type"],
        "license_url": fields.license_url,
        "created_at": listed["created_at"],
        **fields.for_administrators,
    }


_WITH_VARIANTS = DialectVideos(_shape)


@api.get("/videos", access=Access.SIGNED_IN, query={**AFTER, **PROFILE})
def list_videos(call: Call[NoBody]) -> Prerendered[Sequence[VideoWithVariants]]:
    """List the videos, the newest first; to administrators also drafts."""
    return _WITH_VARIANTS.all(call, "/videos", has_drafts=True)


@api.get("/trailers", access=Access.SIGNED_IN, query={**AFTER, **PROFILE})
def list_trailers(call: Call[NoBody]) -> Prerendered[Sequence[VideoWithVariants]]:
    """List the trailers, the newest first."""
    return _WITH_VARIANTS.all(call, "/trailers", is_trailer=True)


@api.get("/videos/{video_id}", access=Access.SIGNED_IN, query=PROFILE)
def show_video(call: Call[NoBody], video_id: str) -> Prerendered[VideoWithVariants]:
    """Show one video; administrators also get drafts."""
    return _WITH_VARIANTS.one(call, video_id)


@api.post("/videos", WholeByLanguage, access=Access.ADMIN, success=201)
def add_video(call: Call[WholeByLanguage]) -> VideoWithVariants:
    """Add a video without media; viewers see it once it is published and has media.

    Without a `title`, it is that of the caller's language, else the English one.
    """
    return _WITH_VARIANTS.written(call, curation.added(call))


@api.put("/videos/{video_id}", WholeByLanguage, access=Access.ADMIN)
def replace_video(call: Call[WholeByLanguage], video_id: str) -> VideoWithVariants:
    """Replace a video; fields of the answer that are not sent become empty, all others stay.

    Texts of a language and `is_published` stay as well. `title` and `description` are as in a
    change.
    """
    return _WITH_VARIANTS.written(call, curation.changed(call, video_id))


@api.patch("/videos/{video_id}", ChangesByLanguage, access=Access.ADMIN)
def change_video(call: Call[ChangesByLanguage], video_id: str) -> VideoWithVariants:
    """Change the fields that are sent; all others stay.

    `title` and `description` are those of the caller's language if the video has texts in it. What
    is sent as the answer shows it stays as it is.
    """
    return _WITH_VARIANTS.written(call, curation.changed(call, video_id))


@api.delete("/videos/{video_id}", NoBody, access=Access.ADMIN, success=204)
def remove_video(call: Call[NoBody], video_id: str) -> None:  # noqa: ARG001 - as every view
    """Delete a video and its media, and cancel its encode."""
    curation.remove(video_id)
