"""The media bucket in S3: media, and files that tasks leave for each other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.adapters.aws_errors import NO_OBJECT, expected

# Only after a single request the ETag is the MD5 that the proof compares.
_LARGEST_IN_ONE_BYTES = 256 * 1024**2
MOST_DELETED_AT_ONCE = 1000
# For content that never changes under its name; caches treat a year as no end.
IMMUTABLE = f"max-age={365 * 24 * 3600}, immutable"


@dataclass(frozen=True, slots=True)
class S3MediaStore:
    client: Callable[[], Any]
    bucket: str

    def put(self, key: str, path: Path, *, content_type: str) -> None:
        from boto3.s3.transfer import TransferConfig

        self.client().upload_file(
            str(path),
            self.bucket,
            key,
            # A key holds the revision, so its object never changes.
            ExtraArgs={"ContentType": content_type, "CacheControl": f"public, {IMMUTABLE}"},
            Config=TransferConfig(
                multipart_threshold=_LARGEST_IN_ONE_BYTES, multipart_chunksize=64 * 1024**2
            ),
        )

    def write(self, key: str, text: str, *, content_type: str = "application/json") -> None:
        self.client().put_object(
            Bucket=self.bucket, Key=key, Body=text.encode(), ContentType=content_type
        )

    def read(self, key: str) -> bytes | None:
        with expected(NO_OBJECT):
            content: bytes = self.client().get_object(Bucket=self.bucket, Key=key)["Body"].read()
            return content
        return None

    def fetch(self, key: str, path: Path) -> None:
        self.client().download_file(self.bucket, key, str(path))

    def copy(self, key: str, target: str) -> None:
        self.client().copy_object(
            Bucket=self.bucket, Key=target, CopySource={"Bucket": self.bucket, "Key": key}
        )

    def listed(self, prefix: str) -> Mapping[str, tuple[int, str]]:
        return {each["Key"]: (each["Size"], each["ETag"].strip('"')) for each in self._all(prefix)}

    def folders(self, prefix: str) -> Iterator[str]:
        pages = self.client().get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket, Prefix=prefix, Delimiter="/"):
            for each in page.get("CommonPrefixes", []):
                yield each["Prefix"]

    def remove(self, name: str) -> None:
        # A folder without its slash would be "media/1", and so "media/12" as well.
        keys = [each["Key"] for each in self._all(name)] if name.endswith("/") else [name]
        for start in range(0, len(keys), MOST_DELETED_AT_ONCE):
            batch = keys[start : start + MOST_DELETED_AT_ONCE]
            answer = self.client().delete_objects(
                Bucket=self.bucket,
                Delete={"Objects": [{"Key": key} for key in batch], "Quiet": True},
            )
            if answer.get("Errors"):
                raise OSError(f"S3 kept {len(answer['Errors'])} objects")

    def _all(self, prefix: str) -> Iterator[Any]:
        pages = self.client().get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
            yield from page.get("Contents", [])
