"""The cache of revocations in a process."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from typing_extensions import override

from chalicelib.accounts import session as sessions
from chalicelib.accounts.model import Account
from chalicelib.accounts.revocations import OVERLAP, POLL_EVERY, Revocations
from chalicelib.accounts.session import ACCESS_LIFE, Session, SessionId
from tests.builders.accounts import GRACE, a_session, an_account
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.session_store import InMemorySessionStore


class RecordingStore(InMemorySessionStore):
    """A session store that records the arguments of `ended_since`."""

    def __init__(self, accounts: InMemoryAccountStore, clock: HandClock) -> None:
        super().__init__(accounts, clock)
        self.asked: list[datetime] = []

    @override
    def ended_since(self, moment: datetime) -> Mapping[SessionId, datetime]:
        self.asked.append(moment)
        return super().ended_since(moment)


@pytest.fixture
def store(accounts: InMemoryAccountStore, clock: HandClock) -> RecordingStore:
    return RecordingStore(accounts, clock)


@pytest.fixture
def here(store: RecordingStore, clock: HandClock) -> Revocations:
    return Revocations(store, clock)


@pytest.fixture
def elsewhere(store: RecordingStore, clock: HandClock) -> Revocations:
    """Another process over the same database."""
    return Revocations(store, clock)


@pytest.fixture
def ada(accounts: InMemoryAccountStore, clock: HandClock) -> Account:
    return accounts.add(an_account(clock.now()))


def opened(store: RecordingStore, clock: HandClock, account: Account) -> Session:
    session, _ = a_session(clock.now(), account)
    store.open(session, account)
    return session


@pytest.fixture
def session(store: RecordingStore, clock: HandClock, ada: Account) -> Session:
    return opened(store, clock, ada)


def test_a_session_without_a_revocation_is_not_over(here: Revocations, session: Session) -> None:
    assert not here.is_over(session.id)


def test_a_process_knows_its_own_revocations_at_once(here: Revocations, session: Session) -> None:
    assert not here.is_over(session.id)
    here.end(session)
    assert here.is_over(session.id)


def test_another_process_knows_within_two_seconds(
    here: Revocations, elsewhere: Revocations, session: Session, clock: HandClock
) -> None:
    assert not elsewhere.is_over(session.id)
    here.end(session)
    clock.advance(seconds=POLL_EVERY.total_seconds())
    assert timedelta(seconds=2) == POLL_EVERY
    assert elsewhere.is_over(session.id)


def test_a_process_that_just_started_knows_what_ended_before(
    here: Revocations, store: RecordingStore, session: Session, clock: HandClock
) -> None:
    here.end(session)
    clock.advance(seconds=ACCESS_LIFE.total_seconds())
    assert Revocations(store, clock).is_over(session.id)


def test_the_database_is_asked_at_most_every_two_seconds(
    here: Revocations, store: RecordingStore, clock: HandClock
) -> None:
    for _ in range(100):
        here.is_over(SessionId("any"))
        clock.advance(milliseconds=100)
    assert len(store.asked) == 5


def test_the_database_is_not_read_before_the_first_check(
    here: Revocations, store: RecordingStore, session: Session
) -> None:
    here.end(session)
    assert store.asked == []


def test_each_poll_overlaps_the_previous_one(
    here: Revocations, store: RecordingStore, clock: HandClock
) -> None:
    began = clock.now()
    here.is_over(SessionId("any"))
    clock.advance(seconds=30)
    here.is_over(SessionId("any"))
    assert store.asked == [began - ACCESS_LIFE - OVERLAP, began - OVERLAP]


def test_a_revocation_written_by_a_slower_clock_is_not_missed(
    here: Revocations, store: RecordingStore, session: Session, clock: HandClock
) -> None:
    here.is_over(session.id)
    behind = HandClock()
    behind.advance(seconds=(clock.now() - behind.now()).total_seconds() - 9)
    store._clock = behind
    store.end(session)
    clock.advance(seconds=2)
    assert here.is_over(session.id)


def test_a_revocation_is_kept_while_access_tokens_are_valid(
    here: Revocations, session: Session, clock: HandClock
) -> None:
    here.end(session)
    for _ in range(int(ACCESS_LIFE / POLL_EVERY)):
        clock.advance(seconds=POLL_EVERY.total_seconds())
        assert here.is_over(session.id)


def test_a_revocation_is_dropped_once_all_access_tokens_have_expired(
    here: Revocations, session: Session, clock: HandClock
) -> None:
    here.end(session)
    clock.advance(seconds=(ACCESS_LIFE + 2 * OVERLAP).total_seconds())
    assert not here.is_over(session.id)
    assert here._ended == {}


def test_after_a_long_pause_a_poll_reads_back_one_access_token_life(
    here: Revocations, store: RecordingStore, clock: HandClock
) -> None:
    here.is_over(SessionId("any"))
    clock.advance(days=3)
    here.is_over(SessionId("any"))
    assert store.asked[-1] == clock.now() - ACCESS_LIFE - OVERLAP


def test_ending_all_spares_one_and_the_sessions_of_others(
    here: Revocations,
    store: RecordingStore,
    accounts: InMemoryAccountStore,
    ada: Account,
    clock: HandClock,
) -> None:
    grace = accounts.add(an_account(clock.now(), GRACE))
    own = [opened(store, clock, ada) for _ in range(3)]
    hers = opened(store, clock, grace)
    changed = accounts.save(ada.signed_out_everywhere())
    store.carry_over(own[1], changed)
    here.end_all(changed)
    assert [here.is_over(each.id) for each in (*own, hers)] == [True, False, True, False]
    assert [each.id for each in store.of_account(ada.id)] == [own[1].id]


def test_ending_all_revokes_the_access_token_of_a_concurrent_renewal(
    here: Revocations, session: Session, ada: Account, clock: HandClock
) -> None:
    clock.advance(seconds=(ACCESS_LIFE + sessions.GRACE).total_seconds())
    here.end_all(ada.signed_out_everywhere())
    assert here.is_over(session.id)


def test_ending_all_spares_sessions_that_began_right_after_the_change(
    here: Revocations, store: RecordingStore, accounts: InMemoryAccountStore, clock: HandClock
) -> None:
    ada = accounts.add(an_account(clock.now()))
    old = opened(store, clock, ada)
    changed = accounts.save(ada.signed_out_everywhere())
    new = opened(store, clock, changed)
    newest = opened(store, clock, accounts.save(changed.signed_out_everywhere()))
    here.end_all(changed)
    assert [here.is_over(each.id) for each in (old, new, newest)] == [True, False, False]


def test_ending_all_ends_all(
    here: Revocations, store: RecordingStore, ada: Account, clock: HandClock
) -> None:
    own = [opened(store, clock, ada) for _ in range(3)]
    here.end_all(ada.signed_out_everywhere())
    assert all(here.is_over(each.id) for each in own)
    assert list(store.of_account(ada.id)) == []
