"""The report of a task: measurements of its output files before they were uploaded."""

import json
from dataclasses import dataclass, field
from typing import Any, Self

from chalicelib.encoding.picture_evidence import DeliveredPictures
from chalicelib.stored import from_plain, to_plain

# The stored name of the field `files`.
_FILES = "pieces"


@dataclass(frozen=True, slots=True)
class OutputFile:
    """One output file of a rung or track, as it was measured by reading it."""

    name: str  # below the folder of the revision
    size: int
    md5: str
    # Video frames, or AAC frames; 0 for other files.
    frames: int = 0
    # Presentation time of its first frame, in the time scale of its track (90 kHz in MPEG-TS).
    decode_time: int = 0
    # Bytes from the start of the file to the end of its first picture.
    iframe_bytes: int = 0
    # Duration of each frame in the time scale of fMP4; 0 if they differ.
    frame_ticks: int = 0


@dataclass(frozen=True, slots=True)
class SoundEvidence:
    """The output of the decoder for an audio track; times are samples at 48 kHz of the video."""

    # None if nothing could be decoded; negative if sound before the beginning was cut.
    begins: int | None = None
    # None if it lasts as long as the video; later sound is not decoded.
    ends: int | None = None
    # Silences between begin and end, which fill gaps: the first ones, their number and total.
    silences: tuple[tuple[int, int], ...] = ()
    silence_count: int = 0
    silent_samples: int = 0
    # Short silences, less the overlaps near them that were cut. None in reports of earlier
    # versions.
    lost_samples: int | None = None
    # Overlaps that were cut.
    cut_samples: int = 0
    packets: int = 0
    undecodable_packets: int = 0
    # Counted by the decoder, at the sample rates of the source.
    decoded_samples: int = 0
    # Consecutive formats, such as "48000 Hz stereo": the first ones, and their number.
    formats: tuple[str, ...] = ()
    format_count: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    files: tuple[OutputFile, ...]
    # Decoded frames, and complaints of the decoder.
    decoded_frames: int = 0
    errors: int = 0
    # Numbers by name, such as the loudness measured.
    measures: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    # Of chunks; None in reports of earlier versions.
    delivered: DeliveredPictures | None = None
    # Of audio tracks; None in reports of earlier versions.
    sound: SoundEvidence | None = None

    def to_json(self) -> str:
        plain = to_plain(self)
        return json.dumps({_FILES: plain.pop("files"), **plain}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        plain: dict[str, Any] = json.loads(text)
        return from_plain(cls, {**plain, "files": plain[_FILES]})
