"""What we say to people, in the language they asked for; English is the one it is written in."""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib import import_module
from typing import Any

from chalicelib.language import Language, Text

# Of a body that is no refusal, these alone are sentences for a person.
_SENTENCES = ("detail", "message")
# The modules whose `TEXTS` a language has; a language without one reads English.
CATALOGUES = {Language.GERMAN: ("chalicelib.api.german", "chalicelib.api.german_notes")}
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?]) ")


def translated(text: str, language: Language) -> str:
    """Return the text in the language; what the catalogue does not have stays English."""
    if isinstance(text, Text):
        values = {name: _value(each, language) for name, each in text.values.items()}
        return translated(text.template, language).format(**values)
    texts = _texts(language)
    if not texts:
        return text
    whole = texts.get(text)
    if whole is not None:
        return whole
    # Stored reasons may go on with one sentence of what was measured.
    *reason, measured = _BETWEEN_SENTENCES.split(text)
    known, last = " ".join(reason), _with_numbers(measured, texts)
    return f"{texts.get(known, known)} {last}" if reason else last


def _with_numbers(text: str, texts: Mapping[str, str]) -> str:
    """Translate a stored sentence, which the catalogue holds with `{}` for each number."""
    numbers = _NUMBER.findall(text)
    template = texts.get(_NUMBER.sub("{}", text), "")
    # People write braces as well, and what they wrote may stand inside a sentence of ours.
    is_ours = template and template.count("{") == len(numbers)
    return template.format(*numbers) if is_ours else text


@cache
def _texts(language: Language) -> Mapping[str, str]:
    """Load a catalogue when it is first asked for: most requests need none."""
    modules = map(import_module, CATALOGUES.get(language, ()))
    return {text: theirs for module in modules for text, theirs in module.TEXTS.items()}


def _value(value: object, language: Language) -> object:
    """A sentence in the language, or what people wrote as HTML, as all text of the catalogue."""
    if not isinstance(value, str):
        return value
    sentences = translated(value, language)
    return sentences if isinstance(value, Text) else escape(sentences, quote=False)


def translate_refusal(language: Language, body: dict[str, Any]) -> dict[str, Any]:
    """Translate a refusal, of which every leaf is a sentence."""
    return {
        name: translated(messages, language)
        if isinstance(messages, str)
        else [translated(each, language) for each in messages]
        for name, messages in body.items()
    }


def translate_body(language: Language, body: Any) -> tuple[Any, bool]:
    """Translate what an answer says to a person, and tell whether it says anything."""
    if not isinstance(body, dict):
        return body, False
    sentences = {name: translated(body[name], language) for name in _SENTENCES if name in body}
    return {**body, **sentences}, bool(sentences)
