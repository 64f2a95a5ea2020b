"""Making a bulk change, slice by slice; each may be requested twice, late, or by two at once."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from chalicelib.bulk.change import Action, NewerChange
from chalicelib.bulk.message import SliceMessage
from chalicelib.bulk.model import (
    SLICES_AT_ONCE,
    VIDEOS_PER_SECOND,
    BulkChange,
    BulkChangeEnded,
    BulkChangeNotFound,
    BulkChangeState,
    SliceResult,
    VideoFailure,
)
from chalicelib.bulk.ports import BulkChangeStore, Pause, SliceQueue
from chalicelib.catalogue.curation import Curation, canonical
from chalicelib.catalogue.model import BulkChangeId, StaleVideo, Video, VideoId, VideoNotFound
from chalicelib.catalogue.trash import Trash
from chalicelib.clock import Clock
from chalicelib.errors import Conflict, DomainError, InvalidInput, NotFound

NOT_CHANGED = "This video could not be changed. The log of on_bulk_change says why."
_SECONDS_PER_VIDEO = SLICES_AT_ONCE / VIDEOS_PER_SECOND


class UnreadableChange(Exception):
    """A later version began this bulk change: this one would make only a part of it."""


@dataclass(frozen=True, slots=True)
class Slices:
    store: BulkChangeStore
    queue: SliceQueue
    curation: Curation
    trash: Trash
    pause: Pause
    clock: Clock

    def process(self, message: SliceMessage, *, is_last_try: bool = False) -> BulkChange | None:
        """Make one slice, or send all of them; return the bulk change if it is still there.

        Raise `SliceBusy` if another process makes the slice. In the last try of a message, a video
        that cannot be changed for an unknown reason fails alone, and not its slice.
        """
        try:
            bulk = self.store.get(message.bulk_change)
        except BulkChangeNotFound:
            return None
        if not bulk.is_running:
            return bulk
        if isinstance(bulk.change, NewerChange):
            raise UnreadableChange
        if message.slice is None:
            self.send_missing(bulk)
            return bulk
        self._make(bulk, message.slice, message.videos, is_last_try=is_last_try)
        return self._ended_if_complete(bulk.id)

    def send_missing(self, bulk: BulkChange) -> int:
        """Request the slices that are not done, and return their number; end it without any."""
        done = self.store.slices_done(bulk.id)
        missing = [each for each in range(bulk.slices) if each not in done]
        if missing:
            self.queue.put(self._messages(bulk, missing))
        else:
            self._ended_if_complete(bulk.id)
        return len(missing)

    def _messages(self, bulk: BulkChange, numbers: Sequence[int]) -> Iterator[SliceMessage]:
        video_ids, size = self.store.videos_of(bulk.id), bulk.videos_per_slice
        for number in numbers:
            of_slice = video_ids[number * size : (number + 1) * size]
            yield SliceMessage(bulk.id, number, tuple(of_slice))

    def _make(
        self, bulk: BulkChange, number: int, video_ids: Sequence[VideoId], *, is_last_try: bool
    ) -> None:
        taken_at = self.store.take(bulk.id, number)
        if taken_at is None:
            return
        changed = unchanged = 0
        failures: list[VideoFailure] = []
        for position, video_id in enumerate(video_ids):
            try:
                is_changed = self._change(bulk, video_id)
            except (InvalidInput, NotFound, Conflict) as problem:
                failures.append(_failure(video_id, problem))
            except Exception:
                if not is_last_try:
                    raise
                failures.append(VideoFailure(video_id, NOT_CHANGED))
            else:
                changed += is_changed
                unchanged += not is_changed
            due = (position + 1) * _SECONDS_PER_VIDEO
            self.pause.wait(due - (self.clock.now() - taken_at).total_seconds())
        result = SliceResult(changed, unchanged, tuple(failures))
        self.store.record(bulk.id, number, taken_at, result)

    def _change(self, bulk: BulkChange, video_id: VideoId) -> bool:
        """Make the change; return False if the video was so already."""
        change = bulk.change
        if change.action:
            return self._act(bulk, change.action, video_id)
        video = self.curation.in_use(video_id)
        # By a process that ended before it had recorded the slice; maybe changed otherwise since.
        if video.bulk_change == bulk.id:
            return True
        is_published = change.is_published
        is_as_public = is_published is None or is_published == video.is_published
        if is_as_public and canonical(change.written_on(video.card)) == video.card:
            return False
        try:
            self.curation.change(
                video_id, change.written_on, is_published=is_published, bulk_change=bulk.id
            )
        except StaleVideo:
            # Another process may just have made this change.
            if self.curation.get(video_id).bulk_change != bulk.id:
                raise
        return True

    def _act(self, bulk: BulkChange, action: Action, video_id: VideoId) -> bool:
        if action is Action.DELETE:
            return self._delete(video_id)
        video = self.curation.get(video_id)
        # By a process that ended before it had recorded the slice; maybe undone by hand since.
        if video.bulk_change == bulk.id:
            return True
        if action is Action.RESTORE and not _was_in_trash(video, bulk.created_at):
            return False
        # Also what is in the trash is marked: restored by hand, it is not put there again.
        act = self.trash.put if action is Action.TRASH else self.trash.restore
        with suppress(StaleVideo):  # another process has just done so
            act(video_id, bulk_change=bulk.id)
        is_as_before = action is Action.TRASH and video.is_in_trash
        return not is_as_before

    def _delete(self, video_id: VideoId) -> bool:
        try:
            self.curation.remove(video_id)
        except VideoNotFound:
            return False
        return True

    def _ended_if_complete(self, bulk_id: BulkChangeId) -> BulkChange:
        bulk = self.store.get(bulk_id)
        if bulk.left or not bulk.is_running:
            return bulk
        try:
            return self.store.end(bulk_id, BulkChangeState.FINISHED)
        except BulkChangeEnded:
            # By another process, or cancelled meanwhile.
            return self.store.get(bulk_id)


def _was_in_trash(video: Video, at: datetime) -> bool:
    """Return whether the video is in the trash since then: not put there by hand later."""
    return video.trashed_at is not None and video.trashed_at <= at


def _failure(video_id: VideoId, problem: DomainError) -> VideoFailure:
    fields = problem.fields if isinstance(problem, InvalidInput) else {}
    for name, texts in fields.items():
        return VideoFailure(video_id, texts[0], name)
    return VideoFailure(video_id, problem.text)
