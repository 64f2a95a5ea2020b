"""Serves a source to a supervised program, which gets connections to this worker and no others.

The kernel stops the program at socket() and notifies the worker (seccomp user notification), which
passes it one end of a socket pair. To the program it is a connection to the requested address.
"""

import errno
import fcntl
import os
import select
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from chalicelib.telemetry import log
from transcoder.sandbox.confinement import seccomp
from transcoder.sandbox.link import Link, SourceServer
from transcoder.sources.http import SourceContent, answer

_PATH = "/source"
# Twice the largest number of inputs of one command, because each may seek.
_MOST_CONNECTIONS = 16
_RECEIVE, _SEND, _ADD_DESCRIPTOR = 0xC0502100, 0xC0182101, 0x40182103
_NOTIFICATION_BYTES = 256  # 80 today; the kernel may add to it
_ID, _KIND_OF_SOCKET = struct.Struct("=Q"), struct.Struct("=40xQ")
_ADDED, _ANSWER = struct.Struct("=QIIII"), struct.Struct("=QqiI")
# Only with a bytearray as argument `ioctl` returns the result of the call.


@dataclass(frozen=True, slots=True)
class Supervised(SourceServer):
    content: SourceContent

    @property
    def url(self) -> str:
        return f"http://127.0.0.1{_PATH}"

    @contextmanager
    def link(self) -> Iterator[Link]:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            supervisor = _Supervisor(ours, self.content)
            thread = threading.Thread(target=supervisor.run, name="supervisor", daemon=True)
            thread.start()
            try:
                yield Link(seccomp.SUPERVISED, theirs.fileno(), (theirs.fileno(),))
            finally:
                ours.shutdown(socket.SHUT_RDWR)
                thread.join()


@dataclass(slots=True)
class _Supervisor:
    channel: socket.socket
    content: SourceContent
    connections: dict[threading.Thread, socket.socket] = field(default_factory=dict)

    def run(self) -> None:
        _, descriptors, _, _ = socket.recv_fds(self.channel, 1, 1)
        for listener in descriptors:
            try:
                while self._is_asked(listener):
                    # The program may be killed during its call.
                    with suppress(FileNotFoundError):
                        self._give_connection(listener)
            except OSError:
                # Without a listener the kernel refuses the next connection of the program.
                log.exception("a program cannot be supervised")
            finally:
                os.close(listener)
        for connection in self._open().values():
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _is_asked(self, listener: int) -> bool:
        """Wait until the program asks for a connection; False once it has ended."""
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        poll.register(self.channel, select.POLLIN)
        return poll.poll() == [(listener, select.POLLIN)]

    def _give_connection(self, listener: int) -> None:
        asked = bytearray(_NOTIFICATION_BYTES)
        fcntl.ioctl(listener, _RECEIVE, asked)
        (number,), (kind,) = _ID.unpack_from(asked), _KIND_OF_SOCKET.unpack_from(asked)
        if len(self._open()) >= _MOST_CONNECTIONS:
            fcntl.ioctl(listener, _SEND, _ANSWER.pack(number, 0, -errno.EMFILE, 0))
            return
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.setblocking(not kind & socket.SOCK_NONBLOCK)
            closes = os.O_CLOEXEC if kind & socket.SOCK_CLOEXEC else 0
            added = bytearray(_ADDED.pack(number, 0, theirs.fileno(), 0, closes))
            try:
                descriptor = fcntl.ioctl(listener, _ADD_DESCRIPTOR, added)
            except OSError:
                ours.close()
                raise
            self._serve(ours)
        fcntl.ioctl(listener, _SEND, _ANSWER.pack(number, descriptor, 0, 0))

    def _serve(self, connection: socket.socket) -> None:
        thread = threading.Thread(
            target=answer, args=(connection, self.content, _PATH), daemon=True
        )
        self.connections[thread] = connection
        thread.start()

    def _open(self) -> dict[threading.Thread, socket.socket]:
        self.connections = {
            thread: connection
            for thread, connection in self.connections.items()
            if thread.is_alive()
        }
        return self.connections
