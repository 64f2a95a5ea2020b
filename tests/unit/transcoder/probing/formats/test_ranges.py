"""A few bytes of a local source, wherever its boxes lead."""

from pathlib import Path

import pytest

from chalicelib.encoding.failures import Reason
from transcoder.errors import Refused
from transcoder.probing.formats.ranges import content


@pytest.mark.parametrize(
    ("begin", "expected"),
    [(0, b"01"), (9, b"9"), (10, b""), (11, b""), (2**60, b""), (2**64, b"")],
)
def test_nothing_is_at_or_beyond_the_end(tmp_path: Path, begin: int, expected: bytes) -> None:
    path = tmp_path / "source"
    path.write_bytes(b"0123456789")
    assert content(str(path), begin=begin, count=2) == expected


def test_a_source_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        content(str(tmp_path / "source"), count=2)
    assert refusal.value.reason == Reason.SOURCE_GONE
