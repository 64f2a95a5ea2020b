"""A mark that the sample video was added: an object in the bucket of the media."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

# The edge serves only objects below media/ and images/.
_KEY = "sample-film"


@dataclass(frozen=True, slots=True)
class BucketMarker:
    client: Any
    bucket: str
    # The file of earlier versions, which may be older than the bucket.
    former: Path

    def is_set(self) -> bool:
        return self._is_in_the_bucket() or was_written_down(self.former, since=self._created())

    def set(self) -> None:
        self.client.put_object(Bucket=self.bucket, Key=_KEY, Body=b"")

    def _is_in_the_bucket(self) -> bool:
        try:
            self.client.head_object(Bucket=self.bucket, Key=_KEY)
        except ClientError as error:
            if error.response["Error"]["Code"] != "404":
                raise
            return False
        return True

    def _created(self) -> datetime:
        buckets = self.client.list_buckets()["Buckets"]
        created: datetime = next(
            each["CreationDate"] for each in buckets if each["Name"] == self.bucket
        )
        return created


def was_written_down(former: Path, *, since: datetime) -> bool:
    """Return whether an earlier version added the sample after that moment."""
    return former.exists() and former.stat().st_mtime > since.timestamp()
