"""The languages of mails, errors and catalogue texts, and translatable texts with values."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self


class Language(StrEnum):
    ENGLISH = "en"
    GERMAN = "de"

    @classmethod
    def named(cls, code: str) -> Self | None:
        """Return the language of a code, or None if it is not supported."""
        return next((each for each in cls if each.value == code), None)


class Text(str):
    """An English text that keeps its template and values, so that it can be translated."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, **values: object) -> Self:
        text = super().__new__(cls, template.format(**values))
        text.template, text.values = template, values
        return text
