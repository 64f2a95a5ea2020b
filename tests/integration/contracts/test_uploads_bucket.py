"""The contract of `tests/contracts/test_uploads_bucket.py`, on the emulator."""

from tests.contracts.test_uploads_bucket import *  # noqa: F403
