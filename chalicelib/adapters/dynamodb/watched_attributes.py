"""Names of the attributes of a progress item that count watched seconds by day and codec."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from chalicelib.viewing.model import Codec
from chalicelib.viewing.progress import Watched

_NAME = re.compile(r"watched_([0-9]{8})_([a-z0-9]+)", re.ASCII)


def name_of(day: date, codec: Codec) -> str:
    return f"watched_{day:%Y%m%d}_{codec}"


def watched_in(attributes: Iterable[tuple[str, dict[str, str]]]) -> Iterator[tuple[str, Watched]]:
    """Yield name and value of the attributes of an item that count watched seconds."""
    for name, value in attributes:
        if match := _NAME.fullmatch(name):
            day = date.fromisoformat(match[1])
            yield name, Watched(day, codec_named(match[2]), float(value["N"]))


def codec_named(name: str) -> Codec:
    """Return the codec; one that only a later version knows counts as unknown."""
    return Codec(name) if name in list(Codec) else Codec.UNKNOWN
