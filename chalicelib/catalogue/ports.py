"""Ports of the catalogue feature: videos, categories, their changes, copies, and public media."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from chalicelib.catalogue.category_names import CategoryNames
from chalicelib.catalogue.listing import Entry, Person, Selection, TrashPosition
from chalicelib.catalogue.model import (
    BulkChangeId,
    Card,
    Category,
    CategoryId,
    CompleteMedia,
    EncodeSummary,
    Revision,
    Video,
    VideoId,
)
from chalicelib.catalogue.ranking import Alike

# Within this time every process reads a removal, or reloads the catalogue.
REMOVALS_KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Changes:
    """Entries changed since a moment; None stands for a removed one."""

    videos: Mapping[VideoId, Video | None]
    categories: Mapping[CategoryId, Category | None]


NOTHING = Changes({}, {})


def merged(batches: Iterable[Changes]) -> Changes:
    """Return changes that were read some at a time."""
    read = list(batches)
    return Changes(
        {key: video for each in read for key, video in each.videos.items()},
        {key: category for each in read for key, category in each.categories.items()},
    )


class VideoStore(Protocol):
    """Administrators write the card, the pipeline the encode; neither overwrites the other."""

    def add(self, video: Video) -> None:
        """Write a new video; raise `VideoTaken` if the id is in use."""

    def get(self, video_id: VideoId) -> Video:
        """Return the video; raise `VideoNotFound` if there is none."""

    def write(
        self,
        video_id: VideoId,
        card: Card,
        *,
        is_published: bool | None,
        instead_of: Card | None = None,
        only_if: Video | None = None,
        bulk_change: BulkChangeId | None = None,
    ) -> Video:
        """Write the card and return the video; raise `VideoNotFound`.

        Given `only_if`, raise `StaleVideo` unless its card and its publication are stored now.

        Given `instead_of`, write only the fields that differ from it: another request may have
        changed the others. With `is_published` None, the video stays as public as it is. A bulk
        change writes a video once: raise `VideoNotFound` also if it is the last one that did.
        """

    def remove(self, video_id: VideoId, *, only_if: Video | None = None) -> None:
        """Delete the video, and add that to the changes; raise `VideoNotFound`, or as `write`."""

    def trash(
        self, video_id: VideoId, at: datetime, *, bulk_change: BulkChangeId | None = None
    ) -> Video:
        """Put it in the trash unless it is there; raise `VideoNotFound`, or as `restore`."""

    def restore(self, video_id: VideoId, *, bulk_change: BulkChangeId | None = None) -> Video:
        """Take it out of the trash; raise `StaleVideo` if this bulk change wrote it last."""

    def purge(self, video_id: VideoId, trashed_at: datetime) -> None:
        """Delete the video as `remove` does; raise `VideoNotFound`.

        Also if it is not in the trash since this moment: it was restored.
        """

    def keep(self, video_id: VideoId) -> None:
        """Keep a draft even if the upload it was made for is aborted."""

    def remove_abandoned(self, video_id: VideoId, upload_id: str) -> None:
        """Delete a draft that was made for this upload; raise `VideoNotFound`.

        Also if it was used otherwise: its card was changed, or a source has begun its encode.
        """

    def begin_encode(
        self,
        video_id: VideoId,
        *,
        sent_at: datetime | None = None,
        source_size: int | None = None,
    ) -> Revision:
        """Count up to a new revision that is pending; raise `VideoNotFound`.

        Raise `NewerSource` if the newest one is of a source whose upload began later.
        """

    def record_encode(self, video_id: VideoId, summary: EncodeSummary) -> None:
        """Write the summary of the newest encode; raise `StaleEncode`.

        That is if the video is gone, another revision has begun, this one is complete, or it has
        failed and the summary says processing: only pending reopens it, no late worker. Progress
        never goes back.
        """

    def keep_pictures(self, video_id: VideoId, revision: Revision) -> None:
        """Note that the pictures of a revision are kept, if viewers still get that revision."""

    def complete(self, video_id: VideoId, media: CompleteMedia) -> None:
        """Give viewers these media from now on; raise `StaleEncode` as above.

        Of any number of callers with the same revision, one succeeds.
        """


class CategoryStore(Protocol):
    def get(self, category: Category) -> Category:
        """Read a category anew; raise `CategoryNotFound`."""

    def add(self, category: Category) -> None:
        """Write a new category; raise `CategoryTaken` if its slug is one of another's."""

    def rename(self, before: Category, after: Category) -> Category:
        """Write the new name and return the stored category.

        Raise `CategoryTaken` if the name leads to another one, `StaleCategory` if this one is gone
        or was renamed since it was read.
        """

    def merge(self, merged: Category, before: Category, after: Category) -> Category:
        """Remove one category and write another one, which has its names; return what is stored.

        Raise `StaleCategory` if either is gone, or has changed since it was read.
        """

    def arrange(self, moved: Mapping[CategoryId, tuple[Category, int]]) -> Sequence[Category]:
        """Write the positions of categories, all or none; return what is stored.

        Raise `StaleCategory` if one of them is gone, or has changed since it was read.
        """

    def remove(self, category: Category) -> Sequence[Category]:
        """Delete it, and leave its name under each of its slugs; return what is left.

        Raise `CategoryNotFound`, or `StaleCategory` if it has changed since it was read.
        """


class ChangeLog(Protocol):
    def since(self, moment: datetime) -> Iterator[Changes]:
        """Yield all changes at or after the moment, some at a time.

        Raise `Unavailable` if the store cannot be read.
        """

    def everything(self) -> Iterator[Changes]:
        """Yield all entries, some at a time, and removed ones; raise `Unavailable`.

        What changes meanwhile may be missing: it is among the changes since the beginning.
        """

    def refile(self, *, most: int) -> int:
        """File entries of earlier versions as those of this one; return how many were.

        Nothing of them changes, and none that changed lately is among them.
        """


class CopyBroken(Exception):
    """The copy cannot be written: another one is to be made of the log."""


class CatalogueCopy(Protocol):
    """All videos and categories in a file of this process, for lists; safe among threads."""

    @property
    def names(self) -> CategoryNames: ...

    @property
    def has_ratings(self) -> bool:
        """Whether any video has an age rating."""

    @property
    def is_empty(self) -> bool: ...

    @property
    def changed_at(self) -> datetime:
        """The time of the last change of a video."""

    def next_date(self, moment: datetime) -> datetime | None:
        """Return the next later moment at which viewers begin or cease to see a video."""

    def trash(self, *, most: int, after: TrashPosition | None = None) -> Sequence[Entry]:
        """Return videos in the trash, the last ones put there first, after one of them."""

    def trashed_until(self, moment: datetime, *, most: int) -> Sequence[Entry]:
        """Return videos in the trash since this moment or longer, the first ones put there."""

    def begun(self, moment: datetime) -> Iterator[Entry]:
        """Yield the videos whose `publish_at` has come at this moment."""

    def apply(self, changes: Changes) -> bool:
        """Write the changes, and return whether anything that viewers see differs now.

        Raise `CopyBroken`; the copy must not be used after that.
        """

    def entry(self, video_id: VideoId) -> Entry | None:
        """Return a video; the same object until the video or its category changes."""

    def entries(self, selection: Selection) -> Iterator[Entry]:
        """Yield the videos of a selection, the newest first, some read at a time."""

    def page(self, selection: Selection, *, skip: int, most: int) -> Sequence[Entry]:
        """Return the videos of a selection after the first `skip`, at most `most`."""

    def count(self, selection: Selection) -> int: ...

    def count_in_time(self, selection: Selection) -> int | None:
        """Return the number of videos; None if counting them takes long."""

    def search(self, selection: Selection, *, most: int) -> Sequence[VideoId]:
        """Return the best hits for `selection.search`, the best first, within a limited time.

        Every word of it is in what is written about a hit: as it is, as the beginning of a word,
        inside of one or, if there are no such hits, with typing errors. Of equal ones, the newest
        is first.
        """

    def similar(self, video_id: VideoId, selection: Selection, *, most: int) -> Alike:
        """Return videos of a selection that are like this one, the most similar first, and why.

        They share people, tags, genre, category, or words that few videos have; of equal ones, the
        newest is first. The same catalogue always gives the same list.
        """

    def counts(self, selection: Selection) -> Mapping[str, int]:
        """Return the numbers of videos by the slugs of their categories."""

    def people(
        self, selection: Selection, words: Sequence[str], *, most: int, after: str = ""
    ) -> Sequence[Person]:
        """Return who is named by videos of a selection, in the order of slugs, after one of them.

        Each of the words begins a word of the name.
        """

    def under_way(self) -> Iterator[Entry]:
        """Yield the videos whose encode has begun and not ended, or whose poster is pending."""

    def write_to(self, path: Path) -> None:
        """Write a file from which another process can start."""


class CatalogueCopies(Protocol):
    """Copies for this process, and one in the bucket from which large ones start."""

    def empty(self) -> CatalogueCopy: ...

    def saved_at(self) -> datetime | None:
        """Return the moment until which a saved copy has every change; None if there is none."""

    def saved(self) -> tuple[CatalogueCopy, datetime] | None:
        """Return a copy as it was saved, and the moment since when it lacks changes; None if none.

        None also if it cannot be read, or an incompatible version saved it.
        """

    def save(self, copy: CatalogueCopy, *, known_at: datetime) -> None:
        """Save the copy, which has every change until this moment, instead of an earlier one."""


class PublicMedia(Protocol):
    """The consequences of publishing and unpublishing: pictures, and copies at the edge."""

    def reveal(self, video: Video) -> None:
        """Copy the pictures of the video to their public keys."""

    def withdraw(self, video_id: VideoId) -> None:
        """Request the removal of its copies from the edge and, if the video is gone, of its media.

        Asynchronous and idempotent. It never fails: the hourly clean-up repeats lost requests.
        """
