"""Fixtures: a transcoder in memory, and one finished encode per kind of segment."""

from pathlib import Path

import pytest

from chalicelib.catalogue.asset import Container
from tests.builders.finished_encodes import Finished, finished_encode
from tests.media.in_memory_transcoder import InMemoryTranscoder


@pytest.fixture
def transcoder(tmp_path: Path) -> InMemoryTranscoder:
    return InMemoryTranscoder(tmp_path)


@pytest.fixture(params=list(Container))
def encode(request: pytest.FixtureRequest) -> Finished:
    return finished_encode("film", request.param)
