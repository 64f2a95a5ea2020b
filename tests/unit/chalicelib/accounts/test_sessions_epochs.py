"""Session epochs: one write ends every session of an account, also during concurrent changes."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from typing_extensions import override

from chalicelib.accounts.administration import Administration
from chalicelib.accounts.model import Account, AccountStatus, SessionOver, StaleSession
from chalicelib.accounts.session import ACCESS_LIFE, Session, SessionId
from chalicelib.accounts.sessions import Sessions
from chalicelib.accounts.tokens import Credentials, Identity
from tests.builders.accounts import ACCOUNT_ID, ADA, GRACE, PASSWORD, VISITOR, a_session, an_account
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.password_hasher import ReadableHasher
from tests.fakes.session_store import InMemorySessionStore
from tests.unit.chalicelib.accounts.conftest import with_store


def sign_in(sessions: Sessions) -> Credentials:
    return sessions.sign_in(email=ADA, password=PASSWORD, visitor=VISITOR).credentials


@pytest.fixture
def phone(sessions: Sessions, ada: Account) -> Credentials:
    credentials = sign_in(sessions)
    assert credentials.identity.account_id == ada.id
    return credentials


@pytest.fixture
def laptop(sessions: Sessions, phone: Credentials) -> Credentials:
    credentials = sign_in(sessions)
    assert credentials.identity != phone.identity
    return credentials


@pytest.fixture
def administration(sessions: Sessions, accounts: InMemoryAccountStore) -> Administration:
    return Administration(accounts, sessions.revocations, ReadableHasher(), sessions.clock)


def renewed_access(sessions: Sessions, credentials: Credentials) -> str:
    try:
        return sessions.renew(str(credentials.refresh), VISITOR).access
    except SessionOver:
        return ""


def is_over(sessions: Sessions, credentials: Credentials) -> bool:
    return not renewed_access(sessions, credentials)


@pytest.mark.parametrize("status", AccountStatus)
@pytest.mark.parametrize("raised", [0, 1])
def test_a_session_goes_on_only_in_its_own_epoch_of_an_active_account(
    clock: HandClock, status: AccountStatus, raised: int
) -> None:
    account = an_account(clock.now(), session_epoch=5)
    session, _ = a_session(clock.now(), account)
    now = replace(account, status=status, session_epoch=5 + raised)
    assert session.may_go_on(now) is (status is AccountStatus.ACTIVE and raised == 0)


def test_signing_out_everywhere_changes_the_epoch_and_nothing_else(clock: HandClock) -> None:
    account = an_account(clock.now(), session_epoch=5)
    assert account.signed_out_everywhere() == replace(account, session_epoch=6)


def test_the_write_of_a_new_epoch_alone_ends_every_session(
    sessions: Sessions, accounts: InMemoryAccountStore, ada: Account, phone: Credentials
) -> None:
    accounts.save(ada.signed_out_everywhere())
    assert is_over(sessions, phone)
    assert list(sessions.listed(phone.identity)) == []


def test_the_write_of_a_new_epoch_alone_ends_every_api_token(
    sessions: Sessions, accounts: InMemoryAccountStore, ada: Account, phone: Credentials
) -> None:
    _, token = sessions.issue_api_token(
        phone.identity, label="script", password=PASSWORD, visitor=VISITOR
    )
    accounts.save(ada.signed_out_everywhere())
    with pytest.raises(SessionOver):
        sessions.identify_by_token(str(token), VISITOR)


def test_a_sign_in_afterwards_begins_a_valid_session(
    sessions: Sessions, accounts: InMemoryAccountStore, ada: Account
) -> None:
    accounts.save(ada.signed_out_everywhere())
    assert not is_over(sessions, sign_in(sessions))


def test_a_deactivated_account_renews_no_session_even_if_ending_them_failed(
    sessions: Sessions, accounts: InMemoryAccountStore, ada: Account, phone: Credentials
) -> None:
    accounts.save(ada.moved_to(AccountStatus.DEACTIVATED))
    assert is_over(sessions, phone)


@pytest.mark.parametrize("hours", [0, 1])
def test_a_reactivated_account_does_not_get_its_sessions_back(
    sessions: Sessions,
    administration: Administration,
    phone: Credentials,
    clock: HandClock,
    hours: int,
) -> None:
    clock.advance(hours=hours)
    root = Identity(ACCOUNT_ID, SessionId("root"))
    administration.change(root, phone.identity.account_id, is_active=False)
    administration.change(root, phone.identity.account_id, is_active=True)
    assert is_over(sessions, phone)


def test_ending_the_others_also_ends_sessions_unused_for_long(
    sessions: Sessions, phone: Credentials, laptop: Credentials, clock: HandClock
) -> None:
    clock.advance(days=1)
    sessions.end_others(laptop.identity)
    assert is_over(sessions, phone)
    assert not is_over(sessions, laptop)


def test_the_session_that_ends_the_others_stays_valid(
    sessions: Sessions, store: InMemorySessionStore, laptop: Credentials
) -> None:
    before = store.get(laptop.identity.account_id, laptop.identity.session_id)
    sessions.end_others(laptop.identity)
    assert list(sessions.listed(laptop.identity)) == [replace(before, epoch=1)]
    assert sessions.identify(laptop.access) == laptop.identity


def test_a_session_that_is_over_cannot_end_the_others(
    sessions: Sessions, phone: Credentials, laptop: Credentials
) -> None:
    sessions.end(laptop.identity, phone.identity.session_id)
    with pytest.raises(SessionOver):
        sessions.end_others(phone.identity)
    assert not is_over(sessions, laptop)


def test_ending_the_others_does_not_affect_another_account(
    sessions: Sessions, accounts: InMemoryAccountStore, phone: Credentials, clock: HandClock
) -> None:
    hashed = ReadableHasher().hash(PASSWORD)
    accounts.add(an_account(clock.now(), GRACE, password_hash=hashed))
    grace = sessions.sign_in(email=GRACE, password=PASSWORD, visitor=VISITOR).credentials
    sessions.end_others(grace.identity)
    assert not is_over(sessions, phone)


class SlowStore(InMemorySessionStore):
    """A store that runs a callback once, between the read and the rotation of a session."""

    meanwhile: Callable[[], object] | None = None

    @override
    def rotate(self, before: Session, after: Session) -> None:
        if self.meanwhile:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        super().rotate(before, after)


@pytest.fixture
def slow(store: InMemorySessionStore, sessions: Sessions) -> SlowStore:
    slow = SlowStore(store._accounts, sessions.clock)
    slow._sessions, slow._ended = store._sessions, store._ended
    return slow


@pytest.mark.parametrize("rest", [0, ACCESS_LIFE.total_seconds() + 1])
def test_a_concurrent_renewal_does_not_survive_the_end_of_its_session(
    sessions: Sessions,
    slow: SlowStore,
    phone: Credentials,
    laptop: Credentials,
    clock: HandClock,
    rest: float,
) -> None:
    clock.advance(seconds=rest)
    slow.meanwhile = lambda: sessions.end_others(laptop.identity)
    access = renewed_access(with_store(sessions, slow), phone)
    assert sessions.identify(access) is None


def test_a_renewal_that_always_conflicts_is_refused_and_keeps_the_session(
    sessions: Sessions, slow: SlowStore, phone: Credentials
) -> None:
    def another_writer_is_faster() -> None:
        slow.meanwhile = another_writer_is_faster
        raise StaleSession

    slow.meanwhile = another_writer_is_faster
    with pytest.raises(StaleSession):
        with_store(sessions, slow).renew(str(phone.refresh), VISITOR)
    assert not is_over(sessions, phone)
