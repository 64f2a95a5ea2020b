"""Throttle windows and limits."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts import throttling
from chalicelib.accounts.throttling import HOUR, MINUTE, Limit, TimeWindow
from infra.root import ROOT

LIMIT = Limit("knocking", attempts=3, window_seconds=60)
DECLARED = [each for each in vars(throttling).values() if isinstance(each, Limit)]

moments = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the time zone
    datetime(2093, 1, 1),  # noqa: DTZ001 - hypothesis adds the time zone
    timezones=st.just(UTC),
)
limits = st.sampled_from(DECLARED)


@given(moments, limits)
def test_every_moment_lies_in_one_window(moment: datetime, limit: Limit) -> None:
    window = TimeWindow.at(moment, limit)
    assert window.begins <= moment.timestamp() < window.ends
    assert window.ends - window.begins == limit.window_seconds
    assert window.begins % limit.window_seconds == 0


@given(moments, limits)
def test_after_retry_after_the_next_window_has_begun(moment: datetime, limit: Limit) -> None:
    window = TimeWindow.at(moment, limit)
    wait = window.too_many().retry_after_seconds
    assert 1 <= wait <= limit.window_seconds
    assert moment.timestamp() + wait >= window.ends


@pytest.mark.parametrize(
    ("second", "wait"), [(0, 60), (0.999, 60), (1, 59), (59, 1), (59.999, 1), (60, 60)]
)
def test_retry_after_is_in_whole_seconds_and_never_too_short(second: float, wait: int) -> None:
    moment = datetime.fromtimestamp(1_772_366_400 + second, UTC)
    assert TimeWindow.at(moment, LIMIT).too_many().retry_after_seconds == wait


def test_the_end_of_a_window_is_a_moment() -> None:
    window = TimeWindow.at(datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC), LIMIT)
    assert window.ends_at == datetime(2026, 3, 1, 12, 1, tzinfo=UTC)


def test_without_a_limit_per_subject_one_subject_may_use_all_attempts() -> None:
    assert LIMIT.attempts_on_one_subject == LIMIT.attempts


def test_a_limit_may_allow_no_attempt_on_one_subject() -> None:
    none = Limit("never", attempts=3, attempts_each=0, window_seconds=60)
    assert none.attempts_on_one_subject == 0


@pytest.mark.parametrize("limit", DECLARED, ids=lambda limit: limit.name)
def test_declared_limits_allow_normal_use_and_stop_guessing(limit: Limit) -> None:
    assert 1 <= limit.attempts_on_one_subject <= limit.attempts <= 100
    assert MINUTE <= limit.window_seconds <= HOUR


def test_declared_limits_have_different_names() -> None:
    assert len(DECLARED) >= 7
    assert len({limit.name for limit in DECLARED}) == len(DECLARED)


@pytest.mark.parametrize("limit", DECLARED, ids=lambda limit: limit.name)
def test_the_documents_name_the_numbers(limit: Limit) -> None:
    rows = (ROOT / "docs/limits.md").read_text(encoding="utf-8").splitlines()
    [row] = [row for row in rows if row.startswith(f"| `{limit.name.upper()}` |")]
    attempts, within = [cell.strip() for cell in row.split("|")[3:5]]
    numbers = dict.fromkeys((limit.attempts, limit.attempts_on_one_subject))
    assert [int(each) for each in re.findall(r"\d+", attempts)] == [*numbers]
    assert within == ("1 hour" if limit.window_seconds == HOUR else "15 minutes")
