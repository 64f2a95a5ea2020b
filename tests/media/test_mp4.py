"""Finished segments are joined to one file that plays everywhere, without another encode."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Container
from chalicelib.encoding.plan import Plan
from tests.builders import clips
from tests.builders.finished_encodes import Finished
from tests.builders.plans import a_sandbox
from tests.media import other_tools
from transcoder.errors import WrongResult
from transcoder.outputs import objects
from transcoder.outputs.mp4 import make_mp4, segments_of
from transcoder.planning.ladder import mp4_only

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


def small(encode: Finished, folder: Path) -> Path:
    """Make the file of 120 lines."""
    asset = encode.plan.asset
    report = make_mp4(asset, mp4_only(asset), encode.folder, sandbox=a_sandbox(folder))
    [file] = report.files
    return folder / file.name


@pytest.mark.parametrize("make", [lambda *at: made(*at)[0], small])
def test_the_sound_keeps_its_language(
    encode: Finished, tmp_path: Path, make: Callable[[Finished, Path], Path]
) -> None:
    asset = encode.plan.asset
    german = replace(asset, audio=(replace(asset.audio[0], language="de"), *asset.audio[1:]))
    path = make(replace(encode, plan=replace(encode.plan, asset=german)), tmp_path)
    with av.open(str(path)) as opened:
        assert opened.streams.audio[0].language == "deu"


def pictures_of(path: Path, width: int, height: int) -> list[list[int]]:
    """Return brightness and colours of each picture in this size."""
    with av.open(str(path)) as opened:
        return [
            [
                byte
                for plane in frame.reformat(width, height, "yuv420p").planes
                for row in range(0, plane.height, 4)
                for byte in bytes(plane)[row * plane.line_size :][: plane.width : 4]
            ]
            for frame in opened.decode(video=0)
        ]


def test_the_file_of_120_lines_shows_the_same_pictures(encode: Finished, tmp_path: Path) -> None:
    path = small(encode, tmp_path / "small")
    assert path.name == "film_120p.mp4"
    assert clips.numbers(path) == list(range(FRAMES))
    large = pictures_of(made(encode, tmp_path / "large")[0], 214, 120)
    for before, after in zip(large, pictures_of(path, 214, 120), strict=True):
        off = sum(abs(one - other) for one, other in zip(before, after, strict=True))
        assert off / len(before) < 6


def test_the_file_of_120_lines_has_the_same_sound(encode: Finished, tmp_path: Path) -> None:
    path, large = small(encode, tmp_path / "small"), made(encode, tmp_path / "large")[0]
    assert clips.samples(path) == clips.samples(large)
    assert clips.bursts(path) == pytest.approx(clips.bursts(clips.get("film").path), abs=0.02)


def test_every_tool_reads_the_file_of_120_lines_as_planned(
    encode: Finished, tmp_path: Path
) -> None:
    path = small(encode, tmp_path)
    begins, asset = Fraction(0), encode.plan.asset
    planned = other_tools.picture_of(asset, begins) | other_tools.sound_of(asset, begins)
    faults = other_tools.differences(path, planned, folder=tmp_path / "packed")
    assert not faults, "\n".join(faults)
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(path)) as opened:
        assert (opened.streams.video[0].width, opened.streams.video[0].height) == (214, 120)


def test_the_file_of_120_lines_is_made_of_the_smallest_rung_that_is_larger(
    encode: Finished, tmp_path: Path
) -> None:
    asset = encode.plan.asset
    larger = replace(asset.rungs[0], name="360p", width=640, height=360)
    names = segments_of(replace(asset, rungs=(larger, *asset.rungs)), mp4_only(asset))
    pictures = [name for name in names if name.startswith("video/")]
    assert pictures == list(objects.pictures_of(asset, asset.rungs[0]))
    first, second = small(encode, tmp_path / "1"), small(encode, tmp_path / "2")
    assert first.read_bytes() == second.read_bytes()


def test_a_video_of_fewer_lines_is_not_encoded_again(encode: Finished, tmp_path: Path) -> None:
    tiny = replace(encode.plan.asset, rungs=encode.plan.asset.rungs[1:])
    report = make_mp4(tiny, mp4_only(tiny), encode.folder, sandbox=a_sandbox(tmp_path / "only"))
    [name] = [file.name for file in report.files]
    assert name == object_keys.mp4("film", "120p")
    rung = made(encode, tmp_path / "rung", rung=1)[0]
    assert (tmp_path / "only" / name).read_bytes() == rung.read_bytes()


def test_a_file_of_120_lines_without_all_pictures_is_refused(
    encode: Finished, tmp_path: Path
) -> None:
    asset = encode.plan.asset
    longer = replace(asset, grid=replace(asset.grid, frames=FRAMES + 1))
    with pytest.raises(WrongResult, match="film_120p"):
        make_mp4(longer, mp4_only(asset), encode.folder, sandbox=a_sandbox(tmp_path))
