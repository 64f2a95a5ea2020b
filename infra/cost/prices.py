"""AWS's prices by region: data in `prices.json`, with date and source."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("prices.json")
# The source of a price that was not compared with the list yet.
_UNCHECKED = "memory"


@dataclass(frozen=True, slots=True)
class Price:
    """The dimension is the name in AWS's bills, without the region's prefix."""

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
        entry = json.loads(_FILE.read_text(encoding="utf-8"))
        regions = tuple(entry["regions"])
        return cls(
            date=entry["date"],
            regions=regions,
            of={
                region: {name: _price(each, region) for name, each in entry["prices"].items()}
                for region in regions
            },
        )


def _price(entry: Mapping[str, object], region: str) -> Price:
    price = entry[region]
    assert isinstance(price, dict)  # noqa: S101 - the file is our own
    return Price(
        dimension=str(entry["dimension"]),
        unit=str(entry["unit"]),
        usd=float(price["usd"]),
        is_checked=price["source"] != _UNCHECKED,
    )
