"""Own posters in the items of their videos."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamodb.catalogue_tables import CatalogueItem
from chalicelib.adapters.dynamodb.transactions import refused_as
from chalicelib.adapters.dynamodb.video_items import META, changed, to_video, video_key
from chalicelib.catalogue.model import Video, VideoId, VideoNotFound
from chalicelib.catalogue.poster import PosterId, StalePoster
from chalicelib.clock import Clock


@dataclass(frozen=True, slots=True)
class DynamoPosterStore:
    # Whose table the items are bound to.
    connection: Connection
    clock: Clock

    def begin(self, video_id: VideoId, poster: PosterId) -> Video:
        actions = [
            CatalogueItem.poster_newest.set(poster),
            CatalogueItem.poster_pending.set(True),
            CatalogueItem.poster_refusal.remove(),
            CatalogueItem.awaits_upload.remove(),
        ]
        try:
            return self._update(video_id, actions, _is_earlier(poster))
        except StalePoster:
            video = self._video(video_id)
            if video.poster.newest != poster:
                raise
            return video

    def complete(self, video_id: VideoId, poster: PosterId) -> Video:
        actions = [
            CatalogueItem.poster_current.set(poster),
            CatalogueItem.poster_pending.remove(),
        ]
        return self._update(video_id, actions, _is_pending(poster))

    def refuse(self, video_id: VideoId, poster: PosterId, reason: str) -> None:
        actions = [
            CatalogueItem.poster_refusal.set(reason),
            CatalogueItem.poster_pending.remove(),
        ]
        self._update(video_id, actions, _is_pending(poster))

    def remove(self, video_id: VideoId, request: PosterId) -> Video:
        actions = [
            CatalogueItem.poster_newest.set(request),
            CatalogueItem.poster_current.remove(),
            CatalogueItem.poster_pending.remove(),
            CatalogueItem.poster_refusal.remove(),
        ]
        try:
            return self._update(video_id, actions, _is_earlier(request))
        except StalePoster:
            self._video(video_id)  # raises `VideoNotFound` if that was the reason
            raise

    def _update(self, video_id: VideoId, actions: Sequence[Action], condition: Condition) -> Video:
        item = CatalogueItem(video_key(video_id), META)
        dated = changed(self.clock.now()).items()
        dating = [getattr(CatalogueItem, name).set(value) for name, value in dated]
        is_there = CatalogueItem.pk.exists() & CatalogueItem.removed.does_not_exist()
        with refused_as(StalePoster()):
            item.update([*actions, *dating], is_there & condition)
        return to_video(item)

    def _video(self, video_id: VideoId) -> Video:
        with suppress(CatalogueItem.DoesNotExist):
            item = CatalogueItem.get(video_key(video_id), META, consistent_read=True)
            if not item.removed:
                return to_video(item)
        raise VideoNotFound


def _is_earlier(request: PosterId) -> Condition:
    newest = CatalogueItem.poster_newest
    condition: Condition = newest.does_not_exist() | (newest < request)
    return condition


def _is_pending(poster: PosterId) -> Condition:
    is_pending: Condition = CatalogueItem.poster_pending.exists()
    condition: Condition = is_pending & (CatalogueItem.poster_newest == poster)
    return condition
