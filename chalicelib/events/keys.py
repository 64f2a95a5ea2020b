"""The handler of the daily rotation of signing keys."""

from chalicelib.telemetry import log
from chalicelib.wiring import accounts


def on_key_age_check() -> None:
    if accounts.key_rotation().rotate_if_due():
        log.info("signing key added")
