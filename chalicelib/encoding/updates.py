"""Updates of encodes by tasks, and of the summary that the catalogue holds."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.damage import WHOLE, Decodable
from chalicelib.catalogue.model import (
    CompleteMedia,
    EncodeStatus,
    EncodeSummary,
    Failure,
    Revision,
    StaleEncode,
    VideoId,
    VideoNotFound,
)
from chalicelib.catalogue.ports import VideoStore
from chalicelib.clock import Clock, to_the_millisecond
from chalicelib.encoding.model import Encode, EncodeOver, Step, TakenTask
from chalicelib.encoding.pace import measured
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.ports import EncodeStore
from chalicelib.encoding.progress import (
    is_playable,
    percent_of,
    remaining_of,
    share_of_chunk,
)

# Every process reads each update of the catalogue, so progress is written there in steps.
_STEP_PERCENT = 5
_FIRST_SEGMENTS = 10
# With so few chunks, there is no second one to wait for.
_FEW_CHUNKS = 2


@dataclass(frozen=True, slots=True)
class PromisedFiles:
    """MP4 files that follow: the prefix of their names, and heights that no rung has."""

    name: str = ""
    mp4_only_heights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EncodeUpdates:
    """Records the progress of an encode, and its results in the catalogue.

    Every method raises `EncodeOver` if the encode is finished, cancelled or deleted.
    """

    videos: VideoStore
    encodes: EncodeStore
    clock: Clock
    pictures: Pictures

    def planning(self, video_id: VideoId, revision: Revision) -> Encode:
        encode = self.encodes.planning(video_id, revision)
        self._update_catalogue(encode)
        return encode

    def planned(self, encode: Encode, asset: Asset, *, segments_per_chunk: int) -> Encode:
        after = self.encodes.planned(encode, asset, segments_per_chunk=segments_per_chunk)
        self._update_catalogue(after)
        return after

    def chunk_done(
        self,
        video_id: VideoId,
        revision: Revision,
        number: int,
        *,
        taken: frozenset[TakenTask] = frozenset(),
    ) -> Encode:
        """Note a finished chunk and its pace; its time is that since it was taken last."""
        after = self.encodes.chunk_done(video_id, revision, number, taken=taken)
        before = replace(after, chunks=after.chunks - {number})
        is_due = self._update_if_due(before, after)
        if taken and _is_like_the_others(after, number):
            self._measure_if_due(after, number, max(task.at for task in taken), is_due=is_due)
        return after

    def audio_grown(
        self, video_id: VideoId, revision: Revision, track: int, segments: int
    ) -> Encode:
        after = self.encodes.audio_grown(video_id, revision, track, segments)
        # The number before is unknown: a few segments may be the first ones.
        earlier = 0 if segments <= _FIRST_SEGMENTS else segments - 1
        self._update_if_due(
            replace(after, audio_ready={**after.audio_ready, track: earlier}), after
        )
        return after

    def task_done(
        self,
        video_id: VideoId,
        revision: Revision,
        name: str,
        *,
        taken: frozenset[TakenTask] = frozenset(),
    ) -> Encode:
        after = self.encodes.task_done(video_id, revision, name, taken=taken)
        self._update_if_due(replace(after, finished_tasks=after.finished_tasks - {name}), after)
        return after

    def checking(self, video_id: VideoId, revision: Revision) -> Encode:
        encode = self.encodes.checking(video_id, revision)
        self._update_catalogue(encode)
        return encode

    def damaged(self, encode: Encode, asset: Asset, *, decodable: Decodable) -> None:
        """Note that the media are proven, but too little of the source could be decoded.

        The encode goes on until the task has failed: the state machine ends it.
        """
        after = self.encodes.damaged(encode.video_id, encode.revision, asset, decodable=decodable)
        self._update_catalogue(after)

    def publish(
        self,
        video_id: VideoId,
        revision: Revision,
        asset: Asset,
        *,
        decodable: Decodable = WHOLE,
        is_damage_accepted: bool = False,
        files: PromisedFiles = PromisedFiles(),
    ) -> bool:
        """Give the video these media; return False if another call has done so before."""
        try:
            encode = self.encodes.finish(video_id, revision, asset, decodable=decodable)
        except EncodeOver:
            # The task that finished it may have died before it updated the catalogue.
            encode = self.encodes.get(video_id, revision)
            if encode.step is not Step.DONE:
                raise
        final = encode.asset or asset
        media = CompleteMedia(
            revision=revision,
            duration_seconds=float(final.grid.duration),
            heights=tuple(int(rung.name.removesuffix("p")) for rung in final.rungs),
            mp4_name=files.name,
            mp4_only_heights=files.mp4_only_heights,
            keeps_pictures=True,
            decodable=decodable,
            is_damage_accepted=is_damage_accepted,
            since=to_the_millisecond(self.clock.now()),
        )
        has_revealed = self._reveal_if_public(video_id, revision)
        try:
            self.videos.complete(video_id, media)
        except StaleEncode:
            return False
        if not has_revealed:  # the video may have been published in between
            self._reveal_if_public(video_id, revision)
        return True

    def _reveal_if_public(self, video_id: VideoId, revision: Revision) -> bool:
        """Copy the pictures to their public keys, and return whether viewers see the video."""
        try:
            is_public = self.videos.get(video_id).is_public_at(self.clock.now())
        except VideoNotFound:
            return False
        if is_public:
            self.pictures.reveal_revision(video_id, revision)
        return is_public

    def fail(self, video_id: VideoId, revision: Revision, failure: Failure) -> None:
        """End the encode; the catalogue gets the failure first, so that a retry comes after it."""
        encode = self.encodes.get(video_id, revision)
        if encode.is_over:
            raise EncodeOver("It is over already.")
        with suppress(StaleEncode):
            self.videos.record_encode(
                video_id,
                EncodeSummary(
                    revision,
                    EncodeStatus.FAILED,
                    percent_of(encode),
                    failure=failure,
                    decodable=encode.decodable,
                    was_refused=encode.was_refused,
                    accepted=encode.accepted,
                ),
            )
        self.encodes.fail(video_id, revision)

    def _update_if_due(self, before: Encode, after: Encode) -> bool:
        has_moved = percent_of(before) // _STEP_PERCENT != percent_of(after) // _STEP_PERCENT
        is_due = has_moved or is_playable(before) != is_playable(after)
        if is_due:
            self._update_catalogue(after)
        return is_due

    def _measure_if_due(self, encode: Encode, chunk: int, since: datetime, *, is_due: bool) -> None:
        now = self.clock.now()
        remaining = remaining_of(encode, now)
        # When workers leave, that is the reason for which the time to go grows.
        has_more_workers = encode.pace is None or remaining.parallel > encode.pace.parallel
        if not (is_due or has_more_workers):
            return
        pace = measured(
            encode.pace,
            remaining,
            seconds=(now - since).total_seconds(),
            share=share_of_chunk(encode, chunk),
            now=now,
        )
        self.encodes.paced(encode.video_id, encode.revision, pace)

    def _update_catalogue(self, encode: Encode) -> None:
        if encode.is_over:
            return
        summary = EncodeSummary(
            encode.revision,
            EncodeStatus.PROCESSING,
            percent_of(encode),
            is_playable=is_playable(encode),
            decodable=encode.decodable,
            was_refused=encode.was_refused,
            accepted=encode.accepted,
        )
        try:
            self.videos.record_encode(encode.video_id, summary)
        except StaleEncode:
            raise EncodeOver("This video is gone, or is being encoded anew.") from None


def _is_like_the_others(encode: Encode, chunk: int) -> bool:
    """Whether the time of a chunk tells that of others: the first one is short, often dark."""
    return chunk > 0 or len(encode.chunks) + encode.chunks_left <= _FEW_CHUNKS
