"""docs/videos.md has the names and sizes of the code."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from chalicelib.catalogue.asset import Rung
from chalicelib.ingest.source_keys import OTHER_SUFFIXES, SUBTITLE_SUFFIXES
from transcoder.planning.ladder import LADDER, Size, fitted, rungs_for

PAGE = Path("docs/videos.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "suffixes"), [("subtitles", SUBTITLE_SUFFIXES), ("others", OTHER_SUFFIXES)]
)
def test_the_page_names_all_extensions_that_are_refused(
    kind: str, suffixes: frozenset[str]
) -> None:
    [cell] = re.findall(rf"^\| {kind} \| ([^|(]+)", PAGE, re.MULTILINE)
    assert cell.split() == [f".{each}" for each in sorted(suffixes)]


def largest(width: int, height: int) -> Rung:
    return rungs_for(Size(width, height), Fraction(25))[0]


def test_the_page_has_the_sizes_of_the_ladder() -> None:
    rows = [row for row in PAGE.splitlines() if re.match(r"\| [0-9]+p ", row)]
    boxes = [fitted(Size(7680, 4320), *each.box) for each in LADDER]
    assert rows == [
        f"| {each.name} | {box.width}x{box.height} | {each.maxrate_kbps:,} kbit/s |"
        for each, box in zip(LADDER, boxes, strict=True)
    ]


def test_the_sizes_that_the_page_gives_as_examples_are_those_of_the_code() -> None:
    [pal] = re.findall(r"shown as (\d+)x(\d+)\) becomes (\d+)x(\d+)", PAGE)
    width, height, *expected = map(int, pal)
    rung = largest(width, height)
    assert [rung.width, rung.height] == expected
    assert largest(648, 324).name == "360p"
    assert (largest(320, 180).width, largest(320, 180).height) == (320, 180)
