"""Which letter an order becomes, for the account as it is when the letter is written."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.accounts.correspondence import Correspondence
from chalicelib.accounts.links import Links, Purpose, state_of
from chalicelib.accounts.mail import Letter, MailKind, MailOrder, Template
from chalicelib.accounts.model import Account, AccountStatus, SignUp
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
REFUSED = replace(SIGN_UP, kind=MailKind.SIGN_IN_REFUSED)
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
        (RESET, AccountStatus.PENDING, Template.CHOOSE_PASSWORD),
        (RESET, AccountStatus.ACTIVE, Template.PASSWORD_RESET),
        (RESET, AccountStatus.DEACTIVATED, None),
        (CHANGED, AccountStatus.PENDING, None),
        (CHANGED, AccountStatus.ACTIVE, Template.PASSWORD_CHANGED),
        (CHANGED, AccountStatus.DEACTIVATED, None),
        (REFUSED, AccountStatus.PENDING, Template.ACTIVATION),
        (REFUSED, AccountStatus.ACTIVE, None),
        (REFUSED, AccountStatus.DEACTIVATED, None),
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


@pytest.mark.parametrize("order", [SIGN_UP, RESET, CHANGED, REFUSED], ids=lambda order: order.kind)
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


@pytest.mark.parametrize("order", [SIGN_UP, REFUSED], ids=lambda order: order.kind)
def test_who_found_no_room_among_the_sign_ups_is_mailed_a_link_to_choose_a_password(
    desk: Correspondence, clock: HandClock, order: MailOrder
) -> None:
    account = pending(desk, clock)
    late = replace(account, password_hash="one too many")
    letter = desk.deliver(replace(order, state=state_of(late)))
    assert letter is not None
    assert letter.template is Template.CHOOSE_PASSWORD
    page, uid, token = letter.link.split()
    assert page == "reset"
    assert desk.links.opened(uid=uid, token=token, purpose=Purpose.RESET) == account


def test_a_later_sign_up_is_mailed_the_link_to_its_own_password(
    desk: Correspondence, clock: HandClock
) -> None:
    account = pending(desk, clock)
    sign_up = SignUp("a later hash", clock.now() + timedelta(days=1))
    desk.accounts.save(account.signed_up_again(sign_up, now=clock.now()))
    later = replace(account, password_hash="a later hash")
    letter = desk.deliver(replace(SIGN_UP, state=state_of(later)))
    assert letter is not None
    assert letter.template is Template.ACTIVATION_AGAIN
    _, uid, token = letter.link.split()
    opened = desk.links.opened(uid=uid, token=token, purpose=Purpose.ACTIVATION)
    assert (opened.password_hash, opened.later_sign_ups) == ("a later hash", ())


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
