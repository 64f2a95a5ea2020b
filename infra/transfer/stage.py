"""The stage that is imported into or exported from, and its stores."""

import os
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra import stacks
from infra.deploy import checks
from infra.deploy.maintenance import environment_of
from infra.deploy.stages import stage_named
from infra.local.settings import PREFIX, LocalSettings, no_site_at
from infra.media_signing_key_pair import secret_name
from infra.root import ROOT
from infra.terminal import Refusal
from infra.transfer.destination import StageDestination
from infra.transfer.exporting import StageExport
from infra.transfer.source_files import BucketFiles
from infra.transfer.viewing_destination import ViewingDestination


def enter(name: str) -> None:
    """Give this process the settings of a stage; without a name, those of `make run`."""
    os.environ.update(_deployed(name) if name else _local())


def now() -> datetime:
    from chalicelib.wiring import stage

    return stage.clock().now()


def destination() -> StageDestination:
    from chalicelib.wiring import accounts, catalogue, stage, viewing

    uploads = BucketFiles(stage.s3(), stage.settings().uploads_bucket)
    return StageDestination(
        accounts.account_store(),
        catalogue.category_store(),
        stage.videos(),
        catalogue.catalogue_cache(),
        catalogue.categories(),
        uploads,
        ViewingDestination(
            viewing.profile_store(),
            viewing.progress_store(),
            viewing.watchlist_store(),
            viewing.watched_store(),
        ),
    )


def export() -> StageExport:
    from chalicelib.wiring import accounts, stage, viewing

    here = stage.settings()
    return StageExport(
        accounts=accounts.account_store(),
        changes=stage.changes(),
        encodes=stage.encodes(),
        viewing=viewing.export(),
        watched=viewing.watched_store(),
        sidecars=stage.uploads_bucket().beside,
        uploads=BucketFiles(stage.s3(), here.uploads_bucket),
        media=BucketFiles(stage.s3(), here.media_bucket),
    )


def _deployed(name: str) -> Mapping[str, str]:
    account = checks.account_of(os.environ)
    variables = environment_of(account, stage_named(name))
    return {"AWS_DEFAULT_REGION": account.region, **variables}


def _local() -> Mapping[str, str]:
    settings = LocalSettings.load(ROOT, os.environ)
    os.environ.update(settings.environment({}))
    try:
        outputs = _outputs()
    except (BotoCoreError, ClientError) as error:
        raise Refusal(no_site_at(settings.aws_url)) from error
    if "ACCOUNTS_TABLE" not in outputs:
        raise Refusal(no_site_at(settings.aws_url))
    return settings.environment({**outputs, "MEDIA_KEYS_SECRET": secret_name(PREFIX)})


def _outputs() -> Mapping[str, str]:
    with closing(boto3.client("cloudformation")) as client:
        return {
            stacks.variable_of(name): value
            for template in stacks.TEMPLATES
            for name, value in stacks.outputs_of(client, stacks.name_of(PREFIX, template)).items()
        }
