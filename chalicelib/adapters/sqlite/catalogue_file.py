"""A copy of the catalogue in a file of SQLite, which only this process reads and writes."""

import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from chalicelib.adapters.sqlite import dates, trash
from chalicelib.adapters.sqlite.pages import Pages
from chalicelib.adapters.sqlite.people import PeopleIndex
from chalicelib.adapters.sqlite.queries import TRIGRAM, Query, numbers_filed, query_of, under_way
from chalicelib.adapters.sqlite.rows import (
    is_seen,
    moment,
    row_of,
    to_category,
    to_category_text,
    to_video,
)
from chalicelib.adapters.sqlite.schema import TABLES
from chalicelib.adapters.sqlite.search import Search
from chalicelib.adapters.sqlite.similar import Similar
from chalicelib.adapters.sqlite.vocabulary import Vocabulary
from chalicelib.adapters.sqlite.words import WordIndex, filed_as
from chalicelib.catalogue.category_names import CategoryNames
from chalicelib.catalogue.listing import Entry, Person, Selection, TrashPosition
from chalicelib.catalogue.model import Category, CategoryId, Video, VideoId
from chalicelib.catalogue.ports import Changes, CopyBroken
from chalicelib.catalogue.ranking import Alike
from chalicelib.catalogue.spelling import words_in
from chalicelib.lru_cache import LruCache

# Entries in memory: enough for the lists that are requested often.
MOST_ENTRIES = 5_000
# Of the file in memory; the system keeps more of it where there is room.
_CACHED_KB = 16_000
_READ_AT_ONCE = 500
_ON_DISK_WHEN_LARGE = ""
_COLUMNS = "id, created, changed, is_published, awaits_upload, card, encode, media, trashed, poster"


class CatalogueFile:
    def __init__(self, path: Path | None = None) -> None:
        """Open a saved copy, or begin an empty one."""
        self._connection = sqlite3.connect(
            path or _ON_DISK_WHEN_LARGE, isolation_level=None, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        # A process that ends loses its copy, and starts from another one.
        for pragma in ("journal_mode = MEMORY", "synchronous = OFF", f"cache_size = -{_CACHED_KB}"):
            self._connection.execute(f"PRAGMA {pragma}")
        if path is None:
            self._connection.executescript(TABLES)
        self._words = WordIndex(self._connection)
        self._people = PeopleIndex(self._connection)
        self._pages = Pages(self._connection, self._names_filed)
        self._using = threading.RLock()
        self._kept: LruCache[VideoId, Entry] = LruCache(MOST_ENTRIES)
        texts = self._connection.execute("SELECT category FROM category")
        self._categories = {each.id: each for [text] in texts for each in [to_category(text)]}
        self._filed = {
            name for [name] in self._connection.execute("SELECT DISTINCT filed FROM video")
        }
        self._names = CategoryNames.of(self._categories.values())
        self._has_ratings = self._is_any_rated()
        self._number = int(self._one("SELECT count(*) FROM video"))
        self._terms: Mapping[str, list[str]] = {}
        self._terms_of: tuple[CategoryNames, int] | None = None

    @property
    def names(self) -> CategoryNames:
        return self._names

    @property
    def has_ratings(self) -> bool:
        return self._has_ratings

    @property
    def is_empty(self) -> bool:
        return self._number == 0

    @property
    def changed_at(self) -> datetime:
        with self._using:
            return moment(self._one("SELECT coalesce(max(changed), 0) FROM video"))

    def next_date(self, at: datetime) -> datetime | None:
        with self._using:
            return dates.next_date(self._connection, at)

    def begun(self, at: datetime) -> Iterator[Entry]:
        with self._using:
            numbers = dates.begun(self._connection, at)
        yield from self._some_at_a_time(numbers)

    def trash(self, *, most: int, after: TrashPosition | None = None) -> Sequence[Entry]:
        with self._using:
            return self._read(trash.page(self._connection, most, after))

    def trashed_until(self, moment: datetime, *, most: int) -> Sequence[Entry]:
        with self._using:
            return self._read(trash.trashed_until(self._connection, moment, most))

    def apply(self, changes: Changes) -> bool:
        with self._using, self._writing():
            is_refiled = self._write_categories(changes.categories.items())
            differences = [self._write(each, video) for each, video in changes.videos.items()]
            if is_refiled:
                self._names = CategoryNames.of(self._categories.values())
                self._kept = LruCache(MOST_ENTRIES)
            before = self._has_ratings
            self._has_ratings = self._is_any_rated()
        return is_refiled or any(differences) or self._has_ratings is not before

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN")
            yield
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise CopyBroken from error

    def entry(self, video_id: VideoId) -> Entry | None:
        if kept := self._kept.get(video_id):
            return kept
        with self._using:
            return next(iter(self._read([video_id])), None)

    def entries(self, selection: Selection) -> Iterator[Entry]:
        while True:
            chosen = self.page(selection, skip=0, most=_READ_AT_ONCE)
            yield from chosen
            if len(chosen) < _READ_AT_ONCE:
                return
            selection = selection.beyond(chosen[-1])

    def page(self, selection: Selection, *, skip: int, most: int) -> Sequence[Entry]:
        with self._using:
            return self._read(self._pages.numbers(selection, skip=skip, most=most))

    def count(self, selection: Selection) -> int:
        with self._using:
            return self._pages.count(selection)

    def count_in_time(self, selection: Selection) -> int | None:
        with self._using:
            return self._pages.count_in_time(selection)

    def search(self, selection: Selection, *, most: int) -> Sequence[VideoId]:
        words = words_in(selection.search)
        if not words:
            return []
        with self._using:
            vocabulary = Vocabulary(self._connection, self._category_terms())
            search = Search(self._connection, vocabulary, words, most)
            is_long = all(len(each) >= TRIGRAM for each in words)
            return search.run(
                self._query(replace(selection, search="")),
                self._query(selection) if is_long else None,
            )

    def similar(self, video_id: VideoId, selection: Selection, *, most: int) -> Alike:
        with self._using:
            similar = Similar(self._connection, self._number, self._names_filed)
            return similar.run(video_id, self._query(selection), most)

    def counts(self, selection: Selection) -> Mapping[str, int]:
        numbers: dict[str, int] = defaultdict(int)
        with self._using:
            for filed, number in numbers_filed(self._connection, self._query(selection)):
                numbers[self._names.slug_called(filed)] += number
        return numbers

    def people(
        self, selection: Selection, words: Sequence[str], *, most: int, after: str = ""
    ) -> Sequence[Person]:
        with self._using:
            return self._people.page(self._query(selection), words, most=most, after=after)

    def under_way(self) -> Iterator[Entry]:
        with self._using:
            numbers = under_way(self._connection)
        yield from self._some_at_a_time(numbers)

    def write_to(self, path: Path) -> None:
        with self._using:
            self._connection.execute("VACUUM INTO ?", (str(path),))

    def __del__(self) -> None:
        self._connection.close()

    def _some_at_a_time(self, numbers: Sequence[VideoId]) -> Iterator[Entry]:
        for start in range(0, len(numbers), _READ_AT_ONCE):
            with self._using:
                entries = self._read(numbers[start : start + _READ_AT_ONCE])
            yield from entries

    def _read(self, numbers: Sequence[VideoId]) -> list[Entry]:
        """Return the entries of these videos that are there, in this order."""
        entries = {each: entry for each in numbers if (entry := self._kept.get(each))}
        missing = [each for each in numbers if each not in entries]
        for start in range(0, len(missing), _READ_AT_ONCE):
            some = missing[start : start + _READ_AT_ONCE]
            marks = ",".join("?" * len(some))
            for row in self._connection.execute(
                f"SELECT {_COLUMNS} FROM video WHERE id IN ({marks})", some
            ):
                entry = Entry.of(to_video(row), self._names)
                entries[entry.video.id] = entry
                self._kept.put(entry.video.id, entry)
        return [entries[each] for each in numbers if each in entries]

    def _write(self, video_id: VideoId, video: Video | None) -> bool:
        """Write a video, or remove it; return whether viewers see the difference."""
        known = self._connection.execute("SELECT * FROM video WHERE id = ?", (video_id,)).fetchone()
        row = row_of(video) if video else None
        if known is None and row is None:
            return False
        if known and row and all(known[name] == value for name, value in row.items()):
            return False
        if known:
            self._unlist(known)
        if row:
            self._list(row)
        self._kept.drop(video_id)
        return is_seen(known, row)

    def _unlist(self, row: sqlite3.Row) -> None:
        self._number -= 1
        self._connection.execute(
            "INSERT INTO trigrams (trigrams, rowid, texts) VALUES ('delete', ?, ?)",
            (row["id"], row["texts"]),
        )
        self._words.remove(row)
        self._people.remove(row)
        self._connection.execute("DELETE FROM video WHERE id = ?", (row["id"],))

    def _list(self, row: Mapping[str, Any]) -> None:
        self._number += 1
        self._filed.add(row["filed"])
        names = ",".join(row)
        marks = ",".join("?" * len(row))
        self._connection.execute(
            f"INSERT INTO video ({names}) VALUES ({marks})", tuple(row.values())
        )
        self._connection.execute(
            "INSERT INTO trigrams (rowid, texts) VALUES (?, ?)", (row["id"], row["texts"])
        )
        self._words.add(row)
        self._people.add(row)

    def _write_categories(self, changed: Iterable[tuple[CategoryId, Category | None]]) -> bool:
        before = dict(self._categories)
        for category_id, category in changed:
            if category is None:
                self._categories.pop(category_id, None)
            else:
                self._categories[category_id] = category
        if self._categories == before:
            return False
        self._connection.execute("DELETE FROM category")
        self._connection.executemany(
            "INSERT INTO category VALUES (?, ?)",
            [(each.id, to_category_text(each)) for each in self._categories.values()],
        )
        return True

    def _query(self, selection: Selection) -> Query:
        return query_of(selection, self._names_filed)

    def _names_filed(self, category: str) -> Sequence[str]:
        """Return all names by which videos refer to a category; it has one of them or its slug."""
        slug = self._names.slug_called(category)
        return [name for name in self._filed if self._names.slug_called(name) == slug]

    def _category_terms(self) -> Mapping[str, Sequence[str]]:
        """Return the terms of categories by each word of their present names in any language."""
        known = self._names, len(self._filed)
        if self._terms_of != known:
            self._terms_of, self._terms = known, defaultdict(list)
            for name in self._filed:
                for word in words_in("\n".join(self._names.present_names(name))):
                    self._terms[word].append(filed_as(name))
        return self._terms

    def _is_any_rated(self) -> bool:
        return bool(self._one("SELECT EXISTS (SELECT 1 FROM video WHERE is_rated)"))

    def _one(self, statement: str, values: Sequence[Any] = ()) -> Any:
        [value] = self._connection.execute(statement, values).fetchone()
        return value
