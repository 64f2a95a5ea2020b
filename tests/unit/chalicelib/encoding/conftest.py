"""A place where media are made, all of fakes."""

import pytest

from tests.making import Workplace


@pytest.fixture
def place() -> Workplace:
    return Workplace()
