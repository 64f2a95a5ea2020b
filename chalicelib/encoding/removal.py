"""Removal of media that viewers may no longer see, from the store and from the edge."""

import hashlib
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.model import Video, VideoId, VideoNotFound
from chalicelib.catalogue.ports import VideoStore
from chalicelib.clock import Clock
from chalicelib.encoding.control import EncodeControl
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.ports import Edge, MediaStore

# CloudFront takes 15 paths with a star at a time, and a video has two.
_VIDEOS_AT_ONCE = 7
_NOTE = re.compile(r"withdrawals/([1-9][0-9]{0,15})/([0-9a-f]{16})/note\.json")


@dataclass(frozen=True, slots=True)
class RemovalNote:
    """An object in the media bucket that requests a removal; its event triggers the processing."""

    video_id: VideoId
    reference: str

    @property
    def folder(self) -> str:
        return f"{object_keys.WITHDRAWALS}{self.video_id}/{self.reference}/"

    @property
    def key(self) -> str:
        return f"{self.folder}note.json"

    @classmethod
    def new(cls, video_id: VideoId) -> "RemovalNote":
        return cls(video_id, secrets.token_hex(8))


def note_in(key: str) -> RemovalNote | None:
    """Return the note with this key; None if it is the key of another object."""
    match = _NOTE.fullmatch(key)
    return RemovalNote(VideoId(int(match[1])), match[2]) if match else None


def request_removal(media: MediaStore, video_id: VideoId) -> RemovalNote:
    """Write a note; the event of this object triggers the removal."""
    note = RemovalNote.new(video_id)
    media.write(note.key, "{}")
    return note


@dataclass(frozen=True, slots=True)
class MediaRemoval:
    videos: VideoStore
    media: MediaStore
    edge: Edge
    pictures: Pictures
    control: EncodeControl
    clock: Clock

    def request(self, video_id: VideoId) -> RemovalNote:
        return request_removal(self.media, video_id)

    def process(self, notes: Sequence[RemovalNote]) -> int:
        """Remove the media of these videos, and return how many notes are done.

        Raise `EdgeBusy` if the edge still has copies: the notes stay for a retry.
        """
        for start in range(0, len(notes), _VIDEOS_AT_ONCE):
            self._process(notes[start : start + _VIDEOS_AT_ONCE])
        return len(notes)

    def pending(self) -> Iterator[RemovalNote]:
        """Yield the notes that are not processed yet, the oldest of each video first."""
        for key in self.media.listed(object_keys.WITHDRAWALS):
            if note := note_in(key):
                yield note

    def _process(self, notes: Sequence[RemovalNote]) -> None:
        video_ids = sorted({each.video_id for each in notes})
        for video_id in video_ids:
            self._clear(video_id)
        # After the removal from the store, or the edge would fetch the objects again.
        paths = [f"/{kind}/{video_id}/*" for video_id in video_ids for kind in ("media", "images")]
        references = "".join(sorted(each.reference for each in notes))
        reference = hashlib.sha256(references.encode()).hexdigest()[:32]
        self.edge.invalidate(paths, reference=reference)
        for each in notes:
            self.media.remove(each.folder)

    def _clear(self, video_id: VideoId) -> None:
        video = self._video(video_id)
        if video is None:
            self.control.remove(video_id)
        elif not video.is_public_at(self.clock.now()):
            self.pictures.hide(video)
        # The video may have been published again meanwhile.
        after = self._video(video_id)
        if after:
            self.pictures.clear_posters(after)
            if after.is_public_at(self.clock.now()):
                self.pictures.reveal(after)

    def _video(self, video_id: VideoId) -> Video | None:
        try:
            return self.videos.get(video_id)
        except VideoNotFound:
            return None
