"""The contract of `tests/contracts/test_video_store.py`, on the emulator."""

from tests.contracts.test_video_store import *  # noqa: F403
