"""Fixtures: the use cases of accounts over fakes."""

from dataclasses import replace

import pytest

from chalicelib.accounts.links import Links
from chalicelib.accounts.model import Account
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.sessions import Sessions
from chalicelib.accounts.sign_ins import PasswordVerifier, SignIns
from chalicelib.accounts.tokens import Tokens
from tests.builders.accounts import PASSWORD, an_account
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.mail_queue import InMemoryMailQueue
from tests.fakes.password_hasher import ReadableHasher
from tests.fakes.session_store import InMemorySessionStore
from tests.fakes.throttle import InMemoryThrottle
from tests.fakes.token_signer import RememberingSigner


@pytest.fixture
def accounts(clock: HandClock) -> InMemoryAccountStore:
    return InMemoryAccountStore(clock)


@pytest.fixture
def store(accounts: InMemoryAccountStore, clock: HandClock) -> InMemorySessionStore:
    return InMemorySessionStore(accounts, clock)


@pytest.fixture
def ada(accounts: InMemoryAccountStore, clock: HandClock) -> Account:
    hashed = ReadableHasher().hash(PASSWORD)
    return accounts.add(an_account(clock.now(), password_hash=hashed))


@pytest.fixture
def signer(clock: HandClock) -> RememberingSigner:
    return RememberingSigner(clock)


@pytest.fixture
def links(accounts: InMemoryAccountStore, signer: RememberingSigner, clock: HandClock) -> Links:
    return Links(accounts, signer, clock)


@pytest.fixture
def mails() -> InMemoryMailQueue:
    return InMemoryMailQueue()


@pytest.fixture
def sessions(
    accounts: InMemoryAccountStore,
    store: InMemorySessionStore,
    signer: RememberingSigner,
    mails: InMemoryMailQueue,
    clock: HandClock,
) -> Sessions:
    throttle = InMemoryThrottle(clock)
    verifier = PasswordVerifier(accounts, ReadableHasher(), throttle)
    tokens = Tokens(signer)
    return Sessions(
        accounts=accounts,
        sessions=store,
        revocations=Revocations(store, clock),
        verifier=verifier,
        tokens=tokens,
        sign_ins=SignIns(accounts, store, verifier, tokens, throttle, mails, clock),
        clock=clock,
    )


def with_store(sessions: Sessions, store: InMemorySessionStore) -> Sessions:
    """Return the use cases over another store of sessions."""
    return replace(sessions, sessions=store, sign_ins=replace(sessions.sign_ins, sessions=store))
