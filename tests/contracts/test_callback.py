"""One contract for the callback of a pipeline that waits for answers.

The fake here, Step Functions in `tests/integration/contracts`: moto runs no state machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.adapters.state_machine import (
    LONGEST_CODE,
    LONGEST_TEXT,
    StepFunctionsCallback,
)
from chalicelib.encoding.ports import Callback
from tests.fakes.callback import InMemoryCallback

pytestmark = pytest.mark.contract(of=Callback)

WAITING = "waiting"


@dataclass(frozen=True)
class CallbackHarness:
    callback: Callback
    hand_out: Callable[[], str]
    # "waiting", what was answered, or code and text of the failure.
    heard: Callable[[str], Any]


@pytest.fixture
def harness() -> CallbackHarness:
    callback = InMemoryCallback()

    def hand_out() -> str:
        token = uuid4().hex
        callback.waiting.add(token)
        return token

    def heard(token: str) -> Any:
        if token in callback.waiting:
            return WAITING
        return callback.answers.get(token, callback.failures.get(token))

    return CallbackHarness(callback, hand_out, heard)


def test_a_heartbeat_arrives_while_the_pipeline_waits(harness: CallbackHarness) -> None:
    token = harness.hand_out()
    assert [harness.callback.heartbeat(token) for _ in range(3)] == [True] * 3
    assert harness.heard(token) == WAITING


def test_a_task_that_no_execution_waits_for_has_no_token_and_is_never_cancelled(
    harness: CallbackHarness,
) -> None:
    assert harness.callback.heartbeat("")
    harness.callback.succeed("", {})
    harness.callback.fail("", code="internal", text="It broke.")
    assert harness.callback.heartbeat("")


def test_step_functions_is_not_called_without_a_token() -> None:
    callback = StepFunctionsCallback(lambda: pytest.fail("called"))
    assert callback.heartbeat("")
    callback.succeed("", {})
    callback.fail("", code="internal", text="It broke.")


@pytest.mark.parametrize("output", [{}, {"chunks": [0, 1], "name": "grüße", "n": 1.5, "no": None}])
def test_an_answer_arrives_unchanged(harness: CallbackHarness, output: dict[str, object]) -> None:
    token = harness.hand_out()
    harness.callback.succeed(token, output)
    assert harness.heard(token) == output


def test_what_is_no_json_is_no_answer(harness: CallbackHarness) -> None:
    token = harness.hand_out()
    with pytest.raises(TypeError):
        harness.callback.succeed(token, {"set": {1}})
    assert harness.heard(token) == WAITING


def test_a_tuple_arrives_as_a_list(harness: CallbackHarness) -> None:
    token = harness.hand_out()
    harness.callback.succeed(token, {"chunks": (0, 1)})
    assert harness.heard(token) == {"chunks": [0, 1]}


def test_a_failure_arrives_with_its_code_and_text(harness: CallbackHarness) -> None:
    token = harness.hand_out()
    harness.callback.fail(token, code="not_video", text="This file is not a video.")
    assert harness.heard(token) == ("not_video", "This file is not a video.")


def test_a_failure_may_have_no_text(harness: CallbackHarness) -> None:
    token = harness.hand_out()
    harness.callback.fail(token, code="cancelled", text="")
    assert harness.heard(token) == ("cancelled", "")


def test_too_long_a_failure_is_cut_and_arrives(harness: CallbackHarness) -> None:
    token = harness.hand_out()
    harness.callback.fail(token, code="c" * 300, text="t" * 40_000)
    assert harness.heard(token) == ("c" * LONGEST_CODE, "t" * LONGEST_TEXT)


def test_after_an_answer_another_one_changes_nothing(harness: CallbackHarness) -> None:
    token = harness.hand_out()
    harness.callback.succeed(token, {"first": True})
    assert not harness.callback.heartbeat(token)
    harness.callback.succeed(token, {"second": True})
    harness.callback.fail(token, code="late", text="Too late.")
    assert harness.heard(token) == {"first": True}


def test_after_a_failure_an_answer_changes_nothing(harness: CallbackHarness) -> None:
    token = harness.hand_out()
    harness.callback.fail(token, code="corrupt", text="It is damaged.")
    harness.callback.succeed(token, {})
    assert not harness.callback.heartbeat(token)
    assert harness.heard(token) == ("corrupt", "It is damaged.")


def test_an_unknown_token_is_no_error(harness: CallbackHarness) -> None:
    assert not harness.callback.heartbeat("unknown")
    harness.callback.succeed("unknown", {})
    harness.callback.fail("unknown", code="internal", text="")


def test_one_answer_is_not_taken_for_another(harness: CallbackHarness) -> None:
    first, second = harness.hand_out(), harness.hand_out()
    harness.callback.succeed(first, {"n": 1})
    assert harness.heard(second) == WAITING
    assert harness.callback.heartbeat(second)
