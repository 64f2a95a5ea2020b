"""Profiles: how many there are, PINs, and who may change them."""

from dataclasses import replace

import pytest
from typing_extensions import override

from chalicelib.accounts.model import TooManyAttempts, WrongPassword
from chalicelib.catalogue.model import NO_AGE_LIMIT
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
from chalicelib.viewing.profile import (
    MOST_PROFILES,
    AccountProfiles,
    Picture,
    Profile,
    ProfileChange,
)
from chalicelib.viewing.progress import PlayerReport
from tests.builders.accounts import GRACE, an_account
from tests.fakes.viewing_stores import InMemoryProfileStore
from tests.unit.chalicelib.viewing.conftest import PASSWORD, CountingProfileStore, InMemoryViewing

ADULT = ProfileChange(name="Ada", pin="1234")


def test_every_account_has_a_default_profile_that_is_not_stored(viewing: InMemoryViewing) -> None:
    profiles, _ = viewing.people()
    assert list(profiles.of(viewing.identity)) == [Profile(DEFAULT_PROFILE)]
    assert viewing.table.profiles == {}


def test_the_default_profile_is_stored_with_its_first_change(viewing: InMemoryViewing) -> None:
    profiles, _ = viewing.people()
    change = ProfileChange(name="Ada", picture=Picture.FOX, age_limit=0)
    changed = profiles.change(viewing.identity, DEFAULT_PROFILE, change)
    assert changed == Profile(DEFAULT_PROFILE, name="Ada", picture=Picture.FOX, age_limit=0)
    again = profiles.change(viewing.identity, DEFAULT_PROFILE, ProfileChange(name="Grace"))
    assert again == replace(changed, name="Grace")
    assert list(profiles.of(viewing.identity)) == [again]


def test_the_profiles_of_an_account_are_limited(viewing: InMemoryViewing) -> None:
    profiles, _ = viewing.people()
    more = range(MOST_PROFILES - 1)
    added = [profiles.add(viewing.identity, ProfileChange(name=str(n))) for n in more]
    assert len({each.id for each in added}) == len(more)
    with pytest.raises(TooManyProfiles):
        profiles.add(viewing.identity, ProfileChange(name="7"))
    assert [each.name for each in profiles.of(viewing.identity)] == ["", "0", "1", "2", "3", "4"]


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
def test_concurrent_changes_are_all_saved(
    viewing: InMemoryViewing, changes: int, *, is_saved: bool
) -> None:
    store = BusyStore(viewing.table)
    store.changes = changes
    viewing.profile_store = store  # type: ignore[assignment]
    profiles, _ = viewing.people()
    if is_saved:
        profiles.add(viewing.identity, ProfileChange(name="Ada"))
        assert [each.name for each in profiles.of(viewing.identity)] == ["", "1", "0", "Ada"]
    else:
        with pytest.raises((StaleProfiles, TooManyProfiles)):
            profiles.add(viewing.identity, ProfileChange(name="Ada"))


def test_the_default_profile_can_neither_be_deleted_nor_have_a_pin(
    viewing: InMemoryViewing,
) -> None:
    profiles, _ = viewing.people()
    with pytest.raises(DefaultProfile):
        profiles.remove(viewing.identity, DEFAULT_PROFILE)
    with pytest.raises(DefaultProfile):
        profiles.change(viewing.identity, DEFAULT_PROFILE, ProfileChange(pin="1234"))


def test_a_deleted_profile_takes_its_progress_and_its_watchlist_along(
    viewing: InMemoryViewing,
) -> None:
    profiles, _ = viewing.people()
    kids, video = profiles.add(viewing.identity, ProfileChange(name="Kids")), viewing.put().id
    for profile in (DEFAULT_PROFILE, kids.id):
        viewing.tracking().report(viewing.account.id, profile, video, PlayerReport(1, 2))
        viewing.watchlists().add(viewing.account.id, profile, video)
    profiles.remove(viewing.identity, kids.id)
    left = ViewingKey(viewing.account.id, DEFAULT_PROFILE, video)
    assert [*viewing.table.viewed] == [*viewing.table.watchlists] == [left]
    with pytest.raises(ProfileNotFound):
        profiles.remove(viewing.identity, kids.id)


def test_profiles_of_others_are_not_there(viewing: InMemoryViewing) -> None:
    profiles, choice = viewing.people()
    kids = profiles.add(viewing.identity, ProfileChange(name="Kids"))
    grace = viewing.identity_of(an_account(viewing.clock.now(), GRACE))
    for act in (
        lambda: profiles.change(grace, kids.id, ProfileChange(name="Mine")),
        lambda: profiles.remove(grace, kids.id),
        lambda: profiles.unlock(grace, kids.id),
        lambda: choice.chosen(grace, kids.id),
    ):
        with pytest.raises(ProfileNotFound):
            act()


def test_a_profile_is_chosen_by_its_id_and_without_one_the_default(
    viewing: InMemoryViewing,
) -> None:
    profiles, choice = viewing.people()
    kids = profiles.add(viewing.identity, ProfileChange(name="Kids"))
    assert choice.chosen(viewing.identity) == DEFAULT_PROFILE
    assert choice.chosen(viewing.identity, DEFAULT_PROFILE) == DEFAULT_PROFILE
    assert choice.chosen(viewing.identity, kids.id) == kids.id
    with pytest.raises(ProfileNotFound):
        choice.chosen(viewing.identity, "unknown")


def test_a_pin_guards_the_choice(viewing: InMemoryViewing) -> None:
    profiles, choice = viewing.people()
    adult = profiles.add(viewing.identity, ADULT)
    assert adult.has_pin
    with pytest.raises(ProfileLocked):
        choice.chosen(viewing.identity, adult.id)
    with pytest.raises(WrongPin):
        profiles.unlock(viewing.identity, adult.id, pin="1235")
    unlocked = profiles.unlock(viewing.identity, adult.id, pin="1234")
    assert choice.chosen(viewing.identity, adult.id, token=unlocked.token) == adult.id
    other_session = viewing.identity_of(viewing.account, "another")
    with pytest.raises(ProfileLocked):
        choice.chosen(other_session, adult.id, token=unlocked.token)
    viewing.clock.advance(hours=12)
    with pytest.raises(ProfileLocked):
        choice.chosen(viewing.identity, adult.id, token=unlocked.token)


def test_a_token_is_of_one_profile(viewing: InMemoryViewing) -> None:
    profiles, choice = viewing.people()
    adult = profiles.add(viewing.identity, ADULT)
    token = profiles.unlock(viewing.identity, adult.id, pin="1234").token
    other = profiles.add(viewing.identity, replace(ADULT, name="Grace"), token=token)
    with pytest.raises(ProfileLocked):
        choice.chosen(viewing.identity, other.id, token=token)


def test_tries_of_a_pin_are_throttled_also_the_right_one(viewing: InMemoryViewing) -> None:
    profiles, _ = viewing.people()
    adult = profiles.add(viewing.identity, ADULT)
    for _ in range(5):
        with pytest.raises(WrongPin):
            profiles.unlock(viewing.identity, adult.id, pin="0000")
    with pytest.raises(TooManyAttempts):
        profiles.unlock(viewing.identity, adult.id, pin="1234")
    viewing.clock.advance(minutes=15)
    assert profiles.unlock(viewing.identity, adult.id, pin="1234").token


def test_a_forgotten_pin_is_replaced_with_the_password_of_the_account(
    viewing: InMemoryViewing,
) -> None:
    profiles, choice = viewing.people()
    adult = profiles.add(viewing.identity, ADULT)
    with pytest.raises(WrongPassword):
        profiles.unlock(viewing.identity, adult.id, password="wrong")
    token = profiles.unlock(viewing.identity, adult.id, password=PASSWORD).token
    changed = profiles.change(viewing.identity, adult.id, ProfileChange(pin=""), token=token)
    assert not changed.has_pin
    assert choice.chosen(viewing.identity, adult.id) == adult.id


def test_while_a_profile_has_a_pin_only_who_knows_one_changes_profiles(
    viewing: InMemoryViewing,
) -> None:
    profiles, _ = viewing.people()
    adult = profiles.add(viewing.identity, ADULT)
    for act in (
        lambda: profiles.add(viewing.identity, ProfileChange(name="No limit")),
        lambda: profiles.change(viewing.identity, DEFAULT_PROFILE, ProfileChange(age_limit=18)),
        lambda: profiles.change(viewing.identity, adult.id, ProfileChange(pin="")),
        lambda: profiles.remove(viewing.identity, adult.id),
    ):
        with pytest.raises(ProfileLocked):
            act()
    token = profiles.unlock(viewing.identity, adult.id, pin="1234").token
    limited = profiles.change(
        viewing.identity, DEFAULT_PROFILE, ProfileChange(age_limit=6), token=token
    )
    assert limited.age_limit == 6


def test_a_profile_with_an_age_limit_manages_no_profiles_with_its_own_pin(
    viewing: InMemoryViewing,
) -> None:
    profiles, choice = viewing.people()
    adult = profiles.add(viewing.identity, ADULT)
    token = profiles.unlock(viewing.identity, adult.id, pin="1234").token
    change = ProfileChange(name="Teen", pin="9999", age_limit=12)
    teen = profiles.add(viewing.identity, change, token=token)
    own = profiles.unlock(viewing.identity, teen.id, pin="9999").token
    for act in (
        lambda: profiles.change(viewing.identity, teen.id, ProfileChange(age_limit=18), token=own),
        lambda: profiles.change(viewing.identity, teen.id, ProfileChange(pin=""), token=own),
        lambda: profiles.change(viewing.identity, adult.id, ProfileChange(pin=""), token=own),
        lambda: profiles.change(viewing.identity, adult.id, ProfileChange(name="x"), token=own),
        lambda: profiles.add(viewing.identity, ProfileChange(name="No limit"), token=own),
        lambda: profiles.remove(viewing.identity, adult.id, token=own),
    ):
        with pytest.raises(ProfileLocked):
            act()
    profiles.change(viewing.identity, teen.id, ProfileChange(name="T", pin="8888"), token=own)
    own = profiles.unlock(viewing.identity, teen.id, pin="8888").token
    assert choice.chosen(viewing.identity, teen.id, token=own) == teen.id
    by_adult = profiles.change(viewing.identity, teen.id, ProfileChange(age_limit=16), token=token)
    assert (by_adult.name, by_adult.age_limit) == ("T", 16)


@pytest.mark.parametrize("limit", [12, 18])
def test_the_password_manages_profiles_whichever_profile_it_unlocked(
    viewing: InMemoryViewing, limit: int
) -> None:
    profiles, _ = viewing.people()
    teen = profiles.add(viewing.identity, ProfileChange(name="Teen", pin="9999", age_limit=limit))
    for unlocked in (DEFAULT_PROFILE, teen.id):
        with pytest.raises(ProfileLocked):
            profiles.change(
                viewing.identity,
                teen.id,
                ProfileChange(age_limit=18),
                token=profiles.unlock(viewing.identity, DEFAULT_PROFILE).token,
            )
        token = profiles.unlock(viewing.identity, unlocked, password=PASSWORD).token
        changed = profiles.change(
            viewing.identity, teen.id, ProfileChange(age_limit=limit), token=token
        )
        assert changed.age_limit == limit


def test_a_changed_pin_ends_the_tokens_of_the_profile(viewing: InMemoryViewing) -> None:
    profiles, choice = viewing.people()
    adult = profiles.add(viewing.identity, ADULT)
    token = profiles.unlock(viewing.identity, adult.id, pin="1234").token
    profiles.change(viewing.identity, adult.id, ProfileChange(pin="4321"), token=token)
    with pytest.raises(ProfileLocked):
        choice.chosen(viewing.identity, adult.id, token=token)


def reads(viewing: InMemoryViewing) -> int:
    assert isinstance(viewing.profile_store, CountingProfileStore)
    return viewing.profile_store.reads


def test_choosing_reads_profiles_once_a_minute_and_the_default_one_never(
    viewing: InMemoryViewing,
) -> None:
    kids = viewing.people()[0].add(viewing.identity, ProfileChange(name="Kids"))
    _, choice = viewing.people()
    before = reads(viewing)
    choice.chosen(viewing.identity)
    assert reads(viewing) == before
    for _ in range(3):
        choice.chosen(viewing.identity, kids.id)
        viewing.clock.advance(seconds=29)
    assert reads(viewing) == before + 1
    choice.chosen(viewing.identity, kids.id)
    assert reads(viewing) == before + 2


def test_an_age_limit_is_read_once_a_minute_and_only_if_a_video_is_rated(
    viewing: InMemoryViewing,
) -> None:
    viewing.put()
    profiles, choice = viewing.people()
    kids = profiles.add(viewing.identity, ProfileChange(name="Kids", age_limit=6))
    profiles.change(viewing.identity, DEFAULT_PROFILE, ProfileChange(age_limit=12))
    viewing.clock.advance(seconds=60)
    before = reads(viewing)
    assert choice.age_limit(viewing.identity, viewing.snapshot()) == NO_AGE_LIMIT
    assert reads(viewing) == before
    viewing.put(age_rating=0)
    for _ in range(3):
        assert choice.age_limit(viewing.identity, viewing.snapshot()) == 12
        assert choice.age_limit(viewing.identity, viewing.snapshot(), kids.id) == 6
    assert reads(viewing) == before + 1


def test_an_age_limit_of_a_locked_or_unknown_profile_is_refused(viewing: InMemoryViewing) -> None:
    profiles, choice = viewing.people()
    adult = profiles.add(viewing.identity, ADULT)
    with pytest.raises(ProfileLocked):
        choice.age_limit(viewing.identity, viewing.snapshot(), adult.id)
    with pytest.raises(ProfileNotFound):
        choice.age_limit(viewing.identity, viewing.snapshot(), "unknown")
    token = profiles.unlock(viewing.identity, adult.id, pin="1234").token
    assert (
        choice.age_limit(viewing.identity, viewing.snapshot(), adult.id, token=token)
        == NO_AGE_LIMIT
    )


def test_another_process_sees_a_new_profile_at_once_and_a_removed_one_in_a_minute(
    viewing: InMemoryViewing,
) -> None:
    (here, _), (_, there) = viewing.people(), viewing.people()
    first = here.add(viewing.identity, ProfileChange(name="First"))
    assert there.chosen(viewing.identity, first.id) == first.id
    second = here.add(viewing.identity, ProfileChange(name="Second"))
    assert there.chosen(viewing.identity, second.id) == second.id
    here.remove(viewing.identity, second.id)
    assert there.chosen(viewing.identity, second.id) == second.id
    viewing.clock.advance(seconds=60)
    with pytest.raises(ProfileNotFound):
        there.chosen(viewing.identity, second.id)


def test_a_pin_that_another_process_removed_locks_nothing(viewing: InMemoryViewing) -> None:
    (here, _), (_, there) = viewing.people(), viewing.people()
    adult = here.add(viewing.identity, ADULT)
    with pytest.raises(ProfileLocked):
        there.chosen(viewing.identity, adult.id)
    token = here.unlock(viewing.identity, adult.id, pin="1234").token
    here.change(viewing.identity, adult.id, ProfileChange(pin=""), token=token)
    assert there.chosen(viewing.identity, adult.id) == adult.id
