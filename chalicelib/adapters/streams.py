"""The playable part of an encode: its finished chunks, joined without a gap."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.chunks import ready_segments
from chalicelib.encoding.model import EncodeNotFound, Step
from chalicelib.encoding.ports import EncodeStore, MediaStore
from chalicelib.playback.model import NotPlayable, Stream


@dataclass(frozen=True, slots=True)
class EncodedStreams:
    encodes: EncodeStore
    media: MediaStore

    def stream(self, video_id: VideoId, revision: Revision) -> Stream:
        try:
            encode = self.encodes.get(video_id, revision)
        except EncodeNotFound:
            raise NotPlayable("This video cannot be played any more.") from None
        has_failed = encode.step is Step.FAILED
        is_damaged = has_failed and encode.decodable is not None
        if encode.asset is None or (has_failed and not is_damaged):
            # Also for viewers who began before: the missing segments will never come.
            raise NotPlayable("This video cannot be played.")
        total = encode.asset.grid.segments
        return Stream(
            asset=encode.asset,
            video_ready=ready_segments(encode.chunks, encode.segments_per_chunk, total),
            audio_ready=encode.audio_ready,
            is_complete=encode.step is Step.DONE or is_damaged,
            is_refused=encode.was_refused and encode.step is not Step.DONE,
        )

    def iframes(self, video_id: VideoId, revision: Revision) -> Mapping[str, Sequence[int]]:
        index = self.media.read(object_keys.folder(video_id, revision) + object_keys.iframe_index())
        return json.loads(index) if index else {}
