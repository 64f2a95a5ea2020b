"""An afterlife that only remembers of which videos it was told."""

from dataclasses import dataclass, field

from chalicelib.catalogue.model import VideoId


@dataclass
class RememberingAfterlife:
    told: list[VideoId] = field(default_factory=list)

    def removed(self, video_id: VideoId) -> None:
        self.told.append(video_id)
