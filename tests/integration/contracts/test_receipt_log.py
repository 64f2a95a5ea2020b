"""The contract of `tests/contracts/test_receipt_log.py`, on the emulator."""

from tests.contracts.test_receipt_log import *  # noqa: F403
