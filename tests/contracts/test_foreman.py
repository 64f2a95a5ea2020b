"""One contract for whoever waits for answers.

The fake here, Step Functions in `tests/integration/contracts`: moto runs no state machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.adapters.state_machine import LONGEST_CODE, LONGEST_TEXT
from chalicelib.transcoding.ports import Foreman
from tests.fakes.foreman import InMemoryForeman

pytestmark = pytest.mark.contract(of=Foreman)

WAITING = "waiting"


@dataclass(frozen=True)
class Office:
    foreman: Foreman
    hand_out: Callable[[], str]
    # "waiting", what was answered, or code and text of the failure.
    heard: Callable[[str], Any]


@pytest.fixture
def office() -> Office:
    foreman = InMemoryForeman()

    def hand_out() -> str:
        token = uuid4().hex
        foreman.waiting.add(token)
        return token

    def heard(token: str) -> Any:
        if token in foreman.waiting:
            return WAITING
        return foreman.answers.get(token, foreman.failures.get(token))

    return Office(foreman, hand_out, heard)


def test_while_somebody_waits_a_heartbeat_is_heard(office: Office) -> None:
    token = office.hand_out()
    assert [office.foreman.heartbeat(token) for _ in range(3)] == [True] * 3
    assert office.heard(token) == WAITING


@pytest.mark.parametrize("output", [{}, {"chunks": [0, 1], "name": "grüße", "n": 1.5, "no": None}])
def test_an_answer_arrives_as_it_was_given(office: Office, output: dict[str, object]) -> None:
    token = office.hand_out()
    office.foreman.succeed(token, output)
    assert office.heard(token) == output


def test_what_is_no_json_is_no_answer(office: Office) -> None:
    token = office.hand_out()
    with pytest.raises(TypeError):
        office.foreman.succeed(token, {"set": {1}})
    assert office.heard(token) == WAITING


def test_a_tuple_arrives_as_a_list(office: Office) -> None:
    token = office.hand_out()
    office.foreman.succeed(token, {"chunks": (0, 1)})
    assert office.heard(token) == {"chunks": [0, 1]}


def test_a_failure_arrives_with_its_code_and_text(office: Office) -> None:
    token = office.hand_out()
    office.foreman.fail(token, code="not_video", text="This file is not a video.")
    assert office.heard(token) == ("not_video", "This file is not a video.")


def test_a_failure_may_be_told_without_a_text(office: Office) -> None:
    token = office.hand_out()
    office.foreman.fail(token, code="cancelled", text="")
    assert office.heard(token) == ("cancelled", "")


def test_too_long_a_failure_is_cut_and_arrives(office: Office) -> None:
    token = office.hand_out()
    office.foreman.fail(token, code="c" * 300, text="t" * 40_000)
    assert office.heard(token) == ("c" * LONGEST_CODE, "t" * LONGEST_TEXT)


def test_after_an_answer_nobody_waits_and_another_one_changes_nothing(office: Office) -> None:
    token = office.hand_out()
    office.foreman.succeed(token, {"first": True})
    assert not office.foreman.heartbeat(token)
    office.foreman.succeed(token, {"second": True})
    office.foreman.fail(token, code="late", text="Too late.")
    assert office.heard(token) == {"first": True}


def test_after_a_failure_nobody_waits_and_an_answer_changes_nothing(office: Office) -> None:
    token = office.hand_out()
    office.foreman.fail(token, code="corrupt", text="It is damaged.")
    office.foreman.succeed(token, {})
    assert not office.foreman.heartbeat(token)
    assert office.heard(token) == ("corrupt", "It is damaged.")


def test_a_token_that_nobody_gave_out_is_no_error(office: Office) -> None:
    assert not office.foreman.heartbeat("nobody's")
    office.foreman.succeed("nobody's", {})
    office.foreman.fail("nobody's", code="internal", text="")


def test_one_answer_is_not_taken_for_another(office: Office) -> None:
    first, second = office.hand_out(), office.hand_out()
    office.foreman.succeed(first, {"n": 1})
    assert office.heard(second) == WAITING
    assert office.foreman.heartbeat(second)
