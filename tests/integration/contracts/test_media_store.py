"""The contract of `tests/contracts/test_media_store.py`, on the emulator."""

from tests.contracts.test_media_store import *  # noqa: F403
