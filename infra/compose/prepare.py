"""`python -m infra.compose.prepare`: stacks, keys and the administrator, as often as it is run."""

import os
import sys

from infra import administrator
from infra.compose import place
from infra.local import emulator, superuser
from infra.local.data_folder import DataFolder
from infra.local.settings import LocalSettings
from infra.refusal import Refusal


def prepare(settings: LocalSettings) -> None:
    """Raise `Refusal` if the emulator does not hold what the services were told of."""
    outputs = emulator.deploy(settings, sender_by_api=True)
    if wrong := place.disagreements(os.environ, outputs):
        raise Refusal("\n".join(wrong))

    from chalicelib import bootstrap

    password = settings.superuser_password or DataFolder(settings.data).superuser_password()
    administrator.ensure(email=settings.superuser_email, password=password, names=superuser.NAMES)
    # The emulator forgets what was being made when it is stopped.
    bootstrap.sweeping().revive()
    print(banner(settings))


def banner(settings: LocalSettings) -> str:
    # Never the password: what a container prints is a log.
    told = "docker compose run --rm tools password"
    shown = "the one in SUPERUSER_PASSWORD" if settings.superuser_password else told
    return f"""
  Everything is prepared, and served in a moment.

  Watch      {settings.edge_url}
  API        {settings.api_url}/api/
  Mailbox    {settings.mailbox_url}
  AWS        {settings.aws_url} (emulated)

  Admin      {settings.superuser_email}
  Password   {shown}
"""


if __name__ == "__main__":
    try:
        prepare(place.enter())
    except Refusal as problem:
        sys.exit(str(problem))
