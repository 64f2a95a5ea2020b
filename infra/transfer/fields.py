"""The fields of one object of a dump, read by the names of the mapping."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.clock import to_the_millisecond
from chalicelib.viewing.progress import LARGEST_POSITION_SECONDS
from infra.transfer.mapping import Section
from infra.transfer.report import TransferReport

# As Django writes a duration, or the time of a clock.
_CLOCK = re.compile(r"(?:(\d{1,9}) )?(\d{1,9}):([0-5]?\d):([0-5]?\d(?:\.\d{1,9})?)", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{0,20})?", re.ASCII)
# As JSON escapes it, behind backslashes that are escaped themselves.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_FLAGS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "t", "1", "1.0", "yes", "on"), True),
    **dict.fromkeys(("false", "f", "0", "0.0", "no", "off"), False),
}


@dataclass(frozen=True, slots=True)
class Fields:
    # As reports name the object: "auth.user 7".
    name: str
    values: Mapping[str, Any]
    section: Section
    report: TransferReport

    def first(self, target: str) -> Any:
        """Return the first value that is filled; None if there is none."""
        named = (self.values.get(name) for name in self.section.fields[target])
        return next((value for value in named if value not in (None, "", [])), None)

    def text(self, target: str, *, longest: int, may_be_number: bool = True) -> str:
        """Return the text, cut if it is too long."""
        value = self.first(target)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not (isinstance(value, str) or (is_number and may_be_number)):
            if value is not None:
                self.problem(f"{target} is no text, and is left out")
            return ""
        text = str(value)
        if len(text) > longest:
            self.problem(f"{target} has more than {longest} characters, and is cut")
        return text[:longest]

    def flag(self, target: str, *, default: bool, otherwise: bool = False) -> bool:
        """Return whether a flag is set, the default without one; else what opens nothing."""
        value = self.first(target)
        if value is None:
            return default
        flag = _FLAGS.get(str(value).strip().lower())
        if flag is None:
            self.problem(f"{target} is neither true nor false: what opens nothing counts")
            return otherwise
        return flag

    def moment(self, target: str) -> datetime | None:
        """Return the time in whole milliseconds; one without a time zone is in UTC."""
        value = self.first(target)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
            aware = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
            return to_the_millisecond(aware)
        except (TypeError, ValueError, OverflowError):
            self.problem(f"{target} is no time, and is left out")
            return None

    def seconds(self, target: str) -> float | None:
        """Return a time in a video; None if there is none."""
        value = self.first(target)
        if value is None:
            return None
        seconds = _seconds(value)
        if seconds is None or not 0 <= seconds <= LARGEST_POSITION_SECONDS:
            self.problem(f"{target} is no time in a video, and is left out")
            return None
        return seconds

    def problem(self, reason: str) -> None:
        self.report.problem(self.name, reason)


def storable(value: Any) -> Any:
    """Return a value of JSON without NUL and half a pair of surrogates, which is no character."""
    text = json.dumps(value, ensure_ascii=False)
    stored = _NUL.sub(r"\1", text).encode("utf-8", errors="replace").decode()
    return value if stored == text else json.loads(stored)


def _seconds(value: Any) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = value if isinstance(value, str) else ""
    if _NUMBER.fullmatch(text):
        return float(text)
    if match := _CLOCK.fullmatch(text):
        days, hours, minutes, seconds = (float(each or 0) for each in match.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return None
