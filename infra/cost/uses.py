"""The quantities that one sign-in, one hour of watching or one encode takes."""

from collections import Counter
from collections.abc import Mapping
from math import ceil

from chalicelib.encoding.clean_up import MOST_SWEPT_HOURLY
from infra.cost import measured
from infra.cost.asset import Video
from infra.cost.described import Described
from infra.cost.measured import Request
from transcoder.planning.grids import SEGMENT_SECONDS

# Quantities by the names of `prices.json`.
Quantities = Mapping[str, float]

_GIGA = 1e9
_SECONDS_PER_HOUR = 3600


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


def of_encode(video: Video, described: Described, *, spot: bool) -> Quantities:
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


def of_stored_videos(video: Video, videos: float) -> Quantities:
    """Storage for a month, and the sweep's checks."""
    is_few = videos <= MOST_SWEPT_HOURLY
    often = measured.HOURS_PER_MONTH if is_few else measured.DAYS_PER_MONTH
    return {
        "s3_gb_month": videos * video.stored_gb,
        # The sweep lists each folder of a video.
        "s3_write": videos * measured.LISTS_PER_VIDEO_SWEPT * often,
        "dynamodb_gb_month": videos * 8e-6,
        "dynamodb_backup_gb_month": videos * 8e-6,
    }


def of_a_month(described: Described, *, firewall: bool) -> Quantities:
    """The cost of a month without any use."""
    polls = measured.POLLS_PER_HOUR_AND_QUEUE * measured.QUEUES_WITH_A_HANDLER
    hours = measured.HOURS_PER_MONTH
    return {
        "secret_month": described.secrets,
        "alarm_month": described.alarm_metrics,
        "dashboard_month": described.dashboards,
        "sqs_request": polls * hours,
        "image_gb_month": measured.IMAGE_GB * described.images_kept,
        # The sweep, the scale check that it sends, and the function that handles it.
        "lambda_request": 3 * hours,
        "lambda_gb_second": hours * described.function_gb * 1.5,
        **(
            {"firewall_month": 1, "firewall_rule_month": described.firewall_rules}
            if firewall
            else {}
        ),
    }
