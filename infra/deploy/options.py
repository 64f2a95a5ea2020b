"""The options of a deploy: from the environment, else from `deploy.env`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from chalicelib.mail_links import ANY_ORIGIN, BadMailLinks, rows_of
from chalicelib.settings import ORIGIN, PERCENT, SameSite
from infra import dotenv, mail_settings
from infra.deploy.stages import Stage
from infra.root import ROOT
from infra.terminal import Refusal

FILE = "deploy.env"
# Each setting of a deploy is a line of the template, with or without a mark of a comment.
_TEMPLATE = (ROOT / f"{FILE}.template").read_text(encoding="utf-8")
NAMES = frozenset(re.findall(r"^#?([A-Z0-9_]+)=", _TEMPLATE, re.MULTILINE))
# The explicit value for no other page than the one that is deployed.
_NO_ORIGINS = "none"
_WHICH_PAGES = (
    "ALLOWED_ORIGINS is not set: name the pages that may call, as in https://app.example.com, "
    f"or {_NO_ORIGINS} for the page that is deployed alone."
)
_CERTIFICATE = re.compile(r"arn:[a-z-]+:acm:us-east-1:\d{12}:certificate/[\w-]+")
_WHOLE_NUMBERS = (
    "MAX_TRANSCODERS",
    "BUDGET_DOLLARS",
    "UPLOAD_LARGEST_BYTES",
    "UPLOAD_QUOTA_BYTES",
    "TRASH_DAYS",
)
_CHOICES = {
    "COOKIE_SAMESITE": get_args(SameSite),
    "CREW_ON_DEMAND": ("0", "1"),
    "MP4_FILES_120P": ("0", "1"),
}
_PERCENTS = ("LEAST_DECODABLE_PERCENT", "CONTINUE_FROM_PERCENT", "CONTINUE_UNTIL_PERCENT")


@dataclass(frozen=True, slots=True)
class DeployOptions:
    mail_sender: str
    # The identity that SES verifies: the sender's address, or its whole domain.
    mail_identity: str
    origins: tuple[str, ...]
    # Both empty for the page that is deployed.
    activation_link: str
    reset_link: str
    alarm_email: str
    domain_name: str
    certificate_arn: str
    has_hsts_for_subdomains: bool
    transcoders: int
    # Empty for the transcoder's own default.
    least_decodable_percent: str
    makes_mp4_120p: bool
    has_firewall: bool
    budget_dollars: int
    media_url: str
    # Settings of the API that have a default there.
    api: Mapping[str, str]

    @classmethod
    def load(cls, root: Path, stage: Stage, environ: Mapping[str, str]) -> "DeployOptions":
        """Read the options; raise `Refusal` with all problems, one per line."""
        common, own = dotenv.read(root / FILE), dotenv.read(root / f"deploy.{stage.name}.env")
        values = {
            name: value.strip()
            for source in (common, own, environ)
            for name, value in source.items()
            if name in NAMES and value.strip()
        }
        unknown = sorted({*common, *own} - NAMES)
        problems = [f"{name} is no setting of a deploy." for name in unknown]
        problems += [problem for check in _CHECKS for problem in check(stage, values)]
        if problems:
            raise Refusal("\n".join(problems))
        return cls._of(stage, values)

    @classmethod
    def _of(cls, stage: Stage, values: Mapping[str, str]) -> "DeployOptions":
        origins = _origins(values)
        page = origins[0] if origins else ""
        return cls(
            mail_sender=values["MAIL_SENDER"],
            mail_identity=values.get("MAIL_IDENTITY")
            or mail_settings.address_in(values["MAIL_SENDER"]),
            origins=origins,
            activation_link=values.get("MAIL_LINK_OFFICIAL_ACTIVATION")
            or (mail_settings.activation_link(page) if page else ""),
            reset_link=values.get("MAIL_LINK_OFFICIAL_RESET")
            or (mail_settings.reset_link(page) if page else ""),
            alarm_email=values.get("ALARM_EMAIL", ""),
            domain_name=values.get("DOMAIN_NAME", ""),
            certificate_arn=values.get("CERTIFICATE_ARN", ""),
            has_hsts_for_subdomains=values.get("HSTS_SUBDOMAINS", "on") == "on",
            transcoders=int(values.get("MAX_TRANSCODERS", stage.transcoders)),
            least_decodable_percent=values.get("LEAST_DECODABLE_PERCENT", ""),
            makes_mp4_120p=values.get("MP4_FILES_120P", "0") == "1",
            has_firewall=values.get("FIREWALL", stage.firewall) == "on",
            budget_dollars=int(values.get("BUDGET_DOLLARS", stage.budget_dollars)),
            media_url=values.get("MEDIA_URL", "").rstrip("/"),
            api={name: values[name] for name in _API if name in values},
        )


_API = (
    "CREW_ON_DEMAND",
    "PLAIN_TEXT_ORIGINS",
    "MAIL_LINKS",
    "COOKIE_SAMESITE",
    "COOKIE_DOMAIN",
    "UPLOAD_LARGEST_BYTES",
    "UPLOAD_QUOTA_BYTES",
    "CONTINUE_FROM_PERCENT",
    "CONTINUE_UNTIL_PERCENT",
    "TRASH_DAYS",
)


def _origins(values: Mapping[str, str]) -> tuple[str, ...]:
    is_none = values.get("ALLOWED_ORIGINS", "") == _NO_ORIGINS
    return () if is_none else _listed(values, "ALLOWED_ORIGINS")


def _listed(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in values.get(name, "").split(",") if each.strip())


def _mail(_: Stage, values: Mapping[str, str]) -> list[str]:
    sender = values.get("MAIL_SENDER")
    if not sender:
        return [f"MAIL_SENDER is not set: the sender of all mails. See {FILE}.template."]
    address = mail_settings.address_in(sender)
    if not address:
        return [f"MAIL_SENDER must hold an e-mail address, not {sender!r}."]
    identity = values.get("MAIL_IDENTITY", address)
    if identity not in (address, address.partition("@")[2]):
        return ["MAIL_IDENTITY must be the address in MAIL_SENDER, or its domain."]
    return []


def _pages(_: Stage, values: Mapping[str, str]) -> list[str]:
    if not values.get("ALLOWED_ORIGINS"):
        return [_WHICH_PAGES]
    origins = _origins(values)
    wrong = [origin for origin in origins if not _is_of_a_page(origin)]
    problems = [f"ALLOWED_ORIGINS: {each!r} is not of the form https://host." for each in wrong]
    problems += [
        f"PLAIN_TEXT_ORIGINS: {each!r} is none of ALLOWED_ORIGINS."
        for each in _listed(values, "PLAIN_TEXT_ORIGINS")
        if each not in origins
    ]
    return problems


def _links(_: Stage, values: Mapping[str, str]) -> list[str]:
    try:
        rows = rows_of(values.get("MAIL_LINKS", ""))
    except BadMailLinks as problem:
        return [f"MAIL_LINKS, {problem}."]
    wrong = {origin for _, origin in rows} - {ANY_ORIGIN, *_origins(values)}
    return [f"MAIL_LINKS: {each!r} is none of ALLOWED_ORIGINS." for each in sorted(wrong)]


def _is_of_a_page(origin: str) -> bool:
    # The API answers other schemes as well, as those of apps.
    return origin.startswith(("http://", "https://")) and bool(ORIGIN.fullmatch(origin))


def _own_domain(_: Stage, values: Mapping[str, str]) -> list[str]:
    certificate = values.get("CERTIFICATE_ARN", "")
    if bool(values.get("DOMAIN_NAME")) != bool(certificate):
        return ["DOMAIN_NAME and CERTIFICATE_ARN belong together: set both or none."]
    if certificate and not _CERTIFICATE.fullmatch(certificate):
        return ["CERTIFICATE_ARN must be a certificate in us-east-1; CloudFront takes no other."]
    return []


def _numbers(_: Stage, values: Mapping[str, str]) -> list[str]:
    return [
        f"{name} must be a whole number from 1 on, not {text!r}."
        for name in _WHOLE_NUMBERS
        if not _is_positive(text := values.get(name, "1"))
    ]


def _is_positive(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) > 0


def _percents(_: Stage, values: Mapping[str, str]) -> list[str]:
    return [
        f"{name} must be a whole number up to 100, not {text!r}."
        for name in _PERCENTS
        if not PERCENT.fullmatch(text := values.get(name, "0"))
    ]


def _alarms(stage: Stage, values: Mapping[str, str]) -> list[str]:
    problems = []
    if stage.needs_alarm_email and "ALARM_EMAIL" not in values:
        problems.append(f"ALARM_EMAIL is not set: the alarms of {stage.name} need an address.")
    problems += [
        f"{name} must be on or off."
        for name in ("FIREWALL", "HSTS_SUBDOMAINS")
        if values.get(name, "off") not in ("on", "off")
    ]
    return problems


def _choices(_: Stage, values: Mapping[str, str]) -> list[str]:
    return [
        f"{name} must be one of {', '.join(choices)}, not {values[name]!r}."
        for name, choices in _CHOICES.items()
        if name in values and values[name] not in choices
    ]


_CHECKS = (_mail, _pages, _links, _own_domain, _numbers, _percents, _alarms, _choices)
