"""URLs of the pictures of a video: of its own poster, else those made of it."""

from datetime import datetime

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.model import Video
from chalicelib.wiring import playback, stage


def picture_url(video: Video, name: str, *, signed_until: datetime | None) -> str:
    """Return the public URL of a picture, or a signed one while viewers may not see the video."""
    base, media = stage.settings().media_url, video.media
    if poster := video.poster.current:
        kept = object_keys.poster_pictures(video.id, poster)
        public, has_kept = object_keys.poster_images(video.id, poster), True
    elif media:
        kept = object_keys.pictures(video.id, media.revision)
        public, has_kept = object_keys.images(video.id, media.revision), media.keeps_pictures
    else:
        return f"{base}/{object_keys.PLACEHOLDER}"
    is_public = video.is_public_at(stage.clock().now())
    if is_public or not has_kept or signed_until is None:
        return f"{base}/{public}{name}.jpg"
    query = playback.media_urls().query_of(kept, expires_at=signed_until)
    return f"{base}/{kept}{name}.jpg?{query}"
