"""Translation of messages into the language of a request; the source language is English."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from chalicelib.language import Language, Text

# In the body of a success, only these fields are sentences for the user.
_SENTENCES = ("detail", "message", "success")
# Each file is a catalogue: groups of English texts, or templates of a `Text`, and theirs.
LANGUAGES = Path(__file__).with_name("languages")
_DECIMAL_MARKS = {Language.GERMAN: ","}
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
# Stands for a name in a template, as of a charset; names may hold digits, and stay as they are.
_NAME = "{text}"
# Of a text before what is measured.
_MOST_KNOWN_SENTENCES = 4
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?]) ")


def translated(text: str, language: Language, *, is_plain: bool = False) -> str:
    """Return the text in the language, or in English if there is no translation."""
    if isinstance(text, Text):
        values = {name: _value(each, language, is_plain) for name, each in text.values.items()}
        return translated(text.template, language).format(**values)
    texts = _texts(language)
    if not texts:
        return text
    whole = texts.get(text)
    if whole is not None:
        return whole
    # Stored reasons may end with one sentence that contains measured numbers, notes with names.
    sentences = _BETWEEN_SENTENCES.split(text)
    for count in range(min(_MOST_KNOWN_SENTENCES, len(sentences) - 1), 0, -1):
        if known := texts.get(" ".join(sentences[:count])):
            return f"{known} {_with_values(' '.join(sentences[count:]), language)}"
    *others, measured = sentences
    return " ".join([*others, _with_values(measured, language)])


def _with_values(text: str, language: Language) -> str:
    """Translate a stored sentence by its template with `{}` for each number."""
    numbers = _numbers(text, language)
    template = _texts(language).get(_NUMBER.sub("{}", text), "")
    # Texts of users inside a sentence may contain braces, too.
    is_ours = template and template.count("{") == len(numbers)
    return template.format(*numbers) if is_ours else _with_name(text, language)


def _with_name(text: str, language: Language) -> str:
    """Translate a stored sentence by its template with `{text}` for the name in it."""
    for ours, theirs in _texts_with_name(language):
        around, after = ours.split(_NAME)
        before = around.rpartition("{}")[2]
        start, _, rest = text.partition(before)
        is_ours = _NUMBER.sub("{}", start) + before == around and "{" not in start
        name = rest.removesuffix(after)
        if is_ours and name and name != rest:
            return theirs.format(*_numbers(start, language), text=name)
    return text


def _numbers(text: str, language: Language) -> list[str]:
    return [with_decimal_mark(number, language) for number in _NUMBER.findall(text)]


def with_decimal_mark(number: str, language: Language) -> str:
    return number.replace(".", _DECIMAL_MARKS.get(language, "."))


def group_of_texts(name: str, language: Language) -> Mapping[str, str]:
    return _groups(language).get(name, {})


@cache
def _texts(language: Language) -> Mapping[str, str]:
    return {text: theirs for group in _groups(language).values() for text, theirs in group.items()}


@cache
def _texts_with_name(language: Language) -> Sequence[tuple[str, str]]:
    return [(text, theirs) for text, theirs in _texts(language).items() if _NAME in text]


def _groups(language: Language) -> Mapping[str, Mapping[str, str]]:
    """Read the catalogue of a language; a language without one gets English."""
    catalogue = LANGUAGES / f"{language}.json"
    if language is Language.ENGLISH or not catalogue.is_file():
        return {}
    groups: Mapping[str, Mapping[str, str]] = json.loads(catalogue.read_text(encoding="utf-8"))
    return groups


def _value(value: object, language: Language, is_plain: bool) -> object:
    """Translate a value; texts of users are in the form of all text of the catalogue."""
    if not isinstance(value, str):
        return value
    sentences = translated(value, language, is_plain=is_plain)
    return sentences if isinstance(value, Text) or is_plain else escape(sentences, quote=False)


def translate_refusal(
    language: Language, body: dict[str, Any], *, is_plain: bool = False
) -> dict[str, Any]:
    """Translate the body of a refusal: its texts, and its lists of texts."""

    def spoken(leaf: Any) -> Any:
        return translated(leaf, language, is_plain=is_plain) if isinstance(leaf, str) else leaf

    return {
        name: [spoken(each) for each in leaf] if isinstance(leaf, list) else spoken(leaf)
        for name, leaf in body.items()
    }


def translate_body(language: Language, body: Any) -> tuple[Any, bool]:
    """Translate the sentences of a body, and return whether it has any."""
    if not isinstance(body, dict):
        return body, False
    sentences = {name: translated(body[name], language) for name in _SENTENCES if name in body}
    return {**body, **sentences}, bool(sentences)
