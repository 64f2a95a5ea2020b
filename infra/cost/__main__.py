"""`python -m infra.cost`: the cost of a month, by its use.

python -m infra.cost --sign-ins 10000 --hours-watched 5000 --minutes-transcoded 600 --titles 500
"""

import argparse
import json
from dataclasses import asdict

from infra.cost import document
from infra.cost.model import Bill, Circumstances, PriceList, Use, bill

_ROW = "{:<20} {:>16} {:<28} {:>12}  {}"
_LARGE = 1000


def main() -> None:
    prices = PriceList.load()
    arguments = _parser(prices).parse_args()
    if arguments.document:
        document.write(prices)
        return
    use = Use(**{name: getattr(arguments, name) for name in Use.names()})
    circumstances = Circumstances(
        region=arguments.region,
        minutes_per_title=arguments.minutes_per_title,
        on_demand=arguments.on_demand,
        firewall=arguments.firewall,
    )
    monthly = bill(use, circumstances, prices)
    print(_json(monthly, use, circumstances) if arguments.json else table(monthly, prices))


def table(monthly: Bill, prices: PriceList) -> str:
    lines = [_ROW.format("part", "quantity", "unit", "USD", "dimension")]
    order = list(monthly.by_part)
    for line in sorted(monthly.lines, key=lambda each: (order.index(each.part), -each.usd)):
        mark = "" if line.is_checked else " *"
        quantity = format(line.quantity, ",.4g" if line.quantity < _LARGE else ",.0f")
        lines.append(
            _ROW.format(line.part, quantity, line.unit, f"{line.usd:,.4f}", line.dimension + mark)
        )
    lines += ["", *(f"{part:<20} {usd:>12,.2f}" for part, usd in monthly.by_part.items())]
    lines += [
        f"{'a month':<20} {monthly.usd:>12,.2f}",
        "",
        f"USD at the prices of {prices.date}, without taxes and free allowances.",
        "* from memory; compare with the list before relying on it.",
    ]
    return "\n".join(lines)


def _json(monthly: Bill, use: Use, circumstances: Circumstances) -> str:
    result = {
        "use": asdict(use),
        "circumstances": asdict(circumstances),
        "usd": monthly.usd,
        "by_part": monthly.by_part,
        "lines": [asdict(line) for line in monthly.lines],
    }
    return json.dumps(result, indent=1)


def _parser(prices: PriceList) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.cost", description="A month's bill.")
    for name in Use.names():
        parser.add_argument(f"--{name.replace('_', '-')}", type=_amount, default=0.0)
    parser.add_argument("--minutes-per-title", type=_length, default=60.0)
    parser.add_argument("--region", choices=prices.regions, default="eu-central-1")
    parser.add_argument("--on-demand", action="store_true", help="Fargate without Spot")
    parser.add_argument("--firewall", action="store_true", help="with the web application firewall")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--document", action="store_true", help="write the tables of docs/cost.md")
    return parser


def _amount(text: str) -> float:
    amount = float(text)
    if not 0 <= amount < float("inf"):
        raise ValueError
    return amount


def _length(text: str) -> float:
    minutes = _amount(text)
    if minutes == 0:
        raise ValueError
    return minutes


if __name__ == "__main__":
    main()
