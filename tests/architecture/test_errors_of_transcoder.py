"""Errors of the transcoder are one tree in one file, which its docstring shows as it is."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator

import transcoder
from transcoder import errors
from transcoder.errors import TranscoderError

# Asks its only caller, in the same folder, to read the source in another way.
SIGNALS = {
    "transcoder.probing.headers.codec_changes.CodecChanges",
    "transcoder.probing.times.packet_order.ClockJumps",
    "transcoder.probing.times.all_packets.IndexListsMore",
}
_BRANCH = re.compile(r"^([│ ]*)[├└]── (\w+)", re.MULTILINE)
_INDENT = 4


def exceptions() -> Iterator[type[BaseException]]:
    for entry in pkgutil.walk_packages(transcoder.__path__, "transcoder."):
        if entry.name.endswith("__main__"):
            continue
        module = importlib.import_module(entry.name)
        for _, each in inspect.getmembers(module, inspect.isclass):
            if issubclass(each, BaseException) and each.__module__ == module.__name__:
                yield each


def branches(kind: type[BaseException], depth: int = 0) -> Iterator[tuple[int, str]]:
    for each in kind.__subclasses__():
        yield depth, each.__name__
        yield from branches(each, depth + 1)


def test_errors_that_leave_their_module_are_in_the_tree() -> None:
    public = [each for each in exceptions() if not each.__name__.startswith("_")]
    outside = {
        f"{each.__module__}.{each.__name__}"
        for each in public
        if not issubclass(each, TranscoderError) or each.__module__ != errors.__name__
    }
    assert outside == SIGNALS


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    drawn = [(len(indent) // _INDENT, name) for indent, name in _BRANCH.findall(errors.__doc__)]
    assert drawn == list(branches(TranscoderError))
