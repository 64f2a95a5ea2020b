"""The bill adds up, grows with use, and is the one in its document."""

import json
import subprocess
import sys
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from chalice.app import ScheduledEventConfig, ScheduleExpression, SQSEventConfig

from chalicelib.settings import ScalingSettings
from infra.cost import document, measured
from infra.cost.__main__ import table
from infra.cost.asset import CostedVideo
from infra.cost.measured import LISTING, REFRESH, SIGN_IN, SIGN_UP
from infra.cost.model import Circumstances, PriceList, Use, bill
from infra.cost.uses import Described, of_a_month
from infra.local.pump.schedules import parse
from tests.api.test_calls import BUDGET
from tests.unit.chalicelib.test_settings import SCALING
from transcoder.planning.grids import SEGMENT_SECONDS
from transcoder.planning.ladder import AUDIO_KBPS, Size, rungs_for

PRICES = PriceList.load()
SOME = Use(
    sign_ups=10, sign_ins=100, lists=1000, hours_watched=50, minutes_transcoded=120, titles=40
)
USED = [*Use.names()]
CHOICES = [
    Circumstances(region=region, firewall=firewall, on_demand=on_demand)
    for region in PRICES.regions
    for firewall in (False, True)
    for on_demand in (False, True)
]


def run(*arguments: str) -> str:
    command = [sys.executable, "-m", "infra.cost", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def only(name: str, factor: float = 1) -> Use:
    return Use(**{name: getattr(SOME, name) * factor})


@pytest.mark.parametrize("circumstances", CHOICES)
def test_a_bill_is_the_sum_of_its_lines(circumstances: Circumstances) -> None:
    monthly = bill(SOME, circumstances, PRICES)
    listed = [
        line.quantity * PRICES.of[circumstances.region][line.price].usd for line in monthly.lines
    ]
    assert monthly.usd == pytest.approx(sum(listed))
    assert monthly.usd == pytest.approx(sum(monthly.by_part.values()))
    assert set(monthly.by_part) == {*USED, "idle"}


@pytest.mark.parametrize("circumstances", CHOICES)
def test_a_bill_of_no_use_is_that_of_an_idle_month(circumstances: Circumstances) -> None:
    nothing = bill(Use(), circumstances, PRICES)
    assert set(nothing.by_part) == {"idle"}
    assert bill(SOME, circumstances, PRICES).by_part["idle"] == pytest.approx(nothing.usd)
    assert 0 < nothing.usd < 20


@pytest.mark.parametrize("circumstances", CHOICES)
@pytest.mark.parametrize("name", USED)
def test_twice_the_use_costs_twice_its_part_and_nothing_else(
    name: str, circumstances: Circumstances
) -> None:
    once, twice = (bill(only(name, factor), circumstances, PRICES) for factor in (1, 2))
    assert twice.by_part[name] == pytest.approx(2 * once.by_part[name])
    assert twice.by_part["idle"] == once.by_part["idle"]


@pytest.mark.parametrize("name", USED)
def test_every_use_costs_something(name: str) -> None:
    assert bill(only(name), Circumstances(), PRICES).by_part[name] > 0


def test_parts_do_not_depend_on_each_other() -> None:
    together = bill(SOME, Circumstances(), PRICES)
    for name in USED:
        alone = bill(only(name), Circumstances(), PRICES)
        assert together.by_part[name] == pytest.approx(alone.by_part[name])


def test_on_demand_and_the_firewall_cost_more() -> None:
    plain = bill(SOME, Circumstances(), PRICES).usd
    assert bill(SOME, Circumstances(on_demand=True), PRICES).usd > plain
    assert bill(SOME, Circumstances(firewall=True), PRICES).usd > plain
    short = bill(SOME, Circumstances(minutes_per_title=5), PRICES)
    assert short.by_part["titles"] < bill(SOME, Circumstances(), PRICES).by_part["titles"]


def test_every_price_has_a_dimension_a_unit_and_an_amount_in_every_region() -> None:
    names = [set(PRICES.of[region]) for region in PRICES.regions]
    assert names[0] == names[1]
    for region in PRICES.regions:
        for price in PRICES.of[region].values():
            assert price.dimension
            assert price.unit
            assert 0 < price.usd < 10


def test_every_price_is_needed_for_some_bill() -> None:
    used = {
        line.price for circumstances in CHOICES for line in bill(SOME, circumstances, PRICES).lines
    }
    assert used == set(PRICES.of["eu-central-1"])


def test_requests_make_the_calls_that_were_counted() -> None:
    assert BUDGET["login"][1] == SIGN_IN.calls
    assert BUDGET["register"][1] == SIGN_UP.calls
    assert BUDGET["refresh"][1] == REFRESH.calls
    assert BUDGET["list"][1] == {}
    assert set(LISTING.calls) == {"Query"}


def test_the_measured_rungs_are_those_of_the_ladder() -> None:
    rungs = rungs_for(Size(1920, 1080), Fraction(30))
    assert list(measured.RUNG_KBPS) == [rung.name for rung in rungs]
    most = {rung.name: rung.maxrate_kbps for rung in rungs}
    assert [name for name, kbps in measured.RUNG_KBPS.items() if kbps > most[name]] == []
    assert measured.SOUND_KBPS <= AUDIO_KBPS


def test_queues_and_schedules_are_those_of_the_functions() -> None:
    from app import app

    sources = app.event_sources
    queues = [source for source in sources if isinstance(source, SQSEventConfig)]
    assert len(queues) == measured.QUEUES_WITH_A_HANDLER
    periods = [
        parse(source.schedule_expression.to_string()).period
        for source in sources
        if isinstance(source, ScheduledEventConfig)
        and isinstance(source.schedule_expression, ScheduleExpression)
    ]
    # What is called once a day is left out.
    calls_an_hour = sum(timedelta(hours=1) // period for period in periods)
    month = of_a_month(Described.load(), firewall=False)
    assert month["lambda_request"] == calls_an_hour * measured.HOURS_PER_MONTH


def test_numbers_come_from_the_templates() -> None:
    described = Described.load()
    watch = Path("infra/templates/watch.yaml").read_text(encoding="utf-8")
    assert described.secrets == 2
    assert described.alarm_metrics >= watch.count("Type: AWS::CloudWatch::Alarm") > 5
    assert described.dashboards == watch.count("Type: AWS::CloudWatch::Dashboard")
    assert described.firewall_rules >= 3
    assert described.transcoder_cpus >= 1
    scaling = ScalingSettings.from_environment({**SCALING, "WORK_QUEUE_URL": "https://queue"})
    assert scaling
    assert scaling.most == described.transcoders_at_most


def test_an_hour_has_the_expected_segments_and_requests() -> None:
    hour = CostedVideo.of(60)
    assert (hour.segments, hour.chunks) == (600, 301)
    assert hour.writes > 6 * hour.segments
    assert hour.lists == 11


def test_the_document_has_the_results_of_the_command() -> None:
    written = document.DOCUMENT.read_text(encoding="utf-8")
    assert written == document.filled(written, PRICES), "run python -m infra.cost --document"
    use = [f"--{name.replace('_', '-')}={getattr(document.EXAMPLE, name)}" for name in USED]
    result = json.loads(run("--json", *use))
    assert f"| **together** | **{result['usd']:.2f}** |" in written
    for part, usd in result["by_part"].items():
        assert f"| {usd:.2f} |" in next(
            line for line in written.splitlines() if line.startswith(f"| {part.replace('_', ' ')}")
        )


def test_the_document_names_every_table_once() -> None:
    written = document.DOCUMENT.read_text(encoding="utf-8")
    for name in ("units", "idle", "example", "prices"):
        assert written.count(f"<!-- {name} -->") == 1


def test_the_document_names_the_numbers_of_the_model() -> None:
    text = " ".join(document.DOCUMENT.read_text(encoding="utf-8").split())
    *larger, smallest = (f"{kbps / 1000:.1f}" for kbps in measured.RUNG_KBPS.values())
    sizes = {5: "five"}[len(measured.RUNG_KBPS)]
    queues = {2: "both", 3: "each of the three"}[measured.QUEUES_WITH_A_HANDLER]
    transcoders = {4: "four"}[Described.load().transcoders_at_most]
    most = rungs_for(Size(1920, 1080), Fraction(30))[0].maxrate_kbps / 1000
    working = f"{measured.CPU_SECONDS_PER_MINUTE:.0f} s on one core for a minute of film"
    for sentence in (
        f"at the limits of the ladder ({most} Mb/s)",
        f"{', '.join(larger)} and {smallest} Mb/s, sound {measured.SOUND_KBPS / 1000:.2f}",
        f"one for sound every {SEGMENT_SECONDS} s",
        f"{measured.CALL_SECONDS * 1000:.0f} ms for each call",
        f"{measured.REQUEST_SECONDS * 1000:.0f} ms for the rest",
        f"{working} in {sizes} sizes",
        f"busy for {measured.BUSY} of the time",
        f"each of {transcoders} starts for a minute",
        f"{queues} queues that have a handler",
    ):
        assert sentence in text
    assert measured.START_SECONDS == Described.load().transcoder_idle_seconds == 60


def test_the_table_marks_prices_from_memory() -> None:
    printed = table(bill(SOME, Circumstances(), PRICES), PRICES)
    assert "ApiGatewayRequest *" in printed
    assert "DataTransfer-Out-Bytes\n" in printed
    assert "a month" in printed


@pytest.mark.parametrize("wrong", ["-1", "nan", "inf", "many"])
def test_an_invalid_amount_is_refused(wrong: str) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        run(f"--titles={wrong}")
    assert "--titles" in refused.value.stderr
