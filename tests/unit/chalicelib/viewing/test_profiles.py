"""Profiles: up to six, PINs, and who may change them."""

from dataclasses import replace

import pytest
from typing_extensions import override

from chalicelib.accounts.model import TooManyAttempts, WrongPassword
from chalicelib.viewing.model import (
    DEFAULT_PROFILE,
    DefaultProfile,
    ProfileLocked,
    ProfileNotFound,
    StaleProfiles,
    TooManyProfiles,
    ViewingKey,
    WrongPin,
)
from chalicelib.viewing.profile import AccountProfiles, Picture, Profile, ProfileChange
from chalicelib.viewing.progress import Report
from tests.builders.accounts import GRACE, an_account
from tests.fakes.viewing_stores import InMemoryProfileStore
from tests.unit.chalicelib.viewing.conftest import PASSWORD, CountingProfileStore, House

ADULT = ProfileChange(name="Ada", pin="1234")


def test_every_account_has_a_default_profile_that_is_not_stored(house: House) -> None:
    profiles, _ = house.people()
    assert list(profiles.of(house.identity)) == [Profile(DEFAULT_PROFILE)]
    assert house.table.profiles == {}


def test_the_default_profile_is_stored_with_its_first_change(house: House) -> None:
    profiles, _ = house.people()
    change = ProfileChange(name="Ada", picture=Picture.FOX, age_limit=0)
    changed = profiles.change(house.identity, DEFAULT_PROFILE, change)
    assert changed == Profile(DEFAULT_PROFILE, name="Ada", picture=Picture.FOX, age_limit=0)
    again = profiles.change(house.identity, DEFAULT_PROFILE, ProfileChange(name="Grace"))
    assert again == replace(changed, name="Grace")
    assert list(profiles.of(house.identity)) == [again]


def test_an_account_has_at_most_six_profiles(house: House) -> None:
    profiles, _ = house.people()
    added = [profiles.add(house.identity, ProfileChange(name=str(n))) for n in range(5)]
    assert len({each.id for each in added}) == 5
    with pytest.raises(TooManyProfiles):
        profiles.add(house.identity, ProfileChange(name="7"))
    assert [each.name for each in profiles.of(house.identity)] == ["", "0", "1", "2", "3", "4"]


class BusyStore(InMemoryProfileStore):
    """A store in which another profile is added between read and write, a number of times."""

    changes = 2

    @override
    def save(self, profiles: AccountProfiles) -> AccountProfiles:
        if self.changes:
            self.changes -= 1
            present = self.of(profiles.account_id)
            super().save(present.with_added(Profile(DEFAULT_PROFILE, str(self.changes))))
        return super().save(profiles)


@pytest.mark.parametrize(("changes", "is_saved"), [(2, True), (100, False)])
def test_concurrent_changes_are_all_saved(house: House, changes: int, *, is_saved: bool) -> None:
    store = BusyStore(house.table)
    store.changes = changes
    house.profile_store = store  # type: ignore[assignment]
    profiles, _ = house.people()
    if is_saved:
        profiles.add(house.identity, ProfileChange(name="Ada"))
        assert [each.name for each in profiles.of(house.identity)] == ["", "1", "0", "Ada"]
    else:
        with pytest.raises((StaleProfiles, TooManyProfiles)):
            profiles.add(house.identity, ProfileChange(name="Ada"))


def test_the_default_profile_can_neither_be_deleted_nor_have_a_pin(house: House) -> None:
    profiles, _ = house.people()
    with pytest.raises(DefaultProfile):
        profiles.remove(house.identity, DEFAULT_PROFILE)
    with pytest.raises(DefaultProfile):
        profiles.change(house.identity, DEFAULT_PROFILE, ProfileChange(pin="1234"))


def test_a_deleted_profile_takes_its_progress_and_its_watchlist_along(house: House) -> None:
    profiles, _ = house.people()
    kids, video = profiles.add(house.identity, ProfileChange(name="Kids")), house.put().id
    for profile in (DEFAULT_PROFILE, kids.id):
        house.tracking().report(house.account.id, profile, video, Report(1, 2))
        house.watchlists().add(house.account.id, profile, video)
    profiles.remove(house.identity, kids.id)
    left = ViewingKey(house.account.id, DEFAULT_PROFILE, video)
    assert [*house.table.viewed] == [*house.table.watchlists] == [left]
    with pytest.raises(ProfileNotFound):
        profiles.remove(house.identity, kids.id)


def test_profiles_of_others_are_not_there(house: House) -> None:
    profiles, choice = house.people()
    kids = profiles.add(house.identity, ProfileChange(name="Kids"))
    grace = house.identity_of(an_account(house.clock.now(), GRACE))
    for act in (
        lambda: profiles.change(grace, kids.id, ProfileChange(name="Mine")),
        lambda: profiles.remove(grace, kids.id),
        lambda: profiles.unlock(grace, kids.id),
        lambda: choice.chosen(grace, kids.id),
    ):
        with pytest.raises(ProfileNotFound):
            act()


def test_a_profile_is_chosen_by_its_id_and_without_one_the_default(house: House) -> None:
    profiles, choice = house.people()
    kids = profiles.add(house.identity, ProfileChange(name="Kids"))
    assert choice.chosen(house.identity) == DEFAULT_PROFILE
    assert choice.chosen(house.identity, DEFAULT_PROFILE) == DEFAULT_PROFILE
    assert choice.chosen(house.identity, kids.id) == kids.id
    with pytest.raises(ProfileNotFound):
        choice.chosen(house.identity, "unknown")


def test_a_pin_guards_the_choice(house: House) -> None:
    profiles, choice = house.people()
    adult = profiles.add(house.identity, ADULT)
    assert adult.has_pin
    with pytest.raises(ProfileLocked):
        choice.chosen(house.identity, adult.id)
    with pytest.raises(WrongPin):
        profiles.unlock(house.identity, adult.id, pin="1235")
    unlocked = profiles.unlock(house.identity, adult.id, pin="1234")
    assert choice.chosen(house.identity, adult.id, token=unlocked.token) == adult.id
    other_session = house.identity_of(house.account, "another")
    with pytest.raises(ProfileLocked):
        choice.chosen(other_session, adult.id, token=unlocked.token)
    house.clock.advance(hours=12)
    with pytest.raises(ProfileLocked):
        choice.chosen(house.identity, adult.id, token=unlocked.token)


def test_a_token_is_of_one_profile(house: House) -> None:
    profiles, choice = house.people()
    adult = profiles.add(house.identity, ADULT)
    token = profiles.unlock(house.identity, adult.id, pin="1234").token
    other = profiles.add(house.identity, replace(ADULT, name="Grace"), token=token)
    with pytest.raises(ProfileLocked):
        choice.chosen(house.identity, other.id, token=token)


def test_tries_of_a_pin_are_throttled_also_the_right_one(house: House) -> None:
    profiles, _ = house.people()
    adult = profiles.add(house.identity, ADULT)
    for _ in range(5):
        with pytest.raises(WrongPin):
            profiles.unlock(house.identity, adult.id, pin="0000")
    with pytest.raises(TooManyAttempts):
        profiles.unlock(house.identity, adult.id, pin="1234")
    house.clock.advance(minutes=15)
    assert profiles.unlock(house.identity, adult.id, pin="1234").token


def test_a_forgotten_pin_is_replaced_with_the_password_of_the_account(house: House) -> None:
    profiles, choice = house.people()
    adult = profiles.add(house.identity, ADULT)
    with pytest.raises(WrongPassword):
        profiles.unlock(house.identity, adult.id, password="wrong")
    token = profiles.unlock(house.identity, adult.id, password=PASSWORD).token
    changed = profiles.change(house.identity, adult.id, ProfileChange(pin=""), token=token)
    assert not changed.has_pin
    assert choice.chosen(house.identity, adult.id) == adult.id


def test_while_a_profile_has_a_pin_only_who_knows_one_changes_profiles(house: House) -> None:
    profiles, _ = house.people()
    adult = profiles.add(house.identity, ADULT)
    for act in (
        lambda: profiles.add(house.identity, ProfileChange(name="No limit")),
        lambda: profiles.change(house.identity, DEFAULT_PROFILE, ProfileChange(age_limit=18)),
        lambda: profiles.change(house.identity, adult.id, ProfileChange(pin="")),
        lambda: profiles.remove(house.identity, adult.id),
    ):
        with pytest.raises(ProfileLocked):
            act()
    token = profiles.unlock(house.identity, adult.id, pin="1234").token
    limited = profiles.change(
        house.identity, DEFAULT_PROFILE, ProfileChange(age_limit=6), token=token
    )
    assert limited.age_limit == 6


def test_a_changed_pin_ends_the_tokens_of_the_profile(house: House) -> None:
    profiles, choice = house.people()
    adult = profiles.add(house.identity, ADULT)
    token = profiles.unlock(house.identity, adult.id, pin="1234").token
    profiles.change(house.identity, adult.id, ProfileChange(pin="4321"), token=token)
    with pytest.raises(ProfileLocked):
        choice.chosen(house.identity, adult.id, token=token)


def reads(house: House) -> int:
    assert isinstance(house.profile_store, CountingProfileStore)
    return house.profile_store.reads


def test_choosing_reads_profiles_once_a_minute_and_the_default_one_never(house: House) -> None:
    kids = house.people()[0].add(house.identity, ProfileChange(name="Kids"))
    _, choice = house.people()
    before = reads(house)
    choice.chosen(house.identity)
    assert reads(house) == before
    for _ in range(3):
        choice.chosen(house.identity, kids.id)
        house.clock.advance(seconds=29)
    assert reads(house) == before + 1
    choice.chosen(house.identity, kids.id)
    assert reads(house) == before + 2


def test_another_process_sees_a_new_profile_at_once_and_a_removed_one_in_a_minute(
    house: House,
) -> None:
    (here, _), (_, there) = house.people(), house.people()
    first = here.add(house.identity, ProfileChange(name="First"))
    assert there.chosen(house.identity, first.id) == first.id
    second = here.add(house.identity, ProfileChange(name="Second"))
    assert there.chosen(house.identity, second.id) == second.id
    here.remove(house.identity, second.id)
    assert there.chosen(house.identity, second.id) == second.id
    house.clock.advance(seconds=60)
    with pytest.raises(ProfileNotFound):
        there.chosen(house.identity, second.id)


def test_a_pin_that_another_process_removed_locks_nothing(house: House) -> None:
    (here, _), (_, there) = house.people(), house.people()
    adult = here.add(house.identity, ADULT)
    with pytest.raises(ProfileLocked):
        there.chosen(house.identity, adult.id)
    token = here.unlock(house.identity, adult.id, pin="1234").token
    here.change(house.identity, adult.id, ProfileChange(pin=""), token=token)
    assert there.chosen(house.identity, adult.id) == adult.id
