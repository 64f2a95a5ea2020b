"""Dates of videos in a copy: the next one, and what has begun."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from chalicelib.adapters.sqlite.rows import moment
from chalicelib.catalogue.model import VideoId
from chalicelib.catalogue.studio import NO_BEGINNING, NO_END, microseconds


def next_date(connection: sqlite3.Connection, at: datetime) -> datetime | None:
    [date] = connection.execute(
        "SELECT min(date) FROM ("
        f"SELECT min(opens_at) AS date FROM video WHERE opens_at > ?1 AND opens_at > {NO_BEGINNING}"
        " UNION ALL SELECT min(closes_at) FROM video"
        f" WHERE closes_at > ?1 AND closes_at < {NO_END})",
        (microseconds(at),),
    ).fetchone()
    return None if date is None else moment(date)


def begun(connection: sqlite3.Connection, at: datetime) -> Sequence[VideoId]:
    numbers = connection.execute(
        f"SELECT id FROM video WHERE opens_at > {NO_BEGINNING} AND opens_at <= ?",
        (microseconds(at),),
    )
    return [VideoId(number) for [number] in numbers]
