"""`python -m infra.compose.serve [port] module …`: a program of `make run` in a container."""

import os
import socket
import sys
from collections.abc import Mapping
from contextlib import closing

from infra.compose import environment
from infra.local import viewer_header
from infra.local.start import BACKLOG
from infra.terminal import Refusal

# All addresses of the container; compose publishes the port on 127.0.0.1 only.
_ALL_ADDRESSES = "0.0.0.0"  # noqa: S104
_USE_VIEWER_HEADER = frozenset({"infra.local.api", "infra.local.edge"})


def serve(arguments: list[str]) -> None:
    """Replace this process by the program, with its environment and its socket."""
    port = int(arguments.pop(0)) if arguments[0].isdecimal() else None
    if port:
        listener = socket.create_server((_ALL_ADDRESSES, port), backlog=BACKLOG)
        listener.set_inheritable(True)
        arguments.append(str(listener.fileno()))
    environment.apply()
    if arguments[0] in _USE_VIEWER_HEADER:
        _set_viewer_header()
    become(arguments, os.environ)


def become(arguments: list[str], variables: Mapping[str, str]) -> None:
    """Replace this process by a program that needs a supervisor's socket, which never closes."""
    ours, theirs = socket.socketpair()
    os.dup2(theirs.fileno(), sys.stdin.fileno())
    os.set_inheritable(ours.fileno(), True)
    command = [sys.executable, "-m", *arguments]
    os.execve(sys.executable, command, {**variables})  # noqa: S606 - one process here


def _set_viewer_header() -> None:
    import boto3

    with closing(boto3.client("secretsmanager")) as client:
        answer = client.get_secret_value(SecretId=os.environ["MEDIA_KEYS_SECRET"])
    # A setting has precedence: another proxy may stand in front.
    configured = {name: value for name, value in os.environ.items() if value}
    os.environ.update({**viewer_header.settings_for(answer["SecretString"]), **configured})


if __name__ == "__main__":
    try:
        serve(sys.argv[1:])
    except Refusal as refusal:
        sys.exit(str(refusal))
