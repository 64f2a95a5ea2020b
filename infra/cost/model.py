"""The bill of a month: quantities by use, and their prices."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from infra.cost import uses
from infra.cost.asset import CostedVideo
from infra.cost.measured import SIGN_IN
from infra.cost.uses import Described, Quantities

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


@dataclass(frozen=True, slots=True)
class Use:
    """The use of one month."""

    sign_ups: float = 0
    sign_ins: float = 0
    lists: float = 0
    hours_watched: float = 0
    minutes_transcoded: float = 0
    titles: float = 0

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return tuple(each.name for each in fields(cls))


@dataclass(frozen=True, slots=True)
class Circumstances:
    region: str = "eu-central-1"
    minutes_per_title: float = 60
    on_demand: bool = False
    firewall: bool = False


@dataclass(frozen=True, slots=True)
class CostLine:
    part: str
    price: str
    dimension: str
    quantity: float
    unit: str
    usd: float
    is_checked: bool


@dataclass(frozen=True, slots=True)
class Bill:
    lines: tuple[CostLine, ...]

    @property
    def usd(self) -> float:
        return sum(line.usd for line in self.lines)

    @property
    def by_part(self) -> dict[str, float]:
        parts = dict.fromkeys((line.part for line in self.lines), 0.0)
        for line in self.lines:
            parts[line.part] += line.usd
        return parts


def bill(use: Use, circumstances: Circumstances, prices: PriceList) -> Bill:
    lines = tuple(
        line
        for part, quantities in _parts(use, circumstances, Described.load())
        for line in _lines(
            part, _inspected(quantities, circumstances), circumstances.region, prices
        )
    )
    return Bill(lines)


def _parts(
    use: Use, circumstances: Circumstances, described: Described
) -> Iterator[tuple[str, Quantities]]:
    video = CostedVideo.of(circumstances.minutes_per_title)
    encoded = use.minutes_transcoded / circumstances.minutes_per_title
    yield "sign_ups", uses.times(uses.of_sign_up(described), use.sign_ups)
    yield "sign_ins", uses.times(uses.of_request(SIGN_IN, described), use.sign_ins)
    yield "lists", uses.times(uses.of_listing(described), use.lists)
    yield "hours_watched", uses.times(uses.of_watched_hour(described), use.hours_watched)
    encode = uses.of_encode(video, described, spot=not circumstances.on_demand)
    yield "minutes_transcoded", uses.times(encode, encoded)
    yield "titles", uses.of_stored_videos(video, use.titles)
    yield "idle", uses.of_a_month(described, firewall=circumstances.firewall)


def _inspected(used: Quantities, circumstances: Circumstances) -> Quantities:
    if not circumstances.firewall:
        return used
    return {**used, "firewall_request": used.get("cloudfront_request", 0)}


def _lines(part: str, used: Quantities, region: str, prices: PriceList) -> Iterator[CostLine]:
    for name, quantity in used.items():
        price = prices.of[region][name]
        if quantity:
            yield CostLine(
                part=part,
                price=name,
                dimension=price.dimension,
                quantity=quantity,
                unit=price.unit,
                usd=quantity * price.usd,
                is_checked=price.is_checked,
            )
