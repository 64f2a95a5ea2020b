"""Signed URLs of media: one signature per folder and time of expiry, cached."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.lru_cache import LruCache
from chalicelib.playback.ports import MediaSigner

# Expiry is rounded up to a quarter of an hour, so that viewers share signatures.
_QUARTER_SECONDS = 15 * 60
_REMEMBERED = 500


@dataclass(frozen=True, slots=True)
class MediaUrls:
    media_url: str
    signer: MediaSigner
    _queries: LruCache[tuple[str, datetime], str] = field(
        default_factory=lambda: LruCache(_REMEMBERED)
    )

    def base(self, video_id: VideoId, revision: Revision) -> str:
        return f"{self.media_url}/{object_keys.folder(video_id, revision)}"

    def query(self, video_id: VideoId, revision: Revision, *, expires_at: datetime) -> str:
        return self.query_of(object_keys.folder(video_id, revision), expires_at=expires_at)

    def query_of(self, folder: str, *, expires_at: datetime) -> str:
        query = self._queries.get((folder, expires_at))
        if query is None:
            query = self.signer.query(folder, expires_at=expires_at)
            self._queries.put((folder, expires_at), query)
        return query


def end_of_life(now: datetime, life: timedelta) -> datetime:
    """Return the first quarter of an hour after this life has passed."""
    seconds = (now + life).timestamp()
    return datetime.fromtimestamp(-(-seconds // _QUARTER_SECONDS) * _QUARTER_SECONDS, UTC)
