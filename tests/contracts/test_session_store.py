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
    API_TOKEN_LIFE,
    REFRESH_LIFE,
    Session,
    SessionId,
    SessionKind,
)
from chalicelib.adapters.dynamodb.account_store import DynamoAccountStore
from chalicelib.adapters.dynamodb.session_store import DynamoSessionStore
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.session_store import InMemorySessionStore
from tests.samples import GRACE, a_session, an_account

pytestmark = pytest.mark.contract(of=SessionStore)

SECOND = timedelta(seconds=1)
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class House:
    """A session store and the store of its accounts."""

    store: SessionStore
    accounts: AccountStore
    clock: HandClock

    def opened_for(self, account: Account, *, kind: SessionKind = SessionKind.BROWSER) -> Session:
        session, _ = a_session(self.clock.now(), account, kind=kind)
        self.store.open(session, account)
        return session


@pytest.fixture(params=["memory", "dynamodb"])
def house(request: pytest.FixtureRequest, clock: HandClock) -> House:
    if request.param == "memory":
        accounts = InMemoryAccountStore(clock)
        return House(InMemorySessionStore(accounts, clock), accounts, clock)
    connection = request.getfixturevalue("connection")
    return House(
        DynamoSessionStore(connection, clock), DynamoAccountStore(connection, clock), clock
    )


@pytest.fixture
def ada(house: House, clock: HandClock) -> Account:
    return house.accounts.add(an_account(clock.now()))


@pytest.fixture
def grace(house: House, clock: HandClock) -> Account:
    return house.accounts.add(an_account(clock.now(), GRACE))


def renewed(session: Session, clock: HandClock, address: str = "203.0.113.9") -> Session:
    return session.renewed(address=address, now=clock.now())


@pytest.mark.parametrize("kind", SessionKind)
def test_an_open_session_is_read_with_every_field(
    house: House, ada: Account, kind: SessionKind
) -> None:
    session = house.opened_for(ada, kind=kind)
    assert house.store.get(ada.id, session.id) == session


def test_a_session_without_a_label_is_read_without_one(
    house: House, ada: Account, clock: HandClock
) -> None:
    session = replace(a_session(clock.now(), ada)[0], label="")
    house.store.open(session, ada)
    assert house.store.get(ada.id, session.id) == session


def test_a_session_opens_only_while_its_account_is_as_it_was_read(
    house: House, ada: Account, clock: HandClock
) -> None:
    house.accounts.save(replace(ada, first_name="Ada"))
    session, _ = a_session(clock.now(), ada)
    with pytest.raises(StaleAccount):
        house.store.open(session, ada)
    assert list(house.store.of(ada.id)) == []


def test_no_session_opens_for_a_removed_account(
    house: House, ada: Account, clock: HandClock
) -> None:
    house.accounts.remove(ada)
    session, _ = a_session(clock.now(), ada)
    with pytest.raises(StaleAccount):
        house.store.open(session, ada)
    assert list(house.store.of(ada.id)) == []


def test_an_open_session_outlives_changes_of_its_account(house: House, ada: Account) -> None:
    session = house.opened_for(ada)
    house.accounts.save(replace(ada, first_name="Ada"))
    assert house.store.get(ada.id, session.id) == session


def test_a_session_that_was_never_opened_is_over(house: House, ada: Account) -> None:
    with pytest.raises(SessionOver):
        house.store.get(ada.id, SessionId("unknown"))


def test_a_session_is_read_under_its_own_account_only(
    house: House, ada: Account, grace: Account
) -> None:
    session = house.opened_for(ada)
    with pytest.raises(SessionOver):
        house.store.get(grace.id, session.id)


@pytest.mark.parametrize(
    ("kind", "life"),
    [(SessionKind.BROWSER, REFRESH_LIFE), (SessionKind.API_TOKEN, API_TOKEN_LIFE)],
)
def test_an_expired_session_is_over(
    house: House, ada: Account, kind: SessionKind, life: timedelta
) -> None:
    session = house.opened_for(ada, kind=kind)
    house.clock.advance(seconds=(life - SECOND).total_seconds())
    assert house.store.get(ada.id, session.id) == session
    house.clock.advance(seconds=1)
    with pytest.raises(SessionOver):
        house.store.get(ada.id, session.id)


def test_a_rotated_session_is_read_with_its_changes(
    house: House, ada: Account, clock: HandClock
) -> None:
    session = house.opened_for(ada)
    clock.advance(minutes=5)
    after = renewed(session, clock)
    house.store.rotate(session, after)
    assert house.store.get(ada.id, session.id) == after
    assert list(house.store.of(ada.id)) == [after]


def test_a_rotated_session_stays_valid(house: House, ada: Account, clock: HandClock) -> None:
    session = house.opened_for(ada)
    clock.advance(days=6)
    after = renewed(session, clock)
    house.store.rotate(session, after)
    clock.advance(days=6)
    assert house.store.get(ada.id, session.id) == after


def test_of_two_rotations_of_one_version_the_second_is_refused(
    house: House, ada: Account, clock: HandClock
) -> None:
    session = house.opened_for(ada)
    first = renewed(session, clock, "203.0.113.1")
    house.store.rotate(session, first)
    with pytest.raises(StaleSession):
        house.store.rotate(session, renewed(session, clock, "203.0.113.2"))
    assert house.store.get(ada.id, session.id) == first


def test_rotations_follow_one_another(house: House, ada: Account, clock: HandClock) -> None:
    session = house.opened_for(ada)
    for _ in range(3):
        after = renewed(session, clock)
        house.store.rotate(session, after)
        session = after
    assert house.store.get(ada.id, session.id).generation == 3


def test_a_rotation_does_not_bring_an_ended_session_back(
    house: House, ada: Account, clock: HandClock
) -> None:
    session = house.opened_for(ada)
    house.store.end(session)
    with pytest.raises(StaleSession):
        house.store.rotate(session, renewed(session, clock))
    with pytest.raises(SessionOver):
        house.store.get(ada.id, session.id)


def test_the_sessions_of_an_account_are_listed_newest_first(
    house: House, ada: Account, clock: HandClock
) -> None:
    sessions = []
    for _ in range(4):
        sessions.append(house.opened_for(ada))
        clock.advance(seconds=1)
    assert list(house.store.of(ada.id)) == sessions[::-1]


def test_expired_sessions_are_not_listed(house: House, ada: Account, clock: HandClock) -> None:
    for _ in range(2):
        house.opened_for(ada)
        clock.advance(days=1)
    clock.advance(days=4)
    alive = house.opened_for(ada)
    clock.advance(days=2)
    assert list(house.store.of(ada.id)) == [alive]


def test_sessions_of_others_are_not_listed(house: House, ada: Account, grace: Account) -> None:
    own = house.opened_for(ada)
    house.opened_for(grace)
    assert list(house.store.of(ada.id)) == [own]
    assert list(house.store.of(AccountId(404))) == []


def test_an_ended_session_is_gone(house: House, ada: Account) -> None:
    kept, ended = house.opened_for(ada), house.opened_for(ada)
    house.store.end(ended)
    assert list(house.store.of(ada.id)) == [kept]
    with pytest.raises(SessionOver):
        house.store.get(ada.id, ended.id)


def test_ending_a_session_twice_changes_nothing(house: House, ada: Account) -> None:
    session = house.opened_for(ada)
    house.store.end(session)
    house.store.end(session)
    assert list(house.store.ended_since(house.clock.now())) == [session.id]


def test_an_ended_session_is_listed_with_its_time(house: House, ada: Account) -> None:
    first, second, _ = (house.opened_for(ada) for _ in range(3))
    began = house.clock.now()
    house.store.end(first)
    house.clock.advance(seconds=2)
    house.store.end(second)
    revocations = house.store.ended_since(began - SECOND)
    assert revocations == {first.id: began, second.id: began + 2 * SECOND}


@pytest.mark.parametrize(
    ("asked_after", "is_listed"), [(-MILLISECOND, True), (0 * SECOND, True), (MILLISECOND, False)]
)
def test_a_revocation_at_the_very_time_is_listed(
    house: House, ada: Account, asked_after: timedelta, is_listed: bool
) -> None:
    session = house.opened_for(ada)
    house.store.end(session)
    revocations = house.store.ended_since(house.clock.now() + asked_after)
    assert (session.id in revocations) is is_listed


def test_a_revocation_is_listed_while_access_tokens_may_be_valid(
    house: House, ada: Account, clock: HandClock
) -> None:
    session = house.opened_for(ada)
    ended_at = clock.now()
    house.store.end(session)
    clock.advance(seconds=ACCESS_LIFE.total_seconds())
    assert session.id in house.store.ended_since(ended_at)


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


def test_a_session_is_read_together_with_its_account(house: House, ada: Account) -> None:
    session = house.opened_for(ada)
    assert house.store.get_with_account(ada.id, session.id) == (session, ada)


def test_a_session_without_its_account_is_over(house: House, ada: Account) -> None:
    session = house.opened_for(ada)
    house.accounts.remove(ada)
    with pytest.raises(SessionOver):
        house.store.get_with_account(ada.id, session.id)


def test_an_account_without_the_session_is_not_enough(house: House, ada: Account) -> None:
    with pytest.raises(SessionOver):
        house.store.get_with_account(ada.id, SessionId("unknown"))


def test_an_expired_session_is_over_despite_its_account(
    house: House, ada: Account, clock: HandClock
) -> None:
    session = house.opened_for(ada)
    clock.advance(days=7)
    with pytest.raises(SessionOver):
        house.store.get_with_account(ada.id, session.id)


def test_a_session_is_carried_over_into_a_new_epoch(house: House, ada: Account) -> None:
    session = house.opened_for(ada)
    later = house.accounts.save(ada.signed_out_everywhere())
    house.store.carry_over(session, later)
    carried, account = house.store.get_with_account(ada.id, session.id)
    assert carried == replace(session, epoch=1)
    assert carried.may_go_on(account)


def test_a_session_that_ended_is_not_carried_over(house: House, ada: Account) -> None:
    session = house.opened_for(ada)
    house.store.end(session)
    house.store.carry_over(session, house.accounts.save(ada.signed_out_everywhere()))
    with pytest.raises(SessionOver):
        house.store.get(ada.id, session.id)


def test_carrying_a_session_over_does_not_undo_a_concurrent_renewal(
    house: House, ada: Account, clock: HandClock
) -> None:
    session = house.opened_for(ada)
    after = renewed(session, clock)
    house.store.rotate(session, after)
    house.store.carry_over(session, house.accounts.save(ada.signed_out_everywhere()))
    assert house.store.get(ada.id, session.id) == replace(after, epoch=1)


def test_renewing_a_session_does_not_undo_carrying_it_over(
    house: House, ada: Account, clock: HandClock
) -> None:
    session = house.opened_for(ada)
    house.store.carry_over(session, house.accounts.save(ada.signed_out_everywhere()))
    with pytest.raises(StaleSession):
        house.store.rotate(session, renewed(session, clock))
    carried = house.store.get(ada.id, session.id)
    after = renewed(carried, clock)
    house.store.rotate(carried, after)
    assert house.store.get(ada.id, session.id) == after == replace(after, epoch=1)


def successor_for(house: House, account: Account) -> Session:
    return a_session(house.clock.now(), account)[0]


def test_a_session_is_replaced_together_with_a_change_of_its_account(
    house: House, ada: Account
) -> None:
    before = house.opened_for(ada)
    changed = replace(ada.signed_out_everywhere(), password_hash="another")
    after = successor_for(house, changed)
    saved = house.store.replace(before, after, changed)
    assert saved == replace(changed, revision=ada.revision + 1)
    assert house.accounts.by_id(ada.id) == house.accounts.by_email(ada.email) == saved
    assert list(house.store.of(ada.id)) == [after]
    assert house.store.ended_since(house.clock.now()) == {before.id: house.clock.now()}


def test_a_session_that_ended_is_not_replaced_and_its_account_not_changed(
    house: House, ada: Account
) -> None:
    before = house.opened_for(ada)
    house.store.end(before)
    changed = ada.signed_out_everywhere()
    with pytest.raises(SessionOver):
        house.store.replace(before, successor_for(house, changed), changed)
    assert list(house.store.of(ada.id)) == []
    assert house.accounts.by_id(ada.id) == ada


def test_a_session_of_an_account_that_changed_meanwhile_is_not_replaced(
    house: House, ada: Account
) -> None:
    before = house.opened_for(ada)
    house.accounts.save(replace(ada, first_name="Ada"))
    changed = ada.signed_out_everywhere()
    with pytest.raises(StaleAccount):
        house.store.replace(before, successor_for(house, changed), changed)
    assert list(house.store.of(ada.id)) == [before]
    assert house.store.ended_since(house.clock.now()) == {}


def test_a_session_of_a_deactivated_account_is_not_renewed(
    house: House, ada: Account, clock: HandClock
) -> None:
    session = house.opened_for(ada)
    house.accounts.save(replace(ada, status=AccountStatus.DEACTIVATED))
    with pytest.raises(StaleSession):
        house.store.rotate(session, renewed(session, clock))


def test_a_session_of_a_removed_account_is_not_renewed(
    house: House, ada: Account, clock: HandClock
) -> None:
    session = house.opened_for(ada)
    house.accounts.remove(ada)
    with pytest.raises(StaleSession):
        house.store.rotate(session, renewed(session, clock))


def test_a_session_is_read_with_its_own_account(house: House, ada: Account, grace: Account) -> None:
    session = house.opened_for(ada)
    with pytest.raises(SessionOver):
        house.store.get_with_account(grace.id, session.id)


def test_a_session_is_read_with_its_account_as_it_is_now(house: House, ada: Account) -> None:
    session = house.opened_for(ada)
    later = house.accounts.save(replace(ada, first_name="Ada").signed_out_everywhere())
    assert house.store.get_with_account(ada.id, session.id) == (session, later)
