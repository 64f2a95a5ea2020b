"""Dataclasses as JSON, by the types of their fields, and reading what another version wrote."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Read = Callable[[Any], Any]


def to_plain(value: Any) -> Any:
    """Return what JSON can hold: a fraction or a moment as text, a dataclass as an object."""
    if is_dataclass(value):
        return {each.name: to_plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [to_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Fraction) else value


def from_plain(kind: type[T], plain: Mapping[str, Any]) -> T:
    """Create a dataclass; missing fields get their defaults, and unknown ones are ignored.

    During a deploy, two versions read each other's data.
    """
    return cast("T", _reader(cast("Any", kind))(plain))


@cache
def _reader(hint: Any) -> Read:
    """Return the function that reads values of a type; built once, for there are many values."""
    hint = getattr(hint, "__supertype__", hint)
    arguments = get_args(hint)
    if get_origin(hint) is UnionType:
        [some] = (each for each in arguments if each is not NoneType)
        read = _reader(some)
        return lambda plain: None if plain is None else read(plain)
    if get_origin(hint) is tuple:
        return _reader_of_tuple(arguments)
    if get_origin(hint) is dict:
        read_value = _reader(arguments[1])
        return lambda plain: {
            name: read_value(value) for name, value in _checked(plain, dict).items()
        }
    if is_dataclass(hint):
        return _reader_of_dataclass(cast("type[Any]", hint))
    if issubclass(hint, Fraction | Enum | datetime):
        return cast("Read", getattr(hint, "fromisoformat", hint))
    accepted = (float, int) if hint is float else hint
    return lambda plain: _checked(plain, hint, accepted)


def _reader_of_dataclass(kind: type[Any]) -> Read:
    readers = {name: _reader(each) for name, each in get_type_hints(kind).items()}

    def read(plain: Any) -> Any:
        values = {}
        for name, value in _checked(plain, kind, Mapping).items():
            if name in readers:
                try:
                    values[name] = readers[name](value)
                except (TypeError, ValueError, ArithmeticError) as error:
                    raise ValueError(f"{kind.__name__}.{name}: {error}") from error
        try:
            return kind(**values)
        except TypeError as error:
            raise ValueError(f"{kind.__name__}: {error}") from error

    return read


def _reader_of_tuple(hints: Sequence[Any]) -> Read:
    if hints[-1] is Ellipsis:
        one = _reader(hints[0])
        return lambda plain: tuple(map(one, _checked(plain, list, (list, tuple))))
    each = [_reader(hint) for hint in hints]
    return lambda plain: tuple(read(value) for read, value in zip(each, plain, strict=True))


def _checked(plain: Any, kind: type, accepted: Any = None) -> Any:
    # JSON's true is no number, though Python's is.
    if isinstance(plain, accepted or kind) and (kind is bool or not isinstance(plain, bool)):
        return plain
    raise TypeError(f"{kind.__name__} expected, not {type(plain).__name__}")
