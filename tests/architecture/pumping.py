"""Texts that make a backtracking matcher work hard: begin as it likes, go on, never end well.

They are derived from the pattern itself. For each of its repetitions there is a text that leads
there, one that keeps it busy, and an end that makes it try everything again.
"""

import importlib
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

_parser: Any = importlib.import_module("re._parser")

_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_MANY = 4  # a repetition below this is no loop
_ENDS = ("", "\0", "\n", "!")
_OF_CATEGORY = {
    "CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a",
    "CATEGORY_NOT_DIGIT": "a", "CATEGORY_NOT_SPACE": "a", "CATEGORY_NOT_WORD": "-",
}  # fmt: skip


def attacks(pattern: re.Pattern[str], characters: int) -> Iterator[str]:
    tree = _parser.parse(pattern.pattern, pattern.flags)
    whole = _sample(tree)
    loops = list(dict.fromkeys(_loops(tree, "")))
    singles = sorted(_characters_of(tree))
    leads = list(dict.fromkeys(["", *(before for before, _ in loops)]))
    pumps = [*(pump for _, pump in loops), *singles, *map("".join, pairwise(singles))]
    pumps += [before + pump for before, pump in loops] + [*leads, whole, whole[:-1]]
    for pump in filter(None, dict.fromkeys(pumps)):
        for before in leads:
            long = before + pump * (characters // len(pump))
            yield from (long[: characters - 1] + end for end in _ENDS)


def _inside(kind: Any, argument: Any) -> Sequence[Any]:
    """The patterns that a part of a pattern is made of; of alternatives, all."""
    name = str(kind)
    if name in _REPEATS:
        return [argument[2]]
    if name == "BRANCH":
        return list(argument[1])
    if name in ("SUBPATTERN", "ASSERT", "ASSERT_NOT"):
        return [argument[-1]]
    return [argument] if name == "ATOMIC_GROUP" else []


def _sample(tree: Any) -> str:
    """A text that the pattern matches, as far as that is known without trying."""
    return "".join(_sample_of(kind, argument) for kind, argument in tree)


def _sample_of(kind: Any, argument: Any) -> str:
    name = str(kind)
    if name.startswith("ASSERT"):
        return ""
    if inside := _inside(kind, argument):
        return _sample(inside[0]) * (max(1, int(argument[0])) if name in _REPEATS else 1)
    return next(_characters(kind, argument), "")


def _characters(kind: Any, argument: Any) -> Iterator[str]:
    """Characters that fit in this place, those that the pattern names first."""
    match str(kind):
        case "LITERAL":
            yield chr(argument)
        case "NOT_LITERAL" | "ANY":
            yield "b" if argument == ord("a") else "a"
        case "RANGE":
            yield chr(argument[0])
        case "CATEGORY":
            yield _OF_CATEGORY[str(argument)]
        case "IN" if any(str(each) == "NEGATE" for each, _ in argument):
            named = {one for each in argument for one in _characters(*each)}
            yield from (each for each in "a1 -.\0" if each not in named)
        case "IN":
            for each in argument:
                yield from _characters(*each)


def _loops(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """What leads to each repetition, and one round of it."""
    for kind, argument in tree:
        inside = _inside(kind, argument)
        if str(kind) == "BRANCH" or (str(kind) in _REPEATS and argument[1] >= _MANY):
            yield from ((before, _sample(each)) for each in inside)
        for each in inside:
            yield from _loops(each, before)
        before += _sample_of(kind, argument)


def _characters_of(tree: Any) -> set[str]:
    """Every character the pattern names, and those of each kind it names."""
    characters: set[str] = set()
    for kind, argument in tree:
        characters.update(_characters(kind, argument))
        characters.update(*map(_characters_of, _inside(kind, argument)))
        if str(kind) in ("NOT_LITERAL", "IN"):  # what must not come is what ends a loop
            characters.update(one for each in _named(kind, argument) for one in _characters(*each))
    return characters


def _named(kind: Any, argument: Any) -> Sequence[Any]:
    return argument if str(kind) == "IN" else [(_parser.LITERAL, argument)]
