"""Which letter an order becomes, for the account as it is when the letter is written."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.accounts.correspondence import Correspondence
from chalicelib.accounts.links import Links, Purpose, state_of
from chalicelib.accounts.mail import Letter, MailKind, MailOrder, Template
from chalicelib.accounts.model import Account, AccountStatus
from chalicelib.language import Language
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.postman import InMemoryPostman, LetterRefused
from tests.samples import ADA, an_account


@dataclass(frozen=True)
class Pages:
    activation: str
    reset: str


PAGES = {
    "official": Pages("activate {uid} {token}", "reset {uid} {token}"),
    "djoser": Pages("djoser-activate {uid} {token}", "djoser-reset {uid} {token}"),
}
SIGN_UP = MailOrder(MailKind.SIGN_UP, ADA, Language.GERMAN, "official")
RESET = replace(SIGN_UP, kind=MailKind.PASSWORD_RESET)
CHANGED = replace(SIGN_UP, kind=MailKind.PASSWORD_CHANGED)


@pytest.fixture
def postman() -> InMemoryPostman:
    return InMemoryPostman()


@pytest.fixture
def desk(accounts: InMemoryAccountStore, links: Links, postman: InMemoryPostman) -> Correspondence:
    return Correspondence(accounts, links, postman, PAGES)


def known(desk: Correspondence, clock: HandClock, **changes: Any) -> Account:
    return desk.accounts.add(an_account(clock.now(), first_name="Ada", **changes))


def pending(desk: Correspondence, clock: HandClock) -> Account:
    tomorrow = clock.now() + timedelta(days=1)
    return known(desk, clock, status=AccountStatus.PENDING, expires_at=tomorrow)


@pytest.mark.parametrize(
    ("order", "status", "template"),
    [
        (SIGN_UP, AccountStatus.PENDING, Template.ACTIVATION),
        (SIGN_UP, AccountStatus.ACTIVE, Template.ACCOUNT_EXISTS),
        (SIGN_UP, AccountStatus.DEACTIVATED, None),
        (RESET, AccountStatus.PENDING, None),
        (RESET, AccountStatus.ACTIVE, Template.PASSWORD_RESET),
        (RESET, AccountStatus.DEACTIVATED, None),
        (CHANGED, AccountStatus.PENDING, None),
        (CHANGED, AccountStatus.ACTIVE, Template.PASSWORD_CHANGED),
        (CHANGED, AccountStatus.DEACTIVATED, None),
    ],
    ids=str,
)
def test_the_letter_fits_the_account_as_it_is_now(
    desk: Correspondence,
    clock: HandClock,
    order: MailOrder,
    status: AccountStatus,
    template: Template | None,
) -> None:
    account = known(desk, clock, status=status)
    letter = desk.deliver(replace(order, state=state_of(account)))
    assert (letter and letter.template) == template


@pytest.mark.parametrize("order", [SIGN_UP, RESET, CHANGED], ids=lambda order: order.kind)
def test_nobody_gets_a_letter_at_an_address_we_do_not_know(
    desk: Correspondence, postman: InMemoryPostman, order: MailOrder
) -> None:
    assert desk.deliver(order) is None
    assert postman.letters == []


def test_somebody_who_never_confirmed_and_was_forgotten_gets_no_letter(
    desk: Correspondence, postman: InMemoryPostman, clock: HandClock
) -> None:
    account = pending(desk, clock)
    clock.advance(days=1)
    assert desk.deliver(replace(SIGN_UP, state=state_of(account))) is None
    assert postman.letters == []


def test_an_order_that_was_overtaken_by_another_sign_up_makes_no_letter(
    desk: Correspondence, postman: InMemoryPostman, clock: HandClock
) -> None:
    account = pending(desk, clock)
    desk.accounts.save(replace(account, password_hash="a stranger's"))
    assert desk.deliver(replace(SIGN_UP, state=state_of(account))) is None
    assert postman.letters == []


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("asked", Language)
def test_a_letter_is_sent_once_to_the_address_in_the_language_of_the_account(
    desk: Correspondence,
    postman: InMemoryPostman,
    clock: HandClock,
    language: Language,
    asked: Language,
) -> None:
    known(desk, clock, language=language)
    letter = desk.deliver(replace(CHANGED, language=asked))
    assert letter == Letter(Template.PASSWORD_CHANGED, ADA, language, link="", name="Ada")
    assert postman.letters == [letter]


@pytest.mark.parametrize("asked", Language)
def test_as_long_as_nobody_confirmed_the_address_the_browser_says_the_language(
    desk: Correspondence, clock: HandClock, asked: Language
) -> None:
    account = pending(desk, clock)
    letter = desk.deliver(replace(SIGN_UP, language=asked, state=state_of(account)))
    assert letter is not None
    assert letter.language is asked


def test_an_activation_letter_carries_a_link_that_opens_the_account(
    desk: Correspondence, clock: HandClock
) -> None:
    account = pending(desk, clock)
    letter = desk.deliver(replace(SIGN_UP, state=state_of(account)))
    assert letter is not None
    page, uid, token = letter.link.split()
    assert page == "activate"
    assert desk.links.opened(uid=uid, token=token, purpose=Purpose.ACTIVATION) == account


@pytest.mark.parametrize("order", [SIGN_UP, RESET], ids=lambda order: order.kind)
def test_who_has_an_account_gets_a_link_to_a_new_password(
    desk: Correspondence, clock: HandClock, order: MailOrder
) -> None:
    account = known(desk, clock)
    letter = desk.deliver(order)
    assert letter is not None
    page, uid, token = letter.link.split()
    assert page == "reset"
    assert desk.links.opened(uid=uid, token=token, purpose=Purpose.RESET) == account


@pytest.mark.parametrize("dialect", PAGES)
def test_links_lead_to_the_frontend_that_asked(
    desk: Correspondence, clock: HandClock, dialect: str
) -> None:
    known(desk, clock)
    letter = desk.deliver(replace(RESET, dialect=dialect))
    assert letter is not None
    assert letter.link.startswith(PAGES[dialect].reset.partition(" ")[0])


def test_a_letter_the_postman_refuses_is_reported_so_that_the_queue_tries_again(
    desk: Correspondence, postman: InMemoryPostman, clock: HandClock
) -> None:
    known(desk, clock)
    postman.is_accepting = False
    with pytest.raises(LetterRefused):
        desk.deliver(RESET)


def test_the_same_order_twice_is_two_letters_with_links_that_both_work(
    desk: Correspondence, clock: HandClock
) -> None:
    account = known(desk, clock)
    for _ in range(2):
        letter = desk.deliver(RESET)
        assert letter is not None
        _, uid, token = letter.link.split()
        assert desk.links.opened(uid=uid, token=token, purpose=Purpose.RESET) == account
