"""Sessions whose tokens are in bodies: bearer sessions, sign-in tokens and API tokens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from typing_extensions import override

from chalicelib.accounts.links import Links
from chalicelib.accounts.mail import MailKind
from chalicelib.accounts.model import (
    Account,
    AccountStatus,
    SessionOver,
    TooManyAttempts,
    WrongCredentials,
)
from chalicelib.accounts.passwords import Passwords
from chalicelib.accounts.session import (
    ACCESS_LIFE,
    API_TOKEN_LIFE,
    BEARER_LIFE,
    GRACE,
    SIGN_IN_TOKEN_LIFE,
    USE_STORED_EVERY,
    Session,
    SessionKind,
)
from chalicelib.accounts.sessions import RefreshTokenOver, Sessions
from chalicelib.accounts.throttling import SIGN_IN
from chalicelib.accounts.tokens import Identity, NewSession, NewToken
from tests.builders.accounts import ADA, PASSWORD, VISITOR
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.mail_queue import InMemoryMailQueue
from tests.fakes.password_hasher import ReadableHasher
from tests.fakes.session_store import InMemorySessionStore
from tests.unit.chalicelib.accounts.conftest import with_store

ELSEWHERE = replace(VISITOR, address="203.0.113.9", agent="A program")
SECOND = timedelta(seconds=1)


@pytest.fixture
def bearer(sessions: Sessions, ada: Account) -> NewSession:
    return sessions.sign_in_bearer(email=ada.email, password=PASSWORD, visitor=VISITOR)


@pytest.fixture
def signed_in(sessions: Sessions, ada: Account) -> NewToken:
    return sessions.sign_in_for_token(email=ada.email, password=PASSWORD, visitor=VISITOR)


@pytest.fixture
def passwords(sessions: Sessions, links: Links) -> Passwords:
    return Passwords(
        accounts=sessions.accounts,
        sessions=sessions.sessions,
        revocations=sessions.revocations,
        verifier=sessions.verifier,
        links=links,
        hasher=ReadableHasher(),
        tokens=sessions.tokens,
        throttle=sessions.sign_ins.throttle,
        mails=sessions.sign_ins.mails,
        clock=sessions.clock,
    )


def refresh_of(bearer: NewSession) -> str:
    return str(bearer.credentials.refresh)


def the_session(sessions: Sessions, identity: Identity) -> Session:
    [session] = [each for each in sessions.listed(identity) if each.id == identity.session_id]
    return session


SIGN_INS: list[Callable[[Sessions, str], Identity]] = [
    lambda sessions, password: (
        sessions.sign_in(email=ADA, password=password, visitor=VISITOR).credentials.identity
    ),
    lambda sessions, password: (
        sessions.sign_in_bearer(email=ADA, password=password, visitor=VISITOR).credentials.identity
    ),
    lambda sessions, password: (
        sessions.sign_in_for_token(email=ADA, password=password, visitor=VISITOR).identity
    ),
]
each_sign_in = pytest.mark.parametrize("sign_in", SIGN_INS, ids=["browser", "bearer", "token"])


@each_sign_in
def test_every_way_to_sign_in_is_throttled_by_the_same_counters(
    sessions: Sessions, ada: Account, sign_in: Callable[[Sessions, str], Identity]
) -> None:
    for _ in range(SIGN_IN.attempts_on_one_subject):
        for_others = SIGN_INS[0]
        with pytest.raises(WrongCredentials):
            for_others(sessions, "a guess")
    with pytest.raises(TooManyAttempts):
        sign_in(sessions, PASSWORD)
    assert list(sessions.sessions.of_account(ada.id)) == []


@each_sign_in
def test_every_way_to_sign_in_refuses_a_pending_account_and_mails_a_hint(
    sessions: Sessions,
    accounts: InMemoryAccountStore,
    mails: InMemoryMailQueue,
    ada: Account,
    sign_in: Callable[[Sessions, str], Identity],
) -> None:
    accounts.save(replace(ada, status=AccountStatus.PENDING))
    with pytest.raises(WrongCredentials):
        sign_in(sessions, PASSWORD)
    assert [each.kind for each in mails.requests] == [MailKind.SIGN_IN_REFUSED]


@pytest.mark.parametrize(
    ("sign_in", "kind", "life"),
    [
        (SIGN_INS[1], SessionKind.BEARER, BEARER_LIFE),
        (SIGN_INS[2], SessionKind.SIGN_IN_TOKEN, SIGN_IN_TOKEN_LIFE),
    ],
    ids=["bearer", "token"],
)
def test_a_session_of_a_program_is_listed_with_its_fixed_life(
    sessions: Sessions,
    ada: Account,
    clock: HandClock,
    sign_in: Callable[[Sessions, str], Identity],
    kind: SessionKind,
    life: timedelta,
) -> None:
    session = the_session(sessions, sign_in(sessions, PASSWORD))
    assert (session.account_id, session.kind, session.label) == (ada.id, kind, VISITOR.agent)
    assert session.ends_at == clock.now() + life


def test_a_bearer_refresh_token_stays_the_same_and_gives_access_tokens(
    sessions: Sessions, bearer: NewSession, clock: HandClock
) -> None:
    identity = bearer.credentials.identity
    assert sessions.identify(bearer.credentials.access) == identity
    for _ in range(3):
        clock.advance(days=2)
        access = sessions.access_for(refresh_of(bearer), ELSEWHERE)
        assert sessions.identify(access) == identity
    session = the_session(sessions, identity)
    assert (session.renewed_at, session.address) == (clock.now(), ELSEWHERE.address)


def test_using_a_bearer_session_does_not_prolong_it(
    sessions: Sessions, bearer: NewSession, clock: HandClock
) -> None:
    clock.advance(seconds=(BEARER_LIFE - SECOND).total_seconds())
    access = sessions.access_for(refresh_of(bearer), VISITOR)
    clock.advance(seconds=1)
    assert sessions.identify(access) is None
    with pytest.raises(RefreshTokenOver):
        sessions.access_for(refresh_of(bearer), VISITOR)


def test_tokens_of_the_wrong_kind_are_refused(
    sessions: Sessions, bearer: NewSession, signed_in: NewToken
) -> None:
    browser = sessions.sign_in(email=ADA, password=PASSWORD, visitor=VISITOR).credentials
    for wrong in (str(browser.refresh), str(signed_in.token), browser.access):
        with pytest.raises(RefreshTokenOver):
            sessions.access_for(wrong, VISITOR)
    for wrong in (refresh_of(bearer), str(signed_in.token)):
        with pytest.raises(SessionOver):
            sessions.renew(wrong, VISITOR)
    for wrong in (refresh_of(bearer), str(browser.refresh), bearer.credentials.access):
        with pytest.raises(SessionOver):
            sessions.identify_by_token(wrong, VISITOR)
    assert sessions.access_for(refresh_of(bearer), VISITOR), "nothing of this ended a session"
    assert sessions.renew(str(browser.refresh), VISITOR).access


def test_a_forged_refresh_token_gives_no_access_token(
    sessions: Sessions, bearer: NewSession
) -> None:
    refresh = refresh_of(bearer)
    fields = refresh.split(".")
    later = ".".join([*fields[:2], "1", *fields[3:]])
    for forged in (refresh[:-1], refresh + "0", later, "", "garbage"):
        with pytest.raises(RefreshTokenOver):
            sessions.access_for(forged, VISITOR)
        assert not sessions.is_valid(forged)


def test_a_sign_out_ends_a_bearer_session_and_its_access_tokens(
    sessions: Sessions, bearer: NewSession
) -> None:
    identity = bearer.credentials.identity
    assert list(sessions.sign_out(refresh_token="", identity=identity)) == [identity]
    assert sessions.identify(bearer.credentials.access) is None
    assert not sessions.is_valid(bearer.credentials.access)
    with pytest.raises(RefreshTokenOver):
        sessions.access_for(refresh_of(bearer), VISITOR)


def test_a_sign_out_ends_a_sign_in_token(sessions: Sessions, signed_in: NewToken) -> None:
    sessions.sign_out(refresh_token="", identity=signed_in.identity)
    with pytest.raises(SessionOver):
        sessions.identify_by_token(str(signed_in.token), VISITOR)


def test_valid_are_access_tokens_and_refresh_tokens_of_bearer_sessions(
    sessions: Sessions, bearer: NewSession, signed_in: NewToken, clock: HandClock
) -> None:
    browser = sessions.sign_in(email=ADA, password=PASSWORD, visitor=VISITOR).credentials
    assert sessions.is_valid(bearer.credentials.access)
    assert sessions.is_valid(refresh_of(bearer))
    assert not sessions.is_valid(str(browser.refresh))
    assert not sessions.is_valid(str(signed_in.token))
    clock.advance(seconds=ACCESS_LIFE.total_seconds())
    assert not sessions.is_valid(bearer.credentials.access)
    assert sessions.is_valid(refresh_of(bearer))


@pytest.mark.parametrize("changed_by", ["browser", "bearer", "token", "a new epoch"])
def test_a_new_password_ends_all_bearer_sessions_and_sign_in_tokens(
    sessions: Sessions,
    passwords: Passwords,
    bearer: NewSession,
    signed_in: NewToken,
    clock: HandClock,
    changed_by: str,
) -> None:
    clock.advance(hours=1)
    access = sessions.access_for(refresh_of(bearer), VISITOR)
    browser = sessions.sign_in(email=ADA, password=PASSWORD, visitor=VISITOR)
    actors = {
        "browser": browser.credentials.identity,
        "bearer": bearer.credentials.identity,
        "token": signed_in.identity,
    }
    if changed_by == "a new epoch":
        account = sessions.accounts.by_id(bearer.account.id)
        changed = sessions.accounts.save(account.signed_out_everywhere())
        sessions.revocations.end_all(changed)
    else:
        passwords.change(
            actors[changed_by],
            current=PASSWORD,
            password="a much better horse",
            field="new_password",
            visitor=VISITOR,
        )
    assert sessions.identify(access) is None
    with pytest.raises(RefreshTokenOver):
        sessions.access_for(refresh_of(bearer), VISITOR)
    with pytest.raises(SessionOver):
        sessions.identify_by_token(str(signed_in.token), VISITOR)


class SlowStore(InMemorySessionStore):
    """A store in which all sessions end between the reading and the writing of one."""

    end_all: Callable[[], None] | None = None

    @override
    def rotate(self, before: Session, after: Session) -> None:
        if self.end_all:
            self.end_all()
        super().rotate(before, after)


def test_a_password_that_changes_meanwhile_leaves_no_access_token(
    sessions: Sessions, accounts: InMemoryAccountStore, ada: Account, clock: HandClock
) -> None:
    slow = SlowStore(accounts, clock)
    sessions = with_store(sessions, slow)
    bearer = sessions.sign_in_bearer(email=ADA, password=PASSWORD, visitor=VISITOR)
    clock.advance(hours=1)
    slow.end_all = lambda: sessions.revocations.end_all(accounts.save(ada.signed_out_everywhere()))
    with pytest.raises(RefreshTokenOver):
        sessions.access_for(refresh_of(bearer), VISITOR)


def test_many_refreshes_within_seconds_write_once(
    sessions: Sessions, accounts: InMemoryAccountStore, ada: Account, clock: HandClock
) -> None:
    writes: list[None] = []
    slow = SlowStore(accounts, clock)
    slow.end_all = lambda: writes.append(None)
    sessions = with_store(sessions, slow)
    assert ada.is_active
    bearer = sessions.sign_in_bearer(email=ADA, password=PASSWORD, visitor=VISITOR)
    clock.advance(minutes=5)
    for _ in range(10):
        assert sessions.access_for(refresh_of(bearer), VISITOR)
    assert len(writes) == 1
    clock.advance(seconds=GRACE.total_seconds() + 1)
    assert sessions.access_for(refresh_of(bearer), VISITOR)
    assert len(writes) == 2


class CountingStore(InMemorySessionStore):
    uses = 0

    @override
    def record_use(self, session: Session) -> None:
        self.uses += 1
        super().record_use(session)


@pytest.fixture
def counting(accounts: InMemoryAccountStore, clock: HandClock) -> CountingStore:
    return CountingStore(accounts, clock)


def test_the_last_use_of_a_token_is_stored_at_most_once_an_hour(
    sessions: Sessions, counting: CountingStore, ada: Account, clock: HandClock
) -> None:
    sessions = with_store(sessions, counting)
    issued = sessions.sign_in_for_token(email=ada.email, password=PASSWORD, visitor=VISITOR)
    for _ in range(3):
        clock.advance(minutes=20)
        sessions.identify_by_token(str(issued.token), ELSEWHERE)
    assert counting.uses == 1
    used = the_session(sessions, issued.identity)
    assert (used.renewed_at, used.address) == (clock.now(), ELSEWHERE.address)
    clock.advance(seconds=USE_STORED_EVERY.total_seconds() - 1)
    sessions.identify_by_token(str(issued.token), VISITOR)
    assert the_session(sessions, issued.identity) == used


@pytest.mark.parametrize(
    ("chosen", "life"),
    [
        (timedelta(days=30), timedelta(days=30)),
        (None, API_TOKEN_LIFE),
        (timedelta(days=999), API_TOKEN_LIFE),
    ],
    ids=str,
)
def test_an_api_token_lives_as_long_as_its_owner_chose(
    sessions: Sessions,
    bearer: NewSession,
    clock: HandClock,
    chosen: timedelta | None,
    life: timedelta,
) -> None:
    session, token = sessions.issue_api_token(
        bearer.credentials.identity,
        label="script",
        password=PASSWORD,
        visitor=VISITOR,
        life=chosen,
    )
    assert session.ends_at == clock.now() + life
    clock.advance(seconds=(life - SECOND).total_seconds())
    assert sessions.identify_by_token(str(token), VISITOR).session_id == session.id
    clock.advance(seconds=1)
    with pytest.raises(SessionOver):
        sessions.identify_by_token(str(token), VISITOR)
