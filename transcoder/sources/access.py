"""How FFmpeg reads a source: as a file of the cache, or at a URL that this worker serves."""

from dataclasses import dataclass

from chalicelib.encoding.failures import Reason
from chalicelib.encoding.model import Source
from chalicelib.encoding.ports import SourceStore
from transcoder.errors import Refused
from transcoder.sandbox.confinement import gaps
from transcoder.sandbox.runner import Sandbox
from transcoder.sources.cache import SourceCache
from transcoder.sources.http import Loopback, SourceContent
from transcoder.sources.supervised import Supervised


@dataclass(frozen=True, slots=True)
class Sources:
    store: SourceStore
    # None reads ranges, without disk space and without a wait, where the store is fast at them.
    cache: SourceCache | None

    def opened(self, source: Source, sandbox: Sandbox) -> tuple[str, Sandbox]:
        """Return a path or URL, and the sandbox whose programs can read it.

        Raise `Refused` if the object is no longer the one that was planned.
        """
        if self.store.find(source.key) != source:
            raise Refused(Reason.SOURCE_GONE)
        return self._opened(source, sandbox)

    def sidecar(self, key: str, sandbox: Sandbox) -> tuple[str, Sandbox]:
        """Return the same for a sidecar file, as it is now."""
        sidecar = self.store.find(key)
        if sidecar is None:
            raise Refused(Reason.SOURCE_GONE)
        return self._opened(sidecar, sandbox)

    def _opened(self, source: Source, sandbox: Sandbox) -> tuple[str, Sandbox]:
        if self.cache is not None:
            path = self.cache.path(source, lambda path: self.store.fetch(source, path))
            return str(path), sandbox
        content = SourceContent(self.store, source)
        server = Supervised(content) if gaps.can_supervise() else Loopback(content)
        return server.url, sandbox.serving(server)
