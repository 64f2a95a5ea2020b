"""Handlers of schedules: the hourly clean-up, and the daily rotation of signing keys."""

from dataclasses import asdict

from chalicelib.telemetry import log
from chalicelib.wiring import accounts, encoding, ingest


def on_sweep() -> None:
    uploads = ingest.upload_expiry().abort_expired()
    log.info("swept", extra={"uploads": uploads, **asdict(encoding.clean_up().run())})


def on_key_age_check() -> None:
    if accounts.key_rotation().rotate_if_due():
        log.info("signing key added")
