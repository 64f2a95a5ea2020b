"""Contract of `Viewers`: the fake, and the check of sessions and accounts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from chalicelib.accounts.model import AccountId, AccountStatus
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.session import Session, SessionId
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.playback.admission import TRUSTED_FOR, ViewerCheck
from chalicelib.playback.model import Grant, GrantRefused
from chalicelib.playback.ports import Viewers
from tests.builders.accounts import a_session, an_account
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.session_store import InMemorySessionStore
from tests.fakes.streams import InMemoryViewers

pytestmark = pytest.mark.contract(of=Viewers)


@dataclass(frozen=True)
class ViewersHarness:
    viewers: Viewers
    clock: HandClock
    sign_in: Callable[[], Session]
    sign_in_as_admin: Callable[[], Session]
    sign_out: Callable[[Session], None]
    deactivate: Callable[[Session], None]

    def grant(self, session: Session) -> Grant:
        return self.grant_of(session.account_id, session.id)

    def grant_of(self, account_id: AccountId, session_id: SessionId) -> Grant:
        now = self.clock.now()
        return Grant(account_id, session_id, VideoId(7), Revision(1), now, now + timedelta(hours=5))

    def forget_checks(self) -> None:
        """Advance the clock until a cached session is checked again."""
        self.clock.advance(seconds=TRUSTED_FOR.total_seconds())


@dataclass
class AccountsAndSessions:
    """Accounts and sessions in memory, and updates of the fake."""

    clock: HandClock
    fake: InMemoryViewers = field(default_factory=InMemoryViewers)

    def __post_init__(self) -> None:
        self.accounts = InMemoryAccountStore(self.clock)
        self.sessions = InMemorySessionStore(self.accounts, self.clock)
        self.revocations = Revocations(self.sessions, self.clock)

    def sign_in(self, email: str = "ada@example.com", *, is_admin: bool = False) -> Session:
        account = self.accounts.add(an_account(self.clock.now(), email, is_admin=is_admin))
        session, _ = a_session(self.clock.now(), account)
        self.sessions.open(session, account)
        self.fake.sessions.add(session.id)
        return session

    def sign_in_as_admin(self) -> Session:
        session = self.sign_in("grace@example.com", is_admin=True)
        self.fake.admins.add(session.account_id)
        return session

    def sign_out(self, session: Session) -> None:
        self.revocations.end(session)
        self.fake.sessions.discard(session.id)

    def deactivate(self, session: Session) -> None:
        account = self.accounts.by_id(session.account_id)
        self.accounts.save(account.moved_to(AccountStatus.DEACTIVATED))
        self.fake.sessions.discard(session.id)
        self.fake.admins.discard(account.id)

    def viewer_check(self) -> ViewerCheck:
        return ViewerCheck(
            accounts=self.accounts,
            sessions=self.sessions,
            revocations=self.revocations,
            clock=self.clock,
        )


@pytest.fixture(params=["memory", "accounts"])
def harness(request: pytest.FixtureRequest, clock: HandClock) -> ViewersHarness:
    accounts_and_sessions = AccountsAndSessions(clock)
    viewers: Viewers = (
        accounts_and_sessions.fake
        if request.param == "memory"
        else accounts_and_sessions.viewer_check()
    )
    return ViewersHarness(
        viewers,
        clock,
        sign_in=accounts_and_sessions.sign_in,
        sign_in_as_admin=accounts_and_sessions.sign_in_as_admin,
        sign_out=accounts_and_sessions.sign_out,
        deactivate=accounts_and_sessions.deactivate,
    )


def is_accepted(harness: ViewersHarness, grant: Grant) -> bool:
    try:
        harness.viewers.require_alive(grant)
    except GrantRefused:
        return False
    return True


def test_a_valid_session_is_accepted_until_it_ends(harness: ViewersHarness) -> None:
    grant = harness.grant(harness.sign_in())
    assert is_accepted(harness, grant)
    harness.forget_checks()
    assert is_accepted(harness, grant)


def test_a_sign_out_counts_at_once(harness: ViewersHarness) -> None:
    session = harness.sign_in()
    grant = harness.grant(session)
    harness.sign_out(session)
    with pytest.raises(GrantRefused, match=r"^This session is over\. Please sign in\.$"):
        harness.viewers.require_alive(grant)


def test_a_deactivation_counts_within_a_minute(harness: ViewersHarness) -> None:
    session = harness.sign_in()
    grant = harness.grant(session)
    harness.deactivate(session)
    harness.forget_checks()
    assert not is_accepted(harness, grant)


def test_an_unknown_session_is_refused_within_a_minute(harness: ViewersHarness) -> None:
    session = harness.sign_in()
    grant = harness.grant_of(session.account_id, SessionId("forged"))
    harness.forget_checks()
    assert not is_accepted(harness, grant)


def test_only_an_active_administrator_is_one(harness: ViewersHarness) -> None:
    viewer, admin = harness.sign_in(), harness.sign_in_as_admin()
    assert not harness.viewers.is_admin(viewer.account_id)
    assert harness.viewers.is_admin(admin.account_id)
    assert not harness.viewers.is_admin(AccountId(1))
    harness.deactivate(admin)
    assert not harness.viewers.is_admin(admin.account_id)
