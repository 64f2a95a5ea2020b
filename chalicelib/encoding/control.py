"""Control of encodes: begin, retry, cancel, accept, remove."""

import json
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
from chalicelib.encoding.inspection import read_proof
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
    is_playable,
    percent_of,
)
from chalicelib.encoding.updates import EncodeUpdates
from chalicelib.errors import Conflict

MOST_ATTEMPTS = 20
# A handler that stored an encode begins its execution within this time, or has died.
START_DEADLINE = timedelta(hours=1)

_NOTHING_TO_CANCEL = "There is nothing left to cancel."


class SourceGone(Conflict):
    """The source was removed or replaced."""

    code = "source_gone"


@dataclass(frozen=True, slots=True)
class EncodeControl:
    updates: EncodeUpdates
    videos: VideoStore
    encodes: EncodeStore
    pipeline: Pipeline
    media: MediaStore
    sources: SourceStore
    clock: Clock

    def begin(self, video_id: VideoId, revision: Revision, source: Source) -> Encode:
        """Begin the encode of a revision, and cancel those of older revisions.

        Subtitles beside an older source are kept, unless this one has some of the same language.
        """
        encode = self.encodes.begin(Encode(video_id, revision, source, begun_at=self.clock.now()))
        if encode.is_over:
            return encode
        for other in self.encodes.of(video_id):
            if other.revision > revision:
                # Both began at the same time.
                self._give_up(encode, Reason.CANCELLED)
                return self.encodes.get(video_id, revision)
            if other.revision < revision:
                self._keep_subtitles(other.source, source)
                if not other.is_over:
                    self._give_up(other, Reason.CANCELLED)
        if source.size == 0:
            with suppress(EncodeOver):
                self.updates.fail(video_id, revision, failure(Reason.EMPTY))
        else:
            self.pipeline.start(encode)
        return encode

    def cancel(self, video: Video) -> None:
        encode = self.encodes.get(video.id, video.encode.revision)
        if encode.is_over:
            raise EncodeOver(_NOTHING_TO_CANCEL)
        self._give_up(encode, Reason.CANCELLED)
        if self.encodes.get(video.id, encode.revision).step is Step.DONE:
            # It was published at the same moment.
            raise EncodeOver(_NOTHING_TO_CANCEL)

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
            self.remove_source(encode)
        self.encodes.remove(video_id)
        self.sources.remove_uploads(video_id)
        for kind in object_keys.KINDS:
            self.media.remove(f"{kind}/{video_id}/")

    def remove_source(self, encode: Encode) -> None:
        # The key may hold a source of another video by now, dropped into the inbox.
        if self.sources.find(encode.source.key) == encode.source:
            self.sources.remove(encode.source.key)

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

    def _keep_subtitles(self, before: Source, source: Source) -> None:
        new = {replace(each, key="") for each in self.sources.beside(source.key)}
        for sidecar in self.sources.beside(before.key):
            if replace(sidecar, key="") not in new:
                self.sources.put_beside(sidecar, source.key)

    def _has_failed_proof(self, encode: Encode) -> bool:
        proof = read_proof(self.media, encode.video_id, encode.revision)
        return proof is not None and not json.loads(proof)["ok"]

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
            accepted=encode.accepted,
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
