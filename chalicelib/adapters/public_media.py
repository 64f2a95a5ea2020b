"""What viewers may see of a video: copies of its pictures, and removal notes in the bucket."""

from dataclasses import dataclass

from chalicelib.catalogue.model import Video, VideoId
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.ports import MediaStore
from chalicelib.encoding.removal import request_removal
from chalicelib.telemetry import count, log


@dataclass(frozen=True, slots=True)
class BucketPublicMedia:
    pictures: Pictures
    media: MediaStore

    def reveal(self, video: Video) -> None:
        self.pictures.reveal(video)

    def withdraw(self, video_id: VideoId) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            request_removal(self.media, video_id)
        except (BotoCoreError, ClientError):
            log.exception("withdrawal not noted", extra={"video_id": video_id})
            count("WithdrawalNotNoted")
