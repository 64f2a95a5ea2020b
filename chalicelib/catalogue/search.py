"""The search of the catalogue: the searchable text of a video, and matching of terms."""

from collections.abc import Sequence

from chalicelib.catalogue.model import Card
from chalicelib.catalogue.names import folded


def searchable(card: Card) -> str:
    """Return title and description in every language, in the spelling for comparison."""
    texts = [card.title, card.description]
    for translation in card.translations.values():
        texts += [translation.title, translation.description]
    return folded("\n".join(texts))


def terms(search: str) -> Sequence[str]:
    return folded(search).split()


def matches(text: str, required: Sequence[str]) -> bool:
    """Return whether a searchable text holds every term, in any order."""
    return all(term in text for term in required)
