"""Videos in DynamoDB: administrators and the pipeline write different attributes of one item."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamodb.catalogue_tables import CatalogueItem
from chalicelib.adapters.dynamodb.transactions import WriteRefused, refused_as
from chalicelib.adapters.dynamodb.unchanged_videos import is_as
from chalicelib.adapters.dynamodb.video_items import (
    META,
    card_values,
    changed,
    media_values,
    removal_item,
    summary_values,
    to_item,
    to_video,
    video_key,
)
from chalicelib.catalogue.model import (
    BulkChangeId,
    Card,
    CompleteMedia,
    EncodeStatus,
    EncodeSummary,
    NewerSource,
    Revision,
    StaleEncode,
    StaleVideo,
    Video,
    VideoId,
    VideoNotFound,
    VideoTaken,
)
from chalicelib.clock import Clock
from chalicelib.errors import DomainError

_STALE = "The media of this video are made elsewhere, or no longer wanted."
_IS_THERE: Condition = CatalogueItem.pk.exists() & CatalogueItem.removed.does_not_exist()


@dataclass(frozen=True, slots=True)
class DynamoVideoStore:
    connection: Connection
    clock: Clock

    def add(self, video: Video) -> None:
        item = to_item(replace(video, changed_at=self.clock.now()))
        with refused_as(VideoTaken("This id is in use.")):
            item.save(CatalogueItem.pk.does_not_exist())

    def get(self, video_id: VideoId) -> Video:
        with suppress(CatalogueItem.DoesNotExist):
            item = CatalogueItem.get(video_key(video_id), META, consistent_read=True)
            if not item.removed:
                return to_video(item)
        raise VideoNotFound

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
        before = card_values(instead_of) if instead_of else {}
        values = {
            name: value
            for name, value in card_values(card).items()
            if name not in before or before[name] != value
        }
        if is_published is not None:
            values["is_published"] = is_published
        condition = is_as(self.connection, only_if) if only_if else _IS_THERE
        if bulk_change is not None:
            values["bulk_change"] = bulk_change
            condition &= _is_not_of(bulk_change)
        actions = [*_sets(values), CatalogueItem.awaits_upload.remove()]
        with refused_as(StaleVideo() if only_if else VideoNotFound()):
            return to_video(self._update(video_id, actions, condition))

    def keep(self, video_id: VideoId) -> None:
        self._update_existing(video_id, [CatalogueItem.awaits_upload.remove()])

    def remove_abandoned(self, video_id: VideoId, upload_id: str) -> None:
        self._bury(video_id, _IS_THERE & (CatalogueItem.awaits_upload == upload_id))

    def remove(self, video_id: VideoId, *, only_if: Video | None = None) -> None:
        if only_if is None:
            self._bury(video_id, _IS_THERE)
        else:
            self._bury(video_id, is_as(self.connection, only_if), otherwise=StaleVideo())

    def trash(
        self, video_id: VideoId, at: datetime, *, bulk_change: BulkChangeId | None = None
    ) -> Video:
        since = CatalogueItem.trashed_at.set(CatalogueItem.trashed_at | at)
        return self._update_once(video_id, since, bulk_change)

    def restore(self, video_id: VideoId, *, bulk_change: BulkChangeId | None = None) -> Video:
        return self._update_once(video_id, CatalogueItem.trashed_at.remove(), bulk_change)

    def _update_once(
        self, video_id: VideoId, action: Action, bulk_change: BulkChangeId | None
    ) -> Video:
        if bulk_change is None:
            return to_video(self._update_existing(video_id, [action]))
        noted = CatalogueItem.bulk_change.set(bulk_change)
        try:
            with refused_as(StaleVideo()):
                condition = _IS_THERE & _is_not_of(bulk_change)
                return to_video(self._update(video_id, [action, noted], condition))
        except StaleVideo:
            self.get(video_id)  # raises `VideoNotFound` if that was the reason
            raise

    def purge(self, video_id: VideoId, trashed_at: datetime) -> None:
        self._bury(video_id, _IS_THERE & (CatalogueItem.trashed_at == trashed_at))

    def _bury(
        self, video_id: VideoId, condition: Condition, *, otherwise: DomainError | None = None
    ) -> None:
        with refused_as(otherwise or VideoNotFound()):
            removal_item(video_key(video_id), video_id, self.clock.now()).save(condition)

    def begin_encode(
        self,
        video_id: VideoId,
        *,
        sent_at: datetime | None = None,
        source_size: int | None = None,
    ) -> Revision:
        actions = [
            CatalogueItem.conversion_revision.add(1),
            CatalogueItem.awaits_upload.remove(),
            *_sets(
                {
                    **summary_values(EncodeSummary()),
                    "conversion_source_size": source_size,
                }
            ),
        ]
        condition = _IS_THERE
        if sent_at:
            actions.append(CatalogueItem.conversion_sent_at.set(sent_at))
            condition &= CatalogueItem.conversion_sent_at.does_not_exist() | (
                CatalogueItem.conversion_sent_at <= sent_at
            )
        try:
            with refused_as(NewerSource()):
                item = self._update(video_id, actions, condition)
        except NewerSource:
            self.get(video_id)  # raises `VideoNotFound` if that was the reason
            raise
        return Revision(int(item.conversion_revision))

    def record_encode(self, video_id: VideoId, summary: EncodeSummary) -> None:
        condition = _is_current(summary.revision)
        if summary.status is EncodeStatus.PROCESSING:
            condition &= CatalogueItem.conversion_status != EncodeStatus.FAILED.value
            condition &= (CatalogueItem.conversion_percent <= summary.percent) | (
                CatalogueItem.conversion_status != EncodeStatus.PROCESSING.value
            )
        try:
            with refused_as(StaleEncode(_STALE)):
                self._update(video_id, _sets(summary_values(summary)), condition)
        except StaleEncode:
            if not self._is_further(video_id, summary):
                raise

    def complete(self, video_id: VideoId, media: CompleteMedia) -> None:
        done = EncodeSummary(media.revision, EncodeStatus.COMPLETED, 100, is_playable=True)
        with refused_as(StaleEncode(_STALE)):
            self._update(
                video_id,
                _sets({**media_values(media), **summary_values(done)}),
                _is_current(media.revision),
            )

    def keep_pictures(self, video_id: VideoId, revision: Revision) -> None:
        with suppress(WriteRefused), refused_as(WriteRefused()):
            self._update(
                video_id,
                [CatalogueItem.shown_keeps_pictures.set(True)],
                _IS_THERE & (CatalogueItem.shown_revision == revision),
            )

    def _is_further(self, video_id: VideoId, summary: EncodeSummary) -> bool:
        """Return whether another worker of the same encode has stored more progress."""
        try:
            known = self.get(video_id).encode
        except VideoNotFound:
            return False
        same = (known.revision, known.status) == (summary.revision, summary.status)
        return same and known.percent > summary.percent

    def _update_existing(self, video_id: VideoId, actions: Sequence[Action]) -> CatalogueItem:
        with refused_as(VideoNotFound()):
            return self._update(video_id, actions, _IS_THERE)

    def _update(
        self, video_id: VideoId, actions: Sequence[Action], condition: Condition
    ) -> CatalogueItem:
        item = CatalogueItem(video_key(video_id), META)
        item.update([*actions, *_sets(changed(self.clock.now()))], condition)
        return item


def _is_not_of(bulk_change: BulkChangeId) -> Condition:
    """Return that this bulk change is not the last one that wrote the video."""
    last = CatalogueItem.bulk_change
    condition: Condition = last.does_not_exist() | (last != bulk_change)
    return condition


def _is_current(revision: Revision) -> Condition:
    is_new = CatalogueItem.shown_revision.does_not_exist() | (
        CatalogueItem.shown_revision < revision
    )
    condition: Condition = _IS_THERE & (CatalogueItem.conversion_revision == revision) & is_new
    return condition


def _sets(values: dict[str, Any]) -> list[Action]:
    """Set the attributes that have a value, and remove the others."""
    return [
        getattr(CatalogueItem, name).remove()
        if value is None
        else getattr(CatalogueItem, name).set(value)
        for name, value in values.items()
    ]
