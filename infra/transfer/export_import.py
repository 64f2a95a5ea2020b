"""Import of an export: a first pass checks every line, a second one writes."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from chalicelib.accounts.model import Account, AccountId
from chalicelib.catalogue.model import Category, Video, VideoId
from chalicelib.catalogue.poster import PosterId
from chalicelib.clock import EPOCH
from chalicelib.ingest.source_keys import is_subtitles, may_be_video
from chalicelib.viewing.export import AccountViewing
from chalicelib.viewing.model import WatchlistEntry
from chalicelib.viewing.progress import Progress, Watched
from infra.transfer.destination import StageDestination
from infra.transfer.entries import AccountEntry, VideoEntry
from infra.transfer.export_folder import (
    ACCOUNTS,
    CATEGORIES,
    MEDIA,
    VIDEOS,
    VIEWING,
    WATCHED,
    ExportFolder,
)
from infra.transfer.exported import AccountLine, CategoryLine, MediaLine, VideoLine
from infra.transfer.exported_viewing import ViewingLine, WatchedLine
from infra.transfer.imported_ids import ImportedIds
from infra.transfer.report import TransferReport
from infra.transfer.result import Added
from infra.transfer.source_files import MediaFolder
from infra.transfer.trailers import trailers_first
from infra.transfer.viewing_destination import ViewingDestination

L = TypeVar("L")
T = TypeVar("T")
E = TypeVar("E", Progress, WatchlistEntry)

_SUBTITLES, _POSTER = "subtitles", "poster"
_POSTER_ID = re.compile(r"/posters/([1-9]\d{0,14})(?:/|$)", re.ASCII)
# The best one first.
_SOURCES = "original", "mp4"
_OTHER_OBJECT = "None of source, poster or subtitles of their video, or a second source"
_NO_TRAILER = "Their trailer is not in the export, not imported or leads back to them: left out"


@dataclass(frozen=True, slots=True)
class ExportImport:
    folder: ExportFolder
    media: MediaFolder
    now: datetime
    ids: ImportedIds
    report: TransferReport = field(default_factory=TransferReport)

    def check(self) -> None:
        """Raise `Unreadable` for the first line that cannot be imported."""
        kinds = self._accounts(), self._categories(), self._videos(), self._viewing()
        for lines in (*kinds, self._watched()):
            for _ in lines:
                pass
        self._objects()

    def write(self, stage: StageDestination) -> None:
        """Import everything; what is there already stays as it is."""
        for account in self._accounts():
            added = stage.add_account(AccountEntry(account, f"account {account.email}"))
            self.ids.note(ACCOUNTS, account.id, added.id)
            self._count(ACCOUNTS, added, account.email)
        for category in self._categories():
            self.report.count_added(CATEGORIES, stage.restore_category(category), category.name)
        self._write_videos(stage)
        self._write_watched(stage.viewing)
        self._write_viewing(stage.viewing)

    def _write_videos(self, stage: StageDestination) -> None:
        objects = self._objects()
        for video in trailers_first(self._videos, self._waits):
            self._write_video(stage, video, objects.get(video.id, []))

    def _waits(self, video: Video) -> bool:
        """Return whether the trailer of a video is not imported yet."""
        trailer = video.card.trailer
        return trailer is not None and not self.ids.knows(VIDEOS, trailer)

    def _write_video(self, stage: StageDestination, video: Video, objects: list[MediaLine]) -> None:
        # The number of another installation may be that of any video here.
        trailer = self.ids.of(VIDEOS, video.card.trailer) if video.card.trailer else None
        entry = self._entry(_with_trailer(video, trailer), objects)
        added = stage.add_video(entry)
        if video.card.trailer and trailer is None and added.leaves_problems:
            self.report.problem(entry.name, _NO_TRAILER)
        self.ids.note(VIDEOS, video.id, added.id)
        self._count(VIDEOS, added, entry.name)
        if added.is_sent:
            self.report.count(VIDEOS, "sent to be encoded")

    def _count(self, kind: str, added: Added, name: str) -> None:
        self.report.count_added(kind, added.result, name, is_recognised=added.is_recognised)

    def _write_watched(self, stage: ViewingDestination) -> None:
        for video_id, watched in self._watched():
            here = self._here(VIDEOS, video_id)
            if here is not None:
                self.report.count(WATCHED, stage.restore_watched(VideoId(here), watched))

    def _write_viewing(self, stage: ViewingDestination) -> None:
        for account_id, viewing in self._viewing():
            here = self._here(ACCOUNTS, account_id)
            if here is not None:
                for kind, result in stage.restore(AccountId(here), self._renumbered(viewing)):
                    self.report.count(kind, result)

    def _renumbered(self, viewing: AccountViewing) -> AccountViewing:
        """Return it with the ids that its videos have here, without those that are not here."""
        return AccountViewing(
            viewing.profiles,
            [*self._with_ids(viewing.progress)],
            [*self._with_ids(viewing.watchlist)],
        )

    def _with_ids(self, entries: Sequence[E]) -> Iterator[E]:
        for each in entries:
            here = self._here(VIDEOS, each.video_id)
            if here is not None:
                yield replace(each, video_id=VideoId(here), at=self._at(each))

    def _at(self, entry: Progress | WatchlistEntry) -> datetime:
        """Return the time of the event; the earliest one if it could hide what comes later."""
        if entry.at <= self.now:
            return entry.at
        self.report.problem(f"video {entry.video_id}", "Of a time to come: what is here counts")
        return EPOCH

    def _here(self, kind: str, exported_id: int) -> int | None:
        here = self.ids.of(kind, exported_id)
        if here is None:
            reason = "Not imported, and so nothing that was watched of it or by it"
            self.report.problem(f"{kind}: {exported_id}", reason)
        return here

    def _entry(self, video: Video, objects: list[MediaLine]) -> VideoEntry:
        name = f"video {video.id}"
        entry = VideoEntry(video, name)
        for each in sorted(objects, key=lambda it: it.role != _SOURCES[0]):
            file = self.media.file(each.key)
            if file is None:
                self.report.problem(f"{name}: {each.key}", "Their files are not there")
            elif each.role == _SUBTITLES and is_subtitles(each.key):
                entry.subtitles[each.language] = file
            elif each.role == _POSTER:
                entry = replace(entry, poster=(_poster_in(each.key), file))
            elif each.role in _SOURCES and may_be_video(each.key) and entry.source is None:
                entry = replace(entry, source=file)
            else:
                self.report.problem(f"{name}: {each.key}", _OTHER_OBJECT)
        return entry

    def _accounts(self) -> Iterator[Account]:
        return self._read(ACCOUNTS, AccountLine, AccountLine.account)

    def _categories(self) -> Iterator[Category]:
        return self._read(CATEGORIES, CategoryLine, lambda line: line.category(now=self.now))

    def _videos(self) -> Iterator[Video]:
        return self._read(VIDEOS, VideoLine, lambda line: line.video(now=self.now))

    def _viewing(self) -> Iterator[tuple[AccountId, AccountViewing]]:
        return self._read(VIEWING, ViewingLine, ViewingLine.viewing)

    def _watched(self) -> Iterator[tuple[VideoId, Watched]]:
        return self._read(WATCHED, WatchedLine, WatchedLine.watched)

    def _read(self, kind: str, form: type[L], converted: Callable[[L], T]) -> Iterator[T]:
        for number, line in self.folder.read(kind, form):
            try:
                yield converted(line)
            except (ValueError, OverflowError) as error:
                raise self.folder.refuse(kind, number, error) from error

    def _objects(self) -> dict[int, list[MediaLine]]:
        objects: dict[int, list[MediaLine]] = {}
        for line in self._read(MEDIA, MediaLine, MediaLine.checked):
            objects.setdefault(line.video, []).append(line)
        return objects


def _poster_in(key: str) -> PosterId:
    """Return the id of an own poster; the first one, if its key has none."""
    match = _POSTER_ID.search(key)
    return PosterId(int(match[1]) if match else 1)


def _with_trailer(video: Video, trailer: int | None) -> Video:
    card = replace(video.card, trailer=VideoId(trailer) if trailer else None)
    return replace(video, card=card)
