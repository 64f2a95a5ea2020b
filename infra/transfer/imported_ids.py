"""Under which ids imported objects are here, by the keys that other objects refer to them by."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

# The same key of two different objects means neither of them.
_NOTE = """
    INSERT INTO ids VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET id = NULL WHERE id IS NOT excluded.id
"""


def _database() -> sqlite3.Connection:
    # A file without a name, which SQLite deletes: a dump may have more users than fit into memory.
    database = sqlite3.connect("")
    database.execute("CREATE TABLE ids (kind, key, id, PRIMARY KEY (kind, key)) WITHOUT ROWID")
    return database


@dataclass(frozen=True, slots=True)
class ImportedIds:
    _database: sqlite3.Connection = field(default_factory=_database)

    def note(self, kind: str, key: Any, object_id: int | None) -> None:
        """Note the id of an object; None if it is not imported."""
        self._database.execute(_NOTE, (kind, json.dumps(key), object_id))

    def of(self, kind: str, key: Any) -> int | None:
        """Return the id of an object; None if it is not imported, or its key is ambiguous."""
        query = "SELECT id FROM ids WHERE kind = ? AND key = ?"
        with closing(self._database.execute(query, (kind, json.dumps(key)))) as rows:
            row = rows.fetchone()
        object_id: int | None = row[0] if row else None
        return object_id

    def knows(self, kind: str, key: Any) -> bool:
        """Return whether an object of this key was noted, whatever became of it."""
        query = "SELECT 1 FROM ids WHERE kind = ? AND key = ?"
        with closing(self._database.execute(query, (kind, json.dumps(key)))) as rows:
            return rows.fetchone() is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._database.close()
