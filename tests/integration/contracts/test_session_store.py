"""The contract of `tests/contracts/test_session_store.py`, on the emulator."""

from tests.contracts.test_session_store import *  # noqa: F403
