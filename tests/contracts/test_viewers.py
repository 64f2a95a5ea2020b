"""Contract of `Viewers`: the fake, and the check of sessions and accounts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from chalicelib.accounts.model import AccountId, AccountStatus
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.session import Session, SessionId
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.playback.model import Grant, GrantRefused
from chalicelib.playback.ports import Viewers
from chalicelib.playback.viewers import TRUSTED_FOR, ViewerCheck
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.session_store import InMemorySessionStore
from tests.fakes.streams import InMemoryViewers
from tests.samples import a_session, an_account

pytestmark = pytest.mark.contract(of=Viewers)


@dataclass(frozen=True)
class Door:
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

    def later(self) -> None:
        """Advance the clock until a cached session is checked again."""
        self.clock.advance(seconds=TRUSTED_FOR.total_seconds())


@dataclass
class Registry:
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

    def audience(self) -> ViewerCheck:
        return ViewerCheck(
            accounts=self.accounts,
            sessions=self.sessions,
            revocations=self.revocations,
            clock=self.clock,
        )


@pytest.fixture(params=["memory", "accounts"])
def door(request: pytest.FixtureRequest, clock: HandClock) -> Door:
    registry = Registry(clock)
    viewers: Viewers = registry.fake if request.param == "memory" else registry.audience()
    return Door(
        viewers,
        clock,
        sign_in=registry.sign_in,
        sign_in_as_admin=registry.sign_in_as_admin,
        sign_out=registry.sign_out,
        deactivate=registry.deactivate,
    )


def is_let_in(door: Door, grant: Grant) -> bool:
    try:
        door.viewers.require_alive(grant)
    except GrantRefused:
        return False
    return True


def test_a_valid_session_is_accepted_until_it_ends(door: Door) -> None:
    grant = door.grant(door.sign_in())
    assert is_let_in(door, grant)
    door.later()
    assert is_let_in(door, grant)


def test_a_sign_out_counts_at_once(door: Door) -> None:
    session = door.sign_in()
    grant = door.grant(session)
    door.sign_out(session)
    with pytest.raises(GrantRefused, match=r"^This session is over\. Please sign in\.$"):
        door.viewers.require_alive(grant)


def test_a_deactivation_counts_within_a_minute(door: Door) -> None:
    session = door.sign_in()
    grant = door.grant(session)
    door.deactivate(session)
    door.later()
    assert not is_let_in(door, grant)


def test_an_unknown_session_is_refused_within_a_minute(door: Door) -> None:
    session = door.sign_in()
    grant = door.grant_of(session.account_id, SessionId("forged"))
    door.later()
    assert not is_let_in(door, grant)


def test_only_an_active_administrator_is_one(door: Door) -> None:
    viewer, admin = door.sign_in(), door.sign_in_as_admin()
    assert not door.viewers.is_admin(viewer.account_id)
    assert door.viewers.is_admin(admin.account_id)
    assert not door.viewers.is_admin(AccountId(1))
    door.deactivate(admin)
    assert not door.viewers.is_admin(admin.account_id)
