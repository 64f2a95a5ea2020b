"""What follows when viewers may see a video or no longer may: pictures, and notes in the bucket."""

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
        if video.shown:
            self.pictures.reveal(video.id, video.shown.revision)

    def withdraw(self, video_id: VideoId) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            # Its arrival in the bucket is what has it worked off.
            self.media.write(RemovalNote.new(video_id).key, "{}")
        except (BotoCoreError, ClientError):
            log.exception("withdrawal not noted", extra={"video_id": video_id})
            count("WithdrawalNotNoted")
