"""Encode progress: percents, a text, the time to go and why it has grown."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.model import EncodeStatus, EncodeSummary, Failure
from chalicelib.encoding.chunks import chunk_count, segments_in
from chalicelib.encoding.model import Encode, Step
from chalicelib.language import Text

# Percents of the whole; chunks are nearly all of the work.
_PLANNED = 2
_CHUNKS = 88
_AUDIO = 5
_OTHER_TASKS = 2  # pictures and subtitles

# The step of a video for which nothing was uploaded yet.
BEFORE_UPLOAD = "waiting"

_WORDS = {
    Step.QUEUED: "Waiting for a free transcoder.",
    Step.PLANNING: "Looking at the file.",
    Step.CHECKING: "Checking the result before it is shown.",
    Step.DONE: "Ready to watch.",
}


class Delay(StrEnum):
    """Why the time to go is longer than it was, or unknown."""

    RETRYING = "retrying"
    SLOWER = "slower"
    OVERDUE = "overdue"


DELAYS = {
    Delay.RETRYING: "It is being tried again.",
    Delay.SLOWER: "It is slower than it was at first: other videos may be in work too.",
    Delay.OVERDUE: "It takes longer than expected: transcoders may be busy, or starting again.",
}


@dataclass(frozen=True, slots=True)
class Progress:
    step: str
    percent: int
    text: str
    eta_seconds: int | None = None
    # Set if the time to go has grown, or is unknown during the encode.
    delay: Delay | None = None
    chunks_done: int = 0
    chunks_planned: int = 0
    failure: Failure | None = None


def percent_of(encode: Encode) -> int:
    """Return whole percents; 100 only once it is published."""
    if encode.step is Step.DONE:
        return 100
    if encode.asset is None:
        return 1 if encode.step is Step.PLANNING else 0
    if encode.step is Step.CHECKING:
        return _PLANNED + _CHUNKS + _AUDIO + _OTHER_TASKS
    return int(_percent_made(encode, encode.asset))


def share_of(encode: Encode) -> float:
    """Return the finished share of all work after the plan, from 0 to 1."""
    if encode.step is Step.CHECKING or encode.asset is None:
        percent: float = percent_of(encode)
    else:
        percent = _percent_made(encode, encode.asset)
    return max(0.0, (percent - _PLANNED) / (100 - _PLANNED))


def is_playable(encode: Encode) -> bool:
    """Whether the first seconds can be played: picture and all audio tracks are there."""
    if encode.asset is None or encode.was_refused or encode.step is Step.FAILED:
        return False
    return 0 in encode.chunks and all(
        encode.audio_ready.get(track.number, 0) > 0 for track in encode.asset.audio
    )


def progress_of(encode: Encode, summary: EncodeSummary, now: datetime) -> Progress:
    planned = (
        chunk_count(encode.asset.grid.segments, encode.segments_per_chunk) if encode.asset else 0
    )
    return Progress(
        step=_step(encode, summary).value,
        percent=percent_of(encode) if summary.failure is None else summary.percent,
        text=_text(encode, summary, planned),
        eta_seconds=None if summary.failure else _eta_seconds(encode, now),
        delay=None if summary.failure else _delay(encode, now),
        chunks_done=len(encode.chunks),
        chunks_planned=planned,
        failure=summary.failure,
    )


def without_encode(summary: EncodeSummary) -> Progress:
    """Return the progress of a video without an encode: before its upload, or long after."""
    if summary.failure:
        return Progress(
            Step.FAILED.value,
            summary.percent,
            summary.failure.text,
            failure=summary.failure,
        )
    if summary.status is EncodeStatus.COMPLETED:
        return Progress(Step.DONE.value, 100, _WORDS[Step.DONE])
    return Progress(BEFORE_UPLOAD, 0, "Waiting for the upload.")


def _step(encode: Encode, summary: EncodeSummary) -> Step:
    # A failure is stored in the catalogue first.
    return Step.FAILED if summary.failure else encode.step


def _text(encode: Encode, summary: EncodeSummary, planned: int) -> str:
    if summary.failure:
        return summary.failure.text
    if encode.step is Step.ENCODING:
        done = len(encode.chunks)
        if planned == 1:
            return Text("Encoding: {done} of 1 chunk is done.", done=done)
        return Text("Encoding: {done} of {planned} chunks are done.", done=done, planned=planned)
    return _WORDS.get(encode.step, "")


def _eta_seconds(encode: Encode, now: datetime) -> int | None:
    return encode.pace.seconds_left(now) if _is_working(encode) and encode.pace else None


def _delay(encode: Encode, now: datetime) -> Delay | None:
    if not _is_working(encode) or encode.pace is None:
        return None
    if encode.pace.is_overdue(now):
        return Delay.OVERDUE
    if encode.pace.due_at is None:
        return Delay.RETRYING if encode.attempt > 1 else None
    return Delay.SLOWER if encode.pace.is_slower else None


def _is_working(encode: Encode) -> bool:
    return encode.step in (Step.ENCODING, Step.CHECKING)


def _percent_made(encode: Encode, asset: Asset) -> float:
    return (
        _PLANNED
        + _CHUNKS * _share_of_chunks(encode, asset)
        + _AUDIO * _share_of_audio(encode, asset)
        + _OTHER_TASKS * _share_of_other_tasks(encode, asset)
    )


def _share_of_chunks(encode: Encode, asset: Asset) -> float:
    total = asset.grid.segments
    done = segments_in(encode.chunks, encode.segments_per_chunk, total)
    return min(1.0, done / total)


def _share_of_audio(encode: Encode, asset: Asset) -> float:
    total = len(asset.audio) * asset.audio_segments
    if not total:
        return 1.0
    return min(1.0, sum(encode.audio_ready.values()) / total)


def _share_of_other_tasks(encode: Encode, asset: Asset) -> float:
    done = sum(1 for name in encode.finished_tasks if not name.startswith("audio"))
    return min(1.0, done / (1 + len(asset.subtitles)))
