"""Handler of the daily signing key rotation."""

from chalicelib import bootstrap
from chalicelib.telemetry import log


def on_key_age_check() -> None:
    if bootstrap.key_rotation().rotate_if_due():
        log.info("signing key added")
