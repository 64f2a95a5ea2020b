"""The languages that mails, errors and titles speak, and sentences that can be translated."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self


class Language(StrEnum):
    ENGLISH = "en"
    GERMAN = "de"

    @classmethod
    def named(cls, code: str) -> Self | None:
        """Return the language of a code; None if this version does not know it."""
        return next((each for each in cls if each.value == code), None)


class Text(str):
    """A sentence with values in it; it is the English one, and knows what it was made of."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, **values: object) -> Self:
        text = super().__new__(cls, template.format(**values))
        text.template, text.values = template, values
        return text
