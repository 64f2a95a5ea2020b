"""One contract for the callback of a pipeline that waits for answers.

The fake here, Step Functions in `tests/integration/contracts`: moto runs no state machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.adapters.state_machine import LONGEST_CODE, LONGEST_TEXT
from chalicelib.encoding.ports import Callback
from tests.fakes.callback import InMemoryCallback

pytestmark = pytest.mark.contract(of=Callback)

WAITING = "waiting"


@dataclass(frozen=True)
class Office:
    callback: Callback
    hand_out: Callable[[], str]
    # "waiting", what was answered, or code and text of the failure.
    heard: Callable[[str], Any]


@pytest.fixture
def office() -> Office:
    callback = InMemoryCallback()

    def hand_out() -> str:
        token = uuid4().hex
        callback.waiting.add(token)
        return token

    def heard(token: str) -> Any:
        if token in callback.waiting:
            return WAITING
        return callback.answers.get(token, callback.failures.get(token))

    return Office(callback, hand_out, heard)


def test_a_heartbeat_arrives_while_the_pipeline_waits(office: Office) -> None:
    token = office.hand_out()
    assert [office.callback.heartbeat(token) for _ in range(3)] == [True] * 3
    assert office.heard(token) == WAITING


@pytest.mark.parametrize("output", [{}, {"chunks": [0, 1], "name": "grüße", "n": 1.5, "no": None}])
def test_an_answer_arrives_unchanged(office: Office, output: dict[str, object]) -> None:
    token = office.hand_out()
    office.callback.succeed(token, output)
    assert office.heard(token) == output


def test_what_is_no_json_is_no_answer(office: Office) -> None:
    token = office.hand_out()
    with pytest.raises(TypeError):
        office.callback.succeed(token, {"set": {1}})
    assert office.heard(token) == WAITING


def test_a_tuple_arrives_as_a_list(office: Office) -> None:
    token = office.hand_out()
    office.callback.succeed(token, {"chunks": (0, 1)})
    assert office.heard(token) == {"chunks": [0, 1]}


def test_a_failure_arrives_with_its_code_and_text(office: Office) -> None:
    token = office.hand_out()
    office.callback.fail(token, code="not_video", text="This file is not a video.")
    assert office.heard(token) == ("not_video", "This file is not a video.")


def test_a_failure_may_have_no_text(office: Office) -> None:
    token = office.hand_out()
    office.callback.fail(token, code="cancelled", text="")
    assert office.heard(token) == ("cancelled", "")


def test_too_long_a_failure_is_cut_and_arrives(office: Office) -> None:
    token = office.hand_out()
    office.callback.fail(token, code="c" * 300, text="t" * 40_000)
    assert office.heard(token) == ("c" * LONGEST_CODE, "t" * LONGEST_TEXT)


def test_after_an_answer_another_one_changes_nothing(office: Office) -> None:
    token = office.hand_out()
    office.callback.succeed(token, {"first": True})
    assert not office.callback.heartbeat(token)
    office.callback.succeed(token, {"second": True})
    office.callback.fail(token, code="late", text="Too late.")
    assert office.heard(token) == {"first": True}


def test_after_a_failure_an_answer_changes_nothing(office: Office) -> None:
    token = office.hand_out()
    office.callback.fail(token, code="corrupt", text="It is damaged.")
    office.callback.succeed(token, {})
    assert not office.callback.heartbeat(token)
    assert office.heard(token) == ("corrupt", "It is damaged.")


def test_an_unknown_token_is_no_error(office: Office) -> None:
    assert not office.callback.heartbeat("unknown")
    office.callback.succeed("unknown", {})
    office.callback.fail("unknown", code="internal", text="")


def test_one_answer_is_not_taken_for_another(office: Office) -> None:
    first, second = office.hand_out(), office.hand_out()
    office.callback.succeed(first, {"n": 1})
    assert office.heard(second) == WAITING
    assert office.callback.heartbeat(second)
