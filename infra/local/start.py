"""Check the requirements of a start, then run the supervisor."""

import asyncio
import os
import sys

from infra.local import ports
from infra.local.data_folder import DataFolder
from infra.local.localstack import LocalStack, find
from infra.local.settings import REGION, LocalSettings
from infra.local.supervisor import Sockets, Supervisor
from infra.root import ROOT
from infra.terminal import Refusal, say


def start(started: float) -> None:
    try:
        settings = LocalSettings.load(ROOT, os.environ)
        # From here on, all calls of AWS go to the emulator.
        os.environ.clear()
        os.environ.update(settings.environment({}))
        data = DataFolder(settings.data)
        with (
            data.locked() as lock,
            ports.listening(settings.api_port, "API_PORT") as api_sockets,
            ports.listening(settings.mailbox_port, "MAILBOX_PORT") as mailbox_sockets,
            ports.listening(settings.edge_port, "EDGE_PORT") as edge_sockets,
        ):
            localstack = _localstack(settings)
            if localstack is None:
                ports.require_free(settings.aws_port, "AWS_PORT")
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
