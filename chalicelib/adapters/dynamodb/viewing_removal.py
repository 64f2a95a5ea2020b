"""Removal of viewing data in DynamoDB: keys are read, and their items deleted in batches."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from pynamodb.connection import Connection

from chalicelib.accounts.model import AccountId
from chalicelib.adapters.dynamodb.transactions import WriteRefused, refused_as
from chalicelib.adapters.dynamodb.viewing_keys import PROGRESS, WATCHLIST, account_key, prefix_of
from chalicelib.adapters.dynamodb.viewing_tables import RemovalNoteItem, ViewingRow
from chalicelib.viewing.model import ProfileId

_NOTES = "REMOVALS"
_KEYS = ["pk", "sk"]


@dataclass(frozen=True, slots=True)
class DynamoViewingRemoval:
    connection: Connection

    def note(self, account_id: AccountId, *, at: datetime) -> None:
        RemovalNoteItem(_NOTES, str(account_id), noted_at=at).save()

    def noted(self, *, before: datetime) -> Sequence[AccountId]:
        notes = RemovalNoteItem.query(_NOTES, consistent_read=True)
        return [AccountId(int(note.sk)) for note in notes if note.noted_at < before]

    def drop_note(self, account_id: AccountId, *, before: datetime) -> None:
        with suppress(WriteRefused), refused_as(WriteRefused()):
            RemovalNoteItem(_NOTES, str(account_id)).delete(RemovalNoteItem.noted_at < before)

    def remove_account(self, account_id: AccountId) -> None:
        _remove(account_key(account_id))

    def remove_profile(self, account_id: AccountId, profile_id: ProfileId) -> None:
        for kind in (PROGRESS, WATCHLIST):
            _remove(account_key(account_id), prefix_of(kind, profile_id))


def _remove(pk: str, prefix: str = "") -> None:
    condition = ViewingRow.sk.startswith(prefix) if prefix else None
    rows = ViewingRow.query(pk, condition, attributes_to_get=_KEYS, consistent_read=True)
    with ViewingRow.batch_write() as batch:
        for row in rows:
            batch.delete(row)
