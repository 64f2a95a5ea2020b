"""Videos in the trash of a copy: a page of them, and those that were put there long ago."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from chalicelib.catalogue.listing import TrashPosition
from chalicelib.catalogue.model import VideoId
from chalicelib.catalogue.studio import NO_END, microseconds

# As the index has it, which is used for the same words alone.
_IN_TRASH = "stage = -1"


def page(
    connection: sqlite3.Connection, most: int, after: TrashPosition | None
) -> Sequence[VideoId]:
    before = (microseconds(after.trashed_at), after.video_id) if after else (NO_END, 0)
    numbers = connection.execute(
        f"SELECT id FROM video WHERE {_IN_TRASH} AND (trashed, id) < (?, ?)"
        " ORDER BY trashed DESC, id DESC LIMIT ?",
        (*before, most),
    )
    return [VideoId(number) for [number] in numbers]


def trashed_until(connection: sqlite3.Connection, at: datetime, most: int) -> Sequence[VideoId]:
    numbers = connection.execute(
        f"SELECT id FROM video WHERE {_IN_TRASH} AND trashed <= ? ORDER BY trashed, id LIMIT ?",
        (microseconds(at), most),
    )
    return [VideoId(number) for [number] in numbers]
