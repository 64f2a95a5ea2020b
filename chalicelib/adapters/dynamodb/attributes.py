"""What all tables share: keys, attributes for times and choices, items of dataclasses.

Times are whole milliseconds, seconds for TTL, or text that sorts.
"""

import json
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_type_hints

from pynamodb.attributes import Attribute, JSONAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.constants import NUMBER, STRING
from pynamodb.models import Model

from chalicelib.clock import EPOCH, MILLISECOND

T = TypeVar("T")


class Row(Model):
    """The attributes of every item."""

    class Meta:
        table_name = "unbound"  # see bound()

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    expires_at = TTLAttribute(null=True)


def bound(row: type[Row], indexed: type[Row], table: str) -> Connection:
    """Name the table of a kind of rows at start-up, so importing it needs no environment.

    All of them share the connection of the only item with an index: each further connection would
    cost a cold start another client.
    """
    row.Meta.table_name = table
    # PynamoDB has no public API for either.
    row._connection = shared = indexed._get_connection()  # noqa: SLF001
    return shared.connection


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def moment(milliseconds: float) -> datetime:
    return EPOCH + milliseconds * MILLISECOND


def stamp(moment: datetime) -> str:
    """Return the time in the format of Step Functions: 2026-01-02T03:04:05.678Z."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def day_of(moment: datetime) -> date:
    """Return the day of a time as `stamp` writes it."""
    return moment.astimezone(UTC).date()


def stamped(text: str) -> datetime:
    return datetime.fromisoformat(text)


class MomentAttribute(Attribute[datetime]):
    """A time, stored in whole milliseconds."""

    attr_type = NUMBER

    def serialize(self, value: datetime) -> str:
        return str(milliseconds(value))

    def deserialize(self, value: str) -> datetime:
        return moment(float(value))


class TextsAttribute(JSONAttribute):
    """Texts as JSON, which holds half of a pair of surrogates; it is no character, and read so."""

    def deserialize(self, value: str) -> Any:
        texts = json.loads(value)
        if "\\ud" not in value:
            return texts
        return json.loads(json.dumps(texts, ensure_ascii=False).encode(errors="replace"))


class ChoiceAttribute(Attribute[StrEnum]):
    attr_type = STRING

    def __init__(
        self, options: type[StrEnum], otherwise: StrEnum | None = None, *, null: bool = False
    ) -> None:
        """Read `otherwise` where a later version has stored an option that this one lacks."""
        super().__init__(null=null)
        self._options, self._otherwise = options, otherwise

    def serialize(self, value: StrEnum) -> str:
        return value.value

    def deserialize(self, value: str) -> StrEnum:
        if self._otherwise is not None and value not in list(self._options):
            return self._otherwise
        return self._options(value)


def values_of(entity: Any) -> dict[str, Any]:
    """Return the fields of a dataclass, for an item that has attributes of these names."""
    return {each.name: getattr(entity, each.name) for each in fields(entity)}


def entity_of(kind: type[T], item: Any) -> T:
    """Create a dataclass of the attributes that have the names of its fields.

    A missing attribute is None. Where a field cannot be None, it gets its default, or is an error.
    """
    values = {}
    for name, may_be_none in _fields_of(cast("Any", kind)):
        value = getattr(item, name)
        if value is not None or may_be_none:
            values[name] = value
    return kind(**values)


@cache
def _fields_of(kind: type[Any]) -> tuple[tuple[str, bool], ...]:
    """Return the names of the fields, and whether they may be None."""
    hints = get_type_hints(kind)
    return tuple((each.name, NoneType in get_args(hints[each.name])) for each in fields(kind))
