"""Deleting an account deletes what it watched, also when a step fails."""

from typing import Any

import pytest

from chalicelib.accounts.account_details import AccountDetails
from chalicelib.accounts.model import AccountNotFound, WrongPassword
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.sign_ins import PasswordVerifier
from chalicelib.viewing.clean_up import REMOVED_AFTER, ViewingCleanUp
from chalicelib.viewing.export import AccountViewing, ViewingExport
from chalicelib.viewing.model import DEFAULT_PROFILE, ProfileId
from chalicelib.viewing.profile import Profile, ProfileChange
from chalicelib.viewing.progress import PlayerReport
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
from tests.unit.chalicelib.viewing.conftest import PASSWORD, InMemoryViewing


def removal_of(viewing: InMemoryViewing) -> AccountRemoval:
    sessions = InMemorySessionStore(viewing.accounts, viewing.clock)
    verifier = PasswordVerifier(viewing.accounts, ReadableHasher(), InMemoryThrottle(viewing.clock))
    details = AccountDetails(viewing.accounts, Revocations(sessions, viewing.clock))
    return AccountRemoval(InMemoryViewingRemoval(viewing.table), details, verifier, viewing.clock)


def clean_up_of(viewing: InMemoryViewing) -> ViewingCleanUp:
    return ViewingCleanUp(
        InMemoryViewingRemoval(viewing.table),
        InMemoryWatchedStore(viewing.table),
        viewing.accounts,
        viewing.clock,
    )


def watch(viewing: InMemoryViewing, **report: Any) -> None:
    video = viewing.put().id
    sent = PlayerReport(50, 100, **report)
    viewing.tracking().report(viewing.account.id, DEFAULT_PROFILE, video, sent)


def everything(viewing: InMemoryViewing) -> list[object]:
    table = viewing.table
    return [*table.profiles, *table.viewed, *table.watchlists]


def exported(viewing: InMemoryViewing) -> AccountViewing:
    export = ViewingExport(
        viewing.profile_store,
        InMemoryProgressStore(viewing.table),
        InMemoryWatchlistStore(viewing.table),
        InMemoryWatchedStore(viewing.table),
    )
    return export.of(viewing.account.id)


def fill(viewing: InMemoryViewing) -> None:
    viewing.people()[0].add(viewing.identity, ProfileChange(name="Kids", pin="1234"))
    watch(viewing, watched_seconds=15)
    viewing.watchlists().add(viewing.account.id, DEFAULT_PROFILE, viewing.put().id)


def test_an_account_is_deleted_with_all_that_it_watched(viewing: InMemoryViewing) -> None:
    fill(viewing)
    removal_of(viewing).delete(viewing.identity, password=PASSWORD)
    assert everything(viewing) == []
    with pytest.raises(AccountNotFound):
        viewing.accounts.by_id(viewing.account.id)


def test_a_wrong_password_deletes_nothing(viewing: InMemoryViewing) -> None:
    fill(viewing)
    before = everything(viewing)
    with pytest.raises(WrongPassword):
        removal_of(viewing).delete(viewing.identity, password="wrong")
    assert (everything(viewing), viewing.table.notes) == (before, {})


@pytest.mark.parametrize("step", ["remove_account", "remove"])
def test_a_deletion_that_failed_half_way_can_be_repeated(
    viewing: InMemoryViewing, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(viewing)
    owner = InMemoryViewingRemoval if step == "remove_account" else AccountDetails
    with monkeypatch.context() as broken:
        broken.setattr(owner, step, crash)
        with pytest.raises(RuntimeError):
            removal_of(viewing).delete(viewing.identity, password=PASSWORD)
    assert viewing.accounts.by_id(viewing.account.id) == viewing.account
    removal_of(viewing).delete(viewing.identity, password=PASSWORD)
    assert everything(viewing) == []


def crash(*_: object) -> None:
    raise RuntimeError("the process ended")


def test_reports_after_the_deletion_are_removed_by_clean_up(viewing: InMemoryViewing) -> None:
    removal_of(viewing).delete(viewing.identity, password=PASSWORD)
    watch(viewing)  # a player whose access token is still valid
    assert clean_up_of(viewing).run().removed_accounts == 0
    assert len(everything(viewing)) == 1
    viewing.clock.advance(seconds=REMOVED_AFTER.total_seconds() + 1)
    assert clean_up_of(viewing).run().removed_accounts == 1
    assert (everything(viewing), viewing.table.notes) == ([], {})
    assert clean_up_of(viewing).run().removed_accounts == 0


def test_clean_up_spares_an_account_whose_deletion_failed(
    viewing: InMemoryViewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(AccountDetails, "remove", crash)
        with pytest.raises(RuntimeError):
            removal_of(viewing).delete(viewing.identity, password=PASSWORD)
    watch(viewing)
    viewing.clock.advance(seconds=REMOVED_AFTER.total_seconds() + 1)
    assert clean_up_of(viewing).run().removed_accounts == 0
    assert len(everything(viewing)) == 1
    assert viewing.table.notes == {}


def test_clean_up_settles_the_seconds_of_days_that_are_over(viewing: InMemoryViewing) -> None:
    watch(viewing, watched_seconds=40)
    assert clean_up_of(viewing).run().settled == 0
    viewing.clock.advance(days=1)
    assert clean_up_of(viewing).run().settled == 1
    assert list(viewing.table.aggregates.values()) == [40]
    assert clean_up_of(viewing).run().settled == 0


def test_an_export_holds_everything_and_nothing_for_an_account_that_watched_nothing(
    viewing: InMemoryViewing,
) -> None:
    assert exported(viewing) == AccountViewing((Profile(DEFAULT_PROFILE),), [], [], [])
    fill(viewing)
    kept = exported(viewing)
    default, kids = kept.profiles
    assert (default, kids.name, kids.pin_hash) == (Profile(DEFAULT_PROFILE), "Kids", "new:1234")
    [progress], [listed], [(video, watched)] = kept.progress, kept.watchlist, kept.unsettled
    assert (progress.position, progress.duration, progress.at) == (50, 100, viewing.clock.now())
    assert listed.at == viewing.clock.now()
    assert (video, watched.seconds) == (progress.video_id, 15)


def test_an_export_leaves_out_what_a_deleted_profile_reported_late(
    viewing: InMemoryViewing,
) -> None:
    video, gone = viewing.put().id, ProfileId("gone")
    viewing.tracking().report(viewing.account.id, gone, video, PlayerReport(50, 100))
    viewing.watchlists().add(viewing.account.id, gone, video)
    kept = exported(viewing)
    assert (kept.progress, kept.watchlist) == ([], [])
