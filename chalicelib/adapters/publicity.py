"""Publicity by notes in the media bucket, and by copies of pictures."""

from dataclasses import dataclass

from chalicelib.catalogue.model import Video, VideoId
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.ports import MediaStore
from chalicelib.encoding.removal import RemovalNote
from chalicelib.telemetry import count, log


@dataclass(frozen=True, slots=True)
class NotedPublicity:
    pictures: Pictures
    media: MediaStore

    def reveal(self, video: Video) -> None:
        if video.media:
            self.pictures.reveal(video.id, video.media.revision)

    def withdraw(self, video_id: VideoId) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            # The event of this object triggers the removal.
            self.media.write(RemovalNote.new(video_id).key, "{}")
        except (BotoCoreError, ClientError):
            log.exception("withdrawal not noted", extra={"video_id": video_id})
            count("WithdrawalNotNoted")
