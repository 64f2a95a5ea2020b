"""Reading stored data that another version wrote."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

T = TypeVar("T")


def known_fields(kind: type[T], plain: Mapping[str, Any]) -> T:
    """Create a dataclass from stored fields; ignore fields that a later version added.

    During a deploy, two versions read each other's data.
    """
    names = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in plain.items() if name in names})
