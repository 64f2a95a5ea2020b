"""The quantities that one sign-in, one hour of watching or one encode takes, by the templates."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from chalicelib.encoding.clean_up import MOST_CHECKED_HOURLY
from chalicelib.encoding.task_queues import TaskQueue
from infra.cost import measured
from infra.cost.asset import CostedVideo
from infra.cost.measured import Request
from infra.root import ROOT, TEMPLATE_FOLDER
from transcoder.planning.grids import SEGMENT_SECONDS

_RESOURCE = re.compile(
    r"^  \w+:\n(?=(?:    .*\n)*?    Type: ([\w:]+))((?:(?:    .*)?\n)+)", re.MULTILINE
)
# Quantities by the names of `prices.json`.
Quantities = Mapping[str, float]
_GIGA = 1e9
_SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Described:
    secrets: int
    alarm_metrics: int
    dashboards: int
    firewall_rules: int
    transcoder_cpus: float
    transcoder_gb: float
    # Without the 20 GB that are free.
    transcoder_disk_gb: int
    transcoder_idle_seconds: int
    transcoders_at_most: int
    images_kept: int
    api_gb: float
    # Of the functions that handle events.
    function_gb: float

    @classmethod
    def load(cls) -> "Described":
        transcoder = _text("transcoder")
        functions = json.loads((ROOT / ".chalice/config.json").read_text())
        api = functions["lambda_functions"]["api_handler"]["lambda_memory_size"]
        alarms = _resources(_text("watch"), "AWS::CloudWatch::Alarm")
        return cls(
            secrets=len(_resources(_text("secrets"), "AWS::SecretsManager::Secret")),
            alarm_metrics=sum(max(1, each.count("MetricStat:")) for each in alarms),
            dashboards=len(_resources(_text("watch"), "AWS::CloudWatch::Dashboard")),
            firewall_rules=len(re.findall(r"^ +Priority: \d", _text("firewall"), re.MULTILINE)),
            transcoder_cpus=_default(transcoder, "TranscoderCpu") / 1024,
            transcoder_gb=_default(transcoder, "TranscoderMemoryMb") / 1024,
            transcoder_disk_gb=max(0, _default(transcoder, "TranscoderDiskGb") - 20),
            transcoder_idle_seconds=_default(transcoder, "IdleSeconds"),
            transcoders_at_most=4,
            images_kept=_number(_text("registry"), r'"countNumber": (\d+)'),
            api_gb=api / 1024,
            function_gb=functions["lambda_memory_size"] / 1024,
        )


def _text(stack: str) -> str:
    return (ROOT / TEMPLATE_FOLDER / f"{stack}.yaml").read_text(encoding="utf-8")


def _resources(template: str, kind: str) -> list[str]:
    return [match[2] for match in _RESOURCE.finditer(template) if match[1] == kind]


def _default(template: str, parameter: str) -> int:
    return _number(template, rf"^  {parameter}:\n(?:    .*\n)*?    Default: (\d+)")


def _number(template: str, pattern: str) -> int:
    match = re.search(pattern, template, re.MULTILINE)
    if match is None:
        raise ValueError(f"no template has the number {pattern}")
    return int(match[1])


def times(quantities: Quantities, factor: float) -> Quantities:
    return {name: quantity * factor for name, quantity in quantities.items()}


def together(*several: Quantities) -> Quantities:
    total: Counter[str] = Counter()
    for quantities in several:
        for name, quantity in quantities.items():
            total[name] += quantity  # type: ignore[assignment]
    return total


def of_request(request: Request, described: Described) -> Quantities:
    calls = sum(request.calls.values())
    seconds = request.cpu_seconds + measured.CALL_SECONDS * calls + measured.REQUEST_SECONDS
    return {
        "api_gateway_request": 1,
        "lambda_request": 1,
        "lambda_gb_second": seconds * described.api_gb,
        "cloudfront_request": 1,
        "cloudfront_gb": request.answer_bytes / _GIGA,
        "log_gb": measured.LOG_BYTES / _GIGA,
        **_units(request),
    }


def _units(request: Request) -> Quantities:
    calls = Counter(request.calls)
    return {
        "dynamodb_write": calls["UpdateItem"] + calls["PutItem"] + 2 * request.transacted,
        "dynamodb_read": calls["GetItem"] + 2 * calls["BatchGetItem"] + 0.5 * calls["Query"],
        "sqs_request": calls["SendMessage"],
    }


def of_sign_up(described: Described) -> Quantities:
    mail = {
        "mail": 1,
        "sqs_request": measured.MESSAGES_PER_MAIL,
        "lambda_request": 1,
        "lambda_gb_second": measured.MAIL_SECONDS * described.function_gb,
    }
    return together(of_request(measured.SIGN_UP, described), mail)


def of_listing(described: Described) -> Quantities:
    cached = Request(
        cpu_seconds=measured.LISTING.cpu_seconds, answer_bytes=measured.LISTING.answer_bytes
    )
    every = measured.LISTINGS_PER_QUERY
    return together(
        times(of_request(measured.LISTING, described), 1 / every),
        times(of_request(cached, described), 1 - 1 / every),
    )


def of_watched_hour(described: Described) -> Quantities:
    """On the largest rung for the whole hour."""
    requests = 2 * ceil(_SECONDS_PER_HOUR / SEGMENT_SECONDS)
    kilobits = measured.LARGEST_KBPS + measured.SOUND_KBPS
    return together(
        {
            "cloudfront_gb": kilobits * 1000 / 8 * _SECONDS_PER_HOUR / _GIGA,
            "cloudfront_request": requests,
            "s3_read": requests * (1 - measured.CACHE_HITS),
        },
        times(of_request(measured.PLAYLIST, described), measured.PLAYLISTS_PER_HOUR),
        times(of_request(measured.REFRESH, described), measured.REFRESHES_PER_HOUR),
    )


def of_encode(video: CostedVideo, described: Described, *, spot: bool) -> Quantities:
    idle = described.transcoders_at_most * (
        measured.START_SECONDS + described.transcoder_idle_seconds
    )
    working = video.seconds / 60 * measured.CPU_SECONDS_PER_MINUTE / measured.BUSY
    hours = (working / described.transcoder_cpus + idle) / _SECONDS_PER_HOUR
    kind = "fargate_spot" if spot else "fargate"
    return {
        f"{kind}_vcpu_hour": hours * described.transcoder_cpus,
        f"{kind}_gb_hour": hours * described.transcoder_gb,
        "fargate_disk_gb_hour": hours * described.transcoder_disk_gb,
        "public_ipv4_hour": hours,
        "s3_write": video.writes + video.lists,
        "s3_gb_month": video.source_gb,
        "s3_read": video.reads + video.chunks * measured.RANGES_PER_CHUNK,
        "step": video.steps,
        "sqs_request": video.tasks * measured.MESSAGES_PER_TASK,
        "dynamodb_write": (video.chunks + video.segments) * measured.ENCODE_UNITS,
        "dynamodb_read": video.tasks * measured.READS_PER_TASK,
        "log_gb": video.tasks * measured.LOG_BYTES / _GIGA,
    }


def of_stored_videos(video: CostedVideo, videos: float) -> Quantities:
    """Storage for a month, and the checks of the clean-up."""
    is_few = videos <= MOST_CHECKED_HOURLY
    often = measured.HOURS_PER_MONTH if is_few else measured.DAYS_PER_MONTH
    return {
        "s3_gb_month": videos * video.stored_gb,
        # The clean-up lists each folder of a video.
        "s3_write": videos * measured.LISTS_PER_CHECKED_VIDEO * often,
        "dynamodb_gb_month": videos * 8e-6,
        "dynamodb_backup_gb_month": videos * 8e-6,
    }


def of_a_month(described: Described, *, firewall: bool) -> Quantities:
    """The cost of a month without any use."""
    polls = measured.POLLS_PER_HOUR_AND_QUEUE * measured.QUEUES_WITH_A_HANDLER
    hours = measured.HOURS_PER_MONTH
    checks = 60 * hours
    return {
        "secret_month": described.secrets,
        "alarm_month": described.alarm_metrics,
        "dashboard_month": described.dashboards,
        "sqs_request": polls * hours + checks * len(TaskQueue),
        "image_gb_month": measured.IMAGE_GB * described.images_kept,
        # The clean-up, and a scale check every minute.
        "lambda_request": hours + checks,
        "lambda_gb_second": described.function_gb * (hours * 1.5 + checks * 0.05),
        **(
            {"firewall_month": 1, "firewall_rule_month": described.firewall_rules}
            if firewall
            else {}
        ),
    }
