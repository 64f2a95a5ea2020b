"""The contract of `tests/contracts/test_change_log.py`, on the emulator."""

from tests.contracts.test_change_log import *  # noqa: F403
