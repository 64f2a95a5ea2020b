"""The contract of `tests/contracts/test_throttle.py`, on the emulator."""

from tests.contracts.test_throttle import *  # noqa: F403
