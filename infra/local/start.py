"""Check the requirements of a start, hold the ports, then run the supervisor."""

import asyncio
import errno
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from infra.local.data_folder import DataFolder
from infra.local.localstack import LocalStack, find
from infra.local.settings import REGION, LocalSettings
from infra.local.supervisor import Sockets, Supervisor
from infra.root import ROOT
from infra.terminal import Refusal, say

# Browsers and Node resolve `localhost` to ::1 first.
_ADDRESSES = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
_NO_SUCH_ADDRESS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT}
BACKLOG = 512


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
                listener.listen(BACKLOG)
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
        _require_unused(family, address, port)
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


def _require_unused(family: socket.AddressFamily, address: str, port: int) -> None:
    """On macOS, a port can be bound although another program listens on all addresses."""
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if probe.connect_ex((address, port)) == 0:
            raise OSError(errno.EADDRINUSE, "in use")


def start(started: float) -> None:
    try:
        settings = LocalSettings.load(ROOT, os.environ)
        # From here on, all calls of AWS go to the emulator.
        os.environ.clear()
        os.environ.update(settings.environment({}))
        data = DataFolder(settings.data)
        with (
            data.locked() as lock,
            listening(settings.api_port, "API_PORT") as api_sockets,
            listening(settings.mailbox_port, "MAILBOX_PORT") as mailbox_sockets,
            listening(settings.edge_port, "EDGE_PORT") as edge_sockets,
        ):
            localstack = _localstack(settings)
            if localstack is None:
                require_free(settings.aws_port, "AWS_PORT")
            sockets = Sockets(api_sockets, mailbox_sockets, edge_sockets)
            supervisor = Supervisor(settings, data, lock, sockets, started, localstack)
            asyncio.run(supervisor.run())
    except Refusal as refusal:
        sys.exit(str(refusal))


def _localstack(settings: LocalSettings) -> LocalStack | None:
    """Return the LocalStack of the settings, after a report of its missing services."""
    if not settings.localstack_url:
        return None
    from infra.local.localstack_services import report

    localstack = find(settings.localstack_url)
    say(f"Looking at what {localstack.name} can do ...")
    say(report(localstack, REGION))
    return localstack
