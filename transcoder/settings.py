"""What an operator can set for the transcoder: where it works, what it makes, what it refuses."""

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
    """What a source may be; beyond it is refused before anything is spent."""

    size_bytes: int = 200 * 1024**3
    seconds: int = 12 * 3600
    # Either way up; 8K in the widest of its shapes.
    long_side: int = 8192
    short_side: int = 4608
    streams: int = 16
    # Of the estimate, which is for one core; 0 is no limit.
    cpu_seconds: int = 0
    dollars: float = 0
    # Of the processor, to look at a source. It costs little; what takes longer is an attack.
    probe_seconds: int = 600


@dataclass(frozen=True, slots=True)
class TranscoderSettings:
    work_folder: Path = field(default_factory=lambda: Path(tempfile.gettempdir(), "videoflix"))
    work_queue_url: str = ""
    catalogue_table: str = ""
    uploads_bucket: str = ""
    media_bucket: str = ""
    # Ends after so long without work; 0 goes on for ever.
    idle_seconds: int = 0
    # Where sources are kept on this machine's disk; None reads ranges of them over the network.
    source_cache: Path | None = None
    source_cache_bytes: int = 20 * 1024**3
    container: Container = Container.FMP4
    makes_storyboard: bool = True
    # Files for clients that know no playlists; they cost as much storage again.
    makes_mp4: bool = True
    dollars_per_cpu_hour: float = 0.05
    # Of the pictures of a source; with less, it is published only if an administrator accepts it.
    least_decodable_percent: int = 80
    # Of the machine, for this worker and the one program that it runs at a time.
    memory_bytes: int = 8 * 1024**3
    limits: SourceLimits = SourceLimits()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Self:
        given = os.environ if environ is None else environ
        standard, limits = cls(), SourceLimits()
        return cls(
            work_folder=Path(given.get("WORK_FOLDER") or standard.work_folder),
            work_queue_url=_needed(given, "WORK_QUEUE_URL"),
            catalogue_table=_needed(given, "CATALOGUE_TABLE"),
            uploads_bucket=_needed(given, "UPLOADS_BUCKET"),
            media_bucket=_needed(given, "MEDIA_BUCKET"),
            idle_seconds=_number(given, "IDLE_SECONDS", standard.idle_seconds),
            source_cache=Path(cache) if (cache := given.get("SOURCE_CACHE")) else None,
            source_cache_bytes=_number(given, "SOURCE_CACHE_BYTES", standard.source_cache_bytes),
            container=_container(given.get("SEGMENT_CONTAINER") or standard.container),
            makes_mp4=_number(given, "MP4_FILES", int(standard.makes_mp4)) > 0,
            makes_storyboard=_number(given, "STORYBOARD", int(standard.makes_storyboard)) > 0,
            dollars_per_cpu_hour=_dollars(
                given, "DOLLARS_PER_CPU_HOUR", standard.dollars_per_cpu_hour
            ),
            least_decodable_percent=_percent(
                given, "LEAST_DECODABLE_PERCENT", standard.least_decodable_percent
            ),
            memory_bytes=_bytes(given, "MEMORY_LIMIT", standard.memory_bytes),
            limits=SourceLimits(
                size_bytes=_number(given, "LARGEST_SOURCE_BYTES", limits.size_bytes),
                seconds=_number(given, "LONGEST_SOURCE_SECONDS", limits.seconds),
                long_side=_number(given, "LARGEST_LONG_SIDE", limits.long_side),
                short_side=_number(given, "LARGEST_SHORT_SIDE", limits.short_side),
                streams=_number(given, "MOST_STREAMS", limits.streams),
                cpu_seconds=_number(given, "MOST_CPU_SECONDS", limits.cpu_seconds),
                dollars=_dollars(given, "MOST_DOLLARS", limits.dollars),
                probe_seconds=_number(given, "PROBE_SECONDS", limits.probe_seconds),
            ),
        )


def _needed(given: Mapping[str, str], name: str) -> str:
    if value := given.get(name):
        return value
    raise BadTranscoderSetting(f"environment variable {name} is not set")


def _number(given: Mapping[str, str], name: str, standard: int) -> int:
    value = given.get(name) or str(standard)
    if value.isascii() and value.isdigit():
        return int(value)
    raise BadTranscoderSetting(f"{name} must be a whole number, not {value!r}")


def _percent(given: Mapping[str, str], name: str, standard: int) -> int:
    value = _number(given, name, standard)
    if value <= _WHOLE_PERCENT:
        return value
    raise BadTranscoderSetting(f"{name} must be at most {_WHOLE_PERCENT}, not {value}")


def _bytes(given: Mapping[str, str], name: str, standard: int) -> int:
    """Read an amount as Docker writes it, such as 8g."""
    value = given.get(name) or str(standard)
    if found := _SIZE.fullmatch(value):
        return int(float(found[1]) * _UNITS[found[2].lower()])
    raise BadTranscoderSetting(f"{name} must be an amount such as 8g or 8192m, not {value!r}")


def _dollars(given: Mapping[str, str], name: str, standard: float) -> float:
    value = given.get(name) or str(standard)
    if _AMOUNT.fullmatch(value):
        return float(value)
    raise BadTranscoderSetting(f"{name} must be an amount such as 0.05, not {value!r}")


def _container(name: str) -> Container:
    try:
        return Container(name)
    except ValueError:
        choices = " or ".join(Container)
        raise BadTranscoderSetting(f"SEGMENT_CONTAINER must be {choices}, not {name!r}") from None
