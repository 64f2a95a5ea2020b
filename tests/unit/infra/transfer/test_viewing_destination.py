"""Viewing data are restored once; what was changed or deleted here afterwards stays so."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.accounts.model import AccountId
from chalicelib.viewing.model import DEFAULT_PROFILE, ViewingKey
from chalicelib.viewing.profile import AccountProfiles, Profile
from infra.transfer.result import Result
from infra.transfer.viewing_destination import ViewingDestination
from tests.fakes.viewing_stores import ViewingTable
from tests.formats.exports import KIDS, SECONDS, VIDEO, VIEWED
from tests.unit.infra.transfer.conftest import stores_of

ADA = AccountId(7)
[PROGRESS], [LISTED] = VIEWED.progress, VIEWED.watchlist
LISTED_KEY = ViewingKey(ADA, LISTED.profile_id, LISTED.video_id)


def restore(stage: ViewingDestination) -> Counter[tuple[str, Result]]:
    return Counter(stage.restore(ADA, VIEWED))


def test_an_account_gets_all_that_it_kept() -> None:
    stage = stores_of(ViewingTable())
    assert restore(stage) == {
        ("progress", Result.IMPORTED): 1,
        ("watchlists", Result.IMPORTED): 1,
        ("profiles", Result.IMPORTED): 2,
    }
    assert stage.profiles.of(ADA) == AccountProfiles(ADA, VIEWED.profiles, 1)
    assert stage.progress.every(ADA) == [PROGRESS]
    assert stage.watchlists.entries(ADA) == [LISTED]
    assert stage.watched.unsettled_of(ADA) == []


def test_a_repetition_changes_nothing() -> None:
    stage = stores_of(table := ViewingTable())
    restore(stage)
    before = repr(table)
    assert restore(stage) == {
        ("progress", Result.PRESENT): 1,
        ("watchlists", Result.PRESENT): 1,
        ("profiles", Result.PRESENT): 2,
    }
    assert repr(table) == before


@pytest.mark.parametrize(
    "step", [("progress", "record"), ("watchlists", "add"), ("profiles", "save")]
)
def test_a_restoration_that_was_interrupted_is_completed(
    step: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, whole = stores_of(table := ViewingTable()), stores_of(expected := ViewingTable())
    port, name = step
    with monkeypatch.context() as broken:
        broken.setattr(getattr(stage, port), name, interrupt)
        with pytest.raises(KeyboardInterrupt):
            restore(stage)
    restore(stage)
    restore(whole)
    assert table == expected


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_what_was_deleted_or_changed_here_stays_so() -> None:
    stage = stores_of(ViewingTable())
    restore(stage)
    stage.watchlists.remove(LISTED_KEY)
    here = Profile(DEFAULT_PROFILE, name="Ada")
    stage.profiles.save(replace(stage.profiles.of(ADA), profiles=(here,)))
    assert restore(stage) == {
        ("progress", Result.DELETED): 1,
        ("watchlists", Result.PRESENT): 1,
        ("profiles", Result.PRESENT): 2,
    }
    assert stage.profiles.of(ADA).profiles == (here,)
    assert stage.watchlists.entries(ADA) == []


def test_progress_that_was_cleared_here_does_not_come_back() -> None:
    stage = stores_of(ViewingTable())
    restore(stage)
    key = ViewingKey(ADA, KIDS.id, VIDEO.id)
    stage.progress.clear(key, at=PROGRESS.at + timedelta(days=1))
    restore(stage)
    assert stage.progress.every(ADA) == []


def test_an_aggregate_is_restored_once() -> None:
    stage = stores_of(ViewingTable())
    assert stage.restore_watched(VIDEO.id, SECONDS) is Result.IMPORTED
    assert stage.restore_watched(VIDEO.id, replace(SECONDS, seconds=99)) is Result.PRESENT
    assert stage.watched.of(VIDEO.id) == [SECONDS]
