"""The search of the catalogue: which texts of a video it compares, and what counts as alike."""

from collections.abc import Sequence

from chalicelib.catalogue.model import Card
from chalicelib.catalogue.names import folded


def searchable(card: Card) -> str:
    """Title and description in every language, in the spelling that is compared."""
    texts = [card.title, card.description]
    for translation in card.translations.values():
        texts += [translation.title, translation.description]
    return folded("\n".join(texts))


def terms(search: str) -> Sequence[str]:
    return folded(search).split()


def matches(text: str, required: Sequence[str]) -> bool:
    """Whether a searchable text holds every term, anywhere and in any sequence."""
    return all(term in text for term in required)
