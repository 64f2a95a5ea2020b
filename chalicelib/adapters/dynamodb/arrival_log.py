"""Which files have become which revision, in DynamoDB: one item per content of a key."""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta

from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError, UpdateError

from chalicelib.adapters.dynamodb.encode_tables import ArrivalItem
from chalicelib.adapters.dynamodb.times import milliseconds
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.clock import Clock
from chalicelib.transcoding.arrival import Arrival, ArrivalBusy

# A handler lives no longer, so whoever took it in hand before has died.
TAKEN_FOR = timedelta(seconds=30)
# Longer than any event is tried again.
_REMEMBERED_FOR = timedelta(days=40)

_META = "META"
_REFUSED = "ConditionalCheckFailedException"
_BUSY = "This file is being looked at."


@dataclass(frozen=True, slots=True)
class DynamoArrivalLog:
    connection: Connection
    clock: Clock

    def take(self, key: str, etag: str, video_id: VideoId) -> Arrival:
        now = self.clock.now()
        item = ArrivalItem(_pk(key, etag), _META)
        free = ArrivalItem.taken_ms.does_not_exist() | (
            ArrivalItem.revision.does_not_exist()
            & (ArrivalItem.taken_ms < milliseconds(now - TAKEN_FOR))
        )
        try:
            item.update(
                [
                    ArrivalItem.video_id.set(ArrivalItem.video_id | video_id),
                    ArrivalItem.taken_ms.set(milliseconds(now)),
                    ArrivalItem.expires_at.set(now + _REMEMBERED_FOR),
                ],
                condition=free,
            )
        except UpdateError as error:
            if error.cause_response_code != _REFUSED:
                raise
            item.refresh(consistent_read=True)
            if _revision(item) is None:
                raise ArrivalBusy(_BUSY) from None
        return Arrival(key, etag, VideoId(int(item.video_id)), _revision(item))

    def note(self, arrival: Arrival, revision: Revision) -> Arrival:
        item = ArrivalItem(_pk(arrival.key, arrival.etag), _META)
        try:
            item.update(
                [ArrivalItem.revision.set(revision)],
                condition=ArrivalItem.revision.does_not_exist() & ArrivalItem.taken_ms.exists(),
            )
        except UpdateError as error:
            if error.cause_response_code != _REFUSED:
                raise
            raise ArrivalBusy(_BUSY) from None
        return replace(arrival, revision=revision)

    def forget(self, arrival: Arrival) -> None:
        item = ArrivalItem(_pk(arrival.key, arrival.etag), _META)
        try:
            item.delete(ArrivalItem.video_id == arrival.video_id)
        except DeleteError as error:
            if error.cause_response_code != _REFUSED:
                raise


def _revision(item: ArrivalItem) -> Revision | None:
    number: float | None = item.revision
    return None if number is None else Revision(int(number))


def _pk(key: str, etag: str) -> str:
    # Hashed, because a key may be as long as a key of the table at most.
    return "SOURCE#" + hashlib.sha256(f"{etag}\n{key}".encode()).hexdigest()
