"""Dataclasses as JSON, by the types of their fields, and reading what another version wrote."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")

_hints: Callable[[Any], Mapping[str, Any]] = cache(get_type_hints)


def to_plain(value: Any) -> Any:
    """Return what JSON can hold: a fraction as text, a dataclass as an object."""
    if is_dataclass(value):
        return {each.name: to_plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [to_plain(each) for each in value]
    return str(value) if isinstance(value, Fraction) else value


def from_plain(kind: type[T], plain: Mapping[str, Any]) -> T:
    """Create a dataclass; missing fields get their defaults, and unknown ones are ignored.

    During a deploy, two versions read each other's data.
    """
    hints = _hints(kind)
    return kind(**{name: _typed(hints[name], plain[name]) for name in hints.keys() & plain.keys()})


def _typed(hint: Any, plain: Any) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        return from_plain(hint, plain)
    arguments = get_args(hint)
    if get_origin(hint) is UnionType:
        [some] = (each for each in arguments if each is not NoneType)
        return None if plain is None else _typed(some, plain)
    if get_origin(hint) is tuple:
        hints = arguments[:1] * len(plain) if arguments[-1] is Ellipsis else arguments
        return tuple(_typed(each, value) for each, value in zip(hints, plain, strict=True))
    is_written_otherwise = isinstance(hint, type) and issubclass(hint, Fraction | Enum)
    return hint(plain) if is_written_otherwise else plain
