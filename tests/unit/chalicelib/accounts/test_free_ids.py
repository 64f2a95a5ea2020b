"""Two accounts of one moment that draw the same id are both made."""

from itertools import repeat

import pytest

from chalicelib.accounts.free_ids import add_under_free_id
from chalicelib.accounts.links import Links
from chalicelib.accounts.model import AccountStatus, EmailTaken, account_id_at
from chalicelib.accounts.registration import Registration
from chalicelib.errors import Unavailable
from tests.builders.accounts import ADA, GRACE, PASSWORD, VISITOR, an_account
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.mail_queue import InMemoryMailQueue
from tests.fakes.password_hasher import ReadableHasher
from tests.fakes.throttle import InMemoryThrottle


def test_a_sign_up_whose_id_is_in_use_gets_another_one(
    accounts: InMemoryAccountStore, links: Links, mails: InMemoryMailQueue, clock: HandClock
) -> None:
    draws = iter([7, 7, 7, 8])
    throttle = InMemoryThrottle(clock)
    registration = Registration(
        accounts, links, ReadableHasher(), throttle, mails, clock, lambda: next(draws)
    )
    for email in (ADA, GRACE):
        registration.register(email=email, password=PASSWORD, visitor=VISITOR)
    ids = [account_id_at(clock.now(), entropy=each) for each in (7, 8)]
    assert [accounts.by_id(each).email for each in ids] == [ADA, GRACE]
    # Each mail finds the account that waits for it.
    assert [each.email for each in mails.requests] == [ADA, GRACE]
    assert {accounts.by_id(each).status for each in ids} == {AccountStatus.PENDING}


def test_an_address_in_use_stays_in_use_under_every_id(
    accounts: InMemoryAccountStore, clock: HandClock
) -> None:
    ada = accounts.add(an_account(clock.now()))
    with pytest.raises(EmailTaken):
        add_under_free_id(accounts, an_account(clock.now(), id=ada.id))
    assert list(accounts.newest(limit=9)) == [ada]


def test_where_no_id_is_free_it_is_not_said_that_the_address_is_taken(
    accounts: InMemoryAccountStore, clock: HandClock
) -> None:
    draws = repeat(7)
    taken = account_id_at(clock.now(), entropy=7)
    accounts.add(an_account(clock.now(), id=taken))
    with pytest.raises(Unavailable):
        add_under_free_id(accounts, an_account(clock.now(), GRACE, id=taken), lambda: next(draws))
    assert accounts.by_email(GRACE) is None
