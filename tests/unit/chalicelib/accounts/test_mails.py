"""The mail for a mail request, by the current state of the account."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.accounts.links import Links, Purpose, state_of
from chalicelib.accounts.mail import Mail, MailKind, MailRequest, MailTemplate
from chalicelib.accounts.mails import Mails
from chalicelib.accounts.model import Account, AccountStatus, PendingSignUp
from chalicelib.language import Language
from chalicelib.mail_links import MailLinks, MailLinkTable
from tests.builders.accounts import ADA, GRACE, an_account
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.mailer import InMemoryMailer, MailRefused

SITE, PAGE, ANGULAR = "https://site", "https://page", "https://angular"
ROWS = {
    ("official", PAGE): MailLinks("activate {uid} {token}", "reset {uid} {token}"),
    ("official", ANGULAR): MailLinks("/angular {uid} {token}", "/angular-reset {uid} {token}"),
    ("djoser", ANGULAR): MailLinks("/djoser {uid} {token}", "/djoser-reset {uid} {token}"),
}
SIGN_UP = MailRequest(MailKind.SIGN_UP, ADA, Language.GERMAN, "official", origin=PAGE)
RESET = replace(SIGN_UP, kind=MailKind.PASSWORD_RESET)
REFUSED = replace(SIGN_UP, kind=MailKind.SIGN_IN_REFUSED)
CHANGED = replace(SIGN_UP, kind=MailKind.PASSWORD_CHANGED)
AGAIN = replace(SIGN_UP, kind=MailKind.RESEND_ACTIVATION)
MOVE = replace(SIGN_UP, kind=MailKind.EMAIL_CHANGE)
ANOTHER = replace(SIGN_UP, kind=MailKind.EMAIL_RESET)
NOTICE = replace(SIGN_UP, kind=MailKind.EMAIL_CHANGE_NOTICE)


@pytest.fixture
def mailer() -> InMemoryMailer:
    return InMemoryMailer()


@pytest.fixture
def harness(accounts: InMemoryAccountStore, links: Links, mailer: InMemoryMailer) -> Mails:
    return Mails(accounts, links, mailer, MailLinkTable(SITE, ROWS), "move {uid} {token}")


def known(harness: Mails, clock: HandClock, **changes: Any) -> Account:
    return harness.accounts.add(an_account(clock.now(), first_name="Ada", **changes))


def pending(harness: Mails, clock: HandClock) -> Account:
    tomorrow = clock.now() + timedelta(days=1)
    return known(harness, clock, status=AccountStatus.PENDING, expires_at=tomorrow)


@pytest.mark.parametrize(
    ("mail_request", "status", "template"),
    [
        (SIGN_UP, AccountStatus.PENDING, MailTemplate.ACTIVATION),
        (SIGN_UP, AccountStatus.ACTIVE, MailTemplate.ACCOUNT_EXISTS),
        (SIGN_UP, AccountStatus.DEACTIVATED, None),
        (RESET, AccountStatus.PENDING, MailTemplate.CHOOSE_PASSWORD),
        (RESET, AccountStatus.ACTIVE, MailTemplate.PASSWORD_RESET),
        (RESET, AccountStatus.DEACTIVATED, None),
        (CHANGED, AccountStatus.PENDING, None),
        (CHANGED, AccountStatus.ACTIVE, MailTemplate.PASSWORD_CHANGED),
        (CHANGED, AccountStatus.DEACTIVATED, None),
        (REFUSED, AccountStatus.PENDING, MailTemplate.ACTIVATION),
        (REFUSED, AccountStatus.ACTIVE, None),
        (REFUSED, AccountStatus.DEACTIVATED, None),
        (AGAIN, AccountStatus.PENDING, MailTemplate.ACTIVATION),
        (AGAIN, AccountStatus.ACTIVE, None),
        (AGAIN, AccountStatus.DEACTIVATED, None),
        (MOVE, AccountStatus.PENDING, None),
        (MOVE, AccountStatus.ACTIVE, MailTemplate.EMAIL_CHANGE),
        (MOVE, AccountStatus.DEACTIVATED, None),
        (ANOTHER, AccountStatus.PENDING, None),
        (ANOTHER, AccountStatus.ACTIVE, MailTemplate.EMAIL_RESET),
        (ANOTHER, AccountStatus.DEACTIVATED, None),
        (NOTICE, AccountStatus.ACTIVE, MailTemplate.EMAIL_CHANGE_NOTICE),
    ],
    ids=str,
)
def test_the_mail_fits_the_account_as_it_is_now(
    harness: Mails,
    clock: HandClock,
    mail_request: MailRequest,
    status: AccountStatus,
    template: MailTemplate | None,
) -> None:
    new_email = GRACE if mail_request is MOVE else ""
    account = known(harness, clock, status=status, new_email=new_email)
    mail = harness.deliver(replace(mail_request, state=state_of(account)))
    assert (mail and mail.template) == template


@pytest.mark.parametrize(
    "mail_request", [SIGN_UP, RESET, CHANGED, REFUSED, AGAIN, MOVE], ids=lambda each: each.kind
)
def test_an_unknown_address_gets_no_mail(
    harness: Mails, mailer: InMemoryMailer, mail_request: MailRequest
) -> None:
    assert harness.deliver(mail_request) is None
    assert mailer.mails == []


def test_an_expired_pending_account_gets_no_mail(
    harness: Mails, mailer: InMemoryMailer, clock: HandClock
) -> None:
    account = pending(harness, clock)
    clock.advance(days=1)
    assert harness.deliver(replace(SIGN_UP, state=state_of(account))) is None
    assert mailer.mails == []


@pytest.mark.parametrize("mail_request", [SIGN_UP, REFUSED], ids=lambda each: each.kind)
def test_a_sign_up_over_the_limit_is_mailed_a_link_to_choose_a_password(
    harness: Mails, clock: HandClock, mail_request: MailRequest
) -> None:
    account = pending(harness, clock)
    late = replace(account, password_hash="one too many")
    mail = harness.deliver(replace(mail_request, state=state_of(late)))
    assert mail is not None
    assert mail.template is MailTemplate.CHOOSE_PASSWORD
    page, uid, token = mail.link.split()
    assert page == "reset"
    assert harness.links.verify(uid=uid, token=token, purpose=Purpose.RESET) == account


def test_a_later_sign_up_is_mailed_the_link_to_its_own_password(
    harness: Mails, clock: HandClock
) -> None:
    account = pending(harness, clock)
    sign_up = PendingSignUp("a later hash", clock.now() + timedelta(days=1))
    harness.accounts.save(account.signed_up_again(sign_up, now=clock.now()))
    later = replace(account, password_hash="a later hash")
    mail = harness.deliver(replace(SIGN_UP, state=state_of(later)))
    assert mail is not None
    assert mail.template is MailTemplate.ACTIVATION_AGAIN
    _, uid, token = mail.link.split()
    opened = harness.links.verify(uid=uid, token=token, purpose=Purpose.ACTIVATION)
    assert (opened.password_hash, opened.later_sign_ups) == ("a later hash", ())


def test_the_activation_is_mailed_again_with_a_link_that_is_valid(
    harness: Mails, clock: HandClock
) -> None:
    account = pending(harness, clock)
    mail = harness.deliver(AGAIN)
    assert mail is not None
    page, uid, token = mail.link.split()
    assert page == "activate"
    assert harness.links.verify(uid=uid, token=token, purpose=Purpose.ACTIVATION) == account


def test_with_several_sign_ups_the_owner_of_the_mailbox_chooses_the_password(
    harness: Mails, clock: HandClock
) -> None:
    account = pending(harness, clock)
    sign_up = PendingSignUp("a later hash", clock.now() + timedelta(days=1))
    harness.accounts.save(account.signed_up_again(sign_up, now=clock.now()))
    mail = harness.deliver(AGAIN)
    assert mail is not None
    assert (mail.template, mail.link.split()[0]) == (MailTemplate.CHOOSE_PASSWORD, "reset")


def moving(harness: Mails, clock: HandClock) -> tuple[Account, MailRequest]:
    account = known(harness, clock, new_email=GRACE, language=Language.GERMAN)
    return account, replace(MOVE, state=state_of(account))


def test_the_link_to_a_new_address_goes_there(harness: Mails, clock: HandClock) -> None:
    account, request = moving(harness, clock)
    mail = harness.deliver(request)
    assert mail is not None
    assert (mail.to, mail.language, mail.name) == (GRACE, Language.GERMAN, "Ada")
    page, uid, token = mail.link.split()
    assert page == "move"
    assert harness.links.verify(uid=uid, token=token, purpose=Purpose.EMAIL_CHANGE) == account


@pytest.mark.parametrize("status", AccountStatus)
def test_a_new_address_that_has_an_account_gets_no_link(
    harness: Mails, clock: HandClock, status: AccountStatus
) -> None:
    _, request = moving(harness, clock)
    harness.accounts.add(an_account(clock.now(), GRACE, status=status))
    mail = harness.deliver(request)
    # The link proves whose the mailbox is, unlike a sign-up that was never confirmed.
    assert (mail is not None) == (status is AccountStatus.PENDING)


def test_a_later_request_replaces_an_earlier_one(harness: Mails, clock: HandClock) -> None:
    account, request = moving(harness, clock)
    harness.accounts.save(account.about_to_move("countess@example.com"))
    assert harness.deliver(request) is None


def test_the_notice_reaches_the_former_address_also_after_the_change(
    harness: Mails, mailer: InMemoryMailer
) -> None:
    mail = harness.deliver(NOTICE)
    assert mail == Mail(MailTemplate.EMAIL_CHANGE_NOTICE, ADA, Language.GERMAN)
    assert mailer.mails == [mail]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("asked", Language)
def test_a_mail_is_sent_once_to_the_address_in_the_language_of_the_account(
    harness: Mails,
    mailer: InMemoryMailer,
    clock: HandClock,
    language: Language,
    asked: Language,
) -> None:
    known(harness, clock, language=language)
    mail = harness.deliver(replace(CHANGED, language=asked))
    assert mail == Mail(MailTemplate.PASSWORD_CHANGED, ADA, language, link="", name="Ada")
    assert mailer.mails == [mail]


@pytest.mark.parametrize("asked", Language)
def test_until_the_address_is_confirmed_mails_use_the_language_of_the_browser(
    harness: Mails, clock: HandClock, asked: Language
) -> None:
    account = pending(harness, clock)
    mail = harness.deliver(replace(SIGN_UP, language=asked, state=state_of(account)))
    assert mail is not None
    assert mail.language is asked


def test_an_activation_mail_has_a_valid_link(harness: Mails, clock: HandClock) -> None:
    account = pending(harness, clock)
    mail = harness.deliver(replace(SIGN_UP, state=state_of(account)))
    assert mail is not None
    page, uid, token = mail.link.split()
    assert page == "activate"
    assert harness.links.verify(uid=uid, token=token, purpose=Purpose.ACTIVATION) == account


@pytest.mark.parametrize("mail_request", [SIGN_UP, RESET], ids=lambda each: each.kind)
def test_an_active_account_gets_a_link_to_a_new_password(
    harness: Mails, clock: HandClock, mail_request: MailRequest
) -> None:
    account = known(harness, clock)
    mail = harness.deliver(mail_request)
    assert mail is not None
    page, uid, token = mail.link.split()
    assert page == "reset"
    assert harness.links.verify(uid=uid, token=token, purpose=Purpose.RESET) == account


@pytest.mark.parametrize(
    ("dialect", "origin", "page"),
    [
        ("official", PAGE, "reset "),
        ("official", ANGULAR, "https://angular/angular-reset "),
        ("djoser", ANGULAR, "https://angular/djoser-reset "),
        ("djoser", PAGE, "https://site/#/reset/"),
        ("official", "", "https://site/#/reset/"),
        ("a later dialect", PAGE, "https://site/#/reset/"),
    ],
)
def test_links_lead_to_the_page_of_the_request(
    harness: Mails, clock: HandClock, dialect: str, origin: str, page: str
) -> None:
    known(harness, clock)
    mail = harness.deliver(replace(RESET, dialect=dialect, origin=origin))
    assert mail is not None
    assert mail.link.startswith(page)


def test_a_mail_that_the_mailer_refuses_raises_so_that_the_queue_retries(
    harness: Mails, mailer: InMemoryMailer, clock: HandClock
) -> None:
    known(harness, clock)
    mailer.is_accepting = False
    with pytest.raises(MailRefused):
        harness.deliver(RESET)


def test_the_same_request_twice_is_two_mails_with_links_that_both_work(
    harness: Mails, clock: HandClock
) -> None:
    account = known(harness, clock)
    for _ in range(2):
        mail = harness.deliver(RESET)
        assert mail is not None
        _, uid, token = mail.link.split()
        assert harness.links.verify(uid=uid, token=token, purpose=Purpose.RESET) == account
