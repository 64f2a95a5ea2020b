"""Copies of the catalogue: empty ones, and one in the media bucket for the next process."""

import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from chalicelib.adapters.aws_errors import NO_OBJECT, expected
from chalicelib.adapters.sqlite.catalogue_file import CatalogueFile
from chalicelib.adapters.sqlite.schema import form_name
from chalicelib.catalogue.ports import CatalogueCopy
from chalicelib.telemetry import log

FOLDER = "catalogue/"
_KNOWN_AT = "known-at"
_BLOCK_BYTES = 1024**2
# Most of the gain for a third of the work.
_LIGHT = 1
_GZIP = zlib.MAX_WBITS | 16


@dataclass(frozen=True, slots=True)
class SavedCopies:
    client: Callable[[], Any]
    bucket: str

    def empty(self) -> CatalogueFile:
        return CatalogueFile()

    def saved_at(self) -> datetime | None:
        with expected(NO_OBJECT):
            head = self.client().head_object(Bucket=self.bucket, Key=_key())
            return datetime.fromisoformat(head["Metadata"][_KNOWN_AT])
        return None

    def saved(self) -> tuple[CatalogueFile, datetime] | None:
        try:
            with expected(NO_OBJECT):
                answer = self.client().get_object(Bucket=self.bucket, Key=_key())
                known_at = datetime.fromisoformat(answer["Metadata"][_KNOWN_AT])
                return _opened(answer["Body"].iter_chunks(_BLOCK_BYTES)), known_at
        except Exception:
            log.exception("saved copy of the catalogue not readable")
        return None

    def save(self, copy: CatalogueCopy, *, known_at: datetime) -> None:
        with tempfile.TemporaryDirectory() as folder:
            plain, packed = Path(folder, "plain"), Path(folder, "packed")
            copy.write_to(plain)
            _pack(plain, packed)
            self.client().upload_file(
                str(packed),
                self.bucket,
                _key(),
                ExtraArgs={"Metadata": {_KNOWN_AT: known_at.isoformat()}},
            )


def _key() -> str:
    return f"{FOLDER}{form_name()}.sqlite.gz"


def _opened(blocks: Iterator[bytes]) -> CatalogueFile:
    with tempfile.NamedTemporaryFile(prefix="catalogue-", suffix=".sqlite") as file:
        unpacking = zlib.decompressobj(_GZIP)
        for block in blocks:
            file.write(unpacking.decompress(block))
        file.write(unpacking.flush())
        if not unpacking.eof:
            raise EOFError("the saved copy has no end")
        file.flush()
        # The file has no name from here on, and goes with the process.
        return CatalogueFile(Path(file.name))


def _pack(plain: Path, packed: Path) -> None:
    packing = zlib.compressobj(_LIGHT, wbits=_GZIP)
    with plain.open("rb") as source, packed.open("wb") as target:
        while block := source.read(_BLOCK_BYTES):
            target.write(packing.compress(block))
        target.write(packing.flush())
