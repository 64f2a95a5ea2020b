"""Copies of the catalogue; the saved one is a file in memory."""

import tempfile
from datetime import datetime
from pathlib import Path

from chalicelib.adapters.sqlite.catalogue_file import CatalogueFile
from chalicelib.catalogue.ports import CatalogueCopy


class InMemoryCopies:
    def __init__(self) -> None:
        self._saved: tuple[bytes, datetime] | None = None

    def empty(self) -> CatalogueFile:
        return CatalogueFile()

    def saved_at(self) -> datetime | None:
        return self._saved[1] if self._saved else None

    def saved(self) -> tuple[CatalogueFile, datetime] | None:
        if self._saved is None:
            return None
        content, known_at = self._saved
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            return CatalogueFile(Path(file.name)), known_at

    def save(self, copy: CatalogueCopy, *, known_at: datetime) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "copy")
            copy.write_to(path)
            self._saved = path.read_bytes(), known_at
