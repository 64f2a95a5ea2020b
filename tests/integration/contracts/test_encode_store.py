"""The contract of `tests/contracts/test_encode_store.py`, on the emulator."""

from tests.contracts.test_encode_store import *  # noqa: F403
