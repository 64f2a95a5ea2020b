"""Endpoints for administrators: the subtitles of a video, as files beside its sources."""

from collections.abc import Sequence
from typing import TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core.text_form import TEXT_FORM, said
from chalicelib.api.core.video_lookup import to_video_id
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Detail
from chalicelib.api.request import Call
from chalicelib.catalogue.asset import SubtitleTrack
from chalicelib.ingest.source_keys import name_of
from chalicelib.ingest.subtitles import SubtitleFile
from chalicelib.wiring import ingest

api = Api(OFFICIAL, Blueprint(__name__))


class SubtitleFileShape(TypedDict):
    """A file with subtitles beside a source; its name is HTML or plain, as `text` says."""

    id: str
    name: str
    # Null if the name says what is not known; `und` if it says no language.
    language: str | None
    # Displayed while subtitles are off, with sound in their language.
    is_forced: bool
    # With sounds and music, for those who do not hear them.
    is_for_deaf: bool
    size: int
    sent_at: str
    # Whether the next source of the video gets it: another file may have its language and kind.
    is_used: bool


class SubtitleTrackShape(TypedDict):
    """A subtitle track of the media that viewers get."""

    number: int
    name: str
    language: str
    is_forced: bool
    is_for_deaf: bool
    is_default: bool
    # The name of the file that it was made of; null if it was inside the source.
    file: str | None


class SubtitlesOfVideo(TypedDict):
    files: Sequence[SubtitleFileShape]
    tracks: Sequence[SubtitleTrackShape]


@api.get("/video/{video_id}/subtitles", access=Access.ADMIN, query=TEXT_FORM)
def list_subtitles(call: Call[NoBody], video_id: str) -> SubtitlesOfVideo:
    """List the files with subtitles beside the sources of a video, and the tracks that play."""
    is_plain, subtitles = call.text_is_plain, ingest.subtitles().of(to_video_id(video_id))
    return {
        "files": [_file(each, is_plain=is_plain) for each in subtitles.files],
        "tracks": [_track(each, is_plain=is_plain) for each in subtitles.tracks],
    }


@api.delete("/video/{video_id}/subtitles/{file_id}", NoBody, access=Access.ADMIN)
def delete_subtitles(_call: Call[NoBody], video_id: str, file_id: str) -> Detail:
    """Delete a file with subtitles, by its `id` in the list; doing so again changes nothing.

    Media that are made of it stay as they are, until another source is sent.
    """
    ingest.subtitles().remove(to_video_id(video_id), file_id)
    return {"detail": "The subtitles have been deleted."}


def _file(file: SubtitleFile, *, is_plain: bool) -> SubtitleFileShape:
    sidecar = file.sidecar
    return {
        "id": file.id,
        "name": said(name_of(file.stored.key), is_plain=is_plain),
        "language": sidecar.language if sidecar else None,
        "is_forced": sidecar is not None and sidecar.is_forced,
        "is_for_deaf": sidecar is not None and sidecar.is_for_deaf,
        "size": file.stored.size,
        "sent_at": file.stored.sent_at.isoformat(),
        "is_used": file.is_used,
    }


def _track(track: SubtitleTrack, *, is_plain: bool) -> SubtitleTrackShape:
    file = name_of(track.sidecar_key)
    return {
        "number": track.number,
        "name": said(track.name, is_plain=is_plain),
        "language": track.language,
        "is_forced": track.is_forced,
        "is_for_deaf": track.is_for_deaf,
        "is_default": track.is_default,
        "file": said(file, is_plain=is_plain) if file else None,
    }
