"""Landlock: which files a program may open or needs to start, and what it may reach."""

import ctypes
import os

from transcoder.sandbox.confinement import kernel

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH, _NET_PORT = 1, 2

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_REGULAR = 1 << 8
_TRUNCATE = 1 << 14
_CONNECT_TCP = 1 << 1
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
# Rights that each version of the interface can take away, from the first on.
_FILE_RIGHTS = ((1 << 13) - 1, 1 << 13, _TRUNCATE, 0, 1 << 15)
_NET_SINCE, _SCOPES_SINCE = 4, 6
_BIND_AND_CONNECT = 0b11
# Abstract sockets, and signals, of processes outside.
_SCOPES = 0b11
# What the system needs to start a program; see also `loader`.
LIBRARIES = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/nix/store",
    "/etc/ld.so.cache",
    "/usr/share/locale",
)
_HEAD_BYTES = 4096
_NAMES_ITS_LOADER = 3


def version() -> int:
    """Return the version of the interface; 0 where the kernel, or a container, has none."""
    if not kernel.IS_LINUX:
        return 0
    try:
        return kernel.call(_CREATE_RULESET, None, 0, _VERSION_FLAG)
    except OSError:
        return 0


class Rules:
    """Rules added one by one, then enforced for this process, also after exec."""

    def __init__(self, known: int) -> None:
        self._rights = sum(_FILE_RIGHTS[:known])
        fields = (
            self._rights,
            _BIND_AND_CONNECT if known >= _NET_SINCE else 0,
            _SCOPES if known >= _SCOPES_SINCE else 0,
        )
        # Older kernels take a shorter structure.
        words = 1 + (known >= _NET_SINCE) + (known >= _SCOPES_SINCE)
        attributes = (ctypes.c_uint64 * 3)(*fields)
        self._restricts_ports = known >= _NET_SINCE
        self._ruleset = kernel.call(_CREATE_RULESET, ctypes.byref(attributes), 8 * words, 0)

    def read(self, path: str) -> None:
        self._allow(path, _READ_FILE | _READ_DIR)

    def run(self, path: str) -> None:
        self._allow(path, _READ_FILE | _EXECUTE)

    def write(self, path: str) -> None:
        """Read and write files, and make new ones below a folder: no links, pipes or sockets."""
        self._allow(path, _READ_FILE | _READ_DIR | _WRITE_FILE | _TRUNCATE | _MAKE_REGULAR)

    def connect(self, port: int) -> None:
        if self._restricts_ports:
            self._add(_NET_PORT, _CONNECT_TCP.to_bytes(8, "little") + port.to_bytes(8, "little"))

    def enforce(self) -> None:
        kernel.call(_RESTRICT_SELF, self._ruleset, 0)
        os.close(self._ruleset)

    def _allow(self, path: str, rights: int) -> None:
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            return  # a missing path needs no rule
        try:
            is_folder = os.path.isdir(path)  # noqa: PTH112 - see __init__
            rights &= self._rights & (~0 if is_folder else _OF_FILES)
            packed = rights.to_bytes(8, "little") + descriptor.to_bytes(4, "little")
            self._add(_PATH_BENEATH, packed)
        finally:
            os.close(descriptor)

    def _add(self, kind: int, rule: bytes) -> None:
        kernel.call(_ADD_RULE, self._ruleset, kind, ctypes.c_char_p(rule), 0)


def loader(program: str) -> str:
    """Return the path of its dynamic loader; empty if it has none."""
    with open(program, "rb") as file:  # noqa: PTH123 - see __init__
        head = file.read(_HEAD_BYTES)
    if head[:5] != b"\x7fELF\x02":
        return ""
    at, size, count = (_number(head, *field) for field in ((32, 8), (54, 2), (56, 2)))
    for entry in range(at, at + size * count, size):
        if _number(head, entry, 4) == _NAMES_ITS_LOADER:
            begin, length = _number(head, entry + 8, 8), _number(head, entry + 32, 8)
            return head[begin : begin + length].rstrip(b"\0").decode()
    return ""


def _number(head: bytes, at: int, size: int) -> int:
    return int.from_bytes(head[at : at + size], "little")
