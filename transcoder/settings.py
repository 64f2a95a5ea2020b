"""Settings of the transcoder: where it works, what it makes, what it refuses."""

import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from chalicelib.catalogue.asset import Container
from transcoder.errors import BadTranscoderSetting

_WHOLE_PERCENT = 100
_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,3})?) ?([kmg]?)b?", re.ASCII | re.IGNORECASE)
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class SourceLimits:
    """A source beyond these is refused when it is planned."""

    size_bytes: int = 200 * 1024**3
    seconds: int = 12 * 3600
    # In either orientation; 8K in its widest shape.
    long_side: int = 8192
    short_side: int = 4608
    streams: int = 16
    # Of the estimate, which is for one core; 0 is no limit.
    cpu_seconds: int = 0
    dollars: float = 0
    # CPU time of the probe, which takes seconds; a source that needs more is an attack.
    probe_seconds: int = 600


@dataclass(frozen=True, slots=True)
class TranscoderSettings:
    work_folder: Path = field(default_factory=lambda: Path(tempfile.gettempdir(), "videoflix"))
    work_queue_url: str = ""
    catalogue_table: str = ""
    uploads_bucket: str = ""
    media_bucket: str = ""
    # The worker ends after this time without a task; 0 is never.
    idle_seconds: int = 0
    # Folder for whole sources; None reads ranges of them over the network.
    source_cache: Path | None = None
    source_cache_bytes: int = 20 * 1024**3
    container: Container = Container.FMP4
    makes_storyboard: bool = True
    # Files for clients that know no playlists; they cost as much storage again.
    makes_mp4: bool = True
    # Beside them one of 120 lines, which no playlist has.
    makes_mp4_120p: bool = False
    dollars_per_cpu_hour: float = 0.05
    # Of the pictures of a source; with less, it is published only if an administrator accepts it.
    least_decodable_percent: int = 80
    # Of the machine, for this worker and the one program that it runs at a time.
    memory_bytes: int = 8 * 1024**3
    limits: SourceLimits = SourceLimits()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Self:
        values = os.environ if environ is None else environ
        defaults, limits = cls(), SourceLimits()
        return cls(
            work_folder=Path(values.get("WORK_FOLDER") or defaults.work_folder),
            work_queue_url=_needed(values, "WORK_QUEUE_URL"),
            catalogue_table=_needed(values, "CATALOGUE_TABLE"),
            uploads_bucket=_needed(values, "UPLOADS_BUCKET"),
            media_bucket=_needed(values, "MEDIA_BUCKET"),
            idle_seconds=_number(values, "IDLE_SECONDS", defaults.idle_seconds),
            source_cache=Path(cache) if (cache := values.get("SOURCE_CACHE")) else None,
            source_cache_bytes=_number(values, "SOURCE_CACHE_BYTES", defaults.source_cache_bytes),
            container=_container(values.get("SEGMENT_CONTAINER") or defaults.container),
            makes_mp4=_number(values, "MP4_FILES", int(defaults.makes_mp4)) > 0,
            makes_mp4_120p=_number(values, "MP4_FILES_120P", int(defaults.makes_mp4_120p)) > 0,
            makes_storyboard=_number(values, "STORYBOARD", int(defaults.makes_storyboard)) > 0,
            dollars_per_cpu_hour=_dollars(
                values, "DOLLARS_PER_CPU_HOUR", defaults.dollars_per_cpu_hour
            ),
            least_decodable_percent=_percent(
                values, "LEAST_DECODABLE_PERCENT", defaults.least_decodable_percent
            ),
            memory_bytes=_bytes(values, "MEMORY_LIMIT", defaults.memory_bytes),
            limits=SourceLimits(
                size_bytes=_number(values, "LARGEST_SOURCE_BYTES", limits.size_bytes),
                seconds=_number(values, "LONGEST_SOURCE_SECONDS", limits.seconds),
                long_side=_number(values, "LARGEST_LONG_SIDE", limits.long_side),
                short_side=_number(values, "LARGEST_SHORT_SIDE", limits.short_side),
                streams=_number(values, "MOST_STREAMS", limits.streams),
                cpu_seconds=_number(values, "MOST_CPU_SECONDS", limits.cpu_seconds),
                dollars=_dollars(values, "MOST_DOLLARS", limits.dollars),
                probe_seconds=_number(values, "PROBE_SECONDS", limits.probe_seconds),
            ),
        )


def _needed(values: Mapping[str, str], name: str) -> str:
    if value := values.get(name):
        return value
    raise BadTranscoderSetting(f"environment variable {name} is not set")


def _number(values: Mapping[str, str], name: str, default: int) -> int:
    value = values.get(name) or str(default)
    if value.isascii() and value.isdigit():
        return int(value)
    raise BadTranscoderSetting(f"{name} must be a whole number, not {value!r}")


def _percent(values: Mapping[str, str], name: str, default: int) -> int:
    value = _number(values, name, default)
    if value <= _WHOLE_PERCENT:
        return value
    raise BadTranscoderSetting(f"{name} must be at most {_WHOLE_PERCENT}, not {value}")


def _bytes(values: Mapping[str, str], name: str, default: int) -> int:
    """Read an amount as Docker writes it, such as 8g."""
    value = values.get(name) or str(default)
    if match := _SIZE.fullmatch(value):
        return int(float(match[1]) * _UNITS[match[2].lower()])
    raise BadTranscoderSetting(f"{name} must be an amount such as 8g or 8192m, not {value!r}")


def _dollars(values: Mapping[str, str], name: str, default: float) -> float:
    value = values.get(name) or str(default)
    if _AMOUNT.fullmatch(value):
        return float(value)
    raise BadTranscoderSetting(f"{name} must be an amount such as 0.05, not {value!r}")


def _container(name: str) -> Container:
    try:
        return Container(name)
    except ValueError:
        choices = " or ".join(Container)
        raise BadTranscoderSetting(f"SEGMENT_CONTAINER must be {choices}, not {name!r}") from None
