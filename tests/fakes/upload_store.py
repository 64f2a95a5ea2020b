"""Uploads in a dictionary."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.accounts.model import AccountId
from chalicelib.adapters.dynamodb.upload_store import KEPT_FOR
from chalicelib.clock import Clock
from chalicelib.ingest.model import Upload, UploadNotFound


class InMemoryUploadStore:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._uploads: dict[tuple[AccountId, str], Upload] = {}

    def add(self, upload: Upload) -> None:
        self._uploads[upload.account_id, upload.id] = upload

    def get(self, account_id: AccountId, upload_id: str) -> Upload:
        upload = self._uploads.get((account_id, upload_id))
        if upload is None or not self._is_alive(upload):
            raise UploadNotFound
        return upload

    def of(self, account_id: AccountId) -> Sequence[Upload]:
        own = [each for (owner, _), each in self._uploads.items() if owner == account_id]
        alive = [upload for upload in own if self._is_alive(upload)]
        return sorted(alive, key=lambda upload: upload.created_at, reverse=True)

    def complete(self, upload: Upload) -> None:
        known = self.get(upload.account_id, upload.id)
        self.add(replace(known, completed_at=upload.completed_at))

    def remove(self, upload: Upload) -> None:
        self._uploads.pop((upload.account_id, upload.id), None)

    def _is_alive(self, upload: Upload) -> bool:
        return upload.created_at + KEPT_FOR > self._clock.now()
