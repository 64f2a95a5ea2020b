"""Handlers of the schedules: scale checks, the hourly clean-up, and rotation of signing keys."""

from dataclasses import asdict
from datetime import datetime

from chalice.app import CloudWatchEvent

from chalicelib.telemetry import count, log
from chalicelib.wiring import accounts, bulk, catalogue, encoding, ingest, viewing


def on_work_waiting(event: CloudWatchEvent) -> None:
    """Start missing transcoders; the pipeline calls it as well, when its tasks begin."""
    # Outside AWS, transcoders are started by other means.
    if (scaling := encoding.scaling()) is None:
        return
    # Executions that began with an earlier version send no time.
    since = datetime.fromisoformat(event.time) if event.time else None
    # Lambda may deliver an event late or again.
    result = scaling.check(int(event.detail.get("expected", 0)), since)
    if result.waiting:
        log.info("scale check done", extra=asdict(result))
    if result.refused:
        count("CrewRefused")
    if result.failures or (result.refused and not result.running + result.started):
        count("CrewMissing")


def on_sweep() -> None:
    uploads = ingest.upload_expiry().abort_expired()
    log.info("trash purged", extra={"videos": catalogue.trash().purge()})
    log.info("clean-up done", extra={"uploads": uploads, **asdict(encoding.clean_up().run())})
    log.info("posters requested", extra={"posters": ingest.posters().request_missing()})
    log.info("copy of the catalogue", extra={"saved": catalogue.copy_saving().run()})
    log.info("clean-up of bulk changes done", extra=asdict(bulk.clean_up().run()))
    log.info("clean-up of viewing done", extra=asdict(viewing.clean_up().run()))


def on_key_age_check() -> None:
    if accounts.key_rotation().rotate_if_due():
        log.info("signing key added")
