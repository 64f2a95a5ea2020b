"""Receipts of sources in DynamoDB: one item for each content of a key."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from pynamodb.connection import Connection

from chalicelib.adapters.dynamodb.attributes import milliseconds
from chalicelib.adapters.dynamodb.catalogue_tables import ReceiptItem
from chalicelib.adapters.dynamodb.transactions import WriteRefused, refused_as
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.clock import Clock
from chalicelib.ingest.model import Receipt, SourceBusy

# No handler runs longer than this.
TAKEN_FOR = timedelta(seconds=30)
# Longer than any event is retried.
_REMEMBERED_FOR = timedelta(days=40)

_META = "META"
_BUSY = "This file is being looked at."


@dataclass(frozen=True, slots=True)
class DynamoReceiptLog:
    connection: Connection
    clock: Clock

    def take(self, key: str, etag: str, video_id: VideoId) -> Receipt:
        now = self.clock.now()
        item = ReceiptItem(_pk(key, etag), _META)
        free = ReceiptItem.taken_ms.does_not_exist() | (
            ReceiptItem.revision.does_not_exist()
            & (ReceiptItem.taken_ms < milliseconds(now - TAKEN_FOR))
        )
        try:
            with refused_as(WriteRefused()):
                item.update(
                    [
                        ReceiptItem.video_id.set(ReceiptItem.video_id | video_id),
                        ReceiptItem.taken_ms.set(milliseconds(now)),
                        ReceiptItem.expires_at.set(now + _REMEMBERED_FOR),
                    ],
                    condition=free,
                )
        except WriteRefused:
            item.refresh(consistent_read=True)
            if _revision(item) is None:
                raise SourceBusy(_BUSY) from None
        return Receipt(key, etag, VideoId(int(item.video_id)), _revision(item))

    def record(self, receipt: Receipt, revision: Revision) -> Receipt:
        item = ReceiptItem(_pk(receipt.key, receipt.etag), _META)
        with refused_as(SourceBusy(_BUSY)):
            item.update(
                [ReceiptItem.revision.set(revision)],
                condition=ReceiptItem.revision.does_not_exist() & ReceiptItem.taken_ms.exists(),
            )
        return replace(receipt, revision=revision)

    def forget(self, receipt: Receipt) -> None:
        item = ReceiptItem(_pk(receipt.key, receipt.etag), _META)
        with suppress(WriteRefused), refused_as(WriteRefused()):
            item.delete(ReceiptItem.video_id == receipt.video_id)


def _revision(item: ReceiptItem) -> Revision | None:
    number: float | None = item.revision
    return None if number is None else Revision(int(number))


def _pk(key: str, etag: str) -> str:
    # Hashed, because an object key may be longer than a key of the table.
    return "SOURCE#" + hashlib.sha256(f"{etag}\n{key}".encode()).hexdigest()
