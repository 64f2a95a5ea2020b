"""The uploads bucket in S3: multipart uploads by presigned URLs, and sources to read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from chalicelib.adapters.aws_errors import NO_OBJECT, expected
from chalicelib.catalogue.model import VideoId
from chalicelib.encoding.model import Sidecar, Source, SourceReplaced, StoredFile, UnusedSidecars
from chalicelib.ingest.parts import Part, UploadGone
from chalicelib.ingest.source_keys import (
    sidecar_folder,
    sidecar_key_beside,
    sidecars_among,
    unused_beside,
    uploads_of,
)

_BLOCK_BYTES = 256 * 1024
_REPLACED = frozenset({*NO_OBJECT, "412", "PreconditionFailed"})
_NO_UPLOAD = frozenset({"NoSuchUpload", "404"})
_ABORTED = "This upload has been aborted."


@dataclass(frozen=True, slots=True)
class S3Uploads:
    client: Callable[[], Any]
    bucket: str
    # Presigns for clients that reach S3 by another URL than this process.
    public_client: Callable[[], Any] | None = None

    def begin(self, key: str) -> str:
        answer = self.client().create_multipart_upload(
            Bucket=self.bucket, Key=key, ContentType="application/octet-stream"
        )
        return str(answer["UploadId"])

    def part_url(self, key: str, multipart_id: str, part: Part, *, seconds: int) -> str:
        return self._for_uploading(
            "upload_part",
            seconds,
            Key=key,
            UploadId=multipart_id,
            PartNumber=part.number,
            ContentLength=part.size,
        )

    def file_url(self, key: str, *, size: int, seconds: int) -> str:
        return self._for_uploading("put_object", seconds, Key=key, ContentLength=size)

    def parts(self, key: str, multipart_id: str) -> Mapping[int, Part]:
        pages = self.client().get_paginator("list_parts")
        with expected(_NO_UPLOAD, UploadGone(_ABORTED)):
            return {
                part["PartNumber"]: Part(part["PartNumber"], part["Size"], part["ETag"])
                for page in pages.paginate(Bucket=self.bucket, Key=key, UploadId=multipart_id)
                for part in page.get("Parts", [])
            }

    def complete(self, key: str, multipart_id: str, parts: Mapping[int, Part]) -> None:
        listed = [{"PartNumber": number, "ETag": parts[number].etag} for number in sorted(parts)]
        with expected(_NO_UPLOAD, UploadGone(_ABORTED)):
            self.client().complete_multipart_upload(
                Bucket=self.bucket,
                Key=key,
                UploadId=multipart_id,
                MultipartUpload={"Parts": listed},
            )

    def abort(self, key: str, multipart_id: str) -> None:
        with expected(_NO_UPLOAD):
            self.client().abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=multipart_id)

    def begun_before(self, moment: datetime) -> Iterator[tuple[str, str]]:
        pages = self.client().get_paginator("list_multipart_uploads")
        for page in pages.paginate(Bucket=self.bucket):
            for each in page.get("Uploads", []):
                if each["Initiated"] < moment:
                    yield each["Key"], each["UploadId"]

    def find(self, key: str) -> Source | None:
        with expected(NO_OBJECT):
            head = self.client().head_object(Bucket=self.bucket, Key=key)
            return Source(key, head["ETag"].strip('"'), head["ContentLength"])
        return None

    def listed(self, prefix: str) -> Sequence[StoredFile]:
        return [
            StoredFile(each["Key"], each["Size"], each["LastModified"])
            for each in self._objects(prefix)
        ]

    def beside(self, key: str) -> Sequence[Sidecar]:
        return sidecars_among(list(self._keys(sidecar_folder(key))), source_key=key)

    def unused_beside(self, key: str) -> UnusedSidecars:
        return unused_beside(list(self._keys(sidecar_folder(key))), source_key=key)

    def put_beside(self, sidecar: Sidecar, key: str) -> None:
        with expected(NO_OBJECT):
            self.client().copy_object(
                Bucket=self.bucket,
                Key=sidecar_key_beside(key, sidecar),
                CopySource={"Bucket": self.bucket, "Key": sidecar.key},
            )

    def _keys(self, prefix: str) -> Iterator[str]:
        return (each["Key"] for each in self._objects(prefix))

    def _objects(self, prefix: str) -> Iterator[Mapping[str, Any]]:
        pages = self.client().get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
            yield from page.get("Contents", [])

    def read(self, source: Source, first: int, last: int) -> Iterator[bytes]:
        with expected(_REPLACED, SourceReplaced(source.key)):
            answer = self.client().get_object(
                Bucket=self.bucket,
                Key=source.key,
                Range=f"bytes={first}-{last}",
                IfMatch=f'"{source.etag}"',
            )
        with closing(answer["Body"]) as body:
            while block := body.read(_BLOCK_BYTES):
                yield block

    def fetch(self, source: Source, path: Path) -> None:
        self.client().download_file(self.bucket, source.key, str(path))

    def remove(self, key: str) -> None:
        self.client().delete_object(Bucket=self.bucket, Key=key)

    def remove_uploads(self, video_id: VideoId) -> None:
        for key in list(self._keys(uploads_of(video_id))):
            self.remove(key)

    def _for_uploading(self, operation: str, seconds: int, **params: Any) -> str:
        client = (self.public_client or self.client)()
        url: str = client.generate_presigned_url(
            operation, Params={"Bucket": self.bucket, **params}, ExpiresIn=seconds
        )
        return url
