"""The contract of `tests/contracts/test_upload_store.py`, on the emulator."""

from tests.contracts.test_upload_store import *  # noqa: F403
