"""Keys of the uploads bucket: how they are built, and what they say about an object."""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.catalogue.model import LONGEST_NAME, LONGEST_TITLE, VideoId, slug_of
from chalicelib.catalogue.names import one_line
from chalicelib.clock import EPOCH, LARGEST_ID, MILLISECOND
from chalicelib.encoding.model import Sidecar

UNTITLED = "Untitled"
SIDECAR_SUFFIXES = frozenset({"srt", "vtt"})
SUBTITLE_SUFFIXES = SIDECAR_SUFFIXES | {"ass", "ssa", "sub", "idx", "sup", "smi", "ttml"}
# Without formats that may hold a video: a photo of a telephone (.jpg), an animated PNG or GIF, Ogg.
OTHER_SUFFIXES = frozenset({
    *("txt", "md", "nfo", "rtf", "pdf", "doc", "docx", "odt", "xls", "xlsx", "ppt", "pptx", "csv"),
    *("htm", "html", "xml", "json", "zip", "rar", "7z", "tar", "gz", "tgz", "exe", "msi", "dmg"),
    *("apk", "bmp", "tif", "tiff", "svg", "psd", "heic", "mp3", "flac", "wav", "mid", "m4a", "m4b"),
    *("aac", "ac3", "oga", "opus", "wma", "aif", "aiff", "amr", "ape", "mka", "weba"),
})  # fmt: skip

_UPLOAD = re.compile(
    r"uploads/(?P<video>[1-9]\d{0,15})/(?P<upload>[0-9a-f]{32})/source(\.[a-z0-9]{1,5})?"
)
_UPLOADED_SIDECAR = re.compile(r"uploads/[1-9]\d{0,15}/subtitles/(?P<language>[^/.]+)\.(srt|vtt)")
INBOX = "inbox/"
# The id of an upload begins with the time of its beginning, in hexadecimal milliseconds.
_TIME_DIGITS, _RANDOM_BYTES = 12, 10
# Longer than any upload lasts. Ids of earlier versions are random: as times, they are elsewhere.
_MOST_OLD, _MOST_AHEAD = timedelta(days=60), timedelta(hours=1)
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,5})$")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
# Surrogates, private use, unassigned: no two systems display the same.
_UNPRINTABLE = frozenset({"Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True)
class UploadedSource:
    video_id: VideoId
    upload_id: str


@dataclass(frozen=True, slots=True)
class DroppedSource:
    """Put into the inbox by a program with rights on the bucket."""

    title: str
    category: str


def new_upload_id(now: datetime) -> str:
    milliseconds = (now - EPOCH) // MILLISECOND
    return f"{milliseconds:0{_TIME_DIGITS}x}{secrets.token_hex(_RANDOM_BYTES)}"


def begun_at(upload_id: str, now: datetime) -> datetime:
    """Return when an upload began; now, if its id does not tell."""
    at = int(upload_id[:_TIME_DIGITS], 16) * MILLISECOND
    age = now - EPOCH - at
    return EPOCH + at if -_MOST_AHEAD <= age <= _MOST_OLD else now


def read_key(key: str) -> UploadedSource | DroppedSource | None:
    """Return what a key says of a source; None for any other object, such as subtitles."""
    if uploaded := _UPLOAD.fullmatch(key):
        number = int(uploaded["video"])
        return UploadedSource(VideoId(number), uploaded["upload"]) if number <= LARGEST_ID else None
    *folders, name = key.removeprefix(INBOX).split("/")
    if not key.startswith(INBOX) or not name or not may_be_video(name):
        return None
    # The first folder: deeper ones are often of one video, or of one season.
    category = cleaned(next(filter(None, folders), ""))[:LONGEST_NAME].strip()
    # A folder of one emoji names no category.
    return DroppedSource(title_from(name), category if slug_of(category) else "")


def is_left_in_inbox(key: str) -> bool:
    """Whether an object lies in the inbox, and is neither a source, subtitles nor a folder."""
    is_file = key.startswith(INBOX) and not key.endswith("/")
    return is_file and suffix_of(key) not in SIDECAR_SUFFIXES and read_key(key) is None


def is_subtitles(filename: str) -> bool:
    return suffix_of(filename) in SUBTITLE_SUFFIXES


def may_be_video(filename: str) -> bool:
    """Whether a file of this name may be a video: an unknown or missing extension may be one."""
    return suffix_of(filename) not in SUBTITLE_SUFFIXES | OTHER_SUFFIXES


def upload_key(video_id: VideoId, upload_id: str, filename: str) -> str:
    suffix = suffix_of(filename)
    return f"uploads/{video_id}/{upload_id}/source{'.' if suffix else ''}{suffix}"


def sidecar_key(video_id: VideoId, language: str, suffix: str) -> str:
    return f"uploads/{video_id}/subtitles/{language}.{suffix}"


def uploads_of(video_id: VideoId) -> str:
    return f"uploads/{video_id}/"


def sidecar_folder(source_key: str) -> str:
    """Return the prefix of the keys of all subtitles of a source."""
    if uploaded := _UPLOAD.fullmatch(source_key):
        return f"uploads/{uploaded['video']}/subtitles/"
    return _stem(source_key) + "."


def sidecar_key_beside(source_key: str, sidecar: Sidecar) -> str:
    """Return the key at which these subtitles are beside a source."""
    return f"{sidecar_folder(source_key)}{sidecar.language}.{suffix_of(sidecar.key)}"


def sidecars_among(keys: Iterable[str], *, source_key: str) -> Sequence[Sidecar]:
    """Choose the subtitles of a source, one for each language: `.vtt` says more than `.srt`."""
    chosen: dict[str, Sidecar] = {}
    for key in sorted(keys):
        language = _language_of(key, source_key)
        if language:
            chosen[language] = Sidecar(language, key)
    return sorted(chosen.values(), key=lambda sidecar: sidecar.language)


def is_language(tag: str) -> bool:
    return _LANGUAGE.fullmatch(tag) is not None


def suffix_of(name: str) -> str:
    """The extension in lower case if it looks like one, else nothing."""
    match = _SUFFIX.search(name)
    return match[1].lower() if match else ""


def title_from(filename: str) -> str:
    """Return a title made of a file's name."""
    name = re.split(r"[/\\]", filename)[-1]
    return cleaned(_SUFFIX.sub("", name).replace("_", " ")) or UNTITLED


def cleaned(text: str) -> str:
    """Return a name of one line, no longer than a title may be."""
    printable = (" " if unicodedata.category(each) in _UNPRINTABLE else each for each in text)
    return unicodedata.normalize("NFC", one_line("".join(printable)))[:LONGEST_TITLE].strip()


def _language_of(key: str, source_key: str) -> str:
    if suffix_of(key) not in SIDECAR_SUFFIXES:
        return ""
    if _UPLOAD.fullmatch(source_key):
        uploaded = _UPLOADED_SIDECAR.fullmatch(key)
        tag = uploaded["language"] if uploaded else ""
    else:
        # "Title.srt" says no language, "Title.en.srt" does.
        tag = _stem(key)[len(_stem(source_key)) :].removeprefix(".") or "und"
    return tag if is_language(tag) else ""


def _stem(key: str) -> str:
    return _SUFFIX.sub("", key)
