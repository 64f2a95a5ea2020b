"""Public media: a fake that records its calls."""

from dataclasses import dataclass, field

from chalicelib.catalogue.model import Video, VideoId


@dataclass
class RecordingPublicMedia:
    revealed: list[VideoId] = field(default_factory=list)
    withdrawn: list[VideoId] = field(default_factory=list)

    def reveal(self, video: Video) -> None:
        if video.media:
            self.revealed.append(video.id)

    def withdraw(self, video_id: VideoId) -> None:
        self.withdrawn.append(video_id)
