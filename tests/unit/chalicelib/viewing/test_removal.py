"""Deleting an account deletes what it watched, also when a step fails."""

from typing import Any

import pytest

from chalicelib.accounts.account_details import AccountDetails
from chalicelib.accounts.model import AccountNotFound, WrongPassword
from chalicelib.accounts.passwords import PasswordCheck
from chalicelib.accounts.revocations import Revocations
from chalicelib.viewing.clean_up import REMOVED_AFTER, ViewingCleanUp
from chalicelib.viewing.export import ViewingExport
from chalicelib.viewing.model import DEFAULT_PROFILE
from chalicelib.viewing.profile import ProfileChange
from chalicelib.viewing.progress import Report
from chalicelib.viewing.removal import AccountRemoval
from tests.fakes.password_hasher import ReadableHasher
from tests.fakes.session_store import InMemorySessionStore
from tests.fakes.throttle import InMemoryThrottle
from tests.fakes.viewing_stores import (
    InMemoryProgressStore,
    InMemoryViewingRemoval,
    InMemoryWatchedStore,
    InMemoryWatchlistStore,
)
from tests.unit.chalicelib.viewing.conftest import PASSWORD, House


def removal_of(house: House) -> AccountRemoval:
    sessions = InMemorySessionStore(house.accounts, house.clock)
    check = PasswordCheck(house.accounts, ReadableHasher(), InMemoryThrottle(house.clock))
    details = AccountDetails(house.accounts, Revocations(sessions, house.clock), check)
    return AccountRemoval(InMemoryViewingRemoval(house.table), details, house.clock)


def clean_up_of(house: House) -> ViewingCleanUp:
    return ViewingCleanUp(
        InMemoryViewingRemoval(house.table),
        InMemoryWatchedStore(house.table),
        house.accounts,
        house.clock,
    )


def watch(house: House, **report: Any) -> None:
    video = house.put().id
    sent = Report(50, 100, **report)
    house.tracking().report(house.account.id, DEFAULT_PROFILE, video, sent)


def everything(house: House) -> list[object]:
    table = house.table
    return [*table.profiles, *table.viewed, *table.watchlists]


def exported(house: House) -> list[Any]:
    export = ViewingExport(
        house.profile_store,
        InMemoryProgressStore(house.table),
        InMemoryWatchlistStore(house.table),
    )
    return list(export.of(house.account.id))


def fill(house: House) -> None:
    house.people()[0].add(house.identity, ProfileChange(name="Kids", pin="1234"))
    watch(house)
    house.watchlists().add(house.account.id, DEFAULT_PROFILE, house.put().id)


def test_an_account_is_deleted_with_all_that_it_watched(house: House) -> None:
    fill(house)
    removal_of(house).delete(house.identity, password=PASSWORD)
    assert everything(house) == []
    with pytest.raises(AccountNotFound):
        house.accounts.by_id(house.account.id)


def test_a_wrong_password_deletes_nothing(house: House) -> None:
    fill(house)
    before = everything(house)
    with pytest.raises(WrongPassword):
        removal_of(house).delete(house.identity, password="wrong")
    assert (everything(house), house.table.notes) == (before, {})


@pytest.mark.parametrize("step", ["remove_account", "remove"])
def test_a_deletion_that_failed_half_way_can_be_repeated(
    house: House, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(house)
    owner = InMemoryViewingRemoval if step == "remove_account" else AccountDetails
    with monkeypatch.context() as broken:
        broken.setattr(owner, step, crash)
        with pytest.raises(RuntimeError):
            removal_of(house).delete(house.identity, password=PASSWORD)
    assert house.accounts.by_id(house.account.id) == house.account
    removal_of(house).delete(house.identity, password=PASSWORD)
    assert everything(house) == []


def crash(*_: object) -> None:
    raise RuntimeError("the process ended")


def test_reports_after_the_deletion_are_removed_by_clean_up(house: House) -> None:
    removal_of(house).delete(house.identity, password=PASSWORD)
    watch(house)  # a player whose access token is still valid
    assert clean_up_of(house).run().removed_accounts == 0
    assert len(everything(house)) == 1
    house.clock.advance(seconds=REMOVED_AFTER.total_seconds() + 1)
    assert clean_up_of(house).run().removed_accounts == 1
    assert (everything(house), house.table.notes) == ([], {})
    assert clean_up_of(house).run().removed_accounts == 0


def test_clean_up_spares_an_account_whose_deletion_failed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(AccountDetails, "remove", crash)
        with pytest.raises(RuntimeError):
            removal_of(house).delete(house.identity, password=PASSWORD)
    watch(house)
    house.clock.advance(seconds=REMOVED_AFTER.total_seconds() + 1)
    assert clean_up_of(house).run().removed_accounts == 0
    assert len(everything(house)) == 1
    assert house.table.notes == {}


def test_clean_up_settles_the_seconds_of_days_that_are_over(house: House) -> None:
    watch(house, watched_seconds=40)
    assert clean_up_of(house).run().settled == 0
    house.clock.advance(days=1)
    assert clean_up_of(house).run().settled == 1
    assert list(house.table.aggregates.values()) == [40]
    assert clean_up_of(house).run().settled == 0


def test_an_export_holds_everything_and_nothing_for_an_account_that_watched_nothing(
    house: House,
) -> None:
    assert exported(house) == []
    fill(house)
    default, kids, progress, listed = exported(house)
    assert (default["kind"], default["id"], kids["name"]) == ("profile", "default", "Kids")
    assert kids["pin_hash"] == "new:1234"
    assert (progress["kind"], progress["position"], progress["duration"]) == ("progress", 50, 100)
    assert progress["at"] == house.clock.now().isoformat()
    assert listed["kind"] == "watchlist"
