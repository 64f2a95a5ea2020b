"""The hourly look for what was left behind, and for what was lost on its way."""

from dataclasses import asdict

from chalicelib import bootstrap
from chalicelib.telemetry import log


def on_sweep() -> None:
    # A call that was lost would leave its work to nobody.
    if crew := bootstrap.crew():
        crew.call()
    log.info("swept", extra=asdict(bootstrap.sweeping().sweep()))
