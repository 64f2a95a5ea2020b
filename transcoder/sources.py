"""Where FFmpeg finds a source: on this disk, or at an address it can read ranges of."""

from dataclasses import dataclass

from chalicelib.transcoding.model import Reason, Source
from chalicelib.transcoding.ports import SourceStore
from transcoder.refusal import Refused
from transcoder.source_cache import SourceCache


@dataclass(frozen=True, slots=True)
class Sources:
    store: SourceStore
    # None reads ranges, which costs no disk and no wait where the store is good at it.
    cache: SourceCache | None

    def address(self, source: Source) -> str:
        """Return a path or address; refuse if the object is no longer the one that was planned."""
        if self.store.find(source.key) != source:
            raise Refused(Reason.SOURCE_GONE)
        return self._address(source)

    def sidecar(self, key: str) -> str:
        """Return the same for a file beside a source, as it is now."""
        found = self.store.find(key)
        if found is None:
            raise Refused(Reason.SOURCE_GONE)
        return self._address(found)

    def _address(self, source: Source) -> str:
        if self.cache is None:
            return self.store.address(source)
        return str(self.cache.path(source, lambda path: self.store.fetch(source, path)))
