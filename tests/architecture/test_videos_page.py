"""docs/videos.md has the names and sizes of the code."""

import re
from pathlib import Path

import pytest

from chalicelib.ingest.source_keys import OTHER_SUFFIXES, SUBTITLE_SUFFIXES

PAGE = Path("docs/videos.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "suffixes"), [("subtitles", SUBTITLE_SUFFIXES), ("others", OTHER_SUFFIXES)]
)
def test_the_page_names_all_extensions_that_are_refused(
    kind: str, suffixes: frozenset[str]
) -> None:
    [cell] = re.findall(rf"^\| {kind} \| ([^|(]+)", PAGE, re.MULTILINE)
    assert cell.split() == [f".{each}" for each in sorted(suffixes)]
