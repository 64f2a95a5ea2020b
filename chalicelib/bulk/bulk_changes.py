"""Use cases of administrators: begin, follow and cancel bulk changes."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.accounts.model import AccountId
from chalicelib.bulk.change import Change
from chalicelib.bulk.message import SliceMessage
from chalicelib.bulk.model import (
    LARGEST_CHANGE_BYTES,
    MOST_FAILURES,
    MOST_VIDEOS,
    BadBulkChange,
    BulkChange,
    BulkChangeState,
    VideoFailure,
)
from chalicelib.bulk.ports import BulkChangeStore, SliceQueue
from chalicelib.catalogue.categories import Categories
from chalicelib.catalogue.model import BulkChangeId, VideoId
from chalicelib.clock import Clock, id_at, to_the_millisecond
from chalicelib.language import Text

_NOTHING = "Send what to change."
_ALONE = "Send this without other changes."


@dataclass(frozen=True, slots=True)
class BulkChanges:
    store: BulkChangeStore
    queue: SliceQueue
    categories: Categories
    clock: Clock

    def require_valid(self, change: Change, videos: int) -> None:
        """Raise `InvalidInput` if the change could be made on no video, or is too large."""
        if change.is_empty:
            raise BadBulkChange(_NOTHING)
        if change.action and change.changes_videos:
            raise BadBulkChange(fields={"action": [_ALONE]})
        change.require_valid()
        if len(change.stored_text().encode()) > LARGEST_CHANGE_BYTES:
            raise BadBulkChange(Text("Send at most {most} bytes.", most=LARGEST_CHANGE_BYTES))
        if videos > MOST_VIDEOS:
            sentence = "These are more than {most} videos. Send a narrower filter."
            raise BadBulkChange(Text(sentence, most=MOST_VIDEOS))

    def begin(self, change: Change, video_ids: Sequence[VideoId], *, by: AccountId) -> BulkChange:
        """Store the change with these videos, and request its slices.

        Raise `InvalidInput`, or `TooManyBulkChanges`.
        """
        self.require_valid(change, len(video_ids))
        if not video_ids:
            raise BadBulkChange("No video is selected.")
        # Once, so that each slice finds it.
        self.categories.ensure(change.fields.get("category", ""))
        now = to_the_millisecond(self.clock.now())
        bulk = BulkChange(
            BulkChangeId(id_at(now, entropy=secrets.randbits(32))),
            by,
            created_at=now,
            change=change,
            videos=len(video_ids),
        )
        self.store.add(bulk, video_ids)
        # If it is lost, the clean-up sends it again.
        self.queue.put([SliceMessage(bulk.id)])
        return bulk

    def get(self, bulk_id: BulkChangeId) -> BulkChange:
        return self.store.get(bulk_id)

    def failures(self, bulk: BulkChange) -> Sequence[VideoFailure]:
        """Return the first failures of a bulk change."""
        return self.store.failures(bulk.id, most=MOST_FAILURES) if bulk.tally.failed else ()

    def recent(self, *, most: int, before: BulkChangeId | None = None) -> Sequence[BulkChange]:
        return self.store.recent(most=most, before=before)

    def cancel(self, bulk_id: BulkChangeId) -> BulkChange:
        """End it; slices under way are finished, and what is changed stays changed."""
        return self.store.end(bulk_id, BulkChangeState.CANCELLED)
