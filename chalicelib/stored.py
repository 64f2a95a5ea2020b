"""Reading what another version has written."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

T = TypeVar("T")


def known_fields(kind: type[T], plain: Mapping[str, Any]) -> T:
    """Make a dataclass of the fields it has; what a later version added is left out.

    While a deploy is under way, both versions read what either has written.
    """
    names = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in plain.items() if name in names})
