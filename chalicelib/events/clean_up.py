"""Handler of the hourly clean-up, which also repeats a lost scale check."""

from dataclasses import asdict

from chalicelib.telemetry import log
from chalicelib.wiring import encoding, ingest


def on_sweep() -> None:
    # If a scale check was lost, its tasks would wait forever.
    if scaling := encoding.scaling():
        scaling.request()
    uploads = ingest.upload_expiry().abort_expired()
    log.info("swept", extra={"uploads": uploads, **asdict(encoding.clean_up().run())})
