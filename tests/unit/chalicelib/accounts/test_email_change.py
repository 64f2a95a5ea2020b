"""The use cases of the address of an account, over fakes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from typing_extensions import override

from chalicelib.accounts.email_change import EmailChange
from chalicelib.accounts.links import Links, Purpose, state_of
from chalicelib.accounts.mail import MailKind, MailRequest
from chalicelib.accounts.model import (
    Account,
    AccountStatus,
    BadLink,
    StaleAccount,
    TooManyAttempts,
    WrongPassword,
)
from chalicelib.accounts.session import SessionId
from chalicelib.accounts.sessions import Sessions
from chalicelib.accounts.throttling import (
    EMAIL_CHANGE,
    EMAIL_CHANGE_MAILS,
    PASSWORD_CHECK,
    RESET_MAILS,
)
from chalicelib.accounts.tokens import Identity
from chalicelib.errors import InvalidInput
from tests.builders.accounts import ADA, GRACE, PASSWORD, VISITOR, an_account
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.mail_queue import InMemoryMailQueue
from tests.fakes.password_hasher import ReadableHasher

HASHER = ReadableHasher()


class InterruptedStore(InMemoryAccountStore):
    """A store in which something happens right before an account moves."""

    before: Callable[[], object] | None = None

    @override
    def move(self, account: Account, moved: Account) -> Account:
        if self.before:
            before, self.before = self.before, None
            before()
        return super().move(account, moved)


@pytest.fixture
def accounts(clock: HandClock) -> InterruptedStore:
    return InterruptedStore(clock)


@pytest.fixture
def ada(accounts: InterruptedStore, clock: HandClock) -> Account:
    return accounts.add(an_account(clock.now(), password_hash=HASHER.hash(PASSWORD)))


@dataclass(frozen=True)
class Harness:
    change: EmailChange
    accounts: InterruptedStore
    mails: InMemoryMailQueue
    ada: Account

    def request(self, new_email: str = GRACE, password: str = PASSWORD) -> None:
        self.change.request(
            Identity(self.ada.id, SessionId("a-session")),
            new_email=new_email,
            password=password,
            field="new_email",
            visitor=VISITOR,
        )

    def link(self) -> str:
        account = self.accounts.by_id(self.ada.id)
        return self.change.links.issue(account, Purpose.EMAIL_CHANGE, template="{token}")

    def confirm(self, token: str) -> Account:
        return self.change.confirm(uid=str(self.ada.id), token=token)

    def link_to_choose(self) -> str:
        account = self.accounts.by_id(self.ada.id)
        return self.change.links.issue(account, Purpose.EMAIL_RESET, template="{token}")

    def request_by_link(self, token: str, new_email: str = GRACE) -> None:
        self.change.request_by_link(
            uid=str(self.ada.id),
            token=token,
            new_email=new_email,
            field="new_email",
            visitor=VISITOR,
        )


@pytest.fixture
def harness(
    sessions: Sessions,
    links: Links,
    accounts: InterruptedStore,
    mails: InMemoryMailQueue,
    ada: Account,
) -> Harness:
    throttle = sessions.sign_ins.throttle
    change = EmailChange(accounts, sessions.verifier, links, throttle, mails)
    return Harness(change, accounts, mails, ada)


def test_a_request_leaves_the_address_and_queues_a_link_and_a_notice(harness: Harness) -> None:
    harness.request(" Grace@Example.COM ")
    account = harness.accounts.by_id(harness.ada.id)
    assert (account.email, account.new_email) == (ADA, GRACE)
    notice, link = harness.mails.requests
    assert notice == MailRequest.by(VISITOR, MailKind.EMAIL_CHANGE_NOTICE, ADA)
    assert link == MailRequest.by(VISITOR, MailKind.EMAIL_CHANGE, ADA, state=state_of(account))


def test_a_link_to_choose_is_mailed_to_any_address_alike(harness: Harness) -> None:
    for email in (ADA, "unknown@example.com"):
        harness.change.request_link(email=email, visitor=VISITOR)
    assert [(each.kind, each.email) for each in harness.mails.requests] == [
        (MailKind.EMAIL_RESET, ADA),
        (MailKind.EMAIL_RESET, "unknown@example.com"),
    ]


def test_over_its_limit_a_mailbox_gets_no_more_links_to_choose(harness: Harness) -> None:
    for caller in range(RESET_MAILS.attempts + 2):
        visitor = replace(VISITOR, address=f"192.0.2.{caller}")
        harness.change.request_link(email=ADA, visitor=visitor)
    assert len(harness.mails.requests) == RESET_MAILS.attempts


def test_the_link_to_choose_stands_for_the_password_once(harness: Harness) -> None:
    token = harness.link_to_choose()
    harness.request_by_link(token)
    account = harness.accounts.by_id(harness.ada.id)
    assert (account.email, account.new_email) == (ADA, GRACE)
    kinds = [each.kind for each in harness.mails.requests]
    assert kinds == [MailKind.EMAIL_CHANGE_NOTICE, MailKind.EMAIL_CHANGE]
    with pytest.raises(BadLink):
        harness.request_by_link(token)
    assert harness.confirm(harness.link()).email == GRACE


def test_the_link_to_choose_does_not_take_the_present_address(harness: Harness) -> None:
    with pytest.raises(InvalidInput) as refused:
        harness.request_by_link(harness.link_to_choose(), ADA)
    assert refused.value.fields == {"new_email": ["This is your address already."]}


def test_links_of_other_purposes_or_of_a_deactivated_account_choose_nothing(
    harness: Harness,
) -> None:
    token = harness.link_to_choose()
    with pytest.raises(BadLink):
        harness.request_by_link(harness.link())
    with pytest.raises(BadLink):
        harness.confirm(token)
    harness.accounts.save(harness.ada.moved_to(AccountStatus.DEACTIVATED))
    with pytest.raises(BadLink):
        harness.request_by_link(harness.link_to_choose())
    assert harness.mails.requests == []


def test_a_request_requires_the_password_and_few_guesses_at_it(harness: Harness) -> None:
    for _ in range(PASSWORD_CHECK.attempts):
        with pytest.raises(WrongPassword):
            harness.request(password="a guess")
    with pytest.raises(TooManyAttempts):
        harness.request()
    assert harness.accounts.by_id(harness.ada.id) == harness.ada
    assert harness.mails.requests == []


def test_the_present_address_is_no_new_one(harness: Harness) -> None:
    with pytest.raises(InvalidInput) as refused:
        harness.request(ADA.upper())
    assert refused.value.fields == {"new_email": ["This is your address already."]}


def test_a_taken_address_is_answered_like_a_free_one(harness: Harness, clock: HandClock) -> None:
    harness.request()
    free = [each.kind for each in harness.mails.requests]
    harness.mails.requests.clear()
    harness.accounts.add(an_account(clock.now(), "taken@example.com"))
    harness.request("taken@example.com")
    assert [each.kind for each in harness.mails.requests] == free


def test_one_mailbox_gets_few_links_and_one_account_requests_few(
    harness: Harness, clock: HandClock
) -> None:
    for _ in range(EMAIL_CHANGE.attempts):
        harness.request()
    kinds = [each.kind for each in harness.mails.requests]
    assert kinds.count(MailKind.EMAIL_CHANGE) == EMAIL_CHANGE_MAILS.attempts
    assert kinds.count(MailKind.EMAIL_CHANGE_NOTICE) == EMAIL_CHANGE.attempts
    with pytest.raises(TooManyAttempts):
        harness.request("countess@example.com")
    clock.advance(hours=1)
    harness.request("countess@example.com")


def test_the_link_changes_the_address_once(harness: Harness) -> None:
    harness.request()
    token = harness.link()
    moved = harness.confirm(token)
    assert (moved.email, moved.new_email) == (GRACE, "")
    assert harness.accounts.by_email(GRACE) == harness.accounts.by_id(harness.ada.id) == moved
    assert harness.accounts.by_email(ADA) is None
    with pytest.raises(BadLink):
        harness.confirm(token)


def test_a_link_lives_one_hour(harness: Harness, clock: HandClock) -> None:
    harness.request()
    token = harness.link()
    clock.advance(hours=1)
    with pytest.raises(BadLink):
        harness.confirm(token)


def test_a_later_request_ends_earlier_links_and_a_change_ends_links_to_reset(
    harness: Harness, links: Links
) -> None:
    harness.request()
    first = harness.link()
    harness.request("countess@example.com")
    with pytest.raises(BadLink):
        harness.confirm(first)
    account = harness.accounts.by_id(harness.ada.id)
    reset = links.issue(account, Purpose.RESET, template="{token}")
    assert links.verify(uid=str(account.id), token=reset, purpose=Purpose.RESET) == account
    harness.confirm(harness.link())
    with pytest.raises(BadLink):
        links.verify(uid=str(account.id), token=reset, purpose=Purpose.RESET)


@pytest.mark.parametrize("status", [AccountStatus.ACTIVE, AccountStatus.DEACTIVATED])
def test_an_address_that_is_taken_meanwhile_is_refused_like_a_used_link(
    harness: Harness, clock: HandClock, status: AccountStatus
) -> None:
    harness.request()
    other = harness.accounts.add(an_account(clock.now(), GRACE, status=status))
    with pytest.raises(BadLink):
        harness.confirm(harness.link())
    assert harness.accounts.by_email(GRACE) == other
    assert harness.accounts.by_email(ADA) is not None


def test_a_sign_up_that_was_never_confirmed_does_not_keep_the_owner_out(
    harness: Harness, clock: HandClock
) -> None:
    harness.request()
    tomorrow = clock.now() + timedelta(days=1)
    squatter = an_account(clock.now(), GRACE, status=AccountStatus.PENDING, expires_at=tomorrow)
    harness.accounts.add(squatter)
    assert harness.confirm(harness.link()).email == GRACE


def test_a_sign_up_at_the_same_moment_refuses_the_link(harness: Harness, clock: HandClock) -> None:
    harness.request()
    token = harness.link()
    other = an_account(clock.now(), GRACE)
    harness.accounts.before = lambda: harness.accounts.add(other)
    with pytest.raises(BadLink):
        harness.confirm(token)


def test_a_concurrent_change_of_the_account_is_kept(harness: Harness) -> None:
    harness.request()
    token = harness.link()
    account = harness.accounts.by_id(harness.ada.id)
    harness.accounts.before = lambda: harness.accounts.save(replace(account, first_name="Ada"))
    moved = harness.confirm(token)
    assert (moved.email, moved.first_name) == (GRACE, "Ada")


def test_a_deactivated_account_keeps_its_address(harness: Harness) -> None:
    harness.request()
    account = harness.accounts.by_id(harness.ada.id)
    harness.accounts.save(account.moved_to(AccountStatus.DEACTIVATED))
    with pytest.raises(BadLink):
        harness.confirm(harness.link())


def test_sessions_stay(harness: Harness, sessions: Sessions) -> None:
    signed_in = sessions.sign_in(email=ADA, password=PASSWORD, visitor=VISITOR)
    harness.request()
    harness.confirm(harness.link())
    assert sessions.renew(str(signed_in.credentials.refresh), VISITOR).access
    assert sessions.sign_in(email=GRACE, password=PASSWORD, visitor=VISITOR).account.email == GRACE


def test_a_request_that_meets_another_change_is_refused(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = harness.accounts.by_id(harness.ada.id)
    harness.accounts.save(replace(read, first_name="Ada"))
    monkeypatch.setattr(harness.accounts, "by_id", lambda _: read)
    with pytest.raises(StaleAccount):
        harness.request()
    assert harness.mails.requests == []
