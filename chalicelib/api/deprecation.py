"""The deprecation of an operation, as its answers and the API document announce it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime

# `docs/api-policy.md` promises it.
LEAST_NOTICE = timedelta(days=365)
_REFERENCE = "/api/docs/"


@dataclass(frozen=True, slots=True)
class Deprecation:
    """From when on an operation is deprecated, when it may go, and what replaces it."""

    since: date
    # It answers until the beginning of this day (UTC) at least.
    sunset: date
    # The operation that replaces it, such as `GET /api/video/`.
    instead: str = ""

    def __post_init__(self) -> None:
        if self.sunset < self.since + LEAST_NOTICE:
            raise ValueError(f"deprecated operations answer for {LEAST_NOTICE.days} days more")

    @property
    def sentence(self) -> str:
        replacement = f" Use `{self.instead}`." if self.instead else ""
        return f"Deprecated since {self.since}, answers until {self.sunset} at least.{replacement}"

    def headers(self, others: Mapping[str, str]) -> Mapping[str, str]:
        """Return the headers of an answer with those of RFC 9745 and RFC 8594."""
        links = [others["Link"]] if "Link" in others else []
        return {
            **others,
            "Deprecation": f"@{_midnight(self.since).timestamp():.0f}",
            "Sunset": format_datetime(_midnight(self.sunset), usegmt=True),
            "Link": ", ".join([*links, f'<{_REFERENCE}>; rel="deprecation"; type="text/html"']),
        }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
