"""Use cases of subtitle files: which lie beside the sources of a video, and their deletion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from chalicelib.catalogue.asset import SubtitleTrack
from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.model import Video, VideoId
from chalicelib.encoding.model import Encode, Sidecar, StoredFile
from chalicelib.encoding.ports import EncodeStore
from chalicelib.ingest.ports import UploadBucket
from chalicelib.ingest.source_keys import files_beside, next_source_key, sidecar_folder, words_of

_DIGITS_OF_ID = 16


@dataclass(frozen=True, slots=True)
class SubtitleFile:
    """A file with subtitles beside a source."""

    stored: StoredFile
    # None if no rule reads its name.
    sidecar: Sidecar | None
    # Whether the next source of the video gets it: another one may have its language and kind.
    is_used: bool

    @property
    def id(self) -> str:
        return id_of(self.stored.key)


@dataclass(frozen=True, slots=True)
class VideoSubtitles:
    files: Sequence[SubtitleFile]
    # Of the media that viewers get.
    tracks: Sequence[SubtitleTrack]


@dataclass(frozen=True, slots=True)
class Subtitles:
    curation: Curation
    encodes: EncodeStore
    bucket: UploadBucket

    def of(self, video_id: VideoId) -> VideoSubtitles:
        video = self.curation.get(video_id)
        encodes = self.encodes.of(video_id)
        return VideoSubtitles(list(self._files(video, encodes)), _tracks(video, encodes))

    def remove(self, video_id: VideoId, file_id: str) -> None:
        """Delete a file, but no media made of it; one that is gone already is no error."""
        video = self.curation.in_use(video_id)
        for file in self._files(video, self.encodes.of(video_id)):
            if file.id == file_id:
                self.bucket.remove(file.stored.key)

    def _files(self, video: Video, encodes: Sequence[Encode]) -> Iterator[SubtitleFile]:
        """Yield the files by source, those first that the next source gets rather than others."""
        newest_first = sorted(encodes, key=lambda encode: -encode.revision)
        keys = [next_source_key(video.id), *(encode.source.key for encode in newest_first)]
        taken = set[str]()
        folders = {sidecar_folder(key): key for key in reversed(keys)}
        for folder, source_key in reversed(folders.items()):
            stored = {each.key: each for each in self.bucket.listed(folder)}
            beside = files_beside(list(stored), source_key=source_key)
            # Of one language and kind, the last one is used.
            used = {words_of(each): key for key, each in beside.items() if each}
            for key, sidecar in beside.items():
                words = words_of(sidecar) if sidecar else ""
                is_used = used.get(words) == key and words not in taken
                yield SubtitleFile(stored[key], sidecar, is_used)
            taken |= used.keys()


def id_of(key: str) -> str:
    """Return the id of a file: one that is sent again keeps it."""
    return sha256(key.encode()).hexdigest()[:_DIGITS_OF_ID]


def _tracks(video: Video, encodes: Sequence[Encode]) -> Sequence[SubtitleTrack]:
    revision = video.media.revision if video.media else None
    assets = [each.asset for each in encodes if each.revision == revision and each.asset]
    return [track for asset in assets for track in asset.subtitles]
