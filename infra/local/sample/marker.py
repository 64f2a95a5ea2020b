"""Whether a site has had its sample film: an object beside the media, which goes when they go."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

# The edge serves what lies below media/ and images/, and this it never does.
_KEY = "sample-film"


@dataclass(frozen=True, slots=True)
class BucketMarker:
    client: Any
    bucket: str
    # Where earlier versions wrote it down, even if the bucket forgot all it had.
    former: Path

    def is_set(self) -> bool:
        return self._is_in_the_bucket() or was_written_down(self.former, since=self._made())

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

    def _made(self) -> datetime:
        buckets = self.client.list_buckets()["Buckets"]
        made: datetime = next(
            each["CreationDate"] for each in buckets if each["Name"] == self.bucket
        )
        return made


def was_written_down(former: Path, *, since: datetime) -> bool:
    """Whether an earlier version gave the film to what has been there since that moment."""
    return former.exists() and former.stat().st_mtime > since.timestamp()
