"""The labels of a video, by which lists are filtered: people, tags, its original language."""

import re
from collections.abc import Iterable, Mapping, Sequence

from chalicelib.catalogue.categories import NO_NAME
from chalicelib.catalogue.model import LONGEST_NAME, MOST_CAST, MOST_TAGS, Card, slug_of
from chalicelib.catalogue.names import one_line
from chalicelib.language import Text

NO_LANGUAGE = "Send the code of a language, such as de."
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return names in one line each; of those that differ in case or signs alone, the first."""
    by_slug: dict[str, str] = {}
    for name in map(one_line, names):
        by_slug.setdefault(slug_of(name), name)
    return tuple(by_slug.values())


def is_language(code: str) -> bool:
    return bool(_LANGUAGE.fullmatch(code))


def problems_of_labels(card: Card) -> Mapping[str, list[str]]:
    """Return what is wrong with the labels of a card, by field."""
    problems = {
        "cast": _problems_of(card.cast, MOST_CAST),
        "tags": _problems_of(card.tags, MOST_TAGS),
    }
    if card.original_language and not is_language(card.original_language):
        problems["original_language"] = [NO_LANGUAGE]
    return {field: texts for field, texts in problems.items() if texts}


def _problems_of(names: Sequence[str], most: int) -> list[str]:
    if len(names) > most:
        return [Text("Send a list of at most {most} texts.", most=most)]
    if any(len(each) > LONGEST_NAME for each in names):
        return [Text("Ensure this field has no more than {most} characters.", most=LONGEST_NAME)]
    return [] if all(map(slug_of, names)) else [NO_NAME]
