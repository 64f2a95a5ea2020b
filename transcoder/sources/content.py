"""Ranges of one source, resumed where a connection broke."""

import time
from collections.abc import Generator
from dataclasses import dataclass

from chalicelib.encoding.model import Source, SourceReplaced
from chalicelib.encoding.ports import SourceStore
from chalicelib.telemetry import log
from transcoder.errors import SourceUnreachable

_MOST_TRIES = 4
_PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Content:
    store: SourceStore
    source: Source
    pause_seconds: float = _PAUSE_SECONDS

    @property
    def size(self) -> int:
        return self.source.size

    def read(self, first: int, last: int) -> Generator[bytes, None, None]:
        """Yield exactly these bytes; raise `SourceReplaced`, or `SourceUnreachable`."""
        tries = 0
        while first <= last and tries < _MOST_TRIES:
            before = first
            try:
                for block in self.store.read(self.source, first, last):
                    first += len(block)
                    yield block
            except SourceReplaced:
                raise
            except Exception:
                log.warning("reading a source broke off", exc_info=True)
                time.sleep(self.pause_seconds * tries)
            tries = 0 if first > before else tries + 1
        if first <= last:
            raise SourceUnreachable
