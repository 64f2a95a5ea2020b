"""Keys of the uploads bucket: how they are built, and what they say about an object."""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.catalogue.language_tags import is_written_tag
from chalicelib.catalogue.model import LONGEST_NAME, LONGEST_TITLE, VideoId, slug_of
from chalicelib.catalogue.names import one_line
from chalicelib.clock import EPOCH, LARGEST_ID, MILLISECOND
from chalicelib.encoding.model import Sidecar, UnusedSidecars
from chalicelib.ingest.sidecar_names import Meaning, meaning_of

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
_OTHER_FOLDERS = frozenset({".", ".."})
_UPLOADED_SIDECAR = re.compile(r"uploads/[1-9]\d{0,15}/subtitles/(?P<words>[^/]+)\.(srt|vtt)")
INBOX = "inbox/"
# The id of an upload begins with the time of its beginning, in hexadecimal milliseconds.
_TIME_DIGITS, _RANDOM_BYTES = 12, 10
# Longer than any upload lasts. Ids of earlier versions are random: as times, they are elsewhere.
_MOST_OLD, _MOST_AHEAD = timedelta(days=60), timedelta(hours=1)
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,5})$")
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
    # On a disk, as which the inbox may be copied, it would be outside of its folder.
    if not _OTHER_FOLDERS.isdisjoint({*folders, name}):
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


def next_source_key(video_id: VideoId) -> str:
    """Return a key at which the next source of a video may be."""
    return upload_key(video_id, "0" * (_TIME_DIGITS + 2 * _RANDOM_BYTES), "")


def sidecar_key(video_id: VideoId, words: str, suffix: str) -> str:
    """Return the key of subtitles; the words are a language or more, as `words_of` has them."""
    said = meaning_of(words.split(".")) or Meaning()
    return f"uploads/{video_id}/subtitles/{said.words}.{suffix}"


def uploads_of(video_id: VideoId) -> str:
    return f"uploads/{video_id}/"


def sidecar_folder(source_key: str) -> str:
    """Return the prefix of the keys of all subtitles of a source."""
    if uploaded := _UPLOAD.fullmatch(source_key):
        return f"uploads/{uploaded['video']}/subtitles/"
    return _stem(source_key) + "."


def sidecar_key_beside(source_key: str, sidecar: Sidecar) -> str:
    """Return the key at which these subtitles are beside a source."""
    return f"{sidecar_folder(source_key)}{words_of(sidecar)}.{suffix_of(sidecar.key)}"


def words_of(sidecar: Sidecar) -> str:
    """Return the words of a name that says what these subtitles are."""
    return Meaning(sidecar.language, sidecar.is_forced, sidecar.is_for_deaf).words


def sidecars_among(keys: Iterable[str], *, source_key: str) -> Sequence[Sidecar]:
    """Choose the subtitles of a source, one for each language and kind.

    `.vtt` says more than `.srt`.
    """
    return [
        _sidecar(said, of_it[-1]) for said, of_it in sorted(_by_meaning(keys, source_key).items())
    ]


def unused_beside(keys: Sequence[str], *, source_key: str) -> UnusedSidecars:
    return UnusedSidecars(
        unread=[*map(name_of, _unread_beside(keys, source_key))],
        second=[
            (name_of(of_it[-1]), name_of(key))
            for _, of_it in sorted(_by_meaning(keys, source_key).items())
            for key in of_it[:-1]
        ],
    )


def files_beside(keys: Sequence[str], *, source_key: str) -> Mapping[str, Sidecar | None]:
    """Return all subtitles of a source; None for those whose words no rule reads.

    Of one language and kind, the last one is used.
    """
    read = {
        key: _sidecar(said, key)
        for said, of_it in sorted(_by_meaning(keys, source_key).items())
        for key in of_it
    }
    return {**read, **dict.fromkeys(_unread_beside(keys, source_key))}


def _sidecar(said: Meaning, key: str) -> Sidecar:
    return Sidecar(said.language, key, is_forced=said.is_forced, is_for_deaf=said.is_for_deaf)


def _by_meaning(keys: Iterable[str], source_key: str) -> Mapping[Meaning, Sequence[str]]:
    """Return the subtitles of a source by language and kind, the one that is used last."""
    beside: dict[Meaning, list[str]] = {}
    for key in sorted(keys, key=lambda key: (suffix_of(key), key)):
        if meaning := _meaning_of(key, source_key):
            beside.setdefault(meaning, []).append(key)
    return beside


def _unread_beside(keys: Iterable[str], source_key: str) -> Sequence[str]:
    """Return the keys of subtitles that lie beside a source, and whose words no rule reads."""
    beside = sorted(key for key in keys if key.startswith(sidecar_folder(source_key)))
    stems = {_stem(key) + "." for key in beside if may_be_video(key)}
    longer = [stem for stem in stems if len(stem) > len(_stem(source_key) + ".")]
    return [
        key
        for key in beside
        if suffix_of(key) in SIDECAR_SUFFIXES
        and "/" not in key[len(sidecar_folder(source_key)) :]
        and _meaning_of(key, source_key) is None
        # "Film.2.de.srt" is of "Film.2.mp4", not of "Film.mp4".
        and not any(key.startswith(stem) for stem in longer)
    ]


def is_language(tag: str) -> bool:
    return "_" not in tag and is_written_tag(tag)


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


def _meaning_of(key: str, source_key: str) -> Meaning | None:
    if suffix_of(key) not in SIDECAR_SUFFIXES:
        return None
    if _UPLOAD.fullmatch(source_key):
        uploaded = _UPLOADED_SIDECAR.fullmatch(key)
        return meaning_of(uploaded["words"].split(".")) if uploaded else None
    # "Title.srt" says no language, "Title.en.srt" does.
    words = _stem(key)[len(_stem(source_key)) :].removeprefix(".")
    return meaning_of(words.split(".") if words else [])


def name_of(key: str) -> str:
    return key.rpartition("/")[2]


def _stem(key: str) -> str:
    return _SUFFIX.sub("", key)
