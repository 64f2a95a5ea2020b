"""Control of encodes: begin, retry, cancel, accept, remove; their progress and their proof."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.damage import Damage, Decodable
from chalicelib.catalogue.model import (
    EncodeStatus,
    EncodeSummary,
    Revision,
    StaleEncode,
    Video,
    VideoId,
    VideoNotFound,
)
from chalicelib.catalogue.ports import VideoStore
from chalicelib.clock import Clock
from chalicelib.encoding.failures import SENTENCES, Reason, failure
from chalicelib.encoding.model import (
    DamageChanged,
    Encode,
    EncodeNotFound,
    EncodeOver,
    NotDamaged,
    Source,
    Step,
)
from chalicelib.encoding.ports import (
    EncodeStore,
    Execution,
    MediaStore,
    Pipeline,
    SourceStore,
)
from chalicelib.encoding.progress import (
    EncodeProgress,
    is_playable,
    percent_of,
    progress_of,
    without_encode,
)
from chalicelib.encoding.updates import EncodeUpdates
from chalicelib.errors import Conflict
from chalicelib.language import Text

MOST_ATTEMPTS = 20
# A handler that stored an encode begins its execution within this time, or has died.
START_DEADLINE = timedelta(hours=1)


class SourceGone(Conflict):
    """The source was removed or replaced."""

    code = "source_gone"


class NoReport(EncodeNotFound):
    code = "no_report"


@dataclass(frozen=True, slots=True)
class EncodeControl:
    updates: EncodeUpdates
    videos: VideoStore
    encodes: EncodeStore
    pipeline: Pipeline
    media: MediaStore
    sources: SourceStore
    clock: Clock

    def progress(self, video: Video) -> EncodeProgress:
        try:
            encode = self.encodes.get(video.id, video.encode.revision)
        except EncodeNotFound:
            return without_encode(video.encode)
        return progress_of(encode, video.encode, self.clock.now())

    def conformance_report(self, video: Video) -> bytes:
        """Return the proof of the published media, else of the newest attempt; raise `NoReport`."""
        revision = video.media.revision if video.media else video.encode.revision
        is_there = video.media is not None or _is_checked(video.encode)
        proof = self._proof(video.id, revision) if is_there else None
        if proof is None:
            raise NoReport(_reason_for_none(video.encode))
        return proof

    def notes(self, video: Video) -> Sequence[str]:
        """Return the notes in the proof of the newest attempt; none before there is a proof."""
        if not _is_checked(video.encode):
            return ()
        proof = self._proof(video.id, video.encode.revision)
        notes: Sequence[str] = json.loads(proof).get("notes", ()) if proof else ()
        return notes

    def begin(self, video_id: VideoId, revision: Revision, source: Source) -> Encode:
        """Begin the encode of a revision, and cancel those of older revisions."""
        encode = self.encodes.begin(Encode(video_id, revision, source, begun_at=self.clock.now()))
        if encode.is_over:
            return encode
        for older in self.encodes.of(video_id):
            if older.revision < revision and not older.is_over:
                self._give_up(older, Reason.CANCELLED)
        if source.size == 0:
            with suppress(EncodeOver):
                self.updates.fail(video_id, revision, failure(Reason.EMPTY))
        else:
            self.pipeline.start(encode)
        return encode

    def cancel(self, video: Video) -> None:
        encode = self.encodes.get(video.id, video.encode.revision)
        if encode.is_over:
            raise EncodeOver("There is nothing left to cancel.")
        self._give_up(encode, Reason.CANCELLED)

    def retry(self, video: Video) -> Encode:
        """Begin another attempt, which keeps the finished work of the last one."""
        encode = self.encodes.get(video.id, video.encode.revision)
        if encode.step is not Step.FAILED:
            raise EncodeOver("Only what has failed is tried again.")
        if self.sources.find(encode.source.key) != encode.source:
            raise SourceGone(SENTENCES[Reason.SOURCE_GONE])
        was_refused = encode.was_refused or self._has_failed_proof(encode)
        return self._again(replace(encode, was_refused=was_refused))

    def accept(
        self, video: Video, revision: Revision, *, looked_at: Damage | None = None
    ) -> Encode:
        """Publish the newest revision with the damage it was refused for; idempotent.

        Raise `NotDamaged` if it was not refused for damage, `DamageChanged` if the damage is not
        the one that the administrator looked at.
        """
        encode = self.encodes.get(video.id, video.encode.revision)
        is_refused = video.refused_revision is not None
        # An attempt that failed otherwise is retried, and keeps what was accepted before.
        is_open = is_refused if encode.step is Step.FAILED else encode.accepted is not None
        # Once it is published, its own damage may be less than what was accepted.
        is_done = encode.step is Step.DONE
        damaged = encode.accepted if is_done else encode.decodable or encode.accepted
        if revision != encode.revision or not is_open or damaged is None:
            raise NotDamaged
        if looked_at and damaged.damage != looked_at:
            raise DamageChanged
        if encode.step is not Step.FAILED:
            return _accepted(encode)
        try:
            return self._again(encode, accepted=damaged)
        except EncodeOver:
            return _accepted(self.encodes.get(video.id, revision))

    def remove(self, video_id: VideoId) -> None:
        """Cancel the encodes of a removed video and delete its sources and media; idempotent."""
        for encode in self.encodes.of(video_id):
            if not encode.is_over:
                self._give_up(encode, Reason.CANCELLED)
            # The key may hold a source of another video by now, dropped into the inbox.
            if self.sources.find(encode.source.key) == encode.source:
                self.sources.remove(encode.source.key)
        self.encodes.remove(video_id)
        self.sources.remove_uploads(video_id)
        for kind in object_keys.KINDS:
            self.media.remove(f"{kind}/{video_id}/")

    def is_gone(self, video_id: VideoId) -> bool:
        try:
            self.videos.get(video_id)
        except VideoNotFound:
            return True
        return False

    def revive(self, video: Video) -> bool:
        """Begin another attempt if the execution was lost, as when an emulator was restarted."""
        try:
            encode = self.encodes.get(video.id, video.encode.revision)
        except EncodeNotFound:
            return False
        if encode.is_over or not self._is_lost(encode):
            return False
        with suppress(EncodeOver):
            if video.encode.status is EncodeStatus.FAILED:
                self.encodes.fail(video.id, encode.revision)
            elif encode.attempt >= MOST_ATTEMPTS:
                self.updates.fail(video.id, encode.revision, failure(Reason.WORKER_LOST))
            else:
                self._again(encode)
                return True
        return False

    def _has_failed_proof(self, encode: Encode) -> bool:
        proof = self._proof(encode.video_id, encode.revision)
        return proof is not None and not json.loads(proof)["ok"]

    def _proof(self, video_id: VideoId, revision: Revision) -> bytes | None:
        return self.media.read(object_keys.conformance_report(video_id, revision))

    def _is_lost(self, encode: Encode) -> bool:
        state = self.pipeline.state(encode)
        begun_at = encode.begun_at or self.clock.now()
        is_late = self.clock.now() - begun_at > START_DEADLINE
        return state is Execution.ENDED or (state is Execution.NONE and is_late)

    def _again(self, seen: Encode, *, accepted: Decodable | None = None) -> Encode:
        encode = self.encodes.again(seen, accepted=accepted)
        summary = EncodeSummary(
            encode.revision,
            EncodeStatus.PENDING,
            percent_of(encode),
            is_playable=is_playable(encode),
            was_refused=encode.was_refused,
        )
        try:
            self.videos.record_encode(encode.video_id, summary)
        except StaleEncode:
            self.encodes.fail(encode.video_id, encode.revision)
            raise EncodeOver("This video is gone, or is being encoded anew.") from None
        self.pipeline.start(encode)
        return encode

    def _give_up(self, encode: Encode, reason: Reason) -> None:
        self.pipeline.stop(encode, code=reason.value, text=SENTENCES[reason])
        with suppress(EncodeOver, EncodeNotFound, VideoNotFound):
            self.updates.fail(encode.video_id, encode.revision, failure(reason))


def _accepted(encode: Encode) -> Encode:
    """Return an encode that another call has accepted; raise `NotDamaged` if none has."""
    if encode.accepted is None or encode.step is Step.FAILED:
        raise NotDamaged
    return encode


def _reason_for_none(summary: EncodeSummary) -> str:
    if _is_checked(summary):
        return "The report of this encode was deleted: please retry the encode to get another one."
    if summary.failure is None:
        return "Nothing was checked yet."
    return Text(
        "There is no report, because the encode failed before it was checked. {reason}",
        reason=summary.failure.text,
    )


def _is_checked(summary: EncodeSummary) -> bool:
    """Whether the newest attempt has a proof: the stored one may be of an earlier attempt."""
    failure = summary.failure
    is_refused = failure is not None and failure.code in (Reason.DAMAGED, Reason.NOT_PROVEN)
    return is_refused or summary.status is EncodeStatus.COMPLETED
