"""Create or update the administrator's account, by the settings."""

import os
import sys

from infra import administrator
from infra.local import lifeline
from infra.terminal import Refusal

# The names of the settings.
NAMES = {"email": "SUPERUSER_EMAIL", "password": "SUPERUSER_PASSWORD"}

if __name__ == "__main__":
    try:
        administrator.ensure(
            email=os.environ[NAMES["email"]], password=os.environ[NAMES["password"]], names=NAMES
        )
    except Refusal as refusal:
        lifeline.refuse(refusal)
        sys.exit(1)
