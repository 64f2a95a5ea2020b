"""What a task says about what it made, measured on the files before they were uploaded."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from chalicelib.stored import known_fields
from chalicelib.transcoding.evidence import DeliveredPictures


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment of one rung or track, as it was found by reading it back."""

    name: str  # below the folder of the revision
    size: int
    md5: str
    # Frames of picture, or frames of AAC; 0 for what is no media.
    frames: int = 0
    # When its first frame is presented, in the time scale of its track (90 kHz in MPEG-TS).
    decode_time: int = 0
    # How many bytes from the start of the piece hold its header and its first picture.
    iframe_bytes: int = 0
    # How long each frame lasts, in the time scale of fMP4; 0 if that is not the same for all.
    frame_ticks: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    pieces: tuple[Piece, ...]
    # How many frames were decoded for it, and how often the decoder complained.
    decoded_frames: int = 0
    errors: int = 0
    # Numbers by name, such as the loudness measured.
    measures: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    # Of chunks; None where an earlier version reported.
    delivered: DeliveredPictures | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        plain: dict[str, Any] = json.loads(text)
        pieces: Sequence[dict[str, Any]] = plain["pieces"]
        delivered: dict[str, Any] | None = plain.get("delivered")
        return replace(
            known_fields(cls, plain),
            pieces=tuple(known_fields(Piece, each) for each in pieces),
            notes=tuple(plain["notes"]),
            delivered=DeliveredPictures.from_plain(delivered) if delivered else None,
        )
