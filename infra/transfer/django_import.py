"""Import of `manage.py dumpdata`: a first pass checks the whole dump, later ones write."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from infra.transfer.destination import Destination
from infra.transfer.django_accounts import DjangoAccounts
from infra.transfer.django_progress import DjangoProgress
from infra.transfer.django_videos import DjangoVideos, References, key_of
from infra.transfer.fields import Fields, storable
from infra.transfer.imported_ids import ImportedIds
from infra.transfer.json_objects import JsonFile, Unreadable
from infra.transfer.mapping import DumpMapping, Kind
from infra.transfer.report import TransferReport
from infra.transfer.result import Added, Result
from infra.transfer.trailers import trailers_first

_NO_ROW = 'expected an object of manage.py dumpdata, with "model" and "fields"'
_SENT = "sent to be encoded"
_LACKING = "of them still without a file"
_NO_TRAILER = (
    "Their trailer is no other video of the dump, is not imported or leads back to them: left out"
)
_TWIN = "Another video here has their id and time, and other texts: imported under another id"


@dataclass(frozen=True, slots=True)
class Row:
    """One object of a dump of a model that the mapping names."""

    kind: Kind
    key: Any
    fields: Fields


@dataclass(frozen=True, slots=True)
class DjangoImport:
    dump: JsonFile
    mapping: DumpMapping
    destination: Destination
    ids: ImportedIds
    report: TransferReport = field(default_factory=TransferReport)

    def references(self, accounts: DjangoAccounts) -> References:
        """Check every object, note what is not mapped, and return what videos refer to."""
        references = References()
        for row in self._rows(self._objects(notes_unmapped=True)):
            match row.kind:
                case Kind.USERS:
                    accounts.note(row.key, row.fields)
                case Kind.CATEGORIES:
                    references.note_category(row.key, row.fields)
                case Kind.PEOPLE:
                    references.note_person(row.key, row.fields)
                case Kind.TAGS:
                    references.note_tag(row.key, row.fields)
                case Kind.TRANSLATIONS:
                    references.note_translation(row.fields)
            references.kinds.add(row.kind)
            self.report.take_problems(row.fields.report)
        accounts.require_unconfirmed()
        return references

    def write(self, accounts: DjangoAccounts, videos: DjangoVideos) -> None:
        """Import everything; what is there already stays as it is."""
        categories = set(videos.references.categories.values())
        for name in sorted(categories):
            self._add_category(name)
        for row in self._rows(self._objects()):
            if row.kind is Kind.USERS:
                self._add_account(accounts, row)
        self._add_videos(videos, categories)
        # Progress may come before its user and its video, whose ids are known only now.
        if Kind.PROGRESS in videos.references.kinds:
            progress = DjangoProgress(self.ids, videos.now)
            for row in self._rows(self._objects()):
                if row.kind is Kind.PROGRESS:
                    self._add_progress(progress, row)

    def _add_account(self, accounts: DjangoAccounts, row: Row) -> None:
        entry = accounts.entry(row.key, row.fields)
        if entry is None:
            self._refuse("accounts", row)
            return
        added = self.destination.add_account(entry)
        self._note("accounts", row, added, entry.name)
        if not added.is_new:
            return
        if entry.account.is_admin:
            self.report.count("accounts", "of them administrators")
        if not entry.account.is_active:
            self.report.count("accounts", f"of them {entry.account.status}")

    def _add_videos(self, videos: DjangoVideos, categories: set[str]) -> None:
        for row in trailers_first(self._videos, self._waits):
            self._add_video(videos, row, categories)

    def _videos(self) -> Iterator[Row]:
        return (row for row in self._rows(self._objects()) if row.kind is Kind.VIDEOS)

    def _waits(self, row: Row) -> bool:
        """Return whether the video that a row names as its trailer is not imported yet."""
        reference = row.fields.first("trailer")
        return reference is not None and not self.ids.knows(Kind.VIDEOS, reference)

    def _add_video(self, videos: DjangoVideos, row: Row, categories: set[str]) -> None:
        entry = videos.entry(row.key, row.fields, trailer=self._trailer_of(row))
        if entry is None:
            self._refuse("videos", row)
            return
        name = entry.video.card.category
        if name and name not in categories:
            categories.add(name)
            self._add_category(name)
        added = self.destination.add_video(entry)
        self._note("videos", row, added, entry.name)
        if added.has_twin:
            self.report.problem(entry.name, _TWIN)
        if added.is_sent:
            self.report.count("videos", _SENT)
        if added.lacks_media:
            self.report.count("videos", _LACKING)

    def _trailer_of(self, row: Row) -> int | None:
        """Return the id of the video that a row names as its trailer."""
        reference = row.fields.first("trailer")
        trailer = None if reference is None else self.ids.of(Kind.VIDEOS, reference)
        if reference is not None and trailer is None:
            row.fields.problem(_NO_TRAILER)
        return trailer

    def _add_progress(self, progress: DjangoProgress, row: Row) -> None:
        read = progress.entry(row.fields)
        result = read if isinstance(read, Result) else self.destination.add_progress(read)
        self.report.count("progress", result)
        is_earlier = result is Result.PRESENT
        self.report.take_problems(row.fields.report, are_earlier=is_earlier)

    def _refuse(self, kind: str, row: Row) -> None:
        self.report.count(kind, Result.REFUSED)
        self.report.take_problems(row.fields.report)

    def _note(self, kind: str, row: Row, added: Added, name: str) -> None:
        """Report what became of it, and note its id for each key by which others may refer to it.

        What an earlier import left of its data may have been mended since, or never been named.
        """
        self.report.count_added(kind, added.result, name, is_recognised=added.is_recognised)
        if added.leaves_problems or added.is_recognised:
            is_earlier = not added.leaves_problems
            self.report.take_problems(row.fields.report, are_earlier=is_earlier)
        for key in _keys_of(row):
            self.ids.note(row.kind, key, added.id)

    def _add_category(self, name: str) -> None:
        self.report.count_added("categories", self.destination.add_category(name), name)

    def _rows(self, objects: Iterator[Any]) -> Iterator[Row]:
        for each in objects:
            kind = self.mapping.kind_of(each["model"])
            if kind is not None:
                key = key_of(each)
                name = f"{each['model']} {key}"
                section = self.mapping.sections[kind]
                values = storable(each["fields"])
                yield Row(kind, key, Fields(name, values, section, TransferReport()))

    def _objects(self, *, notes_unmapped: bool = False) -> Iterator[Any]:
        for line, value in self.dump.values():
            if not _is_row(value):
                raise Unreadable(self.dump.path, line, _NO_ROW)
            if notes_unmapped:
                self._note_unmapped(value["model"], value["fields"])
            yield value

    def _note_unmapped(self, model: str, values: dict[str, Any]) -> None:
        kind = self.mapping.kind_of(model)
        if kind is None:
            if not self.mapping.ignores(model):
                self.report.not_mapped(model)
            return
        section = self.mapping.sections[kind]
        for name, value in values.items():
            if value in (None, "", [], {}) or section.maps(name):
                continue
            if section.makes_again(name):
                self.report.made_again(model, name)
            elif name in section.left_out:
                self.report.leave_out(model, name)
            else:
                self.report.not_mapped(model, name)


def _keys_of(row: Row) -> Iterator[Any]:
    if row.key is not None:
        yield row.key
    for name in row.fields.section.fields["natural_key"]:
        if value := row.fields.values.get(name):
            yield [value]


def _is_row(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("model"), str)
        and isinstance(value.get("fields"), dict)
    )
