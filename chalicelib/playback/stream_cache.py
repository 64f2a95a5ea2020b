"""A cache of complete streams, which never change, in front of the port `Streams`."""

from collections.abc import Mapping, Sequence

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.lru_cache import LruCache
from chalicelib.playback.model import Stream
from chalicelib.playback.ports import Streams

_STREAMS = 500
_INDEXES = 20


class StreamCache:
    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._complete: LruCache[tuple[VideoId, Revision], Stream] = LruCache(_STREAMS)
        self._iframes: LruCache[tuple[VideoId, Revision], Mapping[str, Sequence[int]]] = LruCache(
            _INDEXES
        )

    def stream(self, video_id: VideoId, revision: Revision) -> Stream:
        known = self._complete.get((video_id, revision))
        if known:
            return known
        stream = self._streams.stream(video_id, revision)
        if stream.is_complete and not stream.is_refused:
            self._complete.put((video_id, revision), stream)
        return stream

    def iframes(self, video_id: VideoId, revision: Revision) -> Mapping[str, Sequence[int]]:
        index = self._iframes.get((video_id, revision))
        if index is None:
            index = self._streams.iframes(video_id, revision)
            self._iframes.put((video_id, revision), index)
        return index
