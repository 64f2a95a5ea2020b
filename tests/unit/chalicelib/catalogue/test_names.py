"""What a name may hold, and which names are one and the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalogue.names import folded, one_line

UNSEEN = [
    0x00AD,
    0x200B,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0x061C,
    0x3164,
    0xFEFF,
    0xE0041,
]
JOINERS = [0x180E, 0x200C, 0x200D]
VARIANTS = [0x034F, 0xFE0E, 0xFE0F, 0xE0100]

PERSIAN = "می\N{ZERO WIDTH NON-JOINER}خواهم"
DEVANAGARI = "क्\N{ZERO WIDTH JOINER}ष"
MALAYALAM = "അവന്\N{ZERO WIDTH JOINER}"
FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
BURNING_HEART = "\u2764\ufe0f\N{ZERO WIDTH JOINER}\N{FIRE}"
SCOTLAND = "\N{WAVING BLACK FLAG}\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize("unseen", UNSEEN, ids=hex)
@pytest.mark.parametrize("name", ["{}Drama", "Dra{}ma", "Drama{}", " {} Drama"])
def test_what_cannot_be_seen_or_turns_the_text_around_is_left_out(name: str, unseen: int) -> None:
    assert one_line(name.format(chr(unseen))) == "Drama"


@pytest.mark.parametrize("joiner", JOINERS, ids=hex)
@pytest.mark.parametrize("name", ["{}Drama", "Dra{}ma", "Drama{}", "Dr{0}{0}ama", "{} Drama"])
def test_a_joiner_that_joins_nothing_is_left_out(name: str, joiner: int) -> None:
    assert one_line(name.format(chr(joiner))) == "Drama"


@pytest.mark.parametrize(
    "name", [PERSIAN, DEVANAGARI, MALAYALAM, FAMILY, BURNING_HEART, SCOTLAND, f"{FAMILY} Film"]
)
def test_what_a_script_or_a_picture_needs_stays(name: str) -> None:
    assert one_line(name) == name


def test_no_space_is_followed_by_a_joiner() -> None:
    assert one_line("\u3000\u200d") == ""
    assert one_line("a\u3000\u200d b") == "a b"


def test_a_name_is_one_line() -> None:
    assert one_line("\tThe\r\nFilm\x00\x1b \N{LINE SEPARATOR} ends ") == "The Film ends"


@given(st.text(max_size=100))
def test_a_name_that_is_clean_stays_as_it_is(text: str) -> None:
    once = one_line(text)
    assert one_line(once) == once
    assert not any(unicodedata.category(each) == "Cc" for each in once)


@pytest.mark.parametrize("ignored", [*UNSEEN, *JOINERS, *VARIANTS], ids=hex)
@pytest.mark.parametrize("name", ["Drama", "درام", "ドラマ"])
def test_names_that_look_alike_are_one_and_the_same(name: str, ignored: int) -> None:
    assert folded(name[:2] + chr(ignored) + name[2:]) == folded(name)
