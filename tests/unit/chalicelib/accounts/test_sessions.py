"""The use cases of sessions, over fakes."""

from contextlib import suppress
from dataclasses import replace

import pytest
from typing_extensions import override

from chalicelib.accounts.links import state_of
from chalicelib.accounts.mail import MailKind
from chalicelib.accounts.model import (
    Account,
    AccountStatus,
    SessionNotFound,
    SessionOver,
    TooManyAttempts,
    WrongCredentials,
    WrongPassword,
)
from chalicelib.accounts.session import ACCESS_LIFE, Session, SessionId, SessionKind
from chalicelib.accounts.sessions import Sessions
from chalicelib.accounts.throttling import PASSWORD_CHECK, SIGN_IN, SIGN_IN_ACCOUNT
from chalicelib.accounts.tokens import Identity, NewSession
from tests.builders.accounts import ADA, GRACE, PASSWORD, VISITOR, an_account
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.mail_queue import InMemoryMailQueue
from tests.fakes.password_hasher import ReadableHasher
from tests.fakes.session_store import InMemorySessionStore
from tests.unit.chalicelib.accounts.conftest import with_store

HASHER = ReadableHasher()


@pytest.fixture
def ada(accounts: InMemoryAccountStore, clock: HandClock) -> Account:
    return accounts.add(an_account(clock.now(), password_hash=HASHER.hash(PASSWORD)))


@pytest.fixture
def signed_in(sessions: Sessions, ada: Account) -> NewSession:
    return sign_in(sessions, ada.email)


def sign_in(sessions: Sessions, email: str = ADA, password: str = PASSWORD) -> NewSession:
    return sessions.sign_in(email=email, password=password, visitor=VISITOR)


def refresh_of(signed_in: NewSession) -> str:
    return str(signed_in.credentials.refresh)


def is_alive(sessions: Sessions, signed_in: NewSession) -> bool:
    identity = signed_in.credentials.identity
    return any(each.id == identity.session_id for each in sessions.listed(identity))


def test_signing_in_opens_a_session_of_this_account(
    sessions: Sessions, signed_in: NewSession, ada: Account
) -> None:
    identity = sessions.identify(signed_in.credentials.access)
    assert identity == signed_in.credentials.identity
    assert signed_in.account == ada
    [session] = sessions.listed(signed_in.credentials.identity)
    assert (session.account_id, session.kind) == (ada.id, SessionKind.BROWSER)
    assert (session.label, session.address) == (VISITOR.agent, VISITOR.address)


def test_any_spelling_of_the_address_signs_in(sessions: Sessions, ada: Account) -> None:
    assert sign_in(sessions, " ADA@Example.COM ").account == ada


@pytest.mark.parametrize(
    ("email", "password"), [(ADA, "wrong"), (GRACE, PASSWORD), (ADA, PASSWORD.upper())]
)
def test_a_wrong_password_and_an_unknown_address_get_the_same_error(
    sessions: Sessions, ada: Account, email: str, password: str
) -> None:
    assert ada.email == ADA
    with pytest.raises(WrongCredentials) as refusal:
        sign_in(sessions, email, password)
    assert type(refusal.value) is WrongCredentials
    assert str(refusal.value) == "Unable to sign in with these credentials."


def test_a_deactivated_account_gets_the_error_of_a_wrong_password(
    sessions: Sessions, accounts: InMemoryAccountStore, ada: Account
) -> None:
    accounts.save(ada.moved_to(AccountStatus.DEACTIVATED))
    with pytest.raises(WrongCredentials) as refusal:
        sign_in(sessions)
    assert type(refusal.value) is WrongCredentials
    assert str(refusal.value) == "Unable to sign in with these credentials."


@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_a_pending_account_gets_the_error_of_a_wrong_password_and_a_mail(
    sessions: Sessions,
    accounts: InMemoryAccountStore,
    mails: InMemoryMailQueue,
    ada: Account,
    password: str,
) -> None:
    pending = accounts.save(replace(ada, status=AccountStatus.PENDING))
    with pytest.raises(WrongCredentials) as refused:
        sign_in(sessions, password=password)
    assert type(refused.value) is WrongCredentials
    assert str(refused.value) == "Unable to sign in with these credentials."
    [request] = mails.requests
    assert (request.kind, request.email) == (MailKind.SIGN_IN_REFUSED, ADA)
    assert request.state == (state_of(pending) if password == PASSWORD else "")


def test_two_unicode_forms_of_a_password_sign_in(
    sessions: Sessions, accounts: InMemoryAccountStore, ada: Account
) -> None:
    accounts.save(replace(ada, password_hash=HASHER.hash("pass-w\u00f6rt")))
    assert sign_in(sessions, password="pass-wo\u0308rt").account.id == ada.id


def test_an_outdated_hash_is_replaced_at_the_next_sign_in(
    sessions: Sessions, accounts: InMemoryAccountStore, ada: Account
) -> None:
    accounts.save(replace(ada, password_hash=HASHER.hash_of_old(PASSWORD)))
    signed_in = sign_in(sessions)
    assert accounts.by_id(ada.id).password_hash == HASHER.hash(PASSWORD)
    assert is_alive(sessions, signed_in)


class BusyStore(InMemorySessionStore):
    """A store in which the account changes just before the first session opens."""

    change: Account | None = None

    @override
    def open(self, session: Session, account: Account) -> None:
        if self.change:
            change, self.change = self.change, None
            self._accounts.save(change)
        super().open(session, account)


@pytest.fixture
def busy(accounts: InMemoryAccountStore, clock: HandClock) -> BusyStore:
    return BusyStore(accounts, clock)


def test_a_concurrent_change_of_the_account_is_retried(
    sessions: Sessions, busy: BusyStore, ada: Account
) -> None:
    busy.change = replace(ada, first_name="Ada")
    signed_in = sign_in(with_store(sessions, busy))
    assert signed_in.account.first_name == "Ada"
    assert len(busy.of_account(ada.id)) == 1


def test_no_session_begins_while_an_account_is_deactivated(
    sessions: Sessions, busy: BusyStore, ada: Account
) -> None:
    busy.change = ada.moved_to(AccountStatus.DEACTIVATED)
    with pytest.raises(WrongCredentials):
        sign_in(with_store(sessions, busy))
    assert list(busy.of_account(ada.id)) == []


def guess(sessions: Sessions, times: int, *, address: str = VISITOR.address) -> None:
    attacker = replace(VISITOR, address=address)
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            sessions.sign_in(email=ADA, password="guess", visitor=attacker)


def flood(sessions: Sessions) -> None:
    """Guess more often than an account allows, each time from another address."""
    for each in range(SIGN_IN_ACCOUNT.attempts + 5):
        attacker = replace(VISITOR, address=f"203.0.113.{each}")
        with suppress(WrongCredentials, TooManyAttempts):
            sessions.sign_in(email=ADA, password="guess", visitor=attacker)


def test_after_too_many_guesses_the_right_password_is_refused_too(
    sessions: Sessions, ada: Account, clock: HandClock
) -> None:
    guess(sessions, SIGN_IN.attempts_on_one_subject)
    with pytest.raises(TooManyAttempts) as refusal:
        sign_in(sessions)
    clock.advance(seconds=refusal.value.retry_after_seconds)
    assert sign_in(sessions).account == ada


def test_guesses_from_another_address_do_not_lock_out_the_owner(
    sessions: Sessions, ada: Account
) -> None:
    guess(sessions, SIGN_IN.attempts_on_one_subject, address="203.0.113.9")
    assert sign_in(sessions).account == ada


def test_a_throttled_account_refuses_unknown_browsers(sessions: Sessions, ada: Account) -> None:
    flood(sessions)
    with pytest.raises(TooManyAttempts):
        sign_in(sessions)
    assert ada.email == ADA


def test_a_throttled_account_accepts_a_browser_with_a_device_token(
    sessions: Sessions, signed_in: NewSession
) -> None:
    flood(sessions)
    known = replace(VISITOR, device_token=signed_in.device_token)
    again = sessions.sign_in(email=ADA, password=PASSWORD, visitor=known)
    assert again.account == signed_in.account


def test_a_device_token_ends_with_the_sessions_of_its_epoch(
    sessions: Sessions, signed_in: NewSession
) -> None:
    sessions.end_others(signed_in.credentials.identity)
    flood(sessions)
    known = replace(VISITOR, device_token=signed_in.device_token)
    with pytest.raises(TooManyAttempts):
        sessions.sign_in(email=ADA, password=PASSWORD, visitor=known)


def test_a_device_token_is_valid_for_its_own_account_only(
    sessions: Sessions, signed_in: NewSession, accounts: InMemoryAccountStore, clock: HandClock
) -> None:
    accounts.add(an_account(clock.now(), GRACE, password_hash=HASHER.hash(PASSWORD)))
    flood(sessions)
    hers = replace(VISITOR, device_token=sign_in(sessions, GRACE).device_token)
    assert signed_in.account.email == ADA
    with pytest.raises(TooManyAttempts):
        sessions.sign_in(email=ADA, password=PASSWORD, visitor=hers)


def test_all_device_tokens_of_an_account_share_one_limit(
    sessions: Sessions, signed_in: NewSession
) -> None:
    marks = [signed_in.device_token, *(sign_in(sessions).device_token for _ in range(4))]
    for each in range(10):
        known = replace(VISITOR, device_token=marks[each % 5], address=f"203.0.113.{each}")
        with pytest.raises(WrongCredentials):
            sessions.sign_in(email=ADA, password="guess", visitor=known)
    with pytest.raises(TooManyAttempts):
        sessions.sign_in(email=ADA, password=PASSWORD, visitor=known)


@pytest.mark.parametrize("token", ["", "garbage", "\0"])
def test_an_invalid_access_token_has_no_identity(sessions: Sessions, token: str) -> None:
    assert sessions.identify(token) is None


def test_a_device_token_is_no_access_token(sessions: Sessions, signed_in: NewSession) -> None:
    assert sessions.identify(signed_in.device_token) is None
    assert sessions.identify(refresh_of(signed_in)) is None


def test_an_access_token_expires(
    sessions: Sessions, signed_in: NewSession, clock: HandClock
) -> None:
    clock.advance(seconds=ACCESS_LIFE.total_seconds() - 1)
    assert sessions.identify(signed_in.credentials.access)
    clock.advance(seconds=1)
    assert sessions.identify(signed_in.credentials.access) is None


def test_signing_out_revokes_the_access_token_at_once(
    sessions: Sessions, signed_in: NewSession
) -> None:
    sessions.sign_out(refresh_token=refresh_of(signed_in), identity=None)
    assert sessions.identify(signed_in.credentials.access) is None
    with pytest.raises(SessionOver):
        sessions.renew(refresh_of(signed_in), VISITOR)


def test_signing_out_by_the_access_token_alone_ends_the_session(
    sessions: Sessions, signed_in: NewSession
) -> None:
    sessions.sign_out(refresh_token="", identity=signed_in.credentials.identity)
    assert not is_alive(sessions, signed_in)


def test_signing_out_leaves_other_sessions_alone(sessions: Sessions, signed_in: NewSession) -> None:
    other = sign_in(sessions)
    sessions.sign_out(refresh_token=refresh_of(signed_in), identity=signed_in.credentials.identity)
    assert not is_alive(sessions, signed_in)
    assert is_alive(sessions, other)


@pytest.mark.parametrize("refresh_token", ["", "garbage", "7.session.0.secret.proof"])
def test_signing_out_without_a_session_is_no_error_and_ends_nothing(
    sessions: Sessions, signed_in: NewSession, refresh_token: str
) -> None:
    ended = [
        *sessions.sign_out(refresh_token=refresh_token, identity=None),
        *sessions.sign_out(
            refresh_token=refresh_token, identity=Identity(signed_in.account.id, SessionId("none"))
        ),
    ]
    assert ended == []
    assert is_alive(sessions, signed_in)


def test_signing_out_twice_is_no_error(sessions: Sessions, signed_in: NewSession) -> None:
    for _ in range(2):
        sessions.sign_out(
            refresh_token=refresh_of(signed_in), identity=signed_in.credentials.identity
        )
    assert not is_alive(sessions, signed_in)


def test_signing_out_with_a_forged_token_ends_no_session(
    sessions: Sessions, signed_in: NewSession
) -> None:
    forged = str(replace(signed_in.credentials.refresh, secret="guess"))
    sessions.sign_out(refresh_token=forged, identity=None)
    with pytest.raises(SessionOver):
        sessions.renew(forged, VISITOR)
    assert is_alive(sessions, signed_in)


def test_sessions_are_listed_newest_first(
    sessions: Sessions, signed_in: NewSession, clock: HandClock
) -> None:
    clock.advance(seconds=1)
    newer = sign_in(sessions)
    listed = sessions.listed(signed_in.credentials.identity)
    assert [each.id for each in listed] == [
        each.credentials.identity.session_id for each in (newer, signed_in)
    ]


def test_an_account_can_end_another_of_its_sessions(
    sessions: Sessions, signed_in: NewSession
) -> None:
    other = sign_in(sessions)
    sessions.end(signed_in.credentials.identity, other.credentials.identity.session_id)
    assert sessions.identify(other.credentials.access) is None
    assert sessions.identify(signed_in.credentials.access)


def test_an_account_cannot_end_the_session_of_another_account(
    sessions: Sessions, signed_in: NewSession, accounts: InMemoryAccountStore, clock: HandClock
) -> None:
    accounts.add(an_account(clock.now(), GRACE, password_hash=HASHER.hash(PASSWORD)))
    grace = sign_in(sessions, GRACE)
    with pytest.raises(SessionNotFound):
        sessions.end(grace.credentials.identity, signed_in.credentials.identity.session_id)
    assert is_alive(sessions, signed_in)


def test_ending_the_others_keeps_this_one(sessions: Sessions, signed_in: NewSession) -> None:
    others = [sign_in(sessions) for _ in range(3)]
    sessions.end_others(signed_in.credentials.identity)
    assert [is_alive(sessions, each) for each in others] == [False] * 3
    assert sessions.identify(signed_in.credentials.access)


@pytest.fixture
def api_token(sessions: Sessions, signed_in: NewSession) -> str:
    _, token = sessions.issue_api_token(
        signed_in.credentials.identity, label="script", password=PASSWORD, visitor=VISITOR
    )
    return str(token)


def test_an_api_token_identifies_its_account_for_a_year(
    sessions: Sessions, api_token: str, ada: Account, clock: HandClock
) -> None:
    clock.advance(days=364)
    assert sessions.identify_by_token(api_token, VISITOR).account_id == ada.id
    clock.advance(days=1)
    with pytest.raises(SessionOver):
        sessions.identify_by_token(api_token, VISITOR)


def test_an_api_token_is_no_refresh_token_and_the_other_way_round(
    sessions: Sessions, api_token: str, signed_in: NewSession
) -> None:
    with pytest.raises(SessionOver):
        sessions.renew(api_token, VISITOR)
    with pytest.raises(SessionOver):
        sessions.identify_by_token(refresh_of(signed_in), VISITOR)
    assert sessions.identify_by_token(api_token, VISITOR).account_id == signed_in.account.id


def test_a_forged_api_token_has_no_identity(sessions: Sessions, api_token: str) -> None:
    for forged in (api_token[:-1], api_token + "0", "", "garbage"):
        with pytest.raises(SessionOver):
            sessions.identify_by_token(forged, VISITOR)


def test_an_ended_api_token_has_no_identity(
    sessions: Sessions, api_token: str, signed_in: NewSession
) -> None:
    sessions.end_others(signed_in.credentials.identity)
    with pytest.raises(SessionOver):
        sessions.identify_by_token(api_token, VISITOR)


def test_issuing_an_api_token_requires_the_password(
    sessions: Sessions, signed_in: NewSession
) -> None:
    identity = signed_in.credentials.identity
    for _ in range(PASSWORD_CHECK.attempts):
        with pytest.raises(WrongPassword):
            sessions.issue_api_token(identity, label="", password="guess", visitor=VISITOR)
    with pytest.raises(TooManyAttempts):
        sessions.issue_api_token(identity, label="", password=PASSWORD, visitor=VISITOR)
    assert len(sessions.listed(identity)) == 1
