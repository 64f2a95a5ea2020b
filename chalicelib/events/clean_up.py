"""Handler of the hourly clean-up, which also repeats a lost scale check."""

from dataclasses import asdict

from chalicelib import bootstrap
from chalicelib.telemetry import log


def on_sweep() -> None:
    # If a scale check was lost, its tasks would wait forever.
    if crew := bootstrap.crew():
        crew.call()
    uploads = bootstrap.upload_expiry().abort_expired()
    log.info("swept", extra={"uploads": uploads, **asdict(bootstrap.sweeping().sweep())})
