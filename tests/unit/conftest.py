"""Fixtures of several folders; a busy machine is no reason for a test to fail."""

import pytest
from hypothesis import HealthCheck, settings

from tests.builders.catalogue import FakeCatalogue
from tests.builders.encodes import InMemoryEncoding

settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


@pytest.fixture
def catalogue() -> FakeCatalogue:
    return FakeCatalogue()


@pytest.fixture
def encoding() -> InMemoryEncoding:
    return InMemoryEncoding()
