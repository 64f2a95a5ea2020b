"""Contract of `AccountStore`: the fake and DynamoDB."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from chalicelib.accounts.model import (
    Account,
    AccountId,
    AccountNotFound,
    AccountStatus,
    AccountTaken,
    EmailTaken,
    PendingSignUp,
    StaleAccount,
)
from chalicelib.accounts.ports import AccountStore
from chalicelib.adapters.dynamodb.account_store import DynamoAccountStore
from chalicelib.language import Language
from tests.builders.accounts import ADA, GRACE, an_account
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock

pytestmark = pytest.mark.contract(of=AccountStore)


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest, clock: HandClock) -> AccountStore:
    if request.param == "memory":
        return InMemoryAccountStore(clock)
    return DynamoAccountStore(request.getfixturevalue("connection"), clock)


def pending(clock: HandClock, email: str = ADA, *, hours: float = 1) -> Account:
    expires_at = clock.now() + timedelta(hours=hours)
    return an_account(clock.now(), email, status=AccountStatus.PENDING, expires_at=expires_at)


def full(clock: HandClock) -> Account:
    return Account(
        id=AccountId(2**53 - 1),
        email="grüße@example.com",
        password_hash="$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
        created_at=clock.now() - timedelta(days=400, milliseconds=1),
        status=AccountStatus.DEACTIVATED,
        is_admin=True,
        first_name="Ada \N{SNOWMAN} 'Countess' \"L\"",
        last_name="Lovelace\n李",
        language=Language.GERMAN,
        session_epoch=3,
        expires_at=clock.now() + timedelta(days=4),
        later_sign_ups=(PendingSignUp("a hash", clock.now() + timedelta(days=4, milliseconds=1)),)
        * 2,
        new_email="countess@example.com",
        revision=17,
    )


def copies(store: AccountStore, account: Account) -> tuple[Account, Account | None]:
    return store.by_id(account.id), store.by_email(account.email)


def test_an_account_is_read_by_its_id_and_by_its_address(
    store: AccountStore, clock: HandClock
) -> None:
    ada = store.add(an_account(clock.now()))
    store.add(an_account(clock.now(), GRACE))
    assert copies(store, ada) == (ada, ada)


def test_every_field_comes_back_as_it_was_written(store: AccountStore, clock: HandClock) -> None:
    sample = full(clock)
    added = store.add(sample)
    assert added == replace(sample, revision=added.revision)
    assert copies(store, added) == (added, added)
    assert list(store.newest(limit=1)) == [added]


def test_the_sample_leaves_no_field_at_its_default(clock: HandClock) -> None:
    assert [
        each.name for each in fields(Account) if getattr(full(clock), each.name) == each.default
    ] == []


def test_empty_names_come_back_empty(store: AccountStore, clock: HandClock) -> None:
    added = store.add(an_account(clock.now(), first_name="", last_name=""))
    read = store.by_id(added.id)
    assert (read.first_name, read.last_name) == ("", "")


def test_an_empty_store_has_no_account(store: AccountStore) -> None:
    with pytest.raises(AccountNotFound):
        store.by_id(AccountId(404))
    assert store.by_email(ADA) is None
    assert list(store.newest(limit=10)) == []


def test_an_address_is_taken_once(store: AccountStore, clock: HandClock) -> None:
    first = store.add(an_account(clock.now()))
    second = an_account(clock.now())
    with pytest.raises(EmailTaken):
        store.add(second)
    assert store.by_email(ADA) == first
    with pytest.raises(AccountNotFound):
        store.by_id(second.id)


def test_an_id_is_taken_once(store: AccountStore, clock: HandClock) -> None:
    ada = store.add(an_account(clock.now()))
    with pytest.raises(AccountTaken):
        store.add(an_account(clock.now(), GRACE, id=ada.id))
    with pytest.raises(EmailTaken):
        store.add(an_account(clock.now(), id=ada.id))
    assert store.by_id(ada.id) == ada
    assert store.by_email(GRACE) is None


def test_a_pending_account_holds_its_address_until_it_expires(
    store: AccountStore, clock: HandClock
) -> None:
    first = store.add(pending(clock, hours=1))
    clock.advance(minutes=59, seconds=59)
    assert copies(store, first) == (first, first)
    with pytest.raises(EmailTaken):
        store.add(an_account(clock.now()))


def test_an_expired_account_counts_as_absent(store: AccountStore, clock: HandClock) -> None:
    expired = store.add(pending(clock, hours=1))
    clock.advance(hours=1)
    assert store.by_email(ADA) is None
    assert list(store.newest(limit=10)) == []
    with pytest.raises(AccountNotFound):
        store.by_id(expired.id)


def test_the_address_of_an_expired_account_is_free(store: AccountStore, clock: HandClock) -> None:
    expired = store.add(pending(clock, hours=1))
    clock.advance(hours=1)
    heir = store.add(an_account(clock.now()))
    assert copies(store, heir) == (heir, heir)
    assert list(store.newest(limit=10)) == [heir]
    with pytest.raises(AccountNotFound):
        store.by_id(expired.id)


def test_the_id_of_an_expired_account_is_free(store: AccountStore, clock: HandClock) -> None:
    expired = store.add(pending(clock, hours=1))
    clock.advance(hours=1)
    heir = store.add(an_account(clock.now(), GRACE, id=expired.id))
    assert copies(store, heir) == (heir, heir)
    assert store.by_email(ADA) is None


@pytest.mark.parametrize("write", ["save", "remove"])
def test_an_expired_account_cannot_overwrite_its_successor(
    store: AccountStore, clock: HandClock, write: str
) -> None:
    expired = store.add(pending(clock, hours=1))
    clock.advance(hours=1)
    heir = store.add(pending(clock, hours=1))
    with pytest.raises(StaleAccount):
        getattr(store, write)(expired)
    assert copies(store, heir) == (heir, heir)


def test_a_change_is_seen_under_both_keys(store: AccountStore, clock: HandClock) -> None:
    account = store.add(pending(clock))
    saved = store.save(replace(account.moved_to(AccountStatus.ACTIVE), first_name="Ada"))
    assert (saved.first_name, saved.expires_at) == ("Ada", None)
    assert copies(store, saved) == (saved, saved)


def test_an_account_moves_to_another_address_and_frees_its_own(
    store: AccountStore, clock: HandClock
) -> None:
    account = store.add(an_account(clock.now(), new_email=GRACE))
    moved = store.move(account, account.with_new_email())
    assert (moved.id, moved.email, moved.new_email) == (account.id, GRACE, "")
    assert copies(store, moved) == (moved, moved)
    assert store.by_email(ADA) is None
    assert list(store.newest(limit=2)) == [moved]
    heir = store.add(an_account(clock.now()))
    assert copies(store, heir) == (heir, heir)


@pytest.mark.parametrize("hours", [0, 1])
def test_an_account_moves_only_to_a_free_address(
    store: AccountStore, clock: HandClock, hours: int
) -> None:
    account = store.add(an_account(clock.now(), new_email=GRACE))
    other = store.add(pending(clock, GRACE, hours=1))
    clock.advance(hours=hours)
    if hours:
        moved = store.move(account, account.with_new_email())
        assert copies(store, moved) == (moved, moved)
        return
    with pytest.raises(EmailTaken):
        store.move(account, account.with_new_email())
    assert copies(store, account) == (account, account)
    assert copies(store, other) == (other, other)


def test_an_account_that_changed_does_not_move(store: AccountStore, clock: HandClock) -> None:
    read = store.add(an_account(clock.now(), new_email=GRACE))
    saved = store.save(replace(read, first_name="Ada"))
    with pytest.raises(StaleAccount):
        store.move(read, read.with_new_email())
    assert copies(store, saved) == (saved, saved)
    assert store.by_email(GRACE) is None


def test_an_account_that_no_longer_expires_stays(store: AccountStore, clock: HandClock) -> None:
    saved = store.save(store.add(pending(clock, hours=1)).moved_to(AccountStatus.ACTIVE))
    clock.advance(days=400)
    assert copies(store, saved) == (saved, saved)


def test_of_two_changes_of_one_version_the_second_is_refused(
    store: AccountStore, clock: HandClock
) -> None:
    read = store.add(an_account(clock.now()))
    saved = store.save(replace(read, first_name="Ada"))
    with pytest.raises(StaleAccount):
        store.save(replace(read, first_name="Eve"))
    assert copies(store, saved) == (saved, saved)


def test_an_account_that_was_never_added_cannot_be_saved(
    store: AccountStore, clock: HandClock
) -> None:
    with pytest.raises(StaleAccount):
        store.save(an_account(clock.now()))
    assert store.by_email(ADA) is None


def test_a_removed_account_is_gone_everywhere(store: AccountStore, clock: HandClock) -> None:
    account = store.add(an_account(clock.now()))
    store.remove(account)
    assert store.by_email(ADA) is None
    assert list(store.newest(limit=10)) == []
    with pytest.raises(AccountNotFound):
        store.by_id(account.id)


def test_a_removed_account_frees_its_address(store: AccountStore, clock: HandClock) -> None:
    store.remove(store.add(an_account(clock.now())))
    heir = store.add(an_account(clock.now()))
    assert copies(store, heir) == (heir, heir)


def test_an_account_that_changed_is_not_removed(store: AccountStore, clock: HandClock) -> None:
    read = store.add(an_account(clock.now()))
    saved = store.save(replace(read, first_name="Ada"))
    with pytest.raises(StaleAccount):
        store.remove(read)
    assert copies(store, saved) == (saved, saved)


@pytest.mark.parametrize("write", ["save", "remove"])
def test_a_removed_account_cannot_be_written_again(
    store: AccountStore, clock: HandClock, write: str
) -> None:
    read = store.add(an_account(clock.now()))
    store.remove(read)
    with pytest.raises(StaleAccount):
        getattr(store, write)(read)
    assert store.by_email(ADA) is None


def many(store: AccountStore, clock: HandClock, number: int) -> list[Account]:
    """Add accounts; return them, the newest first."""
    added = []
    for each in range(number):
        clock.advance(seconds=1)
        added.append(store.add(an_account(clock.now(), f"{each}@example.com")))
    return added[::-1]


def test_the_newest_accounts_come_first(store: AccountStore, clock: HandClock) -> None:
    accounts = many(store, clock, 5)
    assert list(store.newest(limit=3)) == accounts[:3]
    assert list(store.newest(limit=9)) == accounts


def test_pages_continue_where_the_last_one_ended(store: AccountStore, clock: HandClock) -> None:
    accounts = many(store, clock, 5)
    assert list(store.newest(limit=2, before=accounts[1].id)) == accounts[2:4]
    assert list(store.newest(limit=2, before=accounts[3].id)) == accounts[4:]
    assert list(store.newest(limit=2, before=accounts[4].id)) == []


def test_a_page_is_full_although_expired_accounts_lie_between(
    store: AccountStore, clock: HandClock
) -> None:
    oldest = store.add(an_account(clock.now(), "oldest@example.com"))
    for each in range(7):
        clock.advance(seconds=1)
        store.add(pending(clock, f"{each}@example.com", hours=1))
    newest = store.add(an_account(clock.now(), "newest@example.com"))
    clock.advance(hours=1)
    assert list(store.newest(limit=2)) == [newest, oldest]


def test_the_list_has_the_current_state_of_accounts(store: AccountStore, clock: HandClock) -> None:
    saved = store.save(replace(store.add(an_account(clock.now())), is_admin=True))
    assert list(store.newest(limit=10)) == [saved]


def test_times_are_stored_with_sufficient_precision(store: AccountStore, clock: HandClock) -> None:
    clock.advance(microseconds=123_456)
    written = store.add(pending(clock))
    read = store.by_id(written.id)
    assert read.expires_at is not None
    assert written.expires_at is not None
    assert abs(written.created_at - read.created_at) <= timedelta(milliseconds=1)
    assert timedelta(0) <= written.expires_at - read.expires_at < timedelta(seconds=1)
