"""The only network connection of a confined program: to the source that is served to it."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass

from transcoder.sandbox.confinement import seccomp


@dataclass(frozen=True, slots=True)
class Link:
    """What a program may connect to; by default nothing."""

    reach: str = seccomp.NOTHING
    # The port, or the descriptor through which its socket calls are handed over.
    number: int = -1
    descriptors: tuple[int, ...] = ()


class SourceServer(ABC):
    """A source that a program may read over HTTP."""

    @property
    @abstractmethod
    def url(self) -> str:
        """The URL that FFmpeg opens."""

    @abstractmethod
    def link(self) -> AbstractContextManager[Link]:
        """Serve one program for as long as it runs."""
