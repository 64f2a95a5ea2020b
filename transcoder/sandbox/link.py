"""How a confined program reaches what is served to it, and nothing else."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass

from transcoder.sandbox.confinement import seccomp


@dataclass(frozen=True, slots=True)
class Link:
    """What a program is started with; without anything it has no network at all."""

    reach: str = seccomp.NOTHING
    # The port, or the descriptor through which it hands over what it asks for.
    number: int = -1
    descriptors: tuple[int, ...] = ()


class Served(ABC):
    """Something that a program may read, and how it is let there."""

    @property
    @abstractmethod
    def address(self) -> str:
        """Where FFmpeg finds it."""

    @abstractmethod
    def link(self) -> AbstractContextManager[Link]:
        """Answer one program for as long as it runs."""
