"""The cache of signing keys in a process: reads, and behaviour during a rotation."""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import timedelta

import pytest

from chalicelib.accounts.keys import HEAD_START, MAXIMUM_AGE, KeyRotation, KeySet
from chalicelib.adapters.tokens import JwtSigner, Keyring
from tests.fakes.clock import HandClock
from tests.fakes.key_store import InMemoryKeyStore

LIFE = timedelta(minutes=5)


@dataclass(frozen=True)
class Process:
    signer: JwtSigner
    clock: HandClock

    def token(self) -> str:
        return self.signer.sign("access", {"sub": "7"}, expires_at=self.clock.now() + LIFE)

    def knows(self, token: str) -> bool:
        return self.signer.claims("access", token) is not None


@pytest.fixture
def store(clock: HandClock) -> InMemoryKeyStore:
    """Two keys, the newer one due for rotation."""
    young = KeySet({"0": "k" * 64}).rotated(clock.now())
    clock.advance(seconds=MAXIMUM_AGE.total_seconds())
    return InMemoryKeyStore(young)


def started(store: InMemoryKeyStore, clock: HandClock) -> Process:
    return Process(JwtSigner(Keyring(store, clock), clock), clock)


def kid_of(token: str) -> str:
    kid: str = json.loads(urlsafe_b64decode(token.partition(".")[0] + "=="))["kid"]
    return kid


def invented(clock: HandClock, second: int = 0) -> str:
    """Return a forged token with a plausible key id."""
    keys = KeySet({f"20200101T0000{second:02d}Z": "s" * 64})
    return started(InMemoryKeyStore(keys), clock).token()


def test_the_keys_are_read_once_for_many_tokens(store: InMemoryKeyStore, clock: HandClock) -> None:
    process = started(store, clock)
    assert all(process.knows(process.token()) for _ in range(50))
    assert store.times_loaded == 1


def test_a_new_process_reads_no_keys(store: InMemoryKeyStore, clock: HandClock) -> None:
    started(store, clock)
    assert store.times_loaded == 0


def test_the_keys_are_read_again_within_half_the_head_start(
    store: InMemoryKeyStore, clock: HandClock
) -> None:
    process = started(store, clock)
    process.token()
    clock.advance(seconds=(HEAD_START / 2).total_seconds())
    process.token()
    assert store.times_loaded == 2


def test_unknown_key_ids_cost_one_read_in_ten_seconds(
    store: InMemoryKeyStore, clock: HandClock
) -> None:
    process = started(store, clock)
    process.token()
    clock.advance(seconds=10)
    assert not any(process.knows(invented(clock, each)) for each in range(50))
    assert store.times_loaded == 2
    clock.advance(seconds=9)
    assert not process.knows(invented(clock))
    assert store.times_loaded == 2


def test_an_unknown_key_id_causes_another_read_after_ten_seconds(
    store: InMemoryKeyStore, clock: HandClock
) -> None:
    process = started(store, clock)
    process.token()
    clock.advance(seconds=10)
    assert not process.knows(invented(clock))
    clock.advance(seconds=10)
    assert not process.knows(invented(clock))
    assert store.times_loaded == 3


def test_a_new_key_is_known_before_the_next_regular_read(
    store: InMemoryKeyStore, clock: HandClock
) -> None:
    process = started(store, clock)
    process.token()
    store.replace(KeySet({**store.keys.secrets, "20200101T000000Z": "n" * 64}))
    clock.advance(seconds=10)
    newcomer = started(InMemoryKeyStore(KeySet({"20200101T000000Z": "n" * 64})), clock)
    assert process.knows(newcomer.token())


def test_two_keys_are_valid_at_once(store: InMemoryKeyStore, clock: HandClock) -> None:
    signed_by = {
        kid: started(InMemoryKeyStore(KeySet({kid: secret})), clock).token()
        for kid, secret in store.keys.secrets.items()
    }
    process = started(store, clock)
    assert len(signed_by) == 2
    assert all(process.knows(token) for token in signed_by.values())


def test_a_new_key_signs_only_after_its_head_start(
    store: InMemoryKeyStore, clock: HandClock
) -> None:
    before = max(store.keys.secrets)
    KeyRotation(store, clock).rotate_if_due()
    clock.advance(seconds=HEAD_START.total_seconds() - 1)
    assert kid_of(started(store, clock).token()) == before
    clock.advance(seconds=1)
    assert kid_of(started(store, clock).token()) == max(store.keys.secrets) != before


def test_during_a_rotation_every_process_accepts_the_tokens_of_every_other(
    store: InMemoryKeyStore, clock: HandClock
) -> None:
    first, second = started(store, clock), started(store, clock)
    token = first.token()
    clock.advance(seconds=100)
    second.token()
    KeyRotation(store, clock).rotate_if_due()
    for _ in range(200):
        assert second.knows(token)
        first, second = second, first
        token = first.token()
        clock.advance(seconds=11)
    assert kid_of(token) == max(store.keys.secrets)
