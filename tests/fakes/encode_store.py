"""Encodes in a dictionary, thread-safe."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import RLock

from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.damage import WHOLE, Decodable
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.clock import Clock
from chalicelib.encoding.model import Encode, EncodeNotFound, EncodeOver, Step, TakenTask
from chalicelib.encoding.pace import Pace
from chalicelib.encoding.retention import FAILED_ENCODES_KEPT_FOR

_Key = tuple[VideoId, Revision]
_EVER = timedelta(days=36500)
_BEFORE_CHECKING = (Step.QUEUED, Step.PLANNING, Step.ENCODING)


class InMemoryEncodeStore:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._encodes: dict[_Key, Encode] = {}
        self._expire: dict[_Key, datetime] = {}

    def begin(self, encode: Encode) -> Encode:
        with self._lock:
            return self._encodes.setdefault((encode.video_id, encode.revision), encode)

    def get(self, video_id: VideoId, revision: Revision) -> Encode:
        with self._lock:
            encode = self._encodes.get((video_id, revision))
            expires_at = self._expire.get((video_id, revision))
        if encode is None or (expires_at and expires_at <= self._clock.now()):
            raise EncodeNotFound("There is no such encode.")
        return encode

    def of(self, video_id: VideoId) -> Sequence[Encode]:
        now = self._clock.now()
        with self._lock:
            alive = [key for key in self._encodes if self._expire.get(key, now + _EVER) > now]
            return [self._encodes[key] for key in sorted(alive) if key[0] == video_id]

    def again(self, seen: Encode, *, accepted: Decodable | None = None) -> Encode:
        key = seen.video_id, seen.revision
        with self._lock:
            encode = self._encodes.get(key)
            is_as_seen = encode is not None and (encode.attempt, encode.is_over) == (
                seen.attempt,
                seen.is_over,
            )
            if encode is None or not is_as_seen or encode.step is Step.DONE:
                raise EncodeOver("Nobody waits for this any more.")
            self._expire.pop(key, None)
            return self._put(
                replace(
                    encode,
                    step=Step.QUEUED,
                    attempt=encode.attempt + 1,
                    planned_at=None,
                    pace=None,
                    taken=frozenset(),
                    idle_since=None,
                    decodable=None,
                    accepted=encode.accepted if accepted is None else accepted,
                    was_refused=encode.was_refused or seen.was_refused,
                )
            )

    def planning(self, video_id: VideoId, revision: Revision) -> Encode:
        def change(encode: Encode) -> Encode:
            if encode.step not in (Step.QUEUED, Step.PLANNING):
                return encode
            return replace(encode, step=Step.PLANNING)

        return self._change(video_id, revision, change)

    def planned(self, encode: Encode, asset: Asset, *, segments_per_chunk: int) -> Encode:
        def change(known: Encode) -> Encode:
            if known.step not in _BEFORE_CHECKING:
                return known
            planned_at = known.planned_at or self._clock.now()
            return replace(
                known,
                step=Step.ENCODING,
                asset=asset,
                segments_per_chunk=segments_per_chunk,
                planned_at=planned_at,
                idle_since=planned_at,
            )

        return self._change(encode.video_id, encode.revision, change)

    def task_taken(self, video_id: VideoId, revision: Revision, name: str) -> Encode:
        taken = TakenTask(name, self._clock.now())
        return self._change(
            video_id,
            revision,
            lambda encode: replace(encode, taken=encode.taken | {taken}),
        )

    def chunk_done(
        self,
        video_id: VideoId,
        revision: Revision,
        number: int,
        *,
        taken: frozenset[TakenTask] = frozenset(),
    ) -> Encode:
        return self._change(
            video_id,
            revision,
            lambda encode: replace(
                encode,
                chunks=encode.chunks | {number},
                taken=encode.taken - taken,
                idle_since=self._clock.now(),
            ),
        )

    def audio_grown(
        self, video_id: VideoId, revision: Revision, track: int, segments: int
    ) -> Encode:
        def change(encode: Encode) -> Encode:
            grown = max(segments, encode.audio_ready.get(track, 0))
            return replace(encode, audio_ready={**encode.audio_ready, track: grown})

        return self._change(video_id, revision, change)

    def task_done(
        self,
        video_id: VideoId,
        revision: Revision,
        name: str,
        *,
        taken: frozenset[TakenTask] = frozenset(),
    ) -> Encode:
        return self._change(
            video_id,
            revision,
            lambda encode: replace(
                encode,
                finished_tasks=encode.finished_tasks | {name},
                taken=encode.taken - taken,
                idle_since=self._clock.now(),
            ),
        )

    def paced(self, video_id: VideoId, revision: Revision, pace: Pace) -> None:
        def change(encode: Encode) -> Encode:
            is_older = encode.pace is not None and encode.pace.measured_at > pace.measured_at
            return encode if is_older else replace(encode, pace=pace)

        self._change(video_id, revision, change)

    def checking(self, video_id: VideoId, revision: Revision) -> Encode:
        return self._change(video_id, revision, lambda encode: replace(encode, step=Step.CHECKING))

    def damaged(
        self, video_id: VideoId, revision: Revision, asset: Asset, *, decodable: Decodable
    ) -> Encode:
        return self._change(
            video_id,
            revision,
            lambda encode: replace(encode, asset=asset, decodable=decodable, was_refused=True),
        )

    def finish(
        self, video_id: VideoId, revision: Revision, asset: Asset, *, decodable: Decodable = WHOLE
    ) -> Encode:
        return self._change(
            video_id,
            revision,
            lambda encode: replace(encode, step=Step.DONE, asset=asset, decodable=decodable),
        )

    def fail(self, video_id: VideoId, revision: Revision) -> Encode:
        with self._lock:
            failed = self._change(
                video_id, revision, lambda encode: replace(encode, step=Step.FAILED)
            )
            self._expire[video_id, revision] = self._clock.now() + FAILED_ENCODES_KEPT_FOR
            return failed

    def remove_one(self, video_id: VideoId, revision: Revision) -> None:
        with self._lock:
            self._encodes.pop((video_id, revision), None)

    def remove(self, video_id: VideoId) -> None:
        with self._lock:
            for key in [key for key in self._encodes if key[0] == video_id]:
                self.remove_one(*key)

    def _change(
        self, video_id: VideoId, revision: Revision, change: Callable[[Encode], Encode]
    ) -> Encode:
        with self._lock:
            encode = self._encodes.get((video_id, revision))
            if encode is None or encode.is_over:
                raise EncodeOver("Nobody waits for this any more.")
            return self._put(change(encode))

    def _put(self, encode: Encode) -> Encode:
        self._encodes[encode.video_id, encode.revision] = encode
        return encode
