"""Contract of `Throttle`: the fake and DynamoDB."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import boto3
import pytest
from pynamodb.connection import Connection

from chalicelib.accounts.model import TooManyAttempts
from chalicelib.accounts.ports import Throttle
from chalicelib.accounts.throttling import Limit, TimeWindow
from chalicelib.adapters.dynamodb.throttle import DynamoThrottle
from tests.fakes.clock import HandClock
from tests.fakes.throttle import InMemoryThrottle

pytestmark = pytest.mark.contract(of=Throttle)

LIMIT = Limit("knocking", attempts=3, window_seconds=60)
PER_SUBJECT = Limit("guessing", attempts=5, attempts_each=2, window_seconds=60)
HERE, THERE = "198.51.100.7", "2001:db8::"


@dataclass(frozen=True)
class Gate:
    throttle: Throttle
    most_subjects: Callable[[], int]

    def lets_in(self, limit: Limit, who: str, *, subject: str = "") -> bool:
        try:
            self.throttle.hit(limit, who, subject=subject)
        except TooManyAttempts:
            return False
        return True

    def shut(self, limit: Limit, who: str) -> None:
        for _ in range(limit.attempts):
            self.throttle.hit(limit, who)


def stored() -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (
        boto3.resource("dynamodb").Table(os.environ["ACCOUNTS_TABLE"]).scan()["Items"]
    )
    return items


def most_stored() -> int:
    return max(sum(name.startswith("of_") for name in item) for item in stored())


@pytest.fixture(params=["memory", "dynamodb"])
def gate(request: pytest.FixtureRequest, clock: HandClock) -> Gate:
    if request.param == "memory":
        throttle = InMemoryThrottle(clock)
        return Gate(throttle, throttle.most_subjects)
    return Gate(DynamoThrottle(request.getfixturevalue("connection"), clock), most_stored)


def test_as_many_attempts_as_the_limit_says_pass(gate: Gate) -> None:
    assert [gate.lets_in(LIMIT, HERE) for _ in range(5)] == [True, True, True, False, False]


def test_attempts_on_one_subject_are_limited_by_themselves(gate: Gate) -> None:
    one = [gate.lets_in(PER_SUBJECT, HERE, subject="ada") for _ in range(3)]
    assert one == [True, True, False]
    assert gate.lets_in(PER_SUBJECT, HERE, subject="grace")


def test_attempts_on_many_subjects_are_limited_together(gate: Gate) -> None:
    passed = [gate.lets_in(PER_SUBJECT, HERE, subject=str(each)) for each in range(7)]
    assert passed == [True] * 5 + [False] * 2


def test_refused_attempts_on_one_subject_count_against_the_whole(gate: Gate) -> None:
    for _ in range(5):
        gate.lets_in(PER_SUBJECT, HERE, subject="ada")
    assert not gate.lets_in(PER_SUBJECT, HERE, subject="grace")


def test_different_callers_do_not_share_a_counter(gate: Gate) -> None:
    gate.shut(LIMIT, HERE)
    assert not gate.lets_in(LIMIT, HERE)
    assert gate.lets_in(LIMIT, THERE)


def test_different_limits_do_not_share_a_counter(gate: Gate) -> None:
    gate.shut(LIMIT, HERE)
    assert gate.lets_in(PER_SUBJECT, HERE)


def test_attempts_of_a_48_are_limited_together(gate: Gate) -> None:
    passed = [gate.lets_in(LIMIT, f"2001:db8:0:{each:x}::") for each in range(14)]
    assert passed == [True] * 12 + [False] * 2
    assert not gate.lets_in(LIMIT, "2001:db8:0:ffff::")
    assert gate.lets_in(LIMIT, "2001:db8:1::")


def test_one_caller_does_not_use_up_the_limit_of_its_48(gate: Gate) -> None:
    for _ in range(20):
        gate.lets_in(LIMIT, "2001:db8:0:1::")
    assert [gate.lets_in(LIMIT, "2001:db8:0:2::") for _ in range(4)] == [True] * 3 + [False]


def test_attempts_of_a_48_on_one_subject_are_limited(gate: Gate) -> None:
    callers = [f"2001:db8:0:{each:x}::" for each in range(9)]
    assert [gate.lets_in(PER_SUBJECT, caller, subject="ada") for caller in callers] == [
        *[True] * 8,
        False,
    ]
    assert gate.lets_in(PER_SUBJECT, callers[0], subject="grace")


@pytest.mark.parametrize("odd", ["", "#", "a#b", "of_", "total", "日本", "a.b[0]", ":x", "x" * 500])
def test_any_text_can_be_a_caller_and_a_subject(gate: Gate, odd: str) -> None:
    passed = [gate.lets_in(PER_SUBJECT, odd, subject=odd) for _ in range(3)]
    assert passed == [True, True, False]


def test_the_next_window_begins_at_zero(gate: Gate, clock: HandClock) -> None:
    gate.shut(LIMIT, HERE)
    clock.advance(seconds=LIMIT.window_seconds)
    assert gate.lets_in(LIMIT, HERE)


def test_a_window_holds_until_its_very_end(gate: Gate, clock: HandClock) -> None:
    gate.shut(LIMIT, HERE)
    left = TimeWindow.at(clock.now(), LIMIT).ends_at - clock.now()
    clock.advance(seconds=(left - timedelta(seconds=1)).total_seconds())
    assert not gate.lets_in(LIMIT, HERE)
    clock.advance(seconds=1)
    assert gate.lets_in(LIMIT, HERE)


@pytest.mark.parametrize("limit", [LIMIT, PER_SUBJECT], ids=lambda limit: limit.name)
def test_after_retry_after_an_attempt_is_allowed(
    gate: Gate, clock: HandClock, limit: Limit
) -> None:
    while gate.lets_in(limit, HERE, subject="ada"):
        pass
    with pytest.raises(TooManyAttempts) as refusal:
        gate.throttle.hit(limit, HERE, subject="ada")
    assert 1 <= refusal.value.retry_after_seconds <= limit.window_seconds
    clock.advance(seconds=refusal.value.retry_after_seconds)
    assert gate.lets_in(limit, HERE, subject="ada")


def test_an_attack_on_many_subjects_stores_little(gate: Gate) -> None:
    for each in range(40):
        with suppress(TooManyAttempts):
            gate.throttle.hit(PER_SUBJECT, HERE, subject=f"{each}@example.com")
    assert gate.most_subjects() == PER_SUBJECT.attempts


def test_in_dynamodb_counters_expire_with_their_window(
    connection: Connection, clock: HandClock
) -> None:
    DynamoThrottle(connection, clock).hit(LIMIT, HERE)
    [item] = stored()
    assert item["expires_at"] == TimeWindow.at(clock.now(), LIMIT).ends


def test_in_dynamodb_the_address_of_a_subject_is_not_stored(
    connection: Connection, clock: HandClock
) -> None:
    DynamoThrottle(connection, clock).hit(LIMIT, HERE, subject="ada@example.com")
    assert "ada" not in str(stored())
