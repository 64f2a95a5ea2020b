"""Bulk changes that many tests are about."""

from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from chalicelib.accounts.model import AccountId
from chalicelib.bulk.change import Change
from chalicelib.bulk.model import BulkChange
from chalicelib.catalogue.model import BulkChangeId
from chalicelib.clock import id_at

ADMINISTRATOR = AccountId(7)
TO_DRAMA = Change({"category": "Drama"}, add_tags=("silent",))
_entropy = count()


def a_bulk_change(at: datetime, videos: int = 60, **changes: Any) -> BulkChange:
    """One that has just begun, younger than all made before it."""
    number = BulkChangeId(id_at(at, entropy=next(_entropy)))
    return replace(BulkChange(number, ADMINISTRATOR, at, TO_DRAMA, videos), **changes)
