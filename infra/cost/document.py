"""Write the tables in `docs/cost.md`, which are the command's results."""

import re
from collections.abc import Iterator
from dataclasses import replace

from infra.cost.model import Circumstances, PriceList, Use, bill
from infra.root import ROOT

DOCUMENT = ROOT / "docs" / "cost.md"
_TABLE = "<!-- {name} -->\n{rows}\n<!-- end -->"
_TABLE_IN_TEXT = re.compile(
    r"<!-- (?P<name>units|idle|example|prices) -->\n(?:[^\n]+\n)*?<!-- end -->"
)

UNITS = {
    "1,000 sign-ups, each with a mail": (Use(sign_ups=1000), Circumstances()),
    "1,000 sign-ins": (Use(sign_ins=1000), Circumstances()),
    "1,000 lists of the catalogue": (Use(lists=1000), Circumstances()),
    "1 hour watched in 1080p": (Use(hours_watched=1), Circumstances()),
    "1 minute of video encoded, 1080p, Spot": (Use(minutes_transcoded=1), Circumstances()),
    "the same without Spot": (Use(minutes_transcoded=1), Circumstances(on_demand=True)),
    "100 videos of an hour, stored for a month": (Use(titles=100), Circumstances()),
}
EXAMPLE = Use(
    sign_ups=1_000,
    sign_ins=10_000,
    lists=100_000,
    hours_watched=5_000,
    minutes_transcoded=600,
    titles=500,
)


def write(prices: PriceList) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(filled(text, prices), encoding="utf-8")


def filled(text: str, prices: PriceList) -> str:
    tables = {"units": _units, "idle": _idle, "example": _example, "prices": _prices}

    def table(match: re.Match[str]) -> str:
        rows = "\n".join(tables[match["name"]](prices))
        return _TABLE.format(name=match["name"], rows=rows)

    return _TABLE_IN_TEXT.sub(table, text)


def _heading(prices: PriceList, what: str) -> Iterator[str]:
    yield f"| {what} | {' | '.join(prices.regions)} |"
    yield "|---|" + "---:|" * len(prices.regions)


def _units(prices: PriceList) -> Iterator[str]:
    yield from _heading(prices, "USD for …")
    for what, (use, circumstances) in UNITS.items():
        here = [replace(circumstances, region=region) for region in prices.regions]
        used = [bill(use, each, prices).usd - bill(Use(), each, prices).usd for each in here]
        yield f"| {what} | {' | '.join(f'{usd:.4f}' for usd in used)} |"


def _idle(prices: PriceList) -> Iterator[str]:
    yield from _heading(prices, "USD a month without any use")
    several = [bill(Use(), Circumstances(region=region), prices) for region in prices.regions]
    for lines in zip(*(each.lines for each in several), strict=True):
        amount = (
            f"{lines[0].quantity:,.0f}" if lines[0].quantity >= 1 else f"{lines[0].quantity:.2f}"
        )
        name = f"{lines[0].dimension}: {amount} {lines[0].unit}"
        yield f"| {name} | {' | '.join(f'{line.usd:.2f}' for line in lines)} |"
    yield f"| **together** | {' | '.join(f'**{each.usd:.2f}**' for each in several)} |"
    firewalls = [
        bill(Use(), Circumstances(region=region, firewall=True), prices).usd - each.usd
        for region, each in zip(prices.regions, several, strict=True)
    ]
    yield f"| the firewall, an option | {' | '.join(f'{usd:.2f}' for usd in firewalls)} |"


def _example(prices: PriceList) -> Iterator[str]:
    yield from _heading(prices, "USD a month")
    several = [bill(EXAMPLE, Circumstances(region=region), prices) for region in prices.regions]
    for part in several[0].by_part:
        amount = f" ({getattr(EXAMPLE, part):,.0f})" if part in Use.names() else ""
        name = part.replace("_", " ") + amount
        yield f"| {name} | {' | '.join(f'{each.by_part[part]:.2f}' for each in several)} |"
    yield f"| **together** | {' | '.join(f'**{each.usd:.2f}**' for each in several)} |"


def _prices(prices: PriceList) -> Iterator[str]:
    yield f"| AWS's dimension | for a | {' | '.join(prices.regions)} |"
    yield "|---|---|" + "---:|" * len(prices.regions)
    for name, first in prices.of[prices.regions[0]].items():
        here = [prices.of[region][name] for region in prices.regions]
        amounts = [f"{each.usd:.10f}".rstrip("0").rstrip(".") for each in here]
        marked = [
            usd + ("" if each.is_checked else " *") for usd, each in zip(amounts, here, strict=True)
        ]
        yield f"| `{first.dimension}` | {first.unit} | {' | '.join(marked)} |"
