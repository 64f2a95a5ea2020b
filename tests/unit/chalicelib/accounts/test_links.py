"""Links in mails: one account, one purpose, one use, limited life."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from chalicelib.accounts.links import LIFE, Links, Purpose
from chalicelib.accounts.model import Account, AccountStatus, BadLink
from chalicelib.accounts.passwords import Passwords
from chalicelib.accounts.registration import Registration
from chalicelib.accounts.sessions import Sessions
from tests.builders.accounts import GRACE, PASSWORD, VISITOR, an_account
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.mail_queue import InMemoryMailQueue
from tests.fakes.password_hasher import ReadableHasher
from tests.fakes.session_store import InMemorySessionStore
from tests.fakes.throttle import InMemoryThrottle
from tests.fakes.token_signer import RememberingSigner

TEMPLATE = "https://videoflix.example/activate?uid={uid}&token={token}"


class ContestedStore(InMemoryAccountStore):
    """A store in which others change an account right before it is saved."""

    contests = 0

    def save(self, account: Account) -> Account:
        if self.contests:
            self.contests -= 1
            super().save(self.by_id(account.id))
        return super().save(account)


@dataclass(frozen=True)
class Mailed:
    """The values of a mailed link."""

    links: Links
    purpose: Purpose
    uid: str
    token: str

    def verify(self, *, uid: str | None = None, purpose: Purpose | None = None) -> Account:
        return self.links.verify(
            uid=self.uid if uid is None else uid,
            token=self.token,
            purpose=purpose or self.purpose,
        )


def mailed(links: Links, account: Account, purpose: Purpose) -> Mailed:
    link = links.issue(account, purpose, template="{uid} {token}")
    uid, token = link.split(" ")
    return Mailed(links, purpose, uid, token)


@pytest.fixture
def accounts(clock: HandClock) -> ContestedStore:
    return ContestedStore(clock)


@pytest.fixture
def registration(accounts: ContestedStore, links: Links, clock: HandClock) -> Registration:
    throttle = InMemoryThrottle(clock)
    return Registration(accounts, links, ReadableHasher(), throttle, InMemoryMailQueue(), clock)


@pytest.fixture
def passwords(
    accounts: ContestedStore,
    store: InMemorySessionStore,
    sessions: Sessions,
    links: Links,
    clock: HandClock,
) -> Passwords:
    return Passwords(
        accounts=accounts,
        sessions=store,
        revocations=sessions.revocations,
        verifier=sessions.verifier,
        links=links,
        hasher=ReadableHasher(),
        tokens=sessions.tokens,
        throttle=sessions.sign_ins.throttle,
        mails=sessions.sign_ins.mails,
        clock=clock,
    )


@pytest.fixture
def ada(accounts: InMemoryAccountStore, clock: HandClock) -> Account:
    account = an_account(
        clock.now(),
        status=AccountStatus.PENDING,
        expires_at=clock.now() + timedelta(days=4),
    )
    return accounts.add(account)


@pytest.fixture
def activation(links: Links, ada: Account) -> Mailed:
    return mailed(links, ada, Purpose.ACTIVATION)


def test_a_link_leads_where_the_template_says(links: Links, ada: Account) -> None:
    link = links.issue(ada, Purpose.ACTIVATION, template=TEMPLATE)
    assert link.startswith(f"https://videoflix.example/activate?uid={ada.id}&token=")


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_verifies_its_account(links: Links, ada: Account, purpose: Purpose) -> None:
    assert mailed(links, ada, purpose).verify() == ada


@pytest.mark.parametrize("purpose", Purpose)
def test_verifying_a_link_does_not_redeem_it(links: Links, ada: Account, purpose: Purpose) -> None:
    link = mailed(links, ada, purpose)
    assert link.verify() == link.verify() == ada


def test_activation_links_live_three_days_and_all_others_an_hour() -> None:
    hour = timedelta(hours=1)
    days = timedelta(days=3)
    assert {each: days if each is Purpose.ACTIVATION else hour for each in Purpose} == LIFE


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_is_good_until_it_expires(
    links: Links, ada: Account, clock: HandClock, purpose: Purpose
) -> None:
    link = mailed(links, ada, purpose)
    clock.advance(seconds=LIFE[purpose].total_seconds() - 1)
    assert link.verify() == ada
    clock.advance(seconds=1)
    with pytest.raises(BadLink):
        link.verify()


def test_a_link_is_good_for_its_own_purpose_only(links: Links, ada: Account) -> None:
    for issue, used_for in (
        (Purpose.ACTIVATION, Purpose.RESET),
        (Purpose.RESET, Purpose.ACTIVATION),
    ):
        link = mailed(links, ada, issue)
        with pytest.raises(BadLink):
            link.verify(purpose=used_for)


def test_a_link_does_not_open_another_account(
    activation: Mailed, accounts: InMemoryAccountStore, clock: HandClock
) -> None:
    grace = accounts.add(an_account(clock.now(), GRACE))
    with pytest.raises(BadLink):
        activation.verify(uid=str(grace.id))


@pytest.mark.parametrize("uid", ["", "0", "seven", "-1", "7.0", "../7", "9" * 5000])
def test_a_link_with_an_odd_account_is_bad(activation: Mailed, uid: str) -> None:
    with pytest.raises(BadLink):
        activation.verify(uid=uid)


def test_another_spelling_of_the_account_is_bad(activation: Mailed) -> None:
    for uid in (f"0{activation.uid}", f" {activation.uid}", f"+{activation.uid}"):
        with pytest.raises(BadLink):
            activation.verify(uid=uid)


def test_a_link_to_a_removed_account_is_bad(
    activation: Mailed, accounts: InMemoryAccountStore, ada: Account
) -> None:
    accounts.remove(ada)
    with pytest.raises(BadLink):
        activation.verify()


@pytest.mark.parametrize(
    "change",
    [
        {"status": AccountStatus.ACTIVE},
        {"status": AccountStatus.DEACTIVATED},
        {"password_hash": "another hash"},
    ],
    ids=str,
)
@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_is_invalid_after_its_use_and_after_changes_of_status_email_or_password(
    links: Links,
    accounts: InMemoryAccountStore,
    ada: Account,
    purpose: Purpose,
    change: dict[str, AccountStatus],
) -> None:
    link = mailed(links, ada, purpose)
    accounts.save(replace(ada, **change))  # type: ignore[arg-type]
    with pytest.raises(BadLink):
        link.verify()


def test_a_link_stays_valid_after_unrelated_changes(
    activation: Mailed, accounts: InMemoryAccountStore, ada: Account
) -> None:
    saved = accounts.save(replace(ada, first_name="Ada", is_admin=True))
    assert activation.verify() == saved


def test_a_newer_link_does_not_invalidate_the_older_one(
    links: Links, ada: Account, activation: Mailed, clock: HandClock
) -> None:
    clock.advance(minutes=1)
    newer = mailed(links, ada, Purpose.ACTIVATION)
    assert activation.verify() == newer.verify() == ada


def test_a_token_that_names_no_state_is_bad(
    links: Links, signer: RememberingSigner, ada: Account, clock: HandClock
) -> None:
    in_an_hour = clock.now() + timedelta(hours=1)
    token = signer.sign(Purpose.RESET.value, {"sub": str(ada.id)}, expires_at=in_an_hour)
    with pytest.raises(BadLink):
        links.verify(uid=str(ada.id), token=token, purpose=Purpose.RESET)


def test_a_link_does_not_reveal_the_password_hash(
    links: Links, signer: RememberingSigner, ada: Account
) -> None:
    link = mailed(links, replace(ada, password_hash="the hash"), Purpose.RESET)
    assert "the hash" not in str(signer.claims(Purpose.RESET.value, link.token))


def test_all_bad_links_are_refused_with_the_same_message(activation: Mailed) -> None:
    with pytest.raises(BadLink) as refusal:
        activation.verify(uid="0")
    assert (
        str(refusal.value)
        == "This link is not valid. It may have been used already, or be too old."
    )


@pytest.mark.parametrize("contests", [0, 2])
def test_an_account_that_others_change_meanwhile_is_activated_all_the_same(
    registration: Registration, accounts: ContestedStore, activation: Mailed, contests: int
) -> None:
    accounts.contests = contests
    activated = registration.activate(uid=activation.uid, token=activation.token)
    assert activated.status is AccountStatus.ACTIVE
    assert accounts.by_id(activated.id) == activated


def test_a_link_to_an_account_that_changes_all_the_time_is_refused(
    registration: Registration, accounts: ContestedStore, activation: Mailed
) -> None:
    accounts.contests = 3
    with pytest.raises(BadLink):
        registration.activate(uid=activation.uid, token=activation.token)


@pytest.mark.parametrize(("contests", "is_reset"), [(0, True), (2, True), (3, False)])
def test_a_password_is_reset_all_the_same(
    passwords: Passwords,
    accounts: ContestedStore,
    links: Links,
    ada: Account,
    contests: int,
    is_reset: bool,
) -> None:
    link = mailed(links, ada, Purpose.RESET)
    accounts.contests = contests
    with nullcontext() if is_reset else pytest.raises(BadLink):
        passwords.reset(
            uid=link.uid, token=link.token, password=PASSWORD, field="password", visitor=VISITOR
        )
    is_changed = accounts.by_id(ada.id).password_hash != ada.password_hash
    assert is_changed == is_reset
