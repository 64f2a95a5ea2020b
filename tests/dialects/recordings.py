"""The recorded answers of the originals, by dialect and name of the request."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.dialects.playing import Answer

RECORDED = Path(__file__).with_name("recorded")


@cache
def recorded(dialect: str) -> Mapping[str, Mapping[str, Any]]:
    content: Mapping[str, Mapping[str, Any]] = json.loads(
        (RECORDED / f"{dialect}.json").read_text(encoding="utf-8")
    )
    return content


def recorded_answer(dialect: str, name: str) -> Answer:
    return Answer(**recorded(dialect)[name]["answer"])
