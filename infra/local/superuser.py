"""Make the administrator's account, if it is not there yet."""

import os

from chalicelib import bootstrap

if __name__ == "__main__":
    bootstrap.administration().ensure_admin(
        email=os.environ["SUPERUSER_EMAIL"], password=os.environ["SUPERUSER_PASSWORD"]
    )
