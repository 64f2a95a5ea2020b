"""The Lambda functions of Videoflix: every HTTP endpoint and event handler is declared here."""

from chalice.app import Chalice, CloudWatchEvent, Rate, SQSEvent

from chalicelib.api import unrouted
from chalicelib.api.core import (
    account_details,
    administration,
    audience_figures,
    bulk_changes,
    categories,
    category_arrangement,
    curation,
    encodes,
    home,
    passwords,
    people,
    playback,
    profiles,
    progress,
    registration,
    search,
    service,
    sessions,
    similar,
    studio,
    studio_categories,
    trash,
    uploads,
    videos,
    viewing_lists,
)
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.dialects import prefixed
from chalicelib.api.dialects.authemail import accounts as authemail_accounts
from chalicelib.api.dialects.authemail import videos as authemail_videos
from chalicelib.api.dialects.djoser import links as djoser_links
from chalicelib.api.dialects.djoser import progress as djoser_progress
from chalicelib.api.dialects.djoser import tokens as djoser_tokens
from chalicelib.api.dialects.djoser import users as djoser_users
from chalicelib.api.dialects.djoser import videos as djoser_videos
from chalicelib.events import created_objects, mail, schedules, slices
from chalicelib.naming import prefix

# Chalice would change the level of the logger of this name, which telemetry.py sets.
app = Chalice(app_name=prefix(), configure_logs=False)

# HTTP: one blueprint per module, those of the core API first.
for api in (
    registration,
    sessions,
    passwords,
    account_details,
    administration,
    categories,
    category_arrangement,
    videos,
    search,
    similar,
    people,
    home,
    curation,
    studio,
    trash,
    studio_categories,
    bulk_changes,
    uploads,
    encodes,
    playback,
    profiles,
    progress,
    viewing_lists,
    audience_figures,
    service,
    prefixed,
    authemail_accounts,
    authemail_videos,
    djoser_links,
    djoser_progress,
    djoser_tokens,
    djoser_users,
    djoser_videos,
):
    app.register_blueprint(api.api.blueprint, url_prefix=api.api.dialect.url_prefix)

app.register_blueprint(unrouted.catch_all(OFFICIAL))


# Declared here: Chalice never runs this file for events of a blueprint (aws/chalice#1566).
@app.on_sqs_message(queue=f"{prefix()}-mail", batch_size=1)
def on_mail(event: SQSEvent) -> None:
    for record in event:
        mail.on_mail(record)


@app.on_sqs_message(queue=f"{prefix()}-uploads", batch_size=1)
def on_upload(event: SQSEvent) -> None:
    for record in event:
        created_objects.on_upload(record)


@app.on_sqs_message(queue=f"{prefix()}-changes", batch_size=1, maximum_concurrency=slices.AT_ONCE)
def on_bulk_change(event: SQSEvent) -> None:
    for record in event:
        slices.on_slice(record)


@app.schedule(Rate(1, unit=Rate.MINUTES))  # the pipeline sends the same kind of event
def on_work_waiting(event: CloudWatchEvent) -> None:
    schedules.on_work_waiting(event)


@app.schedule(Rate(1, unit=Rate.HOURS))
def on_sweep(_event: CloudWatchEvent) -> None:
    schedules.on_sweep()


@app.schedule(Rate(1, unit=Rate.DAYS))
def on_key_age_check(_event: CloudWatchEvent) -> None:
    schedules.on_key_age_check()
