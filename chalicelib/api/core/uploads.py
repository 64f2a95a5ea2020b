"""Endpoints for administrators: uploads of sources in parts, and the subtitles beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody, flag, text, whole, wholes
from chalicelib.api.core.subtitle_shapes import SubtitlesOfVideo, shape_of
from chalicelib.api.core.text_form import TEXT_FORM, said
from chalicelib.api.core.video_lookup import to_video_id
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Detail
from chalicelib.api.request import Call
from chalicelib.catalogue.model import LONGEST_NAME, LONGEST_TITLE, VideoId
from chalicelib.clock import LARGEST_ID
from chalicelib.ingest.model import Upload
from chalicelib.ingest.parts import MOST_PARTS, Part
from chalicelib.ingest.sidecar_names import Meaning
from chalicelib.ingest.subtitles import id_of
from chalicelib.ingest.uploads import MOST_URLS, URL_SECONDS
from chalicelib.wiring import ingest

api = Api(OFFICIAL, Blueprint(__name__))

_LONGEST_FILENAME = 1000
_LONGEST_LANGUAGE = 35


@dataclass(frozen=True, slots=True)
class NewUpload:
    filename: str = text(longest=_LONGEST_FILENAME)
    size: int = whole(largest=LARGEST_ID, smallest=0)
    video_id: int | None = whole(largest=LARGEST_ID, required=False)
    title: str | None = text(longest=LONGEST_TITLE, required=False, may_be_blank=True)
    category: str | None = text(longest=LONGEST_NAME, required=False, may_be_blank=True)


@dataclass(frozen=True, slots=True)
class PartNumbers:
    numbers: list[int] = wholes(largest=MOST_PARTS, most=MOST_URLS)


@dataclass(frozen=True, slots=True)
class NewSubtitles:
    language: str = text(longest=_LONGEST_LANGUAGE)
    filename: str = text(longest=_LONGEST_FILENAME)
    size: int = whole(largest=LARGEST_ID, smallest=0)
    # Displayed while subtitles are off, with sound in their language.
    is_forced: bool | None = flag()
    # With sounds and music, for those who do not hear them.
    is_for_deaf: bool | None = flag()


@dataclass(frozen=True, slots=True)
class NewPoster:
    filename: str = text(longest=_LONGEST_FILENAME)
    size: int = whole(largest=LARGEST_ID, smallest=0)


class UploadShape(TypedDict):
    """An upload; its file name is HTML or plain, as `text` says."""

    id: str
    video_id: int
    filename: str
    size: int
    part_size: int
    part_count: int
    created_at: str
    is_complete: bool


class ReceivedPart(TypedDict):
    number: int
    size: int


class UploadWithParts(UploadShape):
    parts: Sequence[ReceivedPart]


class UploadList(TypedDict):
    results: Sequence[UploadShape]


class PartUrl(TypedDict):
    number: int
    size: int
    url: str


class PartUrls(TypedDict):
    results: Sequence[PartUrl]
    expires_in: int


class FileUrl(TypedDict):
    url: str
    expires_in: int


class SubtitlesUrl(FileUrl):
    # Of the file in the list of subtitles, once it is sent.
    id: str


@api.post("/uploads", NewUpload, access=Access.ADMIN, success=201, query=TEXT_FORM)
def begin_upload(call: Call[NewUpload]) -> UploadShape:
    """Begin the upload of a source, for an existing video or for a new draft.

    400 if the extension is one of other files, such as `.txt`, `.srt` or `.zip`.
    """
    sent, is_plain = call.body, call.text_is_plain
    upload = ingest.uploads().begin(
        call.identity.account_id,
        filename=sent.filename,
        size=sent.size,
        video_id=VideoId(sent.video_id) if sent.video_id else None,
        title=sent.title or "",
        category=sent.category or "",
    )
    return _shape(upload, is_plain)


@api.get("/uploads", access=Access.ADMIN, query=TEXT_FORM)
def list_uploads(call: Call[NoBody]) -> UploadList:
    """List the caller's incomplete uploads, the newest first."""
    is_plain = call.text_is_plain
    uploads = ingest.uploads().open_of(call.identity.account_id)
    return {"results": [_shape(upload, is_plain) for upload in uploads]}


@api.get("/uploads/{upload_id}", access=Access.ADMIN, query=TEXT_FORM)
def show_upload(call: Call[NoBody], upload_id: str) -> UploadWithParts:
    """Show an upload and its stored parts, so that a client can resume it."""
    is_plain, upload = call.text_is_plain, _upload(call, upload_id)
    return {**_shape(upload, is_plain), "parts": _received(ingest.uploads().parts(upload))}


@api.post("/uploads/{upload_id}/parts", PartNumbers, access=Access.ADMIN)
def part_addresses(call: Call[PartNumbers], upload_id: str) -> PartUrls:
    """Presigned URLs to PUT parts; each part must have exactly the size next to its URL."""
    upload = _upload(call, upload_id)
    urls = ingest.uploads().part_urls(upload, call.body.numbers)
    return {
        "results": [
            {"number": number, "size": upload.part(number).size, "url": url}
            for number, url in urls.items()
        ],
        "expires_in": URL_SECONDS,
    }


@api.post("/uploads/{upload_id}/complete", NoBody, access=Access.ADMIN, query=TEXT_FORM)
def complete_upload(call: Call[NoBody], upload_id: str) -> UploadShape:
    """Complete the upload: join the parts; the encode begins automatically."""
    is_plain = call.text_is_plain
    return _shape(ingest.uploads().complete(_upload(call, upload_id)), is_plain)


@api.delete("/uploads/{upload_id}", NoBody, access=Access.ADMIN)
def abort_upload(call: Call[NoBody], upload_id: str) -> Detail:
    """Abort the upload and delete its parts; 409 once it is complete."""
    ingest.uploads().abort(_upload(call, upload_id))
    return {"detail": "The upload has been aborted."}


@api.post("/video/{video_id}/subtitles", NewSubtitles, access=Access.ADMIN)
def subtitles_address(call: Call[NewSubtitles], video_id: str) -> SubtitlesUrl:
    """Presigned URL to PUT subtitles, an .srt or .vtt file, for the next encode of the video.

    White space around the language is ignored. A file of the same language, kind and extension
    takes the place of an earlier one.
    """
    sent = call.body
    meaning = Meaning(sent.language, bool(sent.is_forced), bool(sent.is_for_deaf))
    key, url = ingest.uploads().subtitles_url(
        to_video_id(video_id), meaning, filename=sent.filename, size=sent.size
    )
    return {"id": id_of(key), "url": url, "expires_in": URL_SECONDS}


@api.post("/video/{video_id}/poster", NewPoster, access=Access.ADMIN)
def poster_address(call: Call[NewPoster], video_id: str) -> FileUrl:
    """Presigned URL to PUT one picture, a JPEG, PNG or WebP file, as the poster of the video.

    Its sizes are made within a minute, and replace those made of the video in every list;
    `own_poster` of the video says how far that is, or why it was refused. The URL takes exactly
    `size` bytes. Of several pictures, the one whose URL was requested last is used.
    """
    sent = call.body
    url = ingest.posters().upload_url(to_video_id(video_id), filename=sent.filename, size=sent.size)
    return {"url": url, "expires_in": URL_SECONDS}


@api.delete("/video/{video_id}/poster", NoBody, access=Access.ADMIN)
def remove_poster(call: Call[NoBody], video_id: str) -> Detail:  # noqa: ARG001
    """Remove the own poster; the pictures made of the video are shown again."""
    ingest.posters().remove(to_video_id(video_id))
    return {"detail": "The own poster has been removed."}


@api.get("/video/{video_id}/subtitles", access=Access.ADMIN, query=TEXT_FORM)
def list_subtitles(call: Call[NoBody], video_id: str) -> SubtitlesOfVideo:
    """List the files with subtitles beside the sources of a video, and the tracks that play."""
    is_plain, subtitles = call.text_is_plain, ingest.subtitles().of(to_video_id(video_id))
    return shape_of(subtitles, is_plain=is_plain)


@api.delete("/video/{video_id}/subtitles/{file_id}", NoBody, access=Access.ADMIN)
def delete_subtitles(_call: Call[NoBody], video_id: str, file_id: str) -> Detail:
    """Delete a file with subtitles, by its `id` in the list; doing so again changes nothing.

    Media that are made of it stay as they are, until another source is sent.
    """
    ingest.subtitles().remove(to_video_id(video_id), file_id)
    return {"detail": "The subtitles have been deleted."}


def _upload(call: Call[NoBody] | Call[PartNumbers], upload_id: str) -> Upload:
    return ingest.uploads().get(call.identity.account_id, upload_id)


def _shape(upload: Upload, is_plain: bool) -> UploadShape:
    return {
        "id": upload.id,
        "video_id": upload.video_id,
        "filename": said(upload.filename, is_plain=is_plain),
        "size": upload.size,
        "part_size": upload.part_size,
        "part_count": upload.part_count,
        "created_at": upload.created_at.isoformat(),
        "is_complete": not upload.is_open,
    }


def _received(parts: Mapping[int, Part]) -> Sequence[ReceivedPart]:
    return [{"number": number, "size": parts[number].size} for number in sorted(parts)]
