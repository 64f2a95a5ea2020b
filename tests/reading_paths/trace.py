"""A trace of the product files that running code enters, and of those it enters again."""

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FrameType

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("app.py", "chalicelib", "transcoder", "infra")
# The argument of RESUME: a function starts, and does not go on after a yield.
_STARTS = 0


@dataclass(slots=True)
class _Stack:
    # For each running function its product file, "" for those of others.
    frames: list[str] = field(default_factory=list)
    # How many of them are modules that are being imported.
    imports: int = 0

    def within(self) -> list[str]:
        return [path for path in self.frames if path]


@dataclass
class Trace:
    """Files in the order of their first use; an import is no use."""

    files: dict[str, None] = field(default_factory=dict)
    # A file called by another that it had called itself: the outer, the inner, how often.
    again: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._threads = threading.local()

    @contextmanager
    def recording(self) -> Iterator[None]:
        threading.setprofile(self._event)
        sys.setprofile(self._event)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
            self._threads = threading.local()

    @contextmanager
    def in_a_process_of_its_own(self) -> Iterator[None]:
        """Count what follows as if nothing had called it."""
        before, self._threads.stack = self._stack, _Stack()
        try:
            yield
        finally:
            self._threads.stack = before

    @property
    def _stack(self) -> _Stack:
        if not hasattr(self._threads, "stack"):
            self._threads.stack = _Stack()
        stack: _Stack = self._threads.stack
        return stack

    def _event(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            self._call(frame)
        elif event == "return" and (frames := self._stack.frames):
            frames.pop()
            self._stack.imports -= frame.f_code.co_name == "<module>"

    def _call(self, frame: FrameType) -> None:
        stack, code = self._stack, frame.f_code
        stack.imports += code.co_name == "<module>"
        path = "" if stack.imports else _product_file(code)
        if path:
            self.files[path] = None
            active = stack.within()
            if path in active and active[-1] != path and _starts(frame):
                self.again[path, active[-1]] += 1
        stack.frames.append(path)


def _starts(frame: FrameType) -> bool:
    return frame.f_lasti < 0 or frame.f_code.co_code[frame.f_lasti + 1] == _STARTS


@cache
def _product_file(code: CodeType) -> str:
    path = Path(code.co_filename)
    path = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return path.as_posix() if path.parts[0] in PRODUCT else ""
