"""The contract of `tests/contracts/test_account_store.py`, on the emulator."""

from tests.contracts.test_account_store import *  # noqa: F403
