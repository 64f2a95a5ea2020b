"""`python -m infra.compose.prepare`: deploy stacks, keys and the administrator; idempotent."""

import os
import sys

from infra import administrator
from infra.compose import environment
from infra.local import administrator_account, emulator
from infra.local.data_folder import DataFolder
from infra.local.settings import LocalSettings
from infra.terminal import Refusal


def prepare(settings: LocalSettings) -> None:
    """Prepare the emulator; raise `Refusal` if its names are not those of the compose file."""
    outputs = emulator.deploy(settings, sender_by_api=True)
    if differences := environment.differences(os.environ, outputs):
        raise Refusal("\n".join(differences))

    from chalicelib.wiring import encoding

    password = settings.administrator_password or DataFolder(settings.data).administrator_password()
    administrator.ensure(
        email=settings.administrator_email, password=password, names=administrator_account.NAMES
    )
    # The emulator loses its running executions when it stops.
    encoding.clean_up().revive()
    print(banner(settings))


def banner(settings: LocalSettings) -> str:
    # Never the password: the output of a container is a log.
    command = "docker compose run --rm tools password"
    password = "the one in SUPERUSER_PASSWORD" if settings.administrator_password else command
    return f"""
  Everything is prepared, and served in a moment.

  Watch      {settings.edge_url}
  API        {settings.api_url}/api/
  Mailbox    {settings.mailbox_url}
  AWS        {settings.aws_url} (emulated)

  Admin      {settings.administrator_email}
  Password   {password}
"""


if __name__ == "__main__":
    try:
        prepare(environment.apply())
    except Refusal as problem:
        sys.exit(str(problem))
