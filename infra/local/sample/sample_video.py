"""Add the sample video, once and only to an empty catalogue."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.model import Card, Translation, VideoId
from chalicelib.language import Language

CARD = Card(
    title="Your first film",
    description=(
        "A short film from this very machine, out of nothing but numbers: "
        "colours, a tune and subtitles in two languages."
    ),
    category="Welcome",
    genre="Experimental",
    director="FFmpeg",
    license_type="CC0 1.0",
    license_url="https://creativecommons.org/publicdomain/zero/1.0/",
    translations={
        Language.GERMAN: Translation(
            title="Dein erster Film",
            description=(
                "Ein kurzer Film von diesem Rechner, nur aus Zahlen: "
                "Farben, eine Melodie und Untertitel in zwei Sprachen."
            ),
        )
    },
)


class Marker(Protocol):
    """Remembers that the sample was added, as long as the catalogue exists."""

    def is_set(self) -> bool: ...

    def set(self) -> None: ...


@dataclass(frozen=True, slots=True)
class SampleVideo:
    curation: Curation
    make: Callable[[], Path]
    upload: Callable[[VideoId, Path], object]
    # A sample that was deleted is not added again.
    marker: Marker

    @property
    def is_due(self) -> bool:
        return not self.curation.cache.snapshot().entries and not self.marker.is_set()

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
