"""Ports of the catalogue feature: videos, categories, their changes, and public media."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.catalogue.model import (
    Card,
    Category,
    CategoryId,
    CompleteMedia,
    EncodeSummary,
    Revision,
    Video,
    VideoId,
)

# Within this time every process reads a removal, or reloads the catalogue.
REMOVALS_KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Changes:
    """Entries changed since a moment; None stands for a removed one."""

    videos: Mapping[VideoId, Video | None]
    categories: Mapping[CategoryId, Category | None]


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
    ) -> Video:
        """Write the card and return the video; raise `VideoNotFound`.

        Given `instead_of`, write only the fields that differ from it: another request may have
        changed the others. With `is_published` None, the video stays as public as it is.
        """

    def remove(self, video_id: VideoId) -> None:
        """Delete the video, and add that to the changes; raise `VideoNotFound`."""

    def keep(self, video_id: VideoId) -> None:
        """Keep a draft even if the upload it was made for is aborted."""

    def remove_abandoned(self, video_id: VideoId, upload_id: str) -> None:
        """Delete a draft that was made for this upload; raise `VideoNotFound`.

        Also if it was used otherwise: its card was changed, or a source has begun its encode.
        """

    def begin_encode(self, video_id: VideoId) -> Revision:
        """Count up to a new revision that is pending; raise `VideoNotFound`."""

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
    def add(self, category: Category) -> None:
        """Write a new category; raise `CategoryTaken` if its slug is one of another's."""

    def rename(self, before: Category, after: Category) -> Category:
        """Write the new name and return the stored category.

        Raise `CategoryTaken` if the name leads to another one, `StaleCategory` if this one is gone
        or was renamed since it was read.
        """

    def remove(self, category: Category) -> None:
        """Delete it, and add that to the changes; raise `CategoryNotFound`."""


class ChangeLog(Protocol):
    def since(self, moment: datetime | None) -> Changes:
        """Return all changes at or after the moment; without a moment, all entries.

        Raise `Unavailable` if the store cannot be read.
        """


class PublicMedia(Protocol):
    """The consequences of publishing and unpublishing: pictures, and copies at the edge."""

    def reveal(self, video: Video) -> None:
        """Copy the pictures of the video to their public keys."""

    def withdraw(self, video_id: VideoId) -> None:
        """Request the removal of its copies from the edge and, if the video is gone, of its media.

        Asynchronous and idempotent. It never fails: the hourly clean-up repeats lost requests.
        """
