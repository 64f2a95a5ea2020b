"""Arrivals in a dictionary."""

from dataclasses import replace
from datetime import datetime
from threading import RLock

from chalicelib.adapters.dynamodb.arrival_log import TAKEN_FOR
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.clock import Clock
from chalicelib.transcoding.arrival import Arrival, ArrivalBusy


class InMemoryArrivalLog:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._arrivals: dict[tuple[str, str], tuple[datetime, Arrival]] = {}

    def take(self, key: str, etag: str, video_id: VideoId) -> Arrival:
        now = self._clock.now()
        with self._lock:
            taken_at, arrival = self._arrivals.get(
                (key, etag), (None, Arrival(key, etag, video_id))
            )
            if arrival.revision is not None:
                return arrival
            if taken_at is not None and taken_at >= now - TAKEN_FOR:
                raise ArrivalBusy("This file is being looked at.")
            self._arrivals[key, etag] = now, arrival
            return arrival

    def note(self, arrival: Arrival, revision: Revision) -> Arrival:
        with self._lock:
            taken_at, known = self._arrivals[arrival.key, arrival.etag]
            if known.revision is not None:
                raise ArrivalBusy("This file is being looked at.")
            noted = replace(known, revision=revision)
            self._arrivals[arrival.key, arrival.etag] = taken_at, noted
            return noted

    def forget(self, arrival: Arrival) -> None:
        with self._lock:
            _, known = self._arrivals.get((arrival.key, arrival.etag), (None, None))
            if known and known.video_id == arrival.video_id:
                del self._arrivals[arrival.key, arrival.etag]
