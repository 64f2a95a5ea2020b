"""How far an encode is, in numbers and in words, without pretending."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.model import Conversion, ConversionStatus, Failure
from chalicelib.transcoding.model import Encode, Stage
from chalicelib.transcoding.plan import chunk_count, first_segment_of

# Shares of the whole; chunks are nearly all of the work, so nearly all of the way.
_PLANNED = 2
_CHUNKS = 88
_AUDIO = 5
_PARTS = 2  # pictures and subtitles
# Before that there is nothing to extrapolate from.
_SMALLEST_SHARE = 0.02

_WORDS = {
    Stage.QUEUED: "Waiting for a free transcoder.",
    Stage.PLANNING: "Looking at the file.",
    Stage.CHECKING: "Checking the result before it is shown.",
    Stage.DONE: "Ready to watch.",
}


@dataclass(frozen=True, slots=True)
class Progress:
    stage: str
    percent: int
    text: str
    is_playable: bool = False
    eta_seconds: int | None = None
    chunks_done: int = 0
    chunks_planned: int = 0
    failure: Failure | None = None


def percent_of(encode: Encode) -> int:
    """Whole percents; 100 only when it can be watched for good."""
    if encode.stage is Stage.DONE:
        return 100
    if encode.asset is None:
        return 1 if encode.stage is Stage.PLANNING else 0
    if encode.stage is Stage.CHECKING:
        return _PLANNED + _CHUNKS + _AUDIO + _PARTS
    share = (
        _PLANNED
        + _CHUNKS * _share_of_chunks(encode, encode.asset)
        + _AUDIO * _share_of_audio(encode, encode.asset)
        + _PARTS * _share_of_other_parts(encode, encode.asset)
    )
    return int(share)


def is_playable(encode: Encode) -> bool:
    """Whether the first seconds are there, picture and all languages of sound."""
    if encode.asset is None or encode.stage is Stage.FAILED:
        return False
    return 0 in encode.chunks and all(
        encode.audio_ready.get(track.number, 0) > 0 for track in encode.asset.audio
    )


def progress_of(encode: Encode, conversion: Conversion, now: datetime) -> Progress:
    planned = (
        chunk_count(encode.asset.grid.segments, encode.segments_per_chunk) if encode.asset else 0
    )
    return Progress(
        stage=_stage(encode, conversion).value,
        percent=percent_of(encode) if conversion.failure is None else conversion.percent,
        text=_text(encode, conversion, planned),
        is_playable=is_playable(encode),
        eta_seconds=_eta_seconds(encode, now),
        chunks_done=len(encode.chunks),
        chunks_planned=planned,
        failure=conversion.failure,
    )


def without_encode(conversion: Conversion) -> Progress:
    """Of a title for which nothing was uploaded yet, or of which only the result is kept."""
    if conversion.failure:
        return Progress(
            Stage.FAILED.value,
            conversion.percent,
            conversion.failure.text,
            failure=conversion.failure,
        )
    if conversion.status is ConversionStatus.COMPLETED:
        return Progress(Stage.DONE.value, 100, _WORDS[Stage.DONE], is_playable=True)
    return Progress("waiting", 0, "Waiting for the upload.")


def _stage(encode: Encode, conversion: Conversion) -> Stage:
    # The title learns of a failure first, and why.
    return Stage.FAILED if conversion.failure else encode.stage


def _text(encode: Encode, conversion: Conversion, planned: int) -> str:
    if conversion.failure:
        return conversion.failure.text
    if encode.stage is Stage.ENCODING:
        return f"Encoding: {len(encode.chunks)} of {planned} parts are done."
    return _WORDS.get(encode.stage, "")


def _eta_seconds(encode: Encode, now: datetime) -> int | None:
    """From the pace so far; nothing if what was done before another try would spoil it."""
    is_working = encode.stage in (Stage.ENCODING, Stage.CHECKING)
    if not is_working or encode.planned_at is None or encode.attempt > 1:
        return None
    share = (percent_of(encode) - _PLANNED) / (100 - _PLANNED)
    elapsed_seconds = (now - encode.planned_at).total_seconds()
    if share < _SMALLEST_SHARE or elapsed_seconds <= 0:
        return None
    return round(elapsed_seconds * (1 - share) / share)


def _share_of_chunks(encode: Encode, asset: Asset) -> float:
    per_chunk, total = encode.segments_per_chunk, asset.grid.segments
    done = sum(
        min(first_segment_of(number + 1, per_chunk), total) - first_segment_of(number, per_chunk)
        for number in encode.chunks
    )
    return min(1.0, done / total)


def _share_of_audio(encode: Encode, asset: Asset) -> float:
    total = len(asset.audio) * asset.audio_segments
    if not total:
        return 1.0
    return min(1.0, sum(encode.audio_ready.values()) / total)


def _share_of_other_parts(encode: Encode, asset: Asset) -> float:
    done = sum(1 for part in encode.parts if not part.startswith("audio"))
    return min(1.0, done / (1 + len(asset.subtitles)))
