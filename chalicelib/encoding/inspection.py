"""What callers read of an encode: its progress, and the proof of what it made."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.model import EncodeStatus, EncodeSummary, Revision, Video, VideoId
from chalicelib.clock import Clock
from chalicelib.encoding.failures import Reason
from chalicelib.encoding.model import EncodeNotFound
from chalicelib.encoding.ports import EncodeStore, MediaStore
from chalicelib.encoding.progress import EncodeProgress, progress_of, without_encode
from chalicelib.language import Text


class NoReport(EncodeNotFound):
    code = "no_report"


@dataclass(frozen=True, slots=True)
class EncodeInspection:
    encodes: EncodeStore
    media: MediaStore
    clock: Clock

    def progress(self, video: Video, *, is_for_viewers: bool = False) -> EncodeProgress:
        """Return the progress of the newest encode, which viewers of an earlier one do not see."""
        if video.is_being_replaced and is_for_viewers:
            return without_encode(EncodeSummary(status=EncodeStatus.COMPLETED))
        try:
            encode = self.encodes.get(video.id, video.encode.revision)
        except EncodeNotFound:
            return without_encode(video.encode)
        return progress_of(encode, video.encode, self.clock.now())

    def conformance_report(self, video: Video, revision: Revision | None = None) -> bytes:
        """Return the proof of the published media, else of the newest attempt; raise `NoReport`.

        Of other revisions than these two there is none. While the media whose damage was accepted
        are checked again, it is that of the refusal.
        """
        known = [video.media.revision] if video.media else []
        if _is_checked(video.encode) or self._is_accepted(video):
            known.append(video.encode.revision)
        is_there = bool(known) and revision in (None, *known)
        revision = revision or (known[0] if known else video.encode.revision)
        proof = read_proof(self.media, video.id, revision) if is_there else None
        if proof is None:
            raise NoReport(_reason_for_none(video.encode))
        return proof

    def notes(self, video: Video) -> Sequence[str]:
        """Return the notes in the proof of the newest attempt; none before there is a proof."""
        if not _is_checked(video.encode):
            return ()
        proof = read_proof(self.media, video.id, video.encode.revision)
        notes: Sequence[str] = json.loads(proof).get("notes", ()) if proof else ()
        return notes

    def _is_accepted(self, video: Video) -> bool:
        try:
            return self.encodes.get(video.id, video.encode.revision).accepted is not None
        except EncodeNotFound:
            return False


def read_proof(media: MediaStore, video_id: VideoId, revision: Revision) -> bytes | None:
    return media.read(object_keys.conformance_report(video_id, revision))


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
