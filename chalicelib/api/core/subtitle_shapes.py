"""The JSON of subtitles as administrators see them: files beside sources, and tracks that play."""

from collections.abc import Sequence
from typing import TypedDict

from chalicelib.api.core.text_form import said
from chalicelib.catalogue.asset import SubtitleTrack
from chalicelib.ingest.source_keys import name_of
from chalicelib.ingest.subtitles import SubtitleFile, VideoSubtitles


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


def shape_of(subtitles: VideoSubtitles, *, is_plain: bool) -> SubtitlesOfVideo:
    return {
        "files": [_file(each, is_plain=is_plain) for each in subtitles.files],
        "tracks": [_track(each, is_plain=is_plain) for each in subtitles.tracks],
    }


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
