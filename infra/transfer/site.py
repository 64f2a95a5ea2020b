"""The site of a command: what it is called, and which AWS, table and bucket hold its data."""

import os
from dataclasses import dataclass

import boto3

from infra.deploy.stages import stage_named
from infra.local.settings import PREFIX, REGION, LocalSettings
from infra.root import ROOT

_AWS = "AWS"


@dataclass(frozen=True, slots=True)
class Site:
    name: str
    # Where AWS answers, or an emulator.
    endpoint: str
    region: str
    table: str
    # Its name holds the number of the AWS account; empty if no AWS was asked.
    bucket: str = ""

    @classmethod
    def entered(cls, stage: str) -> "Site":
        """Return the site whose settings this process has."""
        from chalicelib.wiring import stage as wired

        here = wired.settings()
        return cls(_name(stage), _endpoint(), _region(), here.accounts_table, here.uploads_bucket)

    @classmethod
    def named(cls, stage: str) -> "Site":
        """Return the site that a command would enter, without asking AWS."""
        if stage:
            prefix = stage_named(stage).prefix
            return cls(_name(stage), _endpoint(), _region(), _accounts(prefix))
        url = LocalSettings.load(ROOT, os.environ).aws_url
        return cls(_name(stage), url, REGION, _accounts(PREFIX))

    def __str__(self) -> str:
        held = f"table {self.table}{f', bucket {self.bucket}' if self.bucket else ''}"
        return f"{self.name} at {self.endpoint}, region {self.region}, {held}"


def _name(stage: str) -> str:
    return f"stage {stage}" if stage else "the local site"


def _endpoint() -> str:
    return os.environ.get("AWS_ENDPOINT_URL", "") or _AWS


def _region() -> str:
    return boto3.Session().region_name or "not chosen"


def _accounts(prefix: str) -> str:
    return f"{prefix}-accounts"
