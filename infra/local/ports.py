"""Listening sockets on 127.0.0.1 and ::1, for the programs that serve browsers."""

import errno
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from infra.terminal import Refusal

# Browsers and Node resolve `localhost` to ::1 first.
_ADDRESSES = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
_NO_SUCH_ADDRESS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT}
_BACKLOG = 512


@contextmanager
def listening(port: int, setting: str) -> Iterator[list[socket.socket]]:
    """Hold the port while programs are replaced: meanwhile, new connections wait.

    Raise `Refusal`, naming the setting, if the port is in use.
    """
    with ExitStack() as stack:
        sockets = []
        for family, address in _ADDRESSES:
            listener = _bound(family, address, port, setting)
            if listener:
                listener.listen(_BACKLOG)
                sockets.append(stack.enter_context(listener))
        yield sockets


def require_free(port: int, setting: str) -> None:
    """Raise `Refusal`, naming the setting, if the port is in use."""
    listener = _bound(*_ADDRESSES[0], port, setting)
    if listener:
        listener.close()


def _bound(
    family: socket.AddressFamily, address: str, port: int, setting: str
) -> socket.socket | None:
    try:
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        return None
    try:
        # Ports of the run before are in TIME_WAIT for a minute.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _require_silence(family, address, port)
        listener.bind((address, port))
    except OSError as error:
        listener.close()
        if error.errno in _NO_SUCH_ADDRESS:
            return None
        if error.errno == errno.EACCES:
            raise Refusal(f"Port {port} needs special rights: set {setting} above 1023.") from error
        raise Refusal(
            f"Port {port} is in use: end the program that uses it, or choose another port, "
            f"for example {setting}={port + 1} make run."
        ) from error
    return listener


def _require_silence(family: socket.AddressFamily, address: str, port: int) -> None:
    """On macOS, a port can be bound although another program listens on all addresses."""
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if probe.connect_ex((address, port)) == 0:
            raise OSError(errno.EADDRINUSE, "in use")
