"""One contract for pipelines, which make attempts at encodes: the fake, and Step Functions."""

from dataclasses import replace

import boto3
import pytest

from chalicelib.adapters.state_machine import StepFunctionsPipeline
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.model import Encode
from chalicelib.encoding.ports import Execution, Pipeline
from tests.builders.encodes import FIRST, SOURCE, VIDEO
from tests.fakes.pipeline import InMemoryPipeline

pytestmark = pytest.mark.contract(of=Pipeline)

ENCODE = Encode(VIDEO, FIRST, SOURCE)
OTHERS = [
    replace(ENCODE, attempt=2),
    replace(ENCODE, revision=Revision(2)),
    replace(ENCODE, video_id=VideoId(8)),
    # "v7-r1-a11" begins like "v7-r1-a1".
    replace(ENCODE, attempt=11),
]


@pytest.fixture(params=["memory", "step functions"])
def pipeline(request: pytest.FixtureRequest) -> Pipeline:
    if request.param == "memory":
        return InMemoryPipeline()
    arn = request.getfixturevalue("waiting_machine")
    return StepFunctionsPipeline(lambda: boto3.client("stepfunctions"), arn)


def stop(pipeline: Pipeline, encode: Encode = ENCODE, *, text: str = "Cancelled.") -> None:
    pipeline.stop(encode, code="cancelled", text=text)


def test_an_attempt_that_was_not_begun_is_none(pipeline: Pipeline) -> None:
    assert pipeline.state(ENCODE) is Execution.NONE


def test_an_attempt_runs_from_its_start_to_its_end(pipeline: Pipeline) -> None:
    pipeline.start(ENCODE)
    assert pipeline.state(ENCODE) is Execution.RUNNING
    stop(pipeline)
    assert pipeline.state(ENCODE) is Execution.ENDED


def test_the_same_attempt_twice_is_one(pipeline: Pipeline) -> None:
    pipeline.start(ENCODE)
    pipeline.start(ENCODE)
    stop(pipeline)
    assert pipeline.state(ENCODE) is Execution.ENDED


def test_an_attempt_that_ended_does_not_begin_again(pipeline: Pipeline) -> None:
    pipeline.start(ENCODE)
    stop(pipeline)
    pipeline.start(ENCODE)
    assert pipeline.state(ENCODE) is Execution.ENDED


@pytest.mark.parametrize("other", OTHERS, ids=["attempt", "revision", "video", "eleventh"])
def test_another_attempt_revision_or_video_is_another_execution(
    pipeline: Pipeline, other: Encode
) -> None:
    pipeline.start(ENCODE)
    assert pipeline.state(other) is Execution.NONE
    pipeline.start(other)
    stop(pipeline)
    assert (pipeline.state(ENCODE), pipeline.state(other)) == (Execution.ENDED, Execution.RUNNING)


def test_what_is_not_running_can_be_stopped_without_an_error(pipeline: Pipeline) -> None:
    stop(pipeline)
    assert pipeline.state(ENCODE) is Execution.NONE
    pipeline.start(ENCODE)
    stop(pipeline)
    stop(pipeline)
    assert pipeline.state(ENCODE) is Execution.ENDED


def test_a_reason_of_any_length_is_taken(pipeline: Pipeline) -> None:
    pipeline.start(ENCODE)
    stop(pipeline, text="ü" * 5000)
    assert pipeline.state(ENCODE) is Execution.ENDED
