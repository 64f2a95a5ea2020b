"""Progress that never pretends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalogue.model import EncodeStatus, EncodeSummary, Revision
from chalicelib.encoding.chunks import chunk_count
from chalicelib.encoding.failures import SENTENCES, Reason, failure
from chalicelib.encoding.model import Encode, Step
from chalicelib.encoding.pace import Pace
from chalicelib.encoding.progress import EncodeProgress, percent_of, progress_of
from tests.builders.assets import an_asset
from tests.builders.encodes import InMemoryEncoding, an_encode
from tests.fakes.clock import HandClock

CLOCK = HandClock()
PROCESSING = EncodeSummary(Revision(1), EncodeStatus.PROCESSING)


def encoding(segments: int = 10, per_chunk: int = 1, **changes: object) -> Encode:
    planned = replace(
        an_encode(CLOCK.now()),
        step=Step.ENCODING,
        asset=an_asset(segments),
        segments_per_chunk=per_chunk,
        planned_at=CLOCK.now(),
    )
    return replace(planned, **changes)  # type: ignore[arg-type]


def all_of(encode: Encode) -> Encode:
    assert encode.asset
    return replace(
        encode,
        chunks=frozenset(range(chunk_count(encode.asset.grid.segments, encode.segments_per_chunk))),
        audio_ready={0: encode.asset.audio_segments},
        finished_tasks=frozenset({"audio-0", "pictures", "subtitles-0"}),
    )


def look_at(
    encode: Encode, *, seconds: float = 60, summary: EncodeSummary = PROCESSING
) -> EncodeProgress:
    return progress_of(encode, summary, CLOCK.now() + timedelta(seconds=seconds))


@given(st.integers(1, 60), st.integers(1, 7), st.data())
def test_more_is_never_less_and_all_is_not_yet_a_hundred(
    segments: int, per_chunk: int, data: st.DataObject
) -> None:
    everything = all_of(encoding(segments, per_chunk))
    order = data.draw(st.permutations(sorted(everything.chunks)))
    done = [
        percent_of(encoding(segments, per_chunk, chunks=frozenset(order[:n])))
        for n in range(len(order) + 1)
    ]
    assert done == sorted(done)
    assert done[0] == 2
    assert done[-1] <= percent_of(everything) <= 99
    assert percent_of(replace(everything, step=Step.DONE)) == 100


def test_what_is_happening_is_said_in_words() -> None:
    half = encoding(chunks=frozenset(range(5)), audio_ready={0: 5})
    progress = look_at(half, seconds=60)
    assert progress.text == "Encoding: 5 of 10 chunks are done."
    assert (progress.step, progress.chunks_done, progress.chunks_planned) == ("encoding", 5, 10)


def test_one_chunk_is_counted_in_the_singular() -> None:
    assert look_at(encoding(1)).text == "Encoding: 0 of 1 chunk is done."


def test_without_anything_to_estimate_by_there_is_no_time() -> None:
    assert look_at(encoding()).eta_seconds is None
    assert look_at(an_encode(CLOCK.now())).eta_seconds is None
    assert look_at(encoding(chunks=frozenset({0}), attempt=2)).eta_seconds is None
    pace = Pace(CLOCK.now(), seconds=60, share=0.1, whole_seconds=600, parallel=1)
    assert look_at(replace(all_of(encoding()), step=Step.DONE, pace=pace)).eta_seconds is None
    assert look_at(replace(all_of(encoding()), step=Step.CHECKING, pace=pace)).eta_seconds is None


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.FAILED])
def test_every_step_has_a_sentence(step: Step) -> None:
    assert look_at(encoding(step=step)).text.endswith(".")


@pytest.mark.parametrize("reason", Reason)
def test_a_failure_has_its_reason_as_text(reason: Reason) -> None:
    failed = replace(PROCESSING, status=EncodeStatus.FAILED, failure=failure(reason))
    progress = look_at(encoding(step=Step.ENCODING), summary=failed)
    assert (progress.step, progress.text, progress.failure) == (
        "failed",
        SENTENCES[reason],
        failed.failure,
    )


def test_a_video_waits_for_its_upload(encoding: InMemoryEncoding) -> None:
    assert encoding.inspection.progress(encoding.draft()).text == "Waiting for the upload."
