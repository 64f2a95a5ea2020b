"""The contract of `tests/contracts/test_work_queue.py`, on the emulator."""

from tests.contracts.test_work_queue import *  # noqa: F403
