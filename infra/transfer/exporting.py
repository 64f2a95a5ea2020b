"""Export of a stage: accounts, catalogue, viewing, and the objects media can be made of."""

import errno
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chalicelib.accounts.ports import AccountStore
from chalicelib.adapters.aws_errors import NO_OBJECT, expected
from chalicelib.catalogue import object_keys
from chalicelib.catalogue.category_names import CategoryNames
from chalicelib.catalogue.model import Video, VideoId
from chalicelib.catalogue.ports import ChangeLog, merged
from chalicelib.encoding.model import EncodeNotFound
from chalicelib.encoding.ports import EncodeStore
from chalicelib.ingest.source_keys import words_of
from chalicelib.viewing.export import ViewingExport
from chalicelib.viewing.model import Codec
from chalicelib.viewing.ports import WatchedStore
from chalicelib.viewing.progress import Watched
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
from infra.transfer.report import TransferReport
from infra.transfer.source_files import BucketFiles

_ACCOUNTS_AT_ONCE = 500
_OTHER_FOLDERS = frozenset({"", ".", ".."})
_NO_FILE = "Not fetched, for no file in the folder may have its key"
_GONE = "Not fetched, for it was removed meanwhile"
_BAD_NAMES = frozenset(
    {errno.ENAMETOOLONG, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EINVAL}
)

Seconds = defaultdict[tuple[date, Codec], float]
Unsettled = defaultdict[VideoId, Seconds]


@dataclass(frozen=True, slots=True)
class StageExport:
    accounts: AccountStore
    changes: ChangeLog
    encodes: EncodeStore
    viewing: ViewingExport
    watched: WatchedStore
    # Of a source: the subtitles beside it.
    sidecars: Callable[[str], Any]
    uploads: BucketFiles
    media: BucketFiles

    def write(self, folder: ExportFolder, report: TransferReport, *, with_media: bool) -> None:
        """Write all files; with media, fetch the objects of the list as well."""
        folder.create()
        entries = merged(self.changes.everything())
        videos = sorted((each for each in entries.videos.values() if each), key=lambda it: it.id)
        names = CategoryNames.of(each for each in entries.categories.values() if each)
        objects = [line for video in videos for line in self._objects_of(video)]
        ids = {each.id for each in videos}
        unsettled: Unsettled = defaultdict(lambda: defaultdict(float))
        for kind, lines in (
            (ACCOUNTS, (AccountLine.of(each) for each in self._accounts())),
            (CATEGORIES, (CategoryLine.of(each) for each in names.by_id.values())),
            (VIDEOS, (VideoLine.of(_linked(each, names, ids)) for each in videos)),
            (VIEWING, self._viewing(ids, unsettled)),
            (WATCHED, self._watched(sorted(ids), unsettled)),
            # Last, so that an export that was interrupted is none.
            (MEDIA, iter(objects)),
        ):
            report.counts[kind, "exported"] = folder.write(kind, lines)
        for line in objects if with_media else ():
            if problem := self._fetch(line, folder):
                report.problem(line.key, problem)
            else:
                report.count(MEDIA, "fetched")

    def _accounts(self) -> Iterator[Any]:
        before = None
        while accounts := self.accounts.newest(limit=_ACCOUNTS_AT_ONCE, before=before):
            yield from accounts
            before = accounts[-1].id

    def _viewing(self, videos: Container[VideoId], unsettled: Unsettled) -> Iterator[ViewingLine]:
        """Yield what each account keeps; add up its watched seconds that no aggregate has."""
        for account in self._accounts():
            viewing = self.viewing.of(account.id)
            for video_id, watched in viewing.unsettled:
                unsettled[video_id][watched.day, watched.codec] += watched.seconds
            if line := ViewingLine.of(account.id, viewing, videos):
                yield line

    def _watched(self, videos: Sequence[VideoId], unsettled: Unsettled) -> Iterator[WatchedLine]:
        """Yield the aggregates of each video as they are once all seconds are settled."""
        for video_id in videos:
            counted = unsettled[video_id]
            for each in self.watched.of(video_id):
                counted[each.day, each.codec] += each.seconds
            for (day, codec), seconds in sorted(counted.items()):
                yield WatchedLine.of(video_id, Watched(day, codec, seconds))

    def _objects_of(self, video: Video) -> Iterator[MediaLine]:
        """Yield the own poster, and the original with its subtitles or else the best MP4 file."""
        # First, because earlier versions take whatever comes last for the original.
        yield from self._poster_of(video)
        source_key = self._source_key_of(video)
        size = self.uploads.size(source_key) if source_key else None
        if size is not None:
            yield MediaLine(video.id, "original", self.uploads.bucket, source_key, size)
            yield from self._subtitles_of(video, source_key)
            return
        if video.media and video.media.mp4_name:
            folder = object_keys.folder(video.id, video.media.revision)
            key = f"{folder}{object_keys.mp4(video.media.mp4_name)}"
            size = self.media.size(key)
            if size is not None:
                yield MediaLine(video.id, "mp4", self.media.bucket, key, size)

    def _poster_of(self, video: Video) -> Iterator[MediaLine]:
        """Yield the own poster as it was sent, or its largest picture if that is gone."""
        poster = video.poster.current
        made = f"{object_keys.poster_pictures(video.id, poster)}hero.jpg"
        for files, key in (
            (self.uploads, object_keys.sent_poster(video.id, poster)),
            (self.media, made),
        ):
            size = files.size(key) if poster else None
            if size is not None:
                yield MediaLine(video.id, "poster", files.bucket, key, size)
                return

    def _source_key_of(self, video: Video) -> str:
        """Return the key of its newest source; empty if clean-up removed the encode."""
        if not video.encode.revision:
            return ""
        try:
            return self.encodes.get(video.id, video.encode.revision).source.key
        except EncodeNotFound:
            return ""

    def _subtitles_of(self, video: Video, source_key: str) -> Iterator[MediaLine]:
        bucket = self.uploads.bucket
        for each in self.sidecars(source_key):
            size = self.uploads.size(each.key) or 0
            yield MediaLine(video.id, "subtitles", bucket, each.key, size, words_of(each))

    def _fetch(self, line: MediaLine, folder: ExportFolder) -> str:
        """Fetch an object to the path of its key; return why it cannot be, if so."""
        if not _OTHER_FOLDERS.isdisjoint(line.key.split("/")):
            return _NO_FILE
        bucket = self.media if line.bucket == self.media.bucket else self.uploads
        path = folder.media / line.key
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with expected(NO_OBJECT):
                bucket.fetch(line.key, path)
                return ""
        except ValueError:
            return _NO_FILE
        except OSError as error:
            # Of the name; a full disk ends the export.
            if error.errno not in _BAD_NAMES:
                raise
            return _NO_FILE
        return _GONE


def _linked(video: Video, names: CategoryNames, ids: Container[VideoId]) -> Video:
    """Return it without a trailer that is gone, and with the name left of a removed category."""
    stored, trailer = video.card.category, video.card.trailer
    name = names.present_name(stored) if stored and not names.category_called(stored) else stored
    kept = trailer if trailer in ids else None
    return replace(video, card=replace(video.card, category=name, trailer=kept))
