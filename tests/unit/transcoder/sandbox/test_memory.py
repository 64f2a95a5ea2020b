"""Which sources a machine has enough memory for, and the refusal of the others."""

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from chalicelib.encoding.failures import Reason
from chalicelib.encoding.plan import Plan
from tests.builders.reports import PLAN, RUNGS
from transcoder.errors import Refused
from transcoder.sandbox import memory

_ROW = re.compile(r"^\| (\d+)p \| ([\d.]+) GiB \| ([\d.]+) GiB \|$", re.MULTILINE)
_LADDER = (2160, 1440, 1080, 720, 480, 360, 240)


def a_plan_of(lines: int, *, frames: int = 480, is_bright: bool = False) -> Plan:
    picture = replace(
        PLAN.picture,
        width=lines * 16 // 9,
        height=lines,
        frames=frames,
        transfer="smpte2084" if is_bright else "",
        pixel_format="yuv420p10le" if is_bright else "yuv420p",
    )
    rungs = tuple(
        replace(RUNGS[0], name=f"{each}p", width=each * 16 // 9, height=each)
        for each in _LADDER
        if each <= lines
    )
    return replace(PLAN, picture=picture, asset=replace(PLAN.asset, rungs=rungs))


@pytest.mark.parametrize(
    ("plan", "measured_mib"),
    [
        (a_plan_of(720), 329),
        (a_plan_of(1080), 715),
        (a_plan_of(1080, is_bright=True), 753),
        (a_plan_of(2160), 2349),
        (a_plan_of(2160, is_bright=True), 2759),
        (a_plan_of(4320), 2660),
    ],
    ids=["720p", "1080p", "1080p HDR", "2160p", "2160p HDR", "4320p"],
)
def test_what_was_measured_is_within_what_is_asked_for(plan: Plan, measured_mib: int) -> None:
    asked = memory.resident_of_chunk(plan) / memory.MEBIBYTE
    assert measured_mib < asked < 1.6 * measured_mib + memory._RESIDENT_BYTES / memory.MEBIBYTE


@pytest.mark.parametrize("lines", [360, 720, 1080, 1440])
def test_a_machine_of_two_gibibytes_makes_what_fits(lines: int) -> None:
    plan = a_plan_of(lines)
    memory.require_enough(plan, 2 * memory.GIBIBYTE)
    with pytest.raises(Refused):
        memory.require_enough(plan, memory.resident_of_chunk(plan))


def test_the_page_of_limits_has_what_each_size_needs() -> None:
    rows = _ROW.findall(Path("docs/limits.md").read_text(encoding="utf-8"))
    assert [int(lines) for lines, *_ in rows] == [720, 1080, 1440, 2160, 4320]
    two_hours = 2 * 3600 * 25
    for lines, *documented in rows:
        plans = (
            a_plan_of(int(lines), frames=two_hours, is_bright=bright) for bright in (False, True)
        )
        needs = [memory.resident_of_chunk(plan) + memory.WORKER_BYTES for plan in plans]
        assert [f"{each / memory.GIBIBYTE:.1f}" for each in needs] == documented


def test_what_does_not_fit_is_refused_with_both_numbers() -> None:
    with pytest.raises(Refused) as refusal:
        memory.require_enough(a_plan_of(2160), 2 * memory.GIBIBYTE)
    assert refusal.value.reason is Reason.TOO_MUCH_MEMORY
    assert refusal.value.detail == "It would take 3.3 GiB; 2.0 are there."
    memory.require_enough(a_plan_of(2160), 4 * memory.GIBIBYTE)


def test_a_long_index_is_counted() -> None:
    ten_hours = 10 * 3600 * 60
    grown = memory.resident_of_chunk(a_plan_of(720, frames=ten_hours))
    grown -= memory.resident_of_chunk(a_plan_of(720))
    assert 116 < grown / memory.MEBIBYTE < 232


def test_the_index_of_sound_is_counted_for_each_track() -> None:
    """Measured: eight tracks of an hour take 56 MiB."""
    hour = a_plan_of(720)
    grid = replace(hour.asset.grid, rate=Fraction(24), frames=3600 * 24)
    silent = replace(hour, asset=replace(hour.asset, grid=grid, audio=()))
    eight = replace(silent, asset=replace(silent.asset, audio=hour.asset.audio * 8))
    grown = memory.resident_of_chunk(eight) - memory.resident_of_chunk(silent)
    assert 56 < grown / memory.MEBIBYTE < 112


def test_the_probe_of_a_small_machine_leaves_room_for_its_worker() -> None:
    assert memory.of_probe(2 * memory.GIBIBYTE) == 2 * memory.GIBIBYTE - memory.WORKER_BYTES
    assert memory.of_probe(8 * memory.GIBIBYTE) == 3072 * memory.MEBIBYTE
