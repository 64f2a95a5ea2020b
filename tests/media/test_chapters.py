"""Chapters of Matroska that players follow, and that are not followed here, are named."""

from pathlib import Path

import pytest

from tests.builders import clips
from tests.builders.plans import planned

_REORDERED = (
    "Its chapters leave out parts or put them in another order; all is shown as it is stored."
)
# How the flags of an edition are written.
_IS_DEFAULT, _IS_ORDERED = b"\x45\xdb\x81\x01", b"\x45\xdd\x81\x01"


def with_chapters(folder: Path, *parts: tuple[int, int], ordered: bool = True) -> Path:
    """Last 3 s."""
    texts, path = folder / "chapters.txt", folder / "source.mkv"
    chapters = (f"[CHAPTER]\nTIMEBASE=1/1\nSTART={a}\nEND={b}\n" for a, b in parts)
    texts.write_text(";FFMETADATA1\n" + "".join(chapters))
    clip = clips.get("tiny").path
    clips.ffmpeg("-i", clip, "-i", texts, "-map_chapters", "1", "-c", "copy", path)
    data = path.read_bytes()
    assert data.count(_IS_DEFAULT) == 1
    path.write_bytes(data.replace(_IS_DEFAULT, _IS_ORDERED) if ordered else data)
    return path


@pytest.mark.parametrize(
    ("parts", "ordered", "notes"),
    [
        (((1, 3), (0, 1)), True, (_REORDERED,)),
        (((0, 1),), True, (_REORDERED,)),
        (((0, 1), (2, 3)), True, (_REORDERED,)),
        (((0, 1), (1, 3)), True, ()),
        (((1, 3), (0, 1)), False, ()),
    ],
)
def test_parts_that_players_show_in_another_order_are_named(
    parts: tuple[tuple[int, int], ...], ordered: bool, notes: tuple[str, ...], tmp_path: Path
) -> None:
    assert planned(with_chapters(tmp_path, *parts, ordered=ordered)).notes == notes
