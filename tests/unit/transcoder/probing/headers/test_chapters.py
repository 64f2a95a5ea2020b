"""Ordered chapters are read wherever they lie, and never trusted."""

import random
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from transcoder.probing.headers.chapters import ordered_otherwise

_REORDERED = [
    "Its chapters leave out parts or put them in another order; all is shown as it is stored."
]
_ELSEWHERE = ["Its chapters show parts of other files, which are not shown."]
_DEFAULT, _ORDERED = bytes.fromhex("45db8101"), bytes.fromhex("45dd8101")
_SECOND = 1_000_000_000


def element(kind: str, *content: bytes | int) -> bytes:
    inside = b"".join(each if isinstance(each, bytes) else each.to_bytes(8) for each in content)
    return bytes.fromhex(kind) + (len(inside) | 1 << 56).to_bytes(8) + inside


def chapter(begin: int, end: int, *more: bytes) -> bytes:
    return element("b6", element("91", begin * _SECOND), element("92", end * _SECOND), *more)


def chapters(*editions: bytes) -> bytes:
    return element("1043a770", *(element("45b9", each) for each in editions))


def matroska(*inside: bytes) -> bytes:
    return element("1a45dfa3", element("4282", b"matroska")) + element("18538067", *inside)


def said_of(data: bytes) -> list[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "source.mkv")
        path.write_bytes(data)
        return ordered_otherwise(str(path), len(data), Fraction(4))


_BACKWARDS = _ORDERED + chapter(2, 4) + chapter(0, 2)
_CLUSTER = element("1f43b675", bytes(100))


@pytest.mark.parametrize(
    ("edition", "said"),
    [
        (_BACKWARDS, _REORDERED),
        (_ORDERED + chapter(0, 2) + chapter(2, 4), []),
        (_ORDERED + chapter(0, 2), _REORDERED),
        (_ORDERED, []),
        (chapter(2, 4) + chapter(0, 2), []),
        (_ORDERED + chapter(0, 4) + chapter(0, 9, element("6e67", b"another")), _ELSEWHERE),
    ],
)
def test_what_players_show_otherwise_is_said(edition: bytes, said: list[str]) -> None:
    assert said_of(matroska(chapters(edition), _CLUSTER)) == said


def test_the_edition_that_plays_counts() -> None:
    plain = _DEFAULT + chapter(0, 2)
    assert said_of(matroska(chapters(_BACKWARDS, plain), _CLUSTER)) == []
    assert said_of(matroska(chapters(plain, _BACKWARDS), _CLUSTER)) == []
    assert said_of(matroska(chapters(chapter(0, 2), _DEFAULT + _BACKWARDS))) == _REORDERED


def test_chapters_behind_the_pictures_are_where_the_head_says() -> None:
    def head(offset: int) -> bytes:
        entry = (element("53ab", bytes.fromhex("1043a770")), element("53ac", offset))
        return element("114d9b74", element("4dbb", *entry))

    behind = len(head(0) + _CLUSTER)
    assert said_of(matroska(head(behind), _CLUSTER, chapters(_BACKWARDS))) == _REORDERED
    assert said_of(matroska(head(behind + 1), _CLUSTER, chapters(_BACKWARDS))) == []
    assert said_of(matroska(_CLUSTER, chapters(_BACKWARDS))) == []


@pytest.mark.parametrize("seed", range(100))
def test_no_bytes_are_too_strange(seed: int) -> None:
    dice, whole = random.Random(seed), matroska(chapters(_BACKWARDS), _CLUSTER)  # noqa: S311
    junk, at = dice.randbytes(dice.randrange(200)), dice.randrange(200)
    assert said_of(junk) == []
    assert said_of(whole[:at] + junk + whole[at:]) in ([], _REORDERED, _ELSEWHERE)
