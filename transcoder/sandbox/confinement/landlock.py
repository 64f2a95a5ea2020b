"""Landlock: which files a program may open, and which processes and ports it may reach."""

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
