"""Encode progress: percents, a text, the time to go and why it has grown."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.model import EncodeStatus, EncodeSummary, Failure
from chalicelib.encoding.chunks import chunk_count, segments_in
from chalicelib.encoding.model import Encode, Step
from chalicelib.encoding.pace import Remaining, RunningChunk
from chalicelib.language import Text

# Percents of the whole; chunks are nearly all of the work.
_PLANNED = 2
_CHUNKS = 88
_AUDIO = 5
_OTHER_TASKS = 2  # pictures and subtitles
_AFTER_PLAN = 100 - _PLANNED

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
    WAITING = "waiting"


DELAYS = {
    Delay.RETRYING: "It is being tried again.",
    Delay.SLOWER: "It is slower than it was at first: other videos may be in work too.",
    Delay.OVERDUE: "It takes longer than expected: transcoders may be busy, or starting again.",
    Delay.WAITING: "The transcoders are busy with other videos, or starting.",
}


@dataclass(frozen=True, slots=True)
class EncodeProgress:
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


def share_of_chunk(encode: Encode, number: int) -> float:
    """Return the share of a chunk in all work after the plan."""
    if encode.asset is None:
        return 0.0
    percent = _CHUNKS * _share_of_chunks(encode, encode.asset, frozenset({number}))
    return percent / _AFTER_PLAN


def remaining_of(encode: Encode, now: datetime) -> Remaining:
    """Return the work that is left after the plan."""
    if encode.asset is None:
        return Remaining(share=1.0, share_of_end=0.0, tasks=0)
    ready = _PLANNED + _CHUNKS + _AUDIO + _OTHER_TASKS
    return Remaining(
        share=(ready - _percent_made(encode, encode.asset)) / _AFTER_PLAN,
        share_of_end=(100 - ready) / _AFTER_PLAN,
        tasks=encode.chunks_left + _other_tasks_left(encode, encode.asset),
        running=tuple(
            RunningChunk(max(0.0, (now - at).total_seconds()), share_of_chunk(encode, number))
            for number, at in encode.running_chunks.items()
        ),
        longest_waiting=max(
            (share_of_chunk(encode, number) for number in encode.waiting_chunks), default=0.0
        ),
        workers=encode.workers(now),
    )


def is_playable(encode: Encode) -> bool:
    """Whether the first seconds can be played: picture and all audio tracks are there."""
    if encode.asset is None or encode.was_refused or encode.step is Step.FAILED:
        return False
    return 0 in encode.chunks and all(
        encode.audio_ready.get(track.number, 0) > 0 for track in encode.asset.audio
    )


def progress_of(encode: Encode, summary: EncodeSummary, now: datetime) -> EncodeProgress:
    planned = (
        chunk_count(encode.asset.grid.segments, encode.segments_per_chunk) if encode.asset else 0
    )
    return EncodeProgress(
        step=_step(encode, summary).value,
        percent=percent_of(encode) if summary.failure is None else summary.percent,
        text=_text(encode, summary, planned, now),
        eta_seconds=None if summary.failure else _eta_seconds(encode, now),
        delay=None if summary.failure else _delay(encode, now),
        chunks_done=len(encode.chunks),
        chunks_planned=planned,
        failure=summary.failure,
    )


def without_encode(summary: EncodeSummary) -> EncodeProgress:
    """Return the progress of a video without an encode: before its upload, or long after."""
    if summary.failure:
        return EncodeProgress(
            Step.FAILED.value,
            summary.percent,
            summary.failure.text,
            failure=summary.failure,
        )
    if summary.status is EncodeStatus.COMPLETED:
        return EncodeProgress(Step.DONE.value, 100, _WORDS[Step.DONE])
    return EncodeProgress(BEFORE_UPLOAD, 0, "Waiting for the upload.")


def _step(encode: Encode, summary: EncodeSummary) -> Step:
    # A failure is stored in the catalogue first.
    return Step.FAILED if summary.failure else encode.step


def _text(encode: Encode, summary: EncodeSummary, planned: int, now: datetime) -> str:
    if summary.failure:
        return summary.failure.text
    if encode.accepted and not encode.chunks_left and not encode.is_over:
        return "The damage is accepted. The video is checked again before it is shown."
    if encode.is_waiting(now):
        return _WORDS[Step.QUEUED]
    if encode.step is Step.ENCODING:
        done = len(encode.chunks)
        if planned == 1:
            return Text("Encoding: {done} of 1 chunk is done.", done=done)
        return Text("Encoding: {done} of {planned} chunks are done.", done=done, planned=planned)
    return _WORDS.get(encode.step, "")


def _eta_seconds(encode: Encode, now: datetime) -> int | None:
    pace = encode.pace
    # The other tasks of a video say nothing of when its chunks have their turn.
    is_running = encode.running_chunks or (encode.running and not encode.chunks_left)
    if encode.step is not Step.ENCODING or pace is None or not is_running:
        return None
    remaining = remaining_of(encode, now)
    return None if _is_overdue(encode, remaining, now) else round(pace.seconds_left(remaining))


def _delay(encode: Encode, now: datetime) -> Delay | None:
    if encode.step is not Step.ENCODING:
        return None
    if encode.attempt > 1 and encode.pace is None:
        return Delay.RETRYING
    if encode.is_waiting(now) or encode.are_chunks_waiting(now):
        return Delay.WAITING
    if encode.pace is None:
        return None
    remaining = remaining_of(encode, now)
    if _is_overdue(encode, remaining, now):
        return Delay.OVERDUE
    is_slower = encode.pace.is_slower or encode.pace.has_fewer_workers(remaining)
    return Delay.SLOWER if is_slower else None


def _is_overdue(encode: Encode, remaining: Remaining, now: datetime) -> bool:
    if encode.pace is None or encode.idle_since is None:
        return False
    active_at = max([encode.idle_since, *(task.at for task in encode.running)])
    return now - active_at > encode.pace.longest_idle(remaining)


def _percent_made(encode: Encode, asset: Asset) -> float:
    return (
        _PLANNED
        + _CHUNKS * _share_of_chunks(encode, asset, encode.chunks)
        + _AUDIO * _share_of_audio(encode, asset)
        + _OTHER_TASKS * _share_of_other_tasks(encode, asset)
    )


def _share_of_chunks(encode: Encode, asset: Asset, chunks: frozenset[int]) -> float:
    total = asset.grid.segments
    return min(1.0, segments_in(chunks, encode.segments_per_chunk, total) / total)


def _share_of_audio(encode: Encode, asset: Asset) -> float:
    total = len(asset.audio) * asset.audio_segments
    if not total:
        return 1.0
    return min(1.0, sum(encode.audio_ready.values()) / total)


def _share_of_other_tasks(encode: Encode, asset: Asset) -> float:
    done = sum(1 for name in encode.finished_tasks if not name.startswith("audio"))
    return min(1.0, done / (1 + len(asset.subtitles)))


def _other_tasks_left(encode: Encode, asset: Asset) -> int:
    return 1 + len(asset.subtitles) + len(asset.audio) - len(encode.finished_tasks)
