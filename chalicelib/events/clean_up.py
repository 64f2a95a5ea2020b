"""The handler of the hourly clean-up."""

from dataclasses import asdict

from chalicelib.telemetry import log
from chalicelib.wiring import encoding, ingest


def on_sweep() -> None:
    uploads = ingest.upload_expiry().abort_expired()
    log.info("swept", extra={"uploads": uploads, **asdict(encoding.clean_up().run())})
