"""Words of texts in the spelling by which searches compare them, and how much two words differ."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from string import ascii_lowercase, digits

from chalicelib.catalogue.names import folded

# As German spells these letters without them; others lose their accents alone.
_SPELLED_OUT = str.maketrans(
    {
        "ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "œ": "oe", "ø": "oe",
        "ð": "d", "đ": "d", "ħ": "h", "\N{LATIN SMALL LETTER DOTLESS I}": "i", "ł": "l", "þ": "th",
    }
)  # fmt: skip
_UMLAUTS = {"a": "ae", "o": "oe", "u": "ue"}
# Indic scripts have vowels that are no letters by themselves.
_WORD = re.compile("(?:[^\\W_]|[\u0900-\u0963\u0966-\u109f\u1780-\u17d3])+")
# "Ocean's" is one word, "l'amour" two.
_INNER_APOSTROPHE = re.compile("(?<=[^\\W_])['\u2019](?=[^\\W_]{1,2}(?:[\\W_]|$))")
_LONGEST_WORD = 60
MOST_ERRORS = 2
_MOST_VOWELS = 4
_SHORTEST_CORRECTED = 3
_SHORT = 5
_TYPED = ascii_lowercase + digits


def spelled(text: str) -> str:
    """Return one spelling for texts with and without accents: "Amélie" is "amelie"."""
    plain = folded(text).translate(_SPELLED_OUT)
    if plain.isascii():
        return plain
    parted = unicodedata.normalize("NFD", plain)
    bare = "".join(each for each in parted if not unicodedata.combining(each))
    return unicodedata.normalize("NFC", bare)


def words_in(text: str) -> list[str]:
    joined = _INNER_APOSTROPHE.sub("", spelled(text))
    return [word[:_LONGEST_WORD] for word in _WORD.findall(joined)]


def hyphenated(text: str) -> list[str]:
    """Return words with hyphens as one word each: "Spider-Man" is "spiderman"."""
    return ["".join(words_in(each)) for each in text.split() if "-" in each.strip("-")]


def with_umlauts(word: str) -> Sequence[str]:
    """Return the word as it would be if some of its vowels stood for umlauts."""
    spellings = [""]
    vowels = 0
    for character in word:
        umlaut = _UMLAUTS.get(character) if vowels < _MOST_VOWELS else None
        vowels += umlaut is not None
        spellings = [each + end for each in spellings for end in (character, umlaut) if end]
    return [each for each in spellings if each != word]


def tolerance(word: str) -> int:
    """Return how many typing errors a word may have."""
    if len(word) < _SHORTEST_CORRECTED:
        return 0
    return 1 if len(word) <= _SHORT else MOST_ERRORS


def errors_in(typed: str, word: str, *, most: int, as_beginning: bool = False) -> int:
    """Return how many letters were mistyped: missing, superfluous, wrong or exchanged.

    That is the distance of Damerau and Levenshtein, for exchanged neighbours; above `most` it is
    only some number above it. `typed` may stand for the beginning of the word.
    """
    before: list[int] = []
    row: list[int] = [*range(len(typed) + 1)]
    too_many, least = most + 1, len(typed)
    for at, character in enumerate(word, 1):
        earlier, before, row = before, row, [too_many] * (len(typed) + 1)
        if at <= most:
            row[0] = at
        # Farther away from the same place in both, the number is above `most`.
        for column in range(max(1, at - most), min(len(typed), at + most) + 1):
            sent = typed[column - 1]
            cost = min(
                before[column] + 1, row[column - 1] + 1, before[column - 1] + (character != sent)
            )
            if at > 1 < column and character == typed[column - 2] and word[at - 2] == sent:
                cost = min(cost, earlier[column - 2] + 1)
            row[column] = cost
        least = min(least, row[-1])
        if min(row) > most:
            break
    return least if as_beginning else row[-1]


def mistyped_once(word: str) -> Iterator[str]:
    """Yield what someone may have meant who typed this with one error, from a to z and digits."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (before + character + after for character in _TYPED)
        if after:
            yield before + after[1:]
            yield from (before + character + after[1:] for character in _TYPED)
        if after[1:]:
            yield before + after[1] + after[0] + after[2:]


def with_another_beginning(word: str) -> Iterator[str]:
    """Yield words of which this one may be a misspelling in its first letters."""
    yield word[1:]
    yield word[1::-1] + word[2:]
    for character in ascii_lowercase:
        yield character + word
        yield character + word[1:]
