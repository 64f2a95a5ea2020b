"""The contract of `tests/contracts/test_pipeline.py`, on the emulator."""

from tests.contracts.test_pipeline import *  # noqa: F403
