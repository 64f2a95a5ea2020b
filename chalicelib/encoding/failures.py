"""Why an encode fails, in words for the person who uploaded the source."""

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.catalogue.model import Failure


class Reason(StrEnum):
    """Why an encode failed."""

    EMPTY = "empty"
    NOT_VIDEO = "not_video"
    AUDIO_ONLY = "audio_only"
    NO_FRAMES = "no_frames"
    CORRUPT = "corrupt"
    DAMAGED = "damaged"
    UNSUPPORTED_CODEC = "unsupported_codec"
    UNSUPPORTED_FORMAT = "unsupported_format"
    ENCRYPTED = "encrypted"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_STREAMS = "too_many_streams"
    TOO_COSTLY = "too_costly"
    SOURCE_GONE = "source_gone"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    TOO_MUCH_DISK = "too_much_disk"
    NO_WORKER = "no_worker"
    WORKER_LOST = "worker_lost"
    NOT_PROVEN = "not_proven"
    CANCELLED = "cancelled"
    INTERNAL = "internal"


SENTENCES: Mapping[Reason, str] = {
    Reason.EMPTY: "The file is empty: please choose another file, or upload it again.",
    Reason.NOT_VIDEO: "This file is not a video: please choose another file.",
    Reason.AUDIO_ONLY: (
        "This file holds sound, but no moving picture: please upload a file with the picture."
    ),
    Reason.NO_FRAMES: (
        "The file says it holds a video, but there is no picture in it: please export it again."
    ),
    Reason.CORRUPT: "The file is damaged or incomplete. Please upload it again.",
    Reason.DAMAGED: (
        "Too much of the video cannot be read: please upload it again, or look at what can be"
        " read and accept the damage."
    ),
    Reason.UNSUPPORTED_CODEC: (
        "The picture is stored in a way we cannot read: please convert it to MP4 with H.264."
    ),
    Reason.UNSUPPORTED_FORMAT: (
        "There is no video in this file that we can read: please convert it to MP4, MKV or WebM."
    ),
    Reason.ENCRYPTED: "The video is encrypted. Please upload it without copy protection.",
    Reason.TOO_LONG: (
        "The video is longer than this site allows: please shorten it, or ask the operator to"
        " raise LONGEST_SOURCE_SECONDS."
    ),
    Reason.TOO_LARGE: (
        "The file is larger than this site allows: please convert it to a smaller one, or ask the"
        " operator to raise LARGEST_SOURCE_BYTES."
    ),
    Reason.TOO_MANY_PIXELS: (
        "The picture is larger than this site allows: please convert it to a smaller one, or ask"
        " the operator to raise LARGEST_LONG_SIDE and LARGEST_SHORT_SIDE."
    ),
    Reason.TOO_MANY_STREAMS: (
        "The file holds more tracks than this site allows: please leave some out, or ask the"
        " operator to raise MOST_STREAMS."
    ),
    Reason.TOO_COSTLY: (
        "Encoding this video would cost more than this site allows: please shorten it or make its"
        " picture smaller, or ask the operator to raise MOST_CPU_SECONDS or MOST_DOLLARS."
    ),
    Reason.SOURCE_GONE: "The uploaded file is no longer there. Please upload it again.",
    Reason.TOO_SLOW: (
        "Encoding took longer than it is allowed to: please try again, or convert the video to"
        " MP4 with H.264 first."
    ),
    Reason.TOO_MUCH_MEMORY: (
        "Encoding needs more memory than it is allowed to take: please make the video smaller or"
        " shorter, or ask the operator to raise MEMORY_LIMIT."
    ),
    Reason.TOO_MUCH_DISK: (
        "Encoding needs more disk space than it is allowed to take: please make the video smaller"
        " or shorter."
    ),
    Reason.NO_WORKER: "No transcoder was free in time. Please try again.",
    Reason.WORKER_LOST: (
        "The transcoder broke down over this file several times: please try again, or ask the"
        " operator to read the log of the transcoders."
    ),
    Reason.NOT_PROVEN: (
        "The result did not pass its own checks and was not published: please convert the video to"
        " MP4 with H.264 and upload that, or ask the operator to read its conformance report."
    ),
    Reason.CANCELLED: "Encoding was cancelled.",
    Reason.INTERNAL: "Something went wrong on our side. Please try again.",
}


class Finding(StrEnum):
    """What a refused file is, in a sentence of its own."""

    STILL = "It is a still picture."
    PLAYLIST = "It is a playlist: please upload the videos it names."
    ARCHIVE = "It is an archive: please upload the video that is in it."
    DOCUMENT = "It is a document."
    SUBTITLES = "These are subtitles: please send them beside their video."
    REAL_MEDIA = "It is RealMedia."
    WINDOWS_TV = "It is a recording of Windows TV."
    FLASH = "It is Flash."
    BINK = "It is Bink."
    SMACKER = "It is Smacker."
    WEBP = "It is an animated WebP."
    TWICE = "Each of its packets is in it twice."
    ZEROS = "It begins with zeros, where a video has its header."
    BOMB = "Its header unpacks to more than is read."
    NO_CLOCK = "Its header does not say how its tracks count time."
    ONE_TIME = "Most of its pictures have the times of others."
    BELOW_ZERO = "Its first pictures have times below zero."
    IMPOSSIBLE_TIMES = "Its pictures have times that no film has."
    COMMON_ENCRYPTION = "It has common encryption, as streaming services use it."
    FAIRPLAY = "It has FairPlay, the copy protection of Apple."
    OTHER_ENCRYPTION = "Its encryption is of a kind that we do not know."
    WINDOWS_MEDIA = "It has the copy protection of Windows Media."
    SCRAMBLED = "It is scrambled, as pay television is broadcast."
    ELSEWHERE = "Its media are in another file: please upload that one."
    EMPTY_INDEX = "Its first index is empty; the one after it is not read."
    SEVERAL = "It holds several videos one after the other: please upload each by itself."
    APART = "Picture and sound are two files, one after the other: please join them."
    UNTIMED = "It does not say when its pictures are to be shown, nor when its sound begins."
    TAGGED = "It begins with a tag, as sound files do: please remove it."
    SOUND_BETWEEN = "Between its pictures are parts with sound, which are not read."
    GAP = "Its edit list pauses in the middle: please export the video without edits."


# What a video is that can be read, and what to do: beside it the sentence of its reason is untrue.
_INSTEAD = frozenset({Finding.SEVERAL, Finding.APART, Finding.GAP})


def failure(reason: Reason, detail: str = "") -> Failure:
    """Return a failure with its sentence; the detail never holds text of the file."""
    sentence = "" if detail in _INSTEAD else SENTENCES[reason]
    return Failure(reason.value, f"{sentence} {detail}".strip())
