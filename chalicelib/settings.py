"""Settings: typed values of the environment variables, read once per process."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from chalicelib.mail_links import BadMailLinks, MailLinks, MailLinkTable, require_link

SameSite = Literal["Lax", "None", "Strict"]

# As browsers send it: lower case, without a path.
ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d+)?")
PERCENT = re.compile(r"[0-9]|[1-9][0-9]|100")


class MissingSetting(RuntimeError):
    """A required environment variable is not set."""


class BadSetting(RuntimeError):
    """An environment variable has an invalid value."""


@dataclass(frozen=True, slots=True)
class ScalingSettings:
    """The ECS cluster that starts transcoders when tasks wait."""

    cluster: str
    task_definition: str
    subnets: tuple[str, ...]
    security_group: str
    work_queue_url: str
    most: int
    uses_on_demand: bool

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "ScalingSettings | None":
        """Return None if no cluster is set: transcoders are then started by other means."""
        if not (cluster := environ.get("CREW_CLUSTER", "")):
            return None
        return cls(
            cluster=cluster,
            task_definition=environ["CREW_TASK_DEFINITION"],
            subnets=tuple(each.strip() for each in environ["CREW_SUBNETS"].split(",")),
            security_group=environ["CREW_SECURITY_GROUP"],
            work_queue_url=environ["WORK_QUEUE_URL"],
            most=_number(environ, "CREW_MOST", 4),
            uses_on_demand=environ.get("CREW_ON_DEMAND", "1") != "0",
        )


@dataclass(frozen=True, slots=True)
class Settings:
    stage: str
    accounts_table: str
    catalogue_table: str
    viewing_table: str
    uploads_bucket: str
    media_bucket: str
    media_url: str
    media_signing_keys_secret: str
    pipeline_arn: str
    upload_largest_bytes: int
    upload_quota_bytes: int
    mail_queue_url: str
    changes_queue_url: str
    # Where tasks arrive; the pipeline sends most of them.
    work_queue_url: str
    mail_sender: str
    mail_configuration_set: str
    signing_keys_secret: str
    allowed_origins: frozenset[str]
    mail_links: MailLinkTable
    cookie_samesite: SameSite
    cookie_domain: str
    client_address_header: str
    # The CloudFront distribution of the media; empty if there is none.
    edge_distribution: str
    scaling: ScalingSettings | None = None
    # The S3 endpoint for uploading browsers; empty if it is the one that the API uses.
    uploads_url: str = ""
    # Allowed origins whose pages escape text themselves, unlike those that set `innerHTML`.
    plain_text_origins: frozenset[str] = frozenset()
    # The shares of a video between which it is listed to be continued.
    continue_percents: tuple[int, int] = (5, 90)
    # For so many days, a video in the trash can be restored.
    trash_days: int = 30

    @property
    def is_local(self) -> bool:
        return self.stage == "local"

    @property
    def email_change_link(self) -> str:
        """The URL template of the link to our own page, which is at the host of the media."""
        return f"{self.media_url}/#/email/{{uid}}/{{token}}"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        try:
            return cls(
                stage=environ["STAGE"],
                accounts_table=environ["ACCOUNTS_TABLE"],
                catalogue_table=environ["CATALOGUE_TABLE"],
                viewing_table=environ["VIEWING_TABLE"],
                uploads_bucket=environ["UPLOADS_BUCKET"],
                media_bucket=environ["MEDIA_BUCKET"],
                media_url=environ["MEDIA_URL"].rstrip("/"),
                media_signing_keys_secret=environ["MEDIA_KEYS_SECRET"],
                pipeline_arn=environ["PIPELINE_ARN"],
                upload_largest_bytes=_number(environ, "UPLOAD_LARGEST_BYTES", 50 * 10**9),
                upload_quota_bytes=_number(environ, "UPLOAD_QUOTA_BYTES", 200 * 10**9),
                mail_queue_url=environ["MAIL_QUEUE_URL"],
                changes_queue_url=environ["CHANGES_QUEUE_URL"],
                work_queue_url=environ["WORK_QUEUE_URL"],
                mail_sender=environ["MAIL_SENDER"],
                mail_configuration_set=environ.get("MAIL_CONFIGURATION_SET", ""),
                signing_keys_secret=environ["SIGNING_KEYS_SECRET"],
                allowed_origins=_origins("ALLOWED_ORIGINS", environ["ALLOWED_ORIGINS"]),
                mail_links=_mail_links(environ),
                cookie_samesite=_same_site(environ.get("COOKIE_SAMESITE", "Lax")),
                cookie_domain=environ.get("COOKIE_DOMAIN", ""),
                client_address_header=environ.get("CLIENT_ADDRESS_HEADER", ""),
                edge_distribution=environ.get("EDGE_DISTRIBUTION", ""),
                scaling=ScalingSettings.from_environment(environ),
                uploads_url=environ.get("UPLOADS_URL", "").rstrip("/"),
                plain_text_origins=_origins(
                    "PLAIN_TEXT_ORIGINS", environ.get("PLAIN_TEXT_ORIGINS", "")
                ),
                continue_percents=_continue_percents(environ),
                trash_days=_number(environ, "TRASH_DAYS", 30, most=36_500),
            )
        except KeyError as missing:
            raise MissingSetting(f"environment variable {missing} is not set") from None


def _origins(name: str, listed: str) -> frozenset[str]:
    origins = frozenset(origin.strip() for origin in listed.split(",") if origin.strip())
    wrong = sorted(origin for origin in origins if not ORIGIN.fullmatch(origin))
    if wrong:
        raise BadSetting(f"{name}: {wrong[0]} is not of the form https://host[:port]")
    return origins


def _number(environ: Mapping[str, str], name: str, default: int, *, most: int | None = None) -> int:
    text = environ.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise BadSetting(f"{name} must be a whole number from 1 on")
    if most and int(text) > most:
        raise BadSetting(f"{name} must be at most {most}")
    return int(text)


def _continue_percents(environ: Mapping[str, str]) -> tuple[int, int]:
    begins = _percent(environ, "CONTINUE_FROM_PERCENT", 5)
    ends = _percent(environ, "CONTINUE_UNTIL_PERCENT", 90)
    if begins >= ends:
        raise BadSetting("CONTINUE_FROM_PERCENT must be less than CONTINUE_UNTIL_PERCENT")
    return begins, ends


def _percent(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not PERCENT.fullmatch(text):
        raise BadSetting(f"{name} must be a whole number up to 100")
    return int(text)


def _mail_links(environ: Mapping[str, str]) -> MailLinkTable:
    # CloudFront, and the local edge, serve our own page at the same host as media.
    page_url = environ["MEDIA_URL"].rstrip("/")
    official = MailLinks(
        activation=_link(environ, "MAIL_LINK_OFFICIAL_ACTIVATION"),
        reset=_link(environ, "MAIL_LINK_OFFICIAL_RESET"),
    )
    table = environ.get("MAIL_LINKS", "")
    try:
        return MailLinkTable.parse(table, page_url=page_url, official=official)
    except BadMailLinks as problem:
        raise BadSetting(f"MAIL_LINKS, {problem}") from None


def _link(environ: Mapping[str, str], name: str) -> str:
    try:
        template = environ.get(name, "")
        return require_link(template) if template else ""
    except BadMailLinks as problem:
        raise BadSetting(f"{name} {problem}") from None


def _same_site(value: str) -> SameSite:
    for known in get_args(SameSite):
        if value.lower() == known.lower():
            return known  # type: ignore[no-any-return]
    raise BadSetting("COOKIE_SAMESITE must be Lax, None or Strict")


@cache
def settings() -> Settings:
    return Settings.from_environment(os.environ)
