"""Watchlists in DynamoDB: one item for each video of a profile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pynamodb.connection import Connection

from chalicelib.accounts.model import AccountId
from chalicelib.adapters.dynamodb.viewing_keys import (
    WATCHLIST,
    account_key,
    parsed,
    prefix_of,
    sort_key,
)
from chalicelib.adapters.dynamodb.viewing_tables import WatchlistItem
from chalicelib.viewing.model import ProfileId, ViewingKey, WatchlistEntry


@dataclass(frozen=True, slots=True)
class DynamoWatchlistStore:
    connection: Connection

    def add(self, key: ViewingKey, *, at: datetime) -> None:
        _item(key).update([WatchlistItem.at.set(WatchlistItem.at | at)])

    def remove(self, key: ViewingKey) -> None:
        _item(key).delete()

    def entries(
        self, account_id: AccountId, profile_id: ProfileId | None = None
    ) -> Sequence[WatchlistEntry]:
        items = WatchlistItem.query(
            account_key(account_id),
            WatchlistItem.sk.startswith(prefix_of(WATCHLIST, profile_id)),
            consistent_read=True,
        )
        return [_to_entry(item) for item in items]


def _item(key: ViewingKey) -> WatchlistItem:
    return WatchlistItem(account_key(key.account_id), sort_key(WATCHLIST, key))


def _to_entry(item: WatchlistItem) -> WatchlistEntry:
    key = parsed(item.pk, item.sk)
    return WatchlistEntry(key.profile_id, key.video_id, item.at)
