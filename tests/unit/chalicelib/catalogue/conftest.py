"""The use cases of administrators, on stores in memory."""

import pytest

from chalicelib.catalogue.curation import Curation
from tests.builders.catalogue import FakeCatalogue


@pytest.fixture
def curation(catalogue: FakeCatalogue) -> Curation:
    return catalogue.process()[0]
