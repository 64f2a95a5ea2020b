"""Encodes in DynamoDB, one item each; every write is one call."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamodb.attributes import milliseconds, stamped
from chalicelib.adapters.dynamodb.catalogue_tables import EncodeItem
from chalicelib.adapters.dynamodb.encode_items import (
    PREFIX,
    encode_key,
    pace_to_json,
    packed,
    taken_to_set,
    to_encode,
    to_item,
)
from chalicelib.adapters.dynamodb.transactions import WriteRefused, refused_as
from chalicelib.adapters.dynamodb.video_items import video_key
from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.damage import WHOLE, Decodable
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.clock import Clock
from chalicelib.encoding.model import Encode, EncodeNotFound, EncodeOver, Step, TakenTask
from chalicelib.encoding.pace import Pace
from chalicelib.encoding.retention import FAILED_ENCODES_KEPT_FOR

_AUDIO = Path("audio_ready")


@dataclass(frozen=True, slots=True)
class DynamoEncodeStore:
    connection: Connection
    clock: Clock
    # Eventually consistent reads cost half the price.
    is_consistent: bool = True

    def begin(self, encode: Encode) -> Encode:
        try:
            with refused_as(WriteRefused()):
                to_item(encode).save(condition=EncodeItem.step.does_not_exist())
        except WriteRefused:
            return self.get(encode.video_id, encode.revision)
        return encode

    def get(self, video_id: VideoId, revision: Revision) -> Encode:
        try:
            item = EncodeItem.get(
                video_key(video_id), encode_key(revision), consistent_read=self.is_consistent
            )
        except EncodeItem.DoesNotExist:
            raise EncodeNotFound("There is no such encode.") from None
        if _is_expired(item, self.clock.now()):
            raise EncodeNotFound("There is no such encode.")
        return to_encode(item)

    def of(self, video_id: VideoId) -> Sequence[Encode]:
        now = self.clock.now()
        items = EncodeItem.query(
            video_key(video_id), EncodeItem.sk.startswith(PREFIX), consistent_read=True
        )
        alive = [to_encode(item) for item in items if not _is_expired(item, now)]
        return sorted(alive, key=lambda encode: encode.revision)

    def again(self, seen: Encode, *, accepted: Decodable | None = None) -> Encode:
        among = (Step.FAILED,) if seen.step is Step.FAILED else _OPEN
        kept: list[Action] = []
        if accepted:
            kept.append(EncodeItem.accepted.set(accepted.pictures))
            kept.append(EncodeItem.accepted_sound.set(accepted.sound))
        if seen.was_refused:
            kept.append(EncodeItem.was_refused.set(True))
        return self._write(
            seen.video_id,
            seen.revision,
            *kept,
            EncodeItem.step.set(Step.QUEUED.value),
            EncodeItem.attempt.add(1),
            EncodeItem.planned_ms.remove(),
            EncodeItem.pace.remove(),
            EncodeItem.pace_ms.remove(),
            EncodeItem.taken.remove(),
            EncodeItem.idle_ms.remove(),
            EncodeItem.expires_at.remove(),
            EncodeItem.failed_at.remove(),
            EncodeItem.decodable.remove(),
            EncodeItem.sound_decodable.remove(),
            condition=_is_among(among) & (EncodeItem.attempt == seen.attempt),
        )

    def planning(self, video_id: VideoId, revision: Revision) -> Encode:
        return self._open_write(
            video_id,
            revision,
            EncodeItem.step.set(Step.PLANNING.value),
            among=(Step.QUEUED, Step.PLANNING),
        )

    def planned(self, encode: Encode, asset: Asset, *, segments_per_chunk: int) -> Encode:
        now = milliseconds(self.clock.now())
        return self._open_write(
            encode.video_id,
            encode.revision,
            EncodeItem.step.set(Step.ENCODING.value),
            EncodeItem.asset.set(packed(asset)),
            EncodeItem.segments_per_chunk.set(segments_per_chunk),
            EncodeItem.planned_ms.set(EncodeItem.planned_ms | now),
            EncodeItem.idle_ms.set(EncodeItem.planned_ms | now),
            among=(Step.QUEUED, Step.PLANNING, Step.ENCODING),
        )

    def task_taken(self, video_id: VideoId, revision: Revision, name: str) -> Encode:
        taken = taken_to_set([TakenTask(name, self.clock.now())])
        return self._open_write(video_id, revision, EncodeItem.taken.add(taken))

    def chunk_done(
        self,
        video_id: VideoId,
        revision: Revision,
        number: int,
        *,
        taken: frozenset[TakenTask] = frozenset(),
    ) -> Encode:
        done = EncodeItem.chunks.add({number})
        return self._open_write(video_id, revision, done, *self._ended(taken))

    def audio_grown(
        self, video_id: VideoId, revision: Revision, track: int, segments: int
    ) -> Encode:
        ready = _AUDIO[str(track)]
        return self._open_write(
            video_id,
            revision,
            ready.set(segments),
            and_also=ready.does_not_exist() | (ready < segments),
        )

    def task_done(
        self,
        video_id: VideoId,
        revision: Revision,
        name: str,
        *,
        taken: frozenset[TakenTask] = frozenset(),
    ) -> Encode:
        done = EncodeItem.finished_tasks.add({name})
        return self._open_write(video_id, revision, done, *self._ended(taken))

    def _ended(self, taken: frozenset[TakenTask]) -> Sequence[Action]:
        now = EncodeItem.idle_ms.set(milliseconds(self.clock.now()))
        return [now, EncodeItem.taken.delete(taken_to_set(taken))] if taken else [now]

    def paced(self, video_id: VideoId, revision: Revision, pace: Pace) -> None:
        at = milliseconds(pace.measured_at)
        self._open_write(
            video_id,
            revision,
            EncodeItem.pace.set(pace_to_json(pace)),
            EncodeItem.pace_ms.set(at),
            and_also=EncodeItem.pace_ms.does_not_exist() | (EncodeItem.pace_ms <= at),
        )

    def checking(self, video_id: VideoId, revision: Revision) -> Encode:
        return self._open_write(video_id, revision, EncodeItem.step.set(Step.CHECKING.value))

    def damaged(
        self, video_id: VideoId, revision: Revision, asset: Asset, *, decodable: Decodable
    ) -> Encode:
        return self._write(
            video_id,
            revision,
            EncodeItem.asset.set(packed(asset)),
            EncodeItem.decodable.set(decodable.pictures),
            EncodeItem.sound_decodable.set(decodable.sound),
            EncodeItem.was_refused.set(True),
            condition=_is_among(_OPEN),
        )

    def finish(
        self, video_id: VideoId, revision: Revision, asset: Asset, *, decodable: Decodable = WHOLE
    ) -> Encode:
        return self._write(
            video_id,
            revision,
            EncodeItem.step.set(Step.DONE.value),
            EncodeItem.asset.set(packed(asset)),
            EncodeItem.decodable.set(decodable.pictures),
            EncodeItem.sound_decodable.set(decodable.sound),
            condition=_is_among(_OPEN),
        )

    def fail(self, video_id: VideoId, revision: Revision) -> Encode:
        return self._write(
            video_id,
            revision,
            EncodeItem.step.set(Step.FAILED.value),
            EncodeItem.expires_at.set(self.clock.now() + FAILED_ENCODES_KEPT_FOR),
            condition=_is_among(_OPEN),
        )

    def remove_one(self, video_id: VideoId, revision: Revision) -> None:
        EncodeItem(video_key(video_id), encode_key(revision)).delete()

    def remove(self, video_id: VideoId) -> None:
        for item in EncodeItem.query(
            video_key(video_id), EncodeItem.sk.startswith(PREFIX), consistent_read=True
        ):
            item.delete()

    def _open_write(
        self,
        video_id: VideoId,
        revision: Revision,
        *actions: Action,
        among: Sequence[Step] = (),
        and_also: Condition | None = None,
    ) -> Encode:
        """Write unless it is over; progress that is stored already is no error."""
        condition = _is_among(among or _OPEN)
        try:
            return self._write(
                video_id,
                revision,
                *actions,
                condition=condition if and_also is None else condition & and_also,
            )
        except EncodeOver:
            with suppress(EncodeNotFound):
                encode = self.get(video_id, revision)
                if not encode.is_over:
                    return encode
            raise

    def _write(
        self, video_id: VideoId, revision: Revision, *actions: Action, condition: Condition
    ) -> Encode:
        item = EncodeItem(video_key(video_id), encode_key(revision))
        with refused_as(EncodeOver("Nobody waits for this any more.")):
            item.update(list(actions), condition=condition)
        return to_encode(item)


_OPEN = (Step.QUEUED, Step.PLANNING, Step.ENCODING, Step.CHECKING)


def _is_among(steps: Sequence[Step]) -> Condition:
    return EncodeItem.step.is_in(*(step.value for step in steps))


def _is_expired(item: EncodeItem, now: datetime) -> bool:
    expires_at: datetime | None = item.expires_at
    if expires_at is None and item.failed_at:
        expires_at = stamped(item.failed_at) + FAILED_ENCODES_KEPT_FOR
    return expires_at is not None and expires_at <= now
