"""Contract of `SessionStore`: the fake and DynamoDB."""

import os
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import boto3
import pytest
from pynamodb.connection import Connection

from chalicelib.accounts.model import (
    Account,
    AccountId,
    AccountStatus,
    SessionOver,
    StaleAccount,
    StaleSession,
)
from chalicelib.accounts.ports import AccountStore, SessionStore
from chalicelib.accounts.session import (
    ACCESS_LIFE,
    LIFE,
    Session,
    SessionId,
    SessionKind,
)
from chalicelib.adapters.dynamodb.account_store import DynamoAccountStore
from chalicelib.adapters.dynamodb.session_store import DynamoSessionStore
from tests.builders.accounts import GRACE, a_session, an_account
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.session_store import InMemorySessionStore

pytestmark = pytest.mark.contract(of=SessionStore)

SECOND = timedelta(seconds=1)
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class StoresHarness:
    """A session store and the store of its accounts."""

    store: SessionStore
    accounts: AccountStore
    clock: HandClock

    def opened_for(self, account: Account, *, kind: SessionKind = SessionKind.BROWSER) -> Session:
        session, _ = a_session(self.clock.now(), account, kind=kind)
        self.store.open(session, account)
        return session


@pytest.fixture(params=["memory", "dynamodb"])
def harness(request: pytest.FixtureRequest, clock: HandClock) -> StoresHarness:
    if request.param == "memory":
        accounts = InMemoryAccountStore(clock)
        return StoresHarness(InMemorySessionStore(accounts, clock), accounts, clock)
    connection = request.getfixturevalue("connection")
    return StoresHarness(
        DynamoSessionStore(connection, clock), DynamoAccountStore(connection, clock), clock
    )


@pytest.fixture
def ada(harness: StoresHarness, clock: HandClock) -> Account:
    return harness.accounts.add(an_account(clock.now()))


@pytest.fixture
def grace(harness: StoresHarness, clock: HandClock) -> Account:
    return harness.accounts.add(an_account(clock.now(), GRACE))


def renewed(session: Session, clock: HandClock, address: str = "203.0.113.9") -> Session:
    return session.renewed(address=address, now=clock.now())


@pytest.mark.parametrize("kind", SessionKind)
def test_an_open_session_is_read_with_every_field(
    harness: StoresHarness, ada: Account, kind: SessionKind
) -> None:
    session = harness.opened_for(ada, kind=kind)
    assert harness.store.get(ada.id, session.id) == session


def test_a_session_without_a_label_is_read_without_one(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = replace(a_session(clock.now(), ada)[0], label="")
    harness.store.open(session, ada)
    assert harness.store.get(ada.id, session.id) == session


def test_a_session_opens_only_while_its_account_is_as_it_was_read(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    harness.accounts.save(replace(ada, first_name="Ada"))
    session, _ = a_session(clock.now(), ada)
    with pytest.raises(StaleAccount):
        harness.store.open(session, ada)
    assert list(harness.store.of_account(ada.id)) == []


def test_no_session_opens_for_a_removed_account(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    harness.accounts.remove(ada)
    session, _ = a_session(clock.now(), ada)
    with pytest.raises(StaleAccount):
        harness.store.open(session, ada)
    assert list(harness.store.of_account(ada.id)) == []


def test_an_open_session_outlives_changes_of_its_account(
    harness: StoresHarness, ada: Account
) -> None:
    session = harness.opened_for(ada)
    harness.accounts.save(replace(ada, first_name="Ada"))
    assert harness.store.get(ada.id, session.id) == session


def test_a_session_that_was_never_opened_is_over(harness: StoresHarness, ada: Account) -> None:
    with pytest.raises(SessionOver):
        harness.store.get(ada.id, SessionId("unknown"))


def test_a_session_is_read_under_its_own_account_only(
    harness: StoresHarness, ada: Account, grace: Account
) -> None:
    session = harness.opened_for(ada)
    with pytest.raises(SessionOver):
        harness.store.get(grace.id, session.id)


@pytest.mark.parametrize(
    ("kind", "life"),
    LIFE.items(),
)
def test_an_expired_session_is_over(
    harness: StoresHarness, ada: Account, kind: SessionKind, life: timedelta
) -> None:
    session = harness.opened_for(ada, kind=kind)
    harness.clock.advance(seconds=(life - SECOND).total_seconds())
    assert harness.store.get(ada.id, session.id) == session
    harness.clock.advance(seconds=1)
    with pytest.raises(SessionOver):
        harness.store.get(ada.id, session.id)


def test_a_rotated_session_is_read_with_its_changes(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = harness.opened_for(ada)
    clock.advance(minutes=5)
    after = renewed(session, clock)
    harness.store.rotate(session, after)
    assert harness.store.get(ada.id, session.id) == after
    assert list(harness.store.of_account(ada.id)) == [after]


def test_a_rotated_session_stays_valid(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = harness.opened_for(ada)
    clock.advance(days=6)
    after = renewed(session, clock)
    harness.store.rotate(session, after)
    clock.advance(days=6)
    assert harness.store.get(ada.id, session.id) == after


def test_of_two_rotations_of_one_version_the_second_is_refused(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = harness.opened_for(ada)
    first = renewed(session, clock, "203.0.113.1")
    harness.store.rotate(session, first)
    with pytest.raises(StaleSession):
        harness.store.rotate(session, renewed(session, clock, "203.0.113.2"))
    assert harness.store.get(ada.id, session.id) == first


def test_rotations_follow_one_another(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = harness.opened_for(ada)
    for _ in range(3):
        after = renewed(session, clock)
        harness.store.rotate(session, after)
        session = after
    assert harness.store.get(ada.id, session.id).generation == 3


def test_a_rotation_does_not_bring_an_ended_session_back(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = harness.opened_for(ada)
    harness.store.end(session)
    with pytest.raises(StaleSession):
        harness.store.rotate(session, renewed(session, clock))
    with pytest.raises(SessionOver):
        harness.store.get(ada.id, session.id)


def test_the_last_use_of_a_token_is_read_back_and_changes_nothing_else(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = harness.opened_for(ada, kind=SessionKind.API_TOKEN)
    clock.advance(hours=2)
    used = session.used(address="203.0.113.9", now=clock.now())
    harness.store.record_use(used)
    assert harness.store.get(ada.id, session.id) == used
    assert (used.expires_at, used.generation) == (session.expires_at, session.generation)


def test_a_use_does_not_bring_an_ended_session_back(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = harness.opened_for(ada, kind=SessionKind.API_TOKEN)
    harness.store.end(session)
    harness.store.record_use(session.used(address="203.0.113.9", now=clock.now()))
    assert list(harness.store.of_account(ada.id)) == []


def test_a_renewal_may_keep_its_token(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = harness.opened_for(ada, kind=SessionKind.BEARER)
    for _ in range(2):
        clock.advance(minutes=5)
        used = session.used(address="203.0.113.9", now=clock.now())
        harness.store.rotate(session, used)
        assert harness.store.get(ada.id, session.id) == used
    harness.accounts.save(ada.signed_out_everywhere())
    with pytest.raises(StaleSession):
        harness.store.rotate(session, used)


def test_the_sessions_of_an_account_are_listed_newest_first(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    sessions = []
    for _ in range(4):
        sessions.append(harness.opened_for(ada))
        clock.advance(seconds=1)
    assert list(harness.store.of_account(ada.id)) == sessions[::-1]


def test_expired_sessions_are_not_listed(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    for _ in range(2):
        harness.opened_for(ada)
        clock.advance(days=1)
    clock.advance(days=4)
    alive = harness.opened_for(ada)
    clock.advance(days=2)
    assert list(harness.store.of_account(ada.id)) == [alive]


def test_sessions_of_others_are_not_listed(
    harness: StoresHarness, ada: Account, grace: Account
) -> None:
    own = harness.opened_for(ada)
    harness.opened_for(grace)
    assert list(harness.store.of_account(ada.id)) == [own]
    assert list(harness.store.of_account(AccountId(404))) == []


def test_an_ended_session_is_gone(harness: StoresHarness, ada: Account) -> None:
    kept, ended = harness.opened_for(ada), harness.opened_for(ada)
    harness.store.end(ended)
    assert list(harness.store.of_account(ada.id)) == [kept]
    with pytest.raises(SessionOver):
        harness.store.get(ada.id, ended.id)


def test_ending_a_session_twice_changes_nothing(harness: StoresHarness, ada: Account) -> None:
    session = harness.opened_for(ada)
    harness.store.end(session)
    harness.store.end(session)
    assert list(harness.store.ended_since(harness.clock.now())) == [session.id]


def test_an_ended_session_is_listed_with_its_time(harness: StoresHarness, ada: Account) -> None:
    first, second, _ = (harness.opened_for(ada) for _ in range(3))
    began = harness.clock.now()
    harness.store.end(first)
    harness.clock.advance(seconds=2)
    harness.store.end(second)
    revocations = harness.store.ended_since(began - SECOND)
    assert revocations == {first.id: began, second.id: began + 2 * SECOND}


@pytest.mark.parametrize(
    ("asked_after", "is_listed"), [(-MILLISECOND, True), (0 * SECOND, True), (MILLISECOND, False)]
)
def test_a_revocation_at_the_very_time_is_listed(
    harness: StoresHarness, ada: Account, asked_after: timedelta, is_listed: bool
) -> None:
    session = harness.opened_for(ada)
    harness.store.end(session)
    revocations = harness.store.ended_since(harness.clock.now() + asked_after)
    assert (session.id in revocations) is is_listed


def test_a_revocation_is_listed_while_access_tokens_may_be_valid(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = harness.opened_for(ada)
    ended_at = clock.now()
    harness.store.end(session)
    clock.advance(seconds=ACCESS_LIFE.total_seconds())
    assert session.id in harness.store.ended_since(ended_at)


def expiry_of_endings() -> list[datetime]:
    items = boto3.resource("dynamodb").Table(os.environ["ACCOUNTS_TABLE"]).scan()["Items"]
    seconds = [item["expires_at"] for item in items if item["pk"] == "ENDED"]
    return [datetime.fromtimestamp(float(str(each))).astimezone() for each in seconds]


def test_dynamodb_keeps_a_revocation_beyond_the_last_access_token(
    connection: Connection, clock: HandClock
) -> None:
    DynamoSessionStore(connection, clock).end(a_session(clock.now())[0])
    [expires_at] = expiry_of_endings()
    assert expires_at > clock.now() + ACCESS_LIFE


def test_a_session_is_read_together_with_its_account(harness: StoresHarness, ada: Account) -> None:
    session = harness.opened_for(ada)
    assert harness.store.get_with_account(ada.id, session.id) == (session, ada)


def test_a_session_without_its_account_is_over(harness: StoresHarness, ada: Account) -> None:
    session = harness.opened_for(ada)
    harness.accounts.remove(ada)
    with pytest.raises(SessionOver):
        harness.store.get_with_account(ada.id, session.id)


def test_an_account_without_the_session_is_not_enough(harness: StoresHarness, ada: Account) -> None:
    with pytest.raises(SessionOver):
        harness.store.get_with_account(ada.id, SessionId("unknown"))


def test_an_expired_session_is_over_despite_its_account(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = harness.opened_for(ada)
    clock.advance(days=7)
    with pytest.raises(SessionOver):
        harness.store.get_with_account(ada.id, session.id)


def test_a_session_is_carried_over_into_a_new_epoch(harness: StoresHarness, ada: Account) -> None:
    session = harness.opened_for(ada)
    later = harness.accounts.save(ada.signed_out_everywhere())
    harness.store.carry_over(session, later)
    carried, account = harness.store.get_with_account(ada.id, session.id)
    assert carried == replace(session, epoch=1)
    assert carried.may_go_on(account)


def test_a_session_that_ended_is_not_carried_over(harness: StoresHarness, ada: Account) -> None:
    session = harness.opened_for(ada)
    harness.store.end(session)
    harness.store.carry_over(session, harness.accounts.save(ada.signed_out_everywhere()))
    with pytest.raises(SessionOver):
        harness.store.get(ada.id, session.id)


def test_carrying_a_session_over_does_not_undo_a_concurrent_renewal(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = harness.opened_for(ada)
    after = renewed(session, clock)
    harness.store.rotate(session, after)
    harness.store.carry_over(session, harness.accounts.save(ada.signed_out_everywhere()))
    assert harness.store.get(ada.id, session.id) == replace(after, epoch=1)


def test_renewing_a_session_does_not_undo_carrying_it_over(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = harness.opened_for(ada)
    harness.store.carry_over(session, harness.accounts.save(ada.signed_out_everywhere()))
    with pytest.raises(StaleSession):
        harness.store.rotate(session, renewed(session, clock))
    carried = harness.store.get(ada.id, session.id)
    after = renewed(carried, clock)
    harness.store.rotate(carried, after)
    assert harness.store.get(ada.id, session.id) == after == replace(after, epoch=1)


def successor_for(harness: StoresHarness, account: Account) -> Session:
    return a_session(harness.clock.now(), account)[0]


def test_a_session_is_replaced_together_with_a_change_of_its_account(
    harness: StoresHarness, ada: Account
) -> None:
    before = harness.opened_for(ada)
    changed = replace(ada.signed_out_everywhere(), password_hash="another")
    after = successor_for(harness, changed)
    saved = harness.store.replace_with_account(before, after, changed)
    assert saved == replace(changed, revision=ada.revision + 1)
    assert harness.accounts.by_id(ada.id) == harness.accounts.by_email(ada.email) == saved
    assert list(harness.store.of_account(ada.id)) == [after]
    assert harness.store.ended_since(harness.clock.now()) == {before.id: harness.clock.now()}


def test_a_session_that_ended_is_not_replaced_and_its_account_not_changed(
    harness: StoresHarness, ada: Account
) -> None:
    before = harness.opened_for(ada)
    harness.store.end(before)
    changed = ada.signed_out_everywhere()
    with pytest.raises(SessionOver):
        harness.store.replace_with_account(before, successor_for(harness, changed), changed)
    assert list(harness.store.of_account(ada.id)) == []
    assert harness.accounts.by_id(ada.id) == ada


def test_a_session_of_an_account_that_changed_meanwhile_is_not_replaced(
    harness: StoresHarness, ada: Account
) -> None:
    before = harness.opened_for(ada)
    harness.accounts.save(replace(ada, first_name="Ada"))
    changed = ada.signed_out_everywhere()
    with pytest.raises(StaleAccount):
        harness.store.replace_with_account(before, successor_for(harness, changed), changed)
    assert list(harness.store.of_account(ada.id)) == [before]
    assert harness.store.ended_since(harness.clock.now()) == {}


def test_a_session_of_a_deactivated_account_is_not_renewed(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = harness.opened_for(ada)
    harness.accounts.save(replace(ada, status=AccountStatus.DEACTIVATED))
    with pytest.raises(StaleSession):
        harness.store.rotate(session, renewed(session, clock))


def test_a_session_of_a_removed_account_is_not_renewed(
    harness: StoresHarness, ada: Account, clock: HandClock
) -> None:
    session = harness.opened_for(ada)
    harness.accounts.remove(ada)
    with pytest.raises(StaleSession):
        harness.store.rotate(session, renewed(session, clock))


def test_a_session_is_read_with_its_own_account(
    harness: StoresHarness, ada: Account, grace: Account
) -> None:
    session = harness.opened_for(ada)
    with pytest.raises(SessionOver):
        harness.store.get_with_account(grace.id, session.id)


def test_a_session_is_read_with_its_account_as_it_is_now(
    harness: StoresHarness, ada: Account
) -> None:
    session = harness.opened_for(ada)
    later = harness.accounts.save(replace(ada, first_name="Ada").signed_out_everywhere())
    assert harness.store.get_with_account(ada.id, session.id) == (session, later)
