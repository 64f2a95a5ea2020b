"""Keys of the media bucket, and who may read which.

`media/` is behind signed URLs, `images/` is public, everything else is internal. Pictures are
kept below `media/`; while viewers may see the video, `images/` holds a copy of them. Sent
posters are in the uploads bucket.
"""

import re

from chalicelib.catalogue.asset import Container
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.catalogue.poster import PosterId
from chalicelib.clock import LARGEST_ID

# The top folders of the bucket.
KINDS = ("media", "images", "work", "reports")
# Removal notes of videos, until the edge has no copy of them.
WITHDRAWALS = "withdrawals/"
# Invalidations for the local edge; CloudFront has an API for them.
INVALIDATIONS = "invalidations/"
# By the suffix of the key.
CONTENT_TYPES = {
    "m4s": "video/iso.segment",
    "mp4": "video/mp4",
    "ts": "video/mp2t",
    "vtt": "text/vtt; charset=utf-8",
    "jpg": "image/jpeg",
    "json": "application/json",
}
# The picture of all videos without one.
PLACEHOLDER = "images/placeholder.jpg"
_SENT_POSTER = re.compile(r"uploads/([1-9]\d{0,15})/posters/([1-9]\d{0,15})", re.ASCII)


def folder(video: VideoId, revision: Revision) -> str:
    """Return the prefix that one wildcard signature covers; it ends with a slash."""
    return f"media/{video}/{revision}/"


def video_init(rung: str) -> str:
    return f"video/{rung}/init.mp4"


def video_segment(rung: str, number: int, container: Container) -> str:
    return f"video/{rung}/{number:05d}.{container.suffix}"


def audio_init(track: int) -> str:
    return f"audio/{track}/init.mp4"


def audio_segment(track: int, number: int, container: Container) -> str:
    return f"audio/{track}/{number:05d}.{container.suffix}"


def subtitle_segment(track: int, number: int) -> str:
    return f"subtitles/{track}/{number:05d}.vtt"


def storyboard_sheet(number: int) -> str:
    return f"storyboard/{number:03d}.jpg"


def iframe_index() -> str:
    return "iframes.json"


def mp4(name: str, rung: str = "") -> str:
    return f"mp4/{name}_{rung}.mp4" if rung else f"mp4/{name}.mp4"


def pictures(video: VideoId, revision: Revision) -> str:
    """Return the folder of the signed pictures."""
    return f"{folder(video, revision)}pictures/"


def picture(video: VideoId, revision: Revision, name: str) -> str:
    return f"{pictures(video, revision)}{name}.jpg"


def images(video: VideoId, revision: Revision) -> str:
    """Return the folder of the public pictures of a published video."""
    return f"images/{video}/{revision}/"


def image(video: VideoId, revision: Revision, name: str) -> str:
    """`thumbnail` is 640 wide and light, `poster` 640, `hero` 1280; none wider than the video."""
    return f"{images(video, revision)}{name}.jpg"


def posters(kind: str, video: VideoId) -> str:
    """Return the folder of all own posters of a video, below `media` or `images`."""
    return f"{kind}/{video}/posters/"


def sent_poster(video_id: VideoId, poster: PosterId) -> str:
    """Return the key of a picture as it was sent; what it is, its bytes say."""
    return f"uploads/{video_id}/posters/{poster}"


def sent_poster_at(key: str) -> tuple[VideoId, PosterId] | None:
    """Return which poster is sent to this key; None if it is the key of another object."""
    if not (sent := _SENT_POSTER.fullmatch(key)):
        return None
    video_id, poster = int(sent[1]), int(sent[2])
    is_one = max(video_id, poster) <= LARGEST_ID
    return (VideoId(video_id), PosterId(poster)) if is_one else None


def poster_pictures(video: VideoId, poster: PosterId) -> str:
    """Return the folder of the signed pictures of an own poster; one signature covers it."""
    return f"{posters('media', video)}{poster}/pictures/"


def poster_images(video: VideoId, poster: PosterId) -> str:
    """Return the folder of its public pictures, of the same names as those of a revision."""
    return f"{posters('images', video)}{poster}/"


def private_folder(video: VideoId, revision: Revision) -> str:
    """Return the folder of what is for tasks alone: plan, reports and files for later tasks."""
    return f"work/{video}/{revision}/"


def conformance_report(video: VideoId, revision: Revision) -> str:
    return f"reports/{video}/{revision}.json"
