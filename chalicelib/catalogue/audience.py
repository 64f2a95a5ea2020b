"""Who may see a video: by its media, its publication and dates, its age rating, the trash."""

from datetime import datetime
from enum import Enum, auto

from chalicelib.catalogue.model import NO_AGE_LIMIT, Video


class Audience(Enum):
    VIEWERS = auto()  # published and complete videos
    EARLY_VIEWERS = auto()  # also playable ones during their encode
    ADMINISTRATORS = auto()  # everything but the trash
    TRASH = auto()  # of administrators

    def sees(self, video: Video, *, at: datetime, age_limit: int = NO_AGE_LIMIT) -> bool:
        """Return whether it may see a video at this moment, which for viewers is to play it."""
        if self in (Audience.ADMINISTRATORS, Audience.TRASH):
            return self.gets(video)
        card = video.card
        return self.gets(video) and card.is_open_at(at) and card.is_within(age_limit)

    def gets(self, video: Video) -> bool:
        """Return whether it may see a video, whatever the dates and the rating of the video are."""
        if video.is_in_trash or self is Audience.TRASH:
            return video.is_in_trash and self is Audience.TRASH
        if self is Audience.ADMINISTRATORS:
            return True
        is_early = self is Audience.EARLY_VIEWERS
        return video.is_published and (video.is_playable if is_early else video.is_complete)
