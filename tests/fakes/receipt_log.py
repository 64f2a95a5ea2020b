"""Intake in a dictionary."""

from dataclasses import replace
from datetime import datetime
from threading import RLock

from chalicelib.adapters.dynamodb.receipt_log import TAKEN_FOR
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.clock import Clock
from chalicelib.ingest.model import Receipt, SourceBusy


class InMemoryReceiptLog:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._receipts: dict[tuple[str, str], tuple[datetime, Receipt]] = {}

    def take(self, key: str, etag: str, video_id: VideoId) -> Receipt:
        now = self._clock.now()
        with self._lock:
            taken_at, receipt = self._receipts.get(
                (key, etag), (None, Receipt(key, etag, video_id))
            )
            if receipt.revision is not None:
                return receipt
            if taken_at is not None and taken_at >= now - TAKEN_FOR:
                raise SourceBusy("This file is being looked at.")
            self._receipts[key, etag] = now, receipt
            return receipt

    def record(self, receipt: Receipt, revision: Revision) -> Receipt:
        with self._lock:
            taken_at, known = self._receipts[receipt.key, receipt.etag]
            if known.revision is not None:
                raise SourceBusy("This file is being looked at.")
            noted = replace(known, revision=revision)
            self._receipts[receipt.key, receipt.etag] = taken_at, noted
            return noted

    def forget(self, receipt: Receipt) -> None:
        with self._lock:
            _, known = self._receipts.get((receipt.key, receipt.etag), (None, None))
            if known and known.video_id == receipt.video_id:
                del self._receipts[receipt.key, receipt.etag]
