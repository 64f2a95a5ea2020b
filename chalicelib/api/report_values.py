"""Values and faults of the checks of a report, translated around the names and numbers in them."""

from collections.abc import Sequence
from functools import cache

from chalicelib.api.translation import group_of_texts, translated, with_decimal_mark
from chalicelib.language import Language

_GROUP = "values of checks"
_BETWEEN, _ANY = "; ", "{}"
# What a fault is of, and the fault.
_OF = ": "
# A fault of a playlist has a text in a text in a text.
_DEEPEST = 4


def translated_values(said: str, language: Language) -> str:
    """Translate each of several values; names of files, codecs and tracks stay."""
    return _BETWEEN.join(_value(each, language) for each in said.split(_BETWEEN))


def _value(text: str, language: Language, depth: int = 0) -> str:
    known = translated(text, language)
    if known != text or depth == _DEEPEST:
        return known
    for around, theirs in _templates(language):
        if values := _filled(around, text):
            return theirs.format(*(_value(each, language, depth + 1) for each in values))
    return with_decimal_mark(text, language) if _is_number(text.removesuffix(" s")) else text


@cache
def _templates(language: Language) -> Sequence[tuple[Sequence[str], str]]:
    """Return what stands around the values of each template, in the order of comparison.

    A fault that begins with what it is of is divided there, but for those that say so themselves.
    """
    texts = group_of_texts(_GROUP, language)
    ours = [(text.split(_ANY), theirs) for text, theirs in texts.items() if _ANY in text]
    if not ours:
        return ()
    ours.append((["", _OF, ""], f"{_ANY}{_OF}{_ANY}"))
    return sorted(ours, key=_order)


def _order(template: tuple[Sequence[str], str]) -> tuple[bool, bool, int]:
    """Those that begin with a word come first, then those that say more."""
    around, _ = template
    words = "".join(around)
    return _OF not in words, not around[0], -len(words)


def _is_number(text: str) -> bool:
    whole, _, digits = text.removeprefix("-").partition(".")
    return whole.isdecimal() and digits.isdecimal()


def _filled(around: Sequence[str], text: str) -> Sequence[str]:
    """Return the values with which a text was made of a template; none if it was not."""
    first, *between, last = around
    if not (text.startswith(first) and text.endswith(last)):
        return ()
    rest, values = text[len(first) : len(text) - len(last)], list[str]()
    for each in between:
        value, separator, rest = rest.partition(each)
        values.append(value if separator else "")
    values.append(rest)
    return values if all(values) else ()
