"""Renewal of sessions: refresh tokens, their successors, and concurrent renewals."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, local
from typing import Any

import pytest
from typing_extensions import override

from chalicelib.accounts.model import Account, AccountId, SessionOver
from chalicelib.accounts.session import GRACE, REFRESH_LIFE, Session, SessionId
from chalicelib.accounts.sessions import ReplayedToken, Sessions
from chalicelib.accounts.tokens import Credentials
from tests.builders.accounts import ADA, PASSWORD, VISITOR
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.session_store import InMemorySessionStore
from tests.unit.chalicelib.accounts.conftest import with_store

TABS = 20


@pytest.fixture
def first(sessions: Sessions, ada: Account) -> Credentials:
    signed_in = sessions.sign_in(email=ADA, password=PASSWORD, visitor=VISITOR)
    assert signed_in.account == ada
    return signed_in.credentials


def renewed(sessions: Sessions, credentials: Credentials) -> Credentials:
    return sessions.renew(str(credentials.refresh), VISITOR)


def is_alive(sessions: Sessions, credentials: Credentials) -> bool:
    return len(sessions.listed(credentials.identity)) == 1


def wait_out_the_grace(clock: HandClock) -> None:
    clock.advance(seconds=GRACE.total_seconds() + 1)


def test_renewing_gives_new_credentials_of_the_same_session(
    sessions: Sessions, first: Credentials, clock: HandClock
) -> None:
    clock.advance(minutes=5)
    assert sessions.identify(first.access) is None
    second = renewed(sessions, first)
    assert second.refresh != first.refresh
    assert (second.identity, second.csrf) == (first.identity, first.csrf)
    assert sessions.identify(second.access) == first.identity


def test_a_renewed_session_stays_valid_and_another_expires(
    sessions: Sessions, first: Credentials, clock: HandClock
) -> None:
    credentials = first
    for _ in range(5):
        clock.advance(days=6)
        credentials = renewed(sessions, credentials)
    clock.advance(seconds=REFRESH_LIFE.total_seconds())
    with pytest.raises(SessionOver):
        renewed(sessions, credentials)


def test_the_session_remembers_where_it_was_renewed(sessions: Sessions, first: Credentials) -> None:
    sessions.renew(str(first.refresh), replace(VISITOR, address="203.0.113.9"))
    [session] = sessions.listed(first.identity)
    assert session.address == "203.0.113.9"


def test_a_just_spent_token_gives_the_same_successor_again(
    sessions: Sessions, first: Credentials, clock: HandClock
) -> None:
    second = renewed(sessions, first)
    clock.advance(seconds=GRACE.total_seconds())
    assert renewed(sessions, first).refresh == second.refresh
    assert is_alive(sessions, first)


def test_a_lost_answer_does_not_end_the_session(
    sessions: Sessions, first: Credentials, clock: HandClock
) -> None:
    renewed(sessions, first)
    again = renewed(sessions, first)
    wait_out_the_grace(clock)
    assert renewed(sessions, again).refresh != again.refresh


def test_a_late_replay_ends_the_session(
    sessions: Sessions, first: Credentials, clock: HandClock
) -> None:
    second = renewed(sessions, first)
    wait_out_the_grace(clock)
    with pytest.raises(ReplayedToken):
        renewed(sessions, first)
    with pytest.raises(SessionOver):
        renewed(sessions, second)
    assert sessions.identify(second.access) is None


def test_a_token_spent_twice_over_ends_the_session_even_at_once(
    sessions: Sessions, first: Credentials
) -> None:
    third = renewed(sessions, renewed(sessions, first))
    with pytest.raises(ReplayedToken):
        renewed(sessions, first)
    assert not is_alive(sessions, third)


def test_a_replay_ends_this_session_only(
    sessions: Sessions, first: Credentials, clock: HandClock
) -> None:
    other = sessions.sign_in(email=ADA, password=PASSWORD, visitor=VISITOR).credentials
    renewed(sessions, first)
    wait_out_the_grace(clock)
    with pytest.raises(ReplayedToken):
        renewed(sessions, first)
    assert renewed(sessions, other).identity == other.identity


@pytest.mark.parametrize("part", ["secret", "proof"])
@pytest.mark.parametrize("generation", [0, 1, 2])
def test_a_forged_token_neither_renews_nor_ends_a_session(
    sessions: Sessions, first: Credentials, part: str, generation: int
) -> None:
    second = renewed(sessions, first)
    wrong: dict[str, Any] = {"generation": generation, part: "0" * 64}
    forged = replace(first.refresh, **wrong)
    with pytest.raises(SessionOver) as refusal:
        sessions.renew(str(forged), VISITOR)
    assert type(refusal.value) is SessionOver
    assert renewed(sessions, second).identity == first.identity


@pytest.mark.parametrize("garbage", ["", "garbage", "1.2.3.4.5", "7.session.0.secret.proof"])
def test_garbage_renews_nothing(sessions: Sessions, garbage: str) -> None:
    with pytest.raises(SessionOver):
        sessions.renew(garbage, VISITOR)


def test_an_ended_session_is_not_renewed(sessions: Sessions, first: Credentials) -> None:
    sessions.end(first.identity, first.identity.session_id)
    with pytest.raises(SessionOver):
        renewed(sessions, first)


class BarrierStore(InMemorySessionStore):
    """A store whose first reads wait until every thread has read the session."""

    def __init__(self, accounts: InMemoryAccountStore, clock: HandClock, threads: int) -> None:
        super().__init__(accounts, clock)
        self._barrier = Barrier(threads, timeout=30)
        self._each = local()

    @override
    def get(self, account_id: AccountId, session_id: SessionId) -> Session:
        session = super().get(account_id, session_id)
        if not getattr(self._each, "has_read", False):
            self._each.has_read = True
            self._barrier.wait()
        return session


def at_one_moment(sessions: Sessions, credentials: Credentials) -> list[Credentials]:
    with ThreadPoolExecutor(TABS) as tabs:
        return list(tabs.map(lambda _: renewed(sessions, credentials), range(TABS)))


@pytest.fixture
def crowded(sessions: Sessions, accounts: InMemoryAccountStore, clock: HandClock) -> Sessions:
    return with_store(sessions, BarrierStore(accounts, clock, TABS))


@pytest.fixture
def shared(crowded: Sessions, ada: Account) -> Credentials:
    """The results of twenty concurrent tabs of one browser."""
    signed_in = crowded.sign_in(email=ADA, password=PASSWORD, visitor=VISITOR)
    assert signed_in.account == ada
    return signed_in.credentials


def test_twenty_tabs_that_renew_at_one_moment_get_one_successor(
    crowded: Sessions, shared: Credentials
) -> None:
    answers = at_one_moment(crowded, shared)
    assert len(answers) == TABS
    assert len({answer.refresh for answer in answers}) == 1
    assert {answer.csrf for answer in answers} == {shared.csrf}
    [session] = crowded.listed(shared.identity)
    assert session.generation == 1


def test_twenty_tabs_that_renew_at_one_moment_all_stay_signed_in(
    crowded: Sessions, shared: Credentials, clock: HandClock
) -> None:
    answers = at_one_moment(crowded, shared)
    assert all(crowded.identify(answer.access) == shared.identity for answer in answers)
    wait_out_the_grace(clock)
    # One further renewal, outside the threads of the barrier.
    store = crowded.sessions
    assert isinstance(store, BarrierStore)
    store._each.has_read = True
    assert renewed(crowded, answers[-1]).refresh not in {answer.refresh for answer in answers}
