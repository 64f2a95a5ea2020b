"""What AWS asks for one of each thing, by region: data in `prices.json`, with date and source."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("prices.json")
# The source of a price that nobody has compared with the list yet.
_UNCHECKED = "memory"


@dataclass(frozen=True, slots=True)
class Price:
    """The dimension is what AWS calls it in bills, without the letters of the region before it."""

    dimension: str
    unit: str
    usd: float
    is_checked: bool


@dataclass(frozen=True, slots=True)
class PriceList:
    date: str
    regions: tuple[str, ...]
    of: Mapping[str, Mapping[str, Price]]

    @classmethod
    def load(cls) -> "PriceList":
        told = json.loads(_FILE.read_text(encoding="utf-8"))
        regions = tuple(told["regions"])
        return cls(
            date=told["date"],
            regions=regions,
            of={
                region: {name: _price(each, region) for name, each in told["prices"].items()}
                for region in regions
            },
        )


def _price(told: Mapping[str, object], region: str) -> Price:
    here = told[region]
    assert isinstance(here, dict)  # noqa: S101 - the file is our own
    return Price(
        dimension=str(told["dimension"]),
        unit=str(told["unit"]),
        usd=float(here["usd"]),
        is_checked=here["source"] != _UNCHECKED,
    )
