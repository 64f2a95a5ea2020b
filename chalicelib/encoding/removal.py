"""Videos that viewers may no longer see: what is left of them in the store and at the edge goes."""

import hashlib
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chalicelib.catalogue import media_keys
from chalicelib.catalogue.model import Video, VideoId, VideoNotFound
from chalicelib.catalogue.ports import VideoStore
from chalicelib.encoding.control import Oversight
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.ports import Edge, MediaStore

# CloudFront takes 15 paths with a star at a time, and a video has two.
_VIDEOS_AT_ONCE = 7
_NOTE = re.compile(r"withdrawals/([1-9][0-9]{0,15})/([0-9a-f]{16})/note\.json")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A note in the media bucket: it is written at once and worked off a moment later."""

    video_id: VideoId
    reference: str

    @property
    def folder(self) -> str:
        return f"{media_keys.WITHDRAWALS}{self.video_id}/{self.reference}/"

    @property
    def key(self) -> str:
        return f"{self.folder}note.json"

    @classmethod
    def new(cls, video_id: VideoId) -> "Withdrawal":
        return cls(video_id, secrets.token_hex(8))


def withdrawal_in(key: str) -> Withdrawal | None:
    """Read the key of a note; nothing if it is none."""
    found = _NOTE.fullmatch(key)
    return Withdrawal(VideoId(int(found[1])), found[2]) if found else None


@dataclass(frozen=True, slots=True)
class Withdrawals:
    videos: VideoStore
    media: MediaStore
    edge: Edge
    pictures: Pictures
    oversight: Oversight

    def note(self, video_id: VideoId) -> Withdrawal:
        withdrawal = Withdrawal.new(video_id)
        self.media.write(withdrawal.key, "{}")
        return withdrawal

    def work_off(self, withdrawals: Sequence[Withdrawal]) -> int:
        """Clear away what these are about, and return how many are done.

        Raise `EdgeBusy` if the edge still has copies: the notes stay for another try.
        """
        for start in range(0, len(withdrawals), _VIDEOS_AT_ONCE):
            self._work_off(withdrawals[start : start + _VIDEOS_AT_ONCE])
        return len(withdrawals)

    def left(self) -> Iterator[Withdrawal]:
        """What was noted and not worked off yet, the oldest of each video first."""
        for key in self.media.listed(media_keys.WITHDRAWALS):
            if withdrawal := withdrawal_in(key):
                yield withdrawal

    def _work_off(self, withdrawals: Sequence[Withdrawal]) -> None:
        video_ids = sorted({each.video_id for each in withdrawals})
        for video_id in video_ids:
            self._clear(video_id)
        # After the store is cleared, or the edge would fetch it again.
        paths = [f"/{kind}/{video_id}/*" for video_id in video_ids for kind in ("media", "images")]
        references = "".join(sorted(each.reference for each in withdrawals))
        reference = hashlib.sha256(references.encode()).hexdigest()[:32]
        self.edge.forget(paths, reference=reference)
        for each in withdrawals:
            self.media.remove(each.folder)

    def _clear(self, video_id: VideoId) -> None:
        video = self._video(video_id)
        if video is None:
            self.oversight.removed(video_id)
        elif not video.is_published:
            self.pictures.hide(video)
        # Somebody may have published it again, before this or just now.
        after = self._video(video_id)
        if after and after.is_published and after.shown:
            self.pictures.reveal(video_id, after.shown.revision)

    def _video(self, video_id: VideoId) -> Video | None:
        try:
            return self.videos.get(video_id)
        except VideoNotFound:
            return None
