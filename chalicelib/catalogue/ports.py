"""What the catalogue needs from the outside world."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.catalogue.model import (
    Card,
    Category,
    CategoryId,
    EncodeSummary,
    Revision,
    Shown,
    Video,
    VideoId,
)

# By then every process has heard of a removal, or has looked at everything anew.
REMOVALS_ARE_TOLD_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Changes:
    """What was written since a moment; None stands for what was removed."""

    videos: Mapping[VideoId, Video | None]
    categories: Mapping[CategoryId, Category | None]


class VideoStore(Protocol):
    """Writers never overwrite each other: people write the card, the pipeline the conversion."""

    def add(self, video: Video) -> None:
        """Write a new title; raise `VideoTaken` if the id is in use."""

    def get(self, video_id: VideoId) -> Video:
        """Return the title; raise `VideoNotFound` if there is none."""

    def write(
        self,
        video_id: VideoId,
        card: Card,
        *,
        is_published: bool | None,
        instead_of: Card | None = None,
    ) -> Video:
        """Write what people wrote and return the title; raise `VideoNotFound`.

        Only what differs from the card it was made of, if that is told: somebody else may have
        changed the rest meanwhile. Without a word on it, the title stays as public as it is.
        """

    def remove(self, video_id: VideoId) -> None:
        """Forget the title, and tell all who listen to changes; raise `VideoNotFound`."""

    def keep(self, video_id: VideoId) -> None:
        """Have a draft stay, whatever becomes of the upload it was made for."""

    def remove_abandoned(self, video_id: VideoId, upload_id: str) -> None:
        """Forget a draft that was made for this upload; raise `VideoNotFound`.

        That is also if anything was done with it: what people wrote, or a source that arrived.
        """

    def begin_encode(self, video_id: VideoId) -> Revision:
        """Count up to a new revision that is pending; raise `VideoNotFound`."""

    def record_encode(self, video_id: VideoId, summary: EncodeSummary) -> None:
        """Write how far its revision is; raise `StaleEncode`.

        That is if the title is gone, another revision has begun, this one is shown already, or it
        is to be processing although it has failed: pending opens it again, no late worker does.
        Of two workers the one who knows of less changes nothing.
        """

    def keep_pictures(self, video_id: VideoId, revision: Revision) -> None:
        """Note that the pictures of a revision are kept, if viewers still get that revision."""

    def show(self, video_id: VideoId, shown: Shown) -> None:
        """Give viewers this revision from now on; raise `StaleEncode` as above.

        Of any number of callers with the same revision, one succeeds.
        """


class CategoryStore(Protocol):
    def add(self, category: Category) -> None:
        """Write a new category; raise `CategoryTaken` if its slug is one of another's."""

    def rename(self, before: Category, after: Category) -> Category:
        """Write the new name and return the category as it is kept.

        Raise `CategoryTaken` if the name leads to another one, `StaleCategory` if this one is gone
        or was renamed since it was read.
        """

    def remove(self, category: Category) -> None:
        """Forget it, and tell all who listen to changes; raise `CategoryNotFound`."""


class ChangeLog(Protocol):
    def since(self, moment: datetime | None) -> Changes:
        """Return all that changed at or after the moment; everything there is, without one.

        Raise `Unavailable` if nobody knows.
        """


class Publicity(Protocol):
    """What has to happen elsewhere when viewers may see a title, or no longer may."""

    def reveal(self, video: Video) -> None:
        """Lay the pictures of what is shown where everybody finds them."""

    def withdraw(self, video_id: VideoId) -> None:
        """Have its copies leave the edge and, if the title is gone, all of it the store.

        That happens a moment later; to be told twice is fine. It never fails: what could not be
        noted is found by the hourly clean-up.
        """
