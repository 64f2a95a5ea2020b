"""Finished segments are joined to one file that plays everywhere, without another encode."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest

from chalicelib.catalogue.asset import Container
from chalicelib.encoding.plan import Plan
from tests.builders import clips
from tests.builders.finished_encodes import Finished
from tests.builders.plans import a_sandbox
from tests.media import other_tools
from transcoder.errors import WrongResult
from transcoder.outputs import objects
from transcoder.outputs.mp4 import make_mp4, segments_of

FRAMES = 312


def made(encode: Finished, folder: Path, *, rung: int = 0) -> list[Path]:
    sandbox = a_sandbox(folder)
    report = make_mp4(
        encode.plan.asset, encode.plan.asset.rungs[rung], encode.folder, sandbox=sandbox
    )
    return [folder / file.name for file in report.files]


def first_and_last(path: Path, kind: str) -> tuple[float, float]:
    with av.open(str(path)) as opened:
        stream = next(each for each in opened.streams if each.type == kind)
        times = [
            (packet.pts * packet.time_base, packet.duration * packet.time_base)
            for packet in opened.demux(stream)
            if packet.pts is not None and packet.duration is not None
        ]
    last, length = max(times)
    return float(min(times)[0]), float(last + length)


def test_every_picture_is_in_it_once(encode: Finished, tmp_path: Path) -> None:
    assert clips.numbers(made(encode, tmp_path)[0]) == list(range(FRAMES))


def test_sound_and_picture_are_in_sync_as_in_the_source(encode: Finished, tmp_path: Path) -> None:
    path = made(encode, tmp_path, rung=1)[0]
    source = clips.get("film").path
    assert first_and_last(path, "video") == pytest.approx((0, FRAMES * 1001 / 24_000), abs=0.002)
    assert first_and_last(path, "audio") == pytest.approx((0, FRAMES * 1001 / 24_000), abs=0.022)
    assert clips.bursts(path) == pytest.approx(clips.bursts(source), abs=0.02)


@pytest.mark.parametrize("rung", [0, 1])
def test_every_tool_reads_it_as_planned(encode: Finished, tmp_path: Path, rung: int) -> None:
    path = made(encode, tmp_path, rung=rung)[0]
    begins, asset = Fraction(0), encode.plan.asset
    planned = other_tools.picture_of(asset, begins) | other_tools.sound_of(asset, begins)
    faults = other_tools.differences(path, planned, folder=tmp_path / "packed")
    assert not faults, "\n".join(faults)


def test_every_tool_reads_its_segments_as_planned(encode: Finished, tmp_path: Path) -> None:
    asset = encode.plan.asset
    tracks = [
        (segments_of(replace(asset, audio=()), asset.rungs[1]), other_tools.picture_of(asset)),
        (list(objects.sounds_of(asset, asset.audio[0])), other_tools.sound_of(asset)),
    ]
    for number, (names, planned) in enumerate(tracks):
        path = tmp_path / f"{number}.{'ts' if asset.container is Container.TS else 'mp4'}"
        path.write_bytes(b"".join((encode.folder / name).read_bytes() for name in names))
        faults = other_tools.differences(path, planned, folder=tmp_path / path.stem)
        assert not faults, "\n".join(faults)


def test_a_browser_can_begin_before_it_has_the_whole_file(encode: Finished, tmp_path: Path) -> None:
    data = made(encode, tmp_path)[0].read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_the_largest_is_there_under_the_plain_name_too(encode: Finished, tmp_path: Path) -> None:
    large, plain = made(encode, tmp_path / "large")
    assert (large.name, plain.name) == ("film_180p.mp4", "film.mp4")
    assert large.read_bytes() == plain.read_bytes()
    assert [path.name for path in made(encode, tmp_path / "small", rung=1)] == ["film_90p.mp4"]


def test_made_twice_it_is_the_same(encode: Finished, tmp_path: Path) -> None:
    first, second = made(encode, tmp_path / "first"), made(encode, tmp_path / "second")
    assert first[0].read_bytes() == second[0].read_bytes()


def test_it_needs_the_segments_it_names_and_no_others(encode: Finished, tmp_path: Path) -> None:
    rung = encode.plan.asset.rungs[1]
    for name in segments_of(encode.plan.asset, rung):
        (tmp_path / "few" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "few" / name).write_bytes((encode.folder / name).read_bytes())
    sandbox = a_sandbox(tmp_path / "made")
    report = make_mp4(encode.plan.asset, rung, tmp_path / "few", sandbox=sandbox)
    assert clips.numbers(sandbox.folder / report.files[0].name) == list(range(FRAMES))


def test_without_its_segments_there_is_no_file(encode: Finished, tmp_path: Path) -> None:
    plan: Plan = encode.plan
    with pytest.raises(WrongResult):
        make_mp4(plan.asset, None, tmp_path / "nothing", sandbox=a_sandbox(tmp_path / "made"))
