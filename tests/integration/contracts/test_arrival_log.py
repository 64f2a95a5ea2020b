"""The contract of `tests/contracts/test_arrival_log.py`, on the emulator."""

from tests.contracts.test_arrival_log import *  # noqa: F403
