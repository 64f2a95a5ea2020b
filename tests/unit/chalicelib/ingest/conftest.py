"""A place where media are made, all of fakes."""

import pytest

from tests.builders.encodes import Workplace


@pytest.fixture
def place() -> Workplace:
    return Workplace()
