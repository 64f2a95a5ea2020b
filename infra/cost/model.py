"""The bill of a month: what was used, what each of it takes, and what that costs."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from infra.cost import uses
from infra.cost.asset import Film
from infra.cost.described import Described
from infra.cost.measured import SIGN_IN
from infra.cost.prices import PriceList
from infra.cost.uses import Quantities


@dataclass(frozen=True, slots=True)
class Use:
    """Of one month."""

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
class Line:
    part: str
    price: str
    dimension: str
    quantity: float
    unit: str
    usd: float
    is_checked: bool


@dataclass(frozen=True, slots=True)
class Bill:
    lines: tuple[Line, ...]

    @property
    def usd(self) -> float:
        return sum(line.usd for line in self.lines)

    @property
    def by_part(self) -> dict[str, float]:
        parts = dict.fromkeys((line.part for line in self.lines), 0.0)
        for line in self.lines:
            parts[line.part] += line.usd
        return parts


def bill(use: Use, given: Circumstances, prices: PriceList) -> Bill:
    found = tuple(
        line
        for part, quantities in _parts(use, given, Described.load())
        for line in _lines(part, _inspected(quantities, given), given.region, prices)
    )
    return Bill(found)


def _parts(use: Use, given: Circumstances, here: Described) -> Iterator[tuple[str, Quantities]]:
    film = Film.of(given.minutes_per_title)
    made = use.minutes_transcoded / given.minutes_per_title
    yield "sign_ups", uses.times(uses.of_sign_up(here), use.sign_ups)
    yield "sign_ins", uses.times(uses.of_request(SIGN_IN, here), use.sign_ins)
    yield "lists", uses.times(uses.of_listing(here), use.lists)
    yield "hours_watched", uses.times(uses.of_watched_hour(here), use.hours_watched)
    making = uses.of_film_made(film, here, spot=not given.on_demand)
    yield "minutes_transcoded", uses.times(making, made)
    yield "titles", uses.of_stored_titles(film, use.titles)
    yield "idle", uses.of_a_month(here, firewall=given.firewall)


def _inspected(used: Quantities, given: Circumstances) -> Quantities:
    if not given.firewall:
        return used
    return {**used, "firewall_request": used.get("cloudfront_request", 0)}


def _lines(part: str, used: Quantities, region: str, prices: PriceList) -> Iterator[Line]:
    for name, quantity in used.items():
        price = prices.of[region][name]
        if quantity:
            yield Line(
                part=part,
                price=name,
                dimension=price.dimension,
                quantity=quantity,
                unit=price.unit,
                usd=quantity * price.usd,
                is_checked=price.is_checked,
            )
