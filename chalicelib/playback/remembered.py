"""Streams that are published never change, so each process reads them once."""

from collections.abc import Mapping, Sequence

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.playback.model import Stream
from chalicelib.playback.ports import Streams
from chalicelib.recent import Recent

_STREAMS = 500
_INDEXES = 20


class RememberedStreams:
    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._complete: Recent[tuple[VideoId, Revision], Stream] = Recent(_STREAMS)
        self._iframes: Recent[tuple[VideoId, Revision], Mapping[str, Sequence[int]]] = Recent(
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
        return self._iframes.get_or_make(
            (video_id, revision), lambda: self._streams.iframes(video_id, revision)
        )
