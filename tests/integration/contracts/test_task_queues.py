"""The contract of `tests/contracts/test_task_queues.py`, on the emulator."""

from tests.contracts.test_task_queues import *  # noqa: F403
