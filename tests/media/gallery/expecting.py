"""Entries as cases of pytest, which say why a file that is wrong today is."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.builders.published_encodes import finished
from tests.media.gallery.catalogue import quarter
from tests.media.gallery.model import Entry, Family
from tests.media.gallery.verdicts import Outcome, verdict


def cases(*families: Family) -> list[Any]:
    """Return those entries of the families that every run of the tests sees."""
    return [pytest.param(entry, id=entry.name) for entry in quarter() if entry.family in families]


def expect_right(entry: Entry) -> None:
    became = verdict(entry, _folder(), finished)
    if became.outcome is Outcome.NOT_MADE:
        pytest.skip("; ".join(became.why))
    assert not became.is_miss, "\n".join((entry.what, became.outcome, *became.why))


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="gallery-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
