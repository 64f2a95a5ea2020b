"""Add the sample video, once and only to an empty catalogue, and mark that in the media bucket."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from chalicelib.adapters.aws_errors import expected
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.model import Card, Translation, VideoId
from chalicelib.language import Language

_TEXTS = json.loads(Path(__file__).with_name("card.json").read_text(encoding="utf-8"))
CARD = Card(
    **_TEXTS["card"],
    translations={
        Language(code): Translation(**texts) for code, texts in _TEXTS["translations"].items()
    },
)
# The edge serves only objects below media/ and images/.
_KEY = "sample-film"


class Marker(Protocol):
    """Remembers that the sample was added, as long as the catalogue exists."""

    def is_set(self) -> bool: ...

    def set(self) -> None: ...


@dataclass(frozen=True, slots=True)
class SampleVideo:
    curation: Curation
    cache: CatalogueCache
    make: Callable[[], Path]
    upload: Callable[[VideoId, Path], object]
    # A sample that was deleted is not added again.
    marker: Marker

    @property
    def is_due(self) -> bool:
        return self.cache.snapshot().copy.is_empty and not self.marker.is_set()

    def add(self) -> None:
        """Add a published video, which appears as soon as it is playable, and upload its source."""
        source = self.make()
        video = self.curation.add(CARD, is_published=True)
        try:
            self.upload(video.id, source)
        except BaseException:
            self.curation.remove(video.id)
            raise
        self.marker.set()


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
        with expected({"404"}):
            self.client.head_object(Bucket=self.bucket, Key=_KEY)
            return True
        return False

    def _created(self) -> datetime:
        buckets = self.client.list_buckets()["Buckets"]
        created: datetime = next(
            each["CreationDate"] for each in buckets if each["Name"] == self.bucket
        )
        return created


def was_written_down(former: Path, *, since: datetime) -> bool:
    """Return whether an earlier version added the sample after that moment."""
    return former.exists() and former.stat().st_mtime > since.timestamp()
