"""Import of an export: a first pass checks every line, a second one writes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.accounts.model import Account
from chalicelib.catalogue.model import Category, Video
from infra.transfer.destination import Result, StageDestination
from infra.transfer.entries import AccountEntry, VideoEntry
from infra.transfer.export_folder import ACCOUNTS, CATEGORIES, MEDIA, VIDEOS, ExportFolder
from infra.transfer.exported import AccountLine, CategoryLine, MediaLine, VideoLine
from infra.transfer.report import Report
from infra.transfer.source_files import MediaFolder

_SUBTITLES = "subtitles"


@dataclass(frozen=True, slots=True)
class ExportImport:
    folder: ExportFolder
    media: MediaFolder
    now: datetime
    report: Report = field(default_factory=Report)

    def check(self) -> None:
        """Raise `Unreadable` for the first line that cannot be imported."""
        for lines in (self._accounts(), self._categories(), self._videos()):
            for _ in lines:
                pass
        self._objects()

    def write(self, stage: StageDestination) -> None:
        """Import everything; what is there already stays as it is."""
        for account in self._accounts():
            result = stage.add_account(AccountEntry(account, f"account {account.email}"))
            self._count(ACCOUNTS, result, account.email)
        for category in self._categories():
            self._count(CATEGORIES, stage.restore_category(category), category.name)
        objects = self._objects()
        for video in self._videos():
            entry = self._entry(video, objects.get(video.id, []))
            result, is_sent = stage.add_video(entry)
            self._count(VIDEOS, result, entry.name)
            if is_sent:
                self.report.count(VIDEOS, "sent to be encoded")

    def _entry(self, video: Video, objects: list[MediaLine]) -> VideoEntry:
        name = f"video {video.id}"
        entry = VideoEntry(video, name)
        for each in objects:
            file = self.media.file(each.key)
            if file is None:
                self.report.problem(f"{name}: {each.key}", "Their files are not there")
            elif each.role == _SUBTITLES:
                entry.subtitles[each.language] = file
            else:
                entry = VideoEntry(video, name, source=file, subtitles=entry.subtitles)
        return entry

    def _count(self, kind: str, result: Result, name: str) -> None:
        self.report.count(kind, result)
        if result is Result.REFUSED:
            self.report.problem(f"{kind}: {name}", "Not imported, for their ids are in use")

    def _accounts(self) -> Iterator[Account]:
        for line, each in self.folder.read(ACCOUNTS, AccountLine):
            try:
                yield each.account()
            except ValueError as error:
                raise self.folder.refuse(ACCOUNTS, line, error) from error

    def _categories(self) -> Iterator[Category]:
        for line, each in self.folder.read(CATEGORIES, CategoryLine):
            try:
                yield each.category(now=self.now)
            except ValueError as error:
                raise self.folder.refuse(CATEGORIES, line, error) from error

    def _videos(self) -> Iterator[Video]:
        for line, each in self.folder.read(VIDEOS, VideoLine):
            try:
                yield each.video(now=self.now)
            except ValueError as error:
                raise self.folder.refuse(VIDEOS, line, error) from error

    def _objects(self) -> dict[int, list[MediaLine]]:
        objects: dict[int, list[MediaLine]] = {}
        for _, line in self.folder.read(MEDIA, MediaLine):
            objects.setdefault(line.video, []).append(line)
        return objects
