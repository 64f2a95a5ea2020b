"""Uploads in DynamoDB, one item each, under the account that sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.connection import Connection

from chalicelib.accounts.model import AccountId
from chalicelib.adapters.dynamodb.attributes import entity_of, values_of
from chalicelib.adapters.dynamodb.catalogue_tables import UploadItem
from chalicelib.adapters.dynamodb.transactions import refused_as
from chalicelib.clock import Clock
from chalicelib.ingest.expiry import UPLOADS_KEPT_FOR
from chalicelib.ingest.model import Upload, UploadNotFound

# A little longer than its parts are kept.
KEPT_FOR = UPLOADS_KEPT_FOR + timedelta(days=1)

_PREFIX = "UPLOAD#"


@dataclass(frozen=True, slots=True)
class DynamoUploadStore:
    connection: Connection
    clock: Clock

    def add(self, upload: Upload) -> None:
        _to_item(upload).save()

    def get(self, account_id: AccountId, upload_id: str) -> Upload:
        try:
            item = UploadItem.get(_pk(account_id), _PREFIX + upload_id, consistent_read=True)
        except UploadItem.DoesNotExist:
            raise UploadNotFound from None
        if self._is_expired(item):
            raise UploadNotFound
        return entity_of(Upload, item)

    def of(self, account_id: AccountId) -> Sequence[Upload]:
        items = UploadItem.query(
            _pk(account_id), UploadItem.sk.startswith(_PREFIX), consistent_read=True
        )
        uploads = [entity_of(Upload, item) for item in items if not self._is_expired(item)]
        return sorted(uploads, key=lambda upload: upload.created_at, reverse=True)

    def complete(self, upload: Upload) -> None:
        item = UploadItem(_pk(upload.account_id), _PREFIX + upload.id)
        at = upload.completed_at or self.clock.now()
        with refused_as(UploadNotFound()):
            item.update(
                [UploadItem.completed_at.set(at)], condition=UploadItem.multipart_id.exists()
            )

    def remove(self, upload: Upload) -> None:
        UploadItem(_pk(upload.account_id), _PREFIX + upload.id).delete()

    def _is_expired(self, item: UploadItem) -> bool:
        expires_at: datetime | None = item.expires_at
        return expires_at is not None and expires_at <= self.clock.now()


def _pk(account_id: AccountId) -> str:
    return f"UPLOADER#{account_id}"


def _to_item(upload: Upload) -> UploadItem:
    keys = (_pk(upload.account_id), _PREFIX + upload.id)
    return UploadItem(*keys, **values_of(upload), expires_at=upload.created_at + KEPT_FOR)
