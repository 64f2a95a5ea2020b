"""The uploads bucket in dictionaries; `send` uploads to a presigned URL."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from chalicelib.catalogue.model import VideoId
from chalicelib.clock import Clock
from chalicelib.encoding.model import Sidecar, Source, SourceReplaced, StoredFile, UnusedSidecars
from chalicelib.ingest.parts import Part, UploadGone
from chalicelib.ingest.source_keys import (
    sidecar_folder,
    sidecar_key_beside,
    sidecars_among,
    unused_beside,
    uploads_of,
)


@dataclass(slots=True)
class InMemoryUploads:
    clock: Clock
    objects: dict[str, bytes] = field(default_factory=dict)
    begun: dict[tuple[str, str], datetime] = field(default_factory=dict)
    sent: dict[tuple[str, str], dict[int, bytes]] = field(default_factory=dict)

    def begin(self, key: str) -> str:
        multipart_id = f"multipart-{len(self.begun)}"
        self.begun[key, multipart_id] = self.clock.now()
        self.sent[key, multipart_id] = {}
        return multipart_id

    def part_url(self, key: str, multipart_id: str, part: Part, *, seconds: int) -> str:
        assert seconds > 0
        return f"https://s3.test/{key}?uploadId={multipart_id}&partNumber={part.number}"

    def file_url(self, key: str, *, size: int, seconds: int) -> str:
        assert size > 0
        assert seconds > 0
        return f"https://s3.test/{key}"

    def send(self, key: str, multipart_id: str, number: int, content: bytes) -> None:
        self.sent[key, multipart_id][number] = content

    def parts(self, key: str, multipart_id: str) -> Mapping[int, Part]:
        return {
            number: Part(number, len(content), _etag(content))
            for number, content in self._sent(key, multipart_id).items()
        }

    def complete(self, key: str, multipart_id: str, parts: Mapping[int, Part]) -> None:
        sent = self._sent(key, multipart_id)
        self.objects[key] = b"".join(sent[number] for number in sorted(parts))
        del self.sent[key, multipart_id]

    def abort(self, key: str, multipart_id: str) -> None:
        self.sent.pop((key, multipart_id), None)

    def begun_before(self, moment: datetime) -> Iterable[tuple[str, str]]:
        return [each for each in self.sent if self.begun[each] < moment]

    def find(self, key: str) -> Source | None:
        content = self.objects.get(key)
        return None if content is None else Source(key, _etag(content), len(content))

    def listed(self, prefix: str) -> Sequence[StoredFile]:
        return [
            StoredFile(key, len(content), self.clock.now())
            for key, content in self.objects.items()
            if key.startswith(prefix)
        ]

    def beside(self, key: str) -> Sequence[Sidecar]:
        near = [each for each in self.objects if each.startswith(sidecar_folder(key))]
        return sidecars_among(near, source_key=key)

    def unused_beside(self, key: str) -> UnusedSidecars:
        near = [each for each in self.objects if each.startswith(sidecar_folder(key))]
        return unused_beside(near, source_key=key)

    def put_beside(self, sidecar: Sidecar, key: str) -> None:
        if content := self.objects.get(sidecar.key):
            self.objects[sidecar_key_beside(key, sidecar)] = content

    def read(self, source: Source, first: int, last: int) -> Iterator[bytes]:
        if self.find(source.key) != source:
            raise SourceReplaced(source.key)
        yield self.objects[source.key][first : last + 1]

    def fetch(self, source: Source, path: Path) -> None:
        path.write_bytes(self.objects[source.key])

    def remove(self, key: str) -> None:
        self.objects.pop(key, None)

    def remove_uploads(self, video_id: VideoId) -> None:
        for key in list(self.objects):
            if key.startswith(uploads_of(video_id)):
                del self.objects[key]

    def _sent(self, key: str, multipart_id: str) -> dict[int, bytes]:
        try:
            return self.sent[key, multipart_id]
        except KeyError:
            raise UploadGone("This upload has been aborted.") from None


def _etag(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
