"""Uploads in DynamoDB, one item each, under the account that sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.connection import Connection
from pynamodb.exceptions import UpdateError

from chalicelib.accounts.model import AccountId
from chalicelib.adapters.dynamodb.catalogue_tables import UploadItem
from chalicelib.adapters.dynamodb.times import milliseconds, moment
from chalicelib.catalogue.model import VideoId
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
        return _to_upload(item)

    def of(self, account_id: AccountId) -> Sequence[Upload]:
        items = UploadItem.query(
            _pk(account_id), UploadItem.sk.startswith(_PREFIX), consistent_read=True
        )
        uploads = [_to_upload(item) for item in items if not self._is_expired(item)]
        return sorted(uploads, key=lambda upload: upload.created_at, reverse=True)

    def complete(self, upload: Upload) -> None:
        item = UploadItem(_pk(upload.account_id), _PREFIX + upload.id)
        at = milliseconds(upload.completed_at or self.clock.now())
        try:
            item.update(
                [UploadItem.completed_ms.set(at)], condition=UploadItem.multipart_id.exists()
            )
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            raise UploadNotFound from None

    def remove(self, upload: Upload) -> None:
        UploadItem(_pk(upload.account_id), _PREFIX + upload.id).delete()

    def _is_expired(self, item: UploadItem) -> bool:
        expires_at: datetime | None = item.expires_at
        return expires_at is not None and expires_at <= self.clock.now()


def _pk(account_id: AccountId) -> str:
    return f"UPLOADER#{account_id}"


def _to_item(upload: Upload) -> UploadItem:
    return UploadItem(
        _pk(upload.account_id),
        _PREFIX + upload.id,
        upload_id=upload.id,
        account_id=upload.account_id,
        video_id=upload.video_id,
        key=upload.key,
        multipart_id=upload.multipart_id,
        filename=upload.filename,
        size=upload.size,
        part_size=upload.part_size,
        created_ms=milliseconds(upload.created_at),
        completed_ms=milliseconds(upload.completed_at) if upload.completed_at else None,
        expires_at=upload.created_at + KEPT_FOR,
    )


def _to_upload(item: UploadItem) -> Upload:
    return Upload(
        id=item.upload_id,
        account_id=AccountId(int(item.account_id)),
        video_id=VideoId(int(item.video_id)),
        key=item.key,
        multipart_id=item.multipart_id,
        filename=item.filename,
        size=int(item.size),
        part_size=int(item.part_size),
        created_at=moment(item.created_ms),
        completed_at=moment(item.completed_ms) if item.completed_ms else None,
    )
