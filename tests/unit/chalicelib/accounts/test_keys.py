"""Signing keys and their rotation."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.accounts.keys import HEAD_START, KEPT, MAXIMUM_AGE, KeyRotation, KeySet
from tests.fakes.clock import HandClock
from tests.fakes.key_store import InMemoryKeyStore

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = KeySet({"0": "k" * 64})
SECOND_LATER = timedelta(seconds=1)


@pytest.fixture
def store() -> InMemoryKeyStore:
    return InMemoryKeyStore(FIRST)


@pytest.fixture
def rotation(store: InMemoryKeyStore, clock: HandClock) -> KeyRotation:
    return KeyRotation(store, clock)


def test_the_very_first_key_signs_at_once() -> None:
    assert FIRST.signing_id(NOW) == "0"


def test_a_new_key_is_named_after_its_moment() -> None:
    assert set(FIRST.rotated(NOW).secrets) == {"0", "20260301T120000Z"}


@pytest.mark.parametrize(
    ("later", "signs"),
    [
        (timedelta(0), "0"),
        (HEAD_START - SECOND_LATER, "0"),
        (HEAD_START, "20260301T120000Z"),
        (timedelta(days=365), "20260301T120000Z"),
    ],
)
def test_a_new_key_signs_after_its_head_start(later: timedelta, signs: str) -> None:
    assert FIRST.rotated(NOW).signing_id(NOW + later) == signs


def test_of_two_keys_in_their_head_start_the_older_signs() -> None:
    keys = FIRST.rotated(NOW).rotated(NOW + SECOND_LATER)
    assert keys.signing_id(NOW + SECOND_LATER) == "20260301T120000Z"


def test_two_keys_are_kept_and_the_oldest_is_forgotten() -> None:
    later = NOW + timedelta(days=30)
    keys = FIRST.rotated(NOW).rotated(later)
    assert set(keys.secrets) == {"20260301T120000Z", "20260331T120000Z"}
    assert len(keys.secrets) == KEPT == 2


def test_a_rotation_leaves_the_keys_it_keeps_as_they_are() -> None:
    before = FIRST.rotated(NOW)
    after = before.rotated(NOW + timedelta(days=30))
    assert after.secrets["20260301T120000Z"] == before.secrets["20260301T120000Z"]


def test_every_new_secret_is_long_and_new() -> None:
    secrets = {FIRST.rotated(NOW).secrets["20260301T120000Z"] for _ in range(20)}
    assert len(secrets) == 20
    assert min(map(len, secrets)) >= 64


def test_the_age_is_that_of_the_newest_key() -> None:
    assert FIRST.rotated(NOW).age(NOW + timedelta(days=3)) == timedelta(days=3)


def test_keys_show_their_ids_and_no_secret() -> None:
    keys = FIRST.rotated(NOW)
    assert repr(keys) == "<keys 0, 20260301T120000Z>"


def test_the_first_key_is_replaced_at_the_first_check(
    rotation: KeyRotation, store: InMemoryKeyStore
) -> None:
    assert rotation.rotate_if_due()
    assert len(store.keys.secrets) == 2


def test_rotating_when_nothing_is_due_changes_nothing(
    rotation: KeyRotation, store: InMemoryKeyStore, clock: HandClock
) -> None:
    rotation.rotate_if_due()
    keys = store.keys
    clock.advance(seconds=(MAXIMUM_AGE - SECOND_LATER).total_seconds())
    assert [rotation.rotate_if_due() for _ in range(3)] == [False] * 3
    assert store.keys is keys


def test_a_key_is_rotated_at_its_maximum_age(
    rotation: KeyRotation, store: InMemoryKeyStore, clock: HandClock
) -> None:
    rotation.rotate_if_due()
    oldest = min(store.keys.secrets)
    clock.advance(seconds=MAXIMUM_AGE.total_seconds())
    assert [rotation.rotate_if_due() for _ in range(3)] == [True, False, False]
    assert oldest not in store.keys.secrets


def test_every_process_always_knows_the_signing_key(
    rotation: KeyRotation, store: InMemoryKeyStore, clock: HandClock
) -> None:
    for _ in range(5):
        rotation.rotate_if_due()
        kid = store.keys.signing_id(clock.now())
        assert kid == min(store.keys.secrets)
        clock.advance(days=31)
