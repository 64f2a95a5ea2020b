"""A video cut into chunks shows exactly what it shows uncut."""

import io
from bisect import bisect_right
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest

from chalicelib.encoding.plan import Plan
from tests.builders import clips, encoded_clips
from tests.builders.plans import a_sandbox
from transcoder.boxes.box import read_init
from transcoder.boxes.fragments import fragments
from transcoder.errors import SourceLost, WrongResult
from transcoder.outputs.chunk import make_chunk

SOURCES = (
    "plain", "film", "fast60", "fast120", "vfr", "late_start", "open_gop", "fragmented", "portrait",
    "rotated", "upside_down", "anamorphic", "interlaced", "interlaced_h264", "hdr", "high422",
    "several_pictures", "odd", "avi", "flv", "long_sound",
)  # fmt: skip


def on_screen(name: str) -> list[int]:
    return on_screen_of(encoded_clips.planned(name), clips.get(name).path)


def on_screen_of(plan: Plan, path: Path) -> list[int]:
    """Which picture is to be seen at each frame of the grid, worked out without FFmpeg."""
    times = encoded_clips.times(path, plan.picture.stream)
    rate, frames = plan.asset.grid.rate, plan.asset.grid.frames
    # Of many pictures per frame, the one at its beginning; else the nearest counts as on time.
    tolerance = Fraction(1, 5) if len(times) > frames * Fraction(5, 4) else Fraction("0.4999")
    late = [(each - times[0]) * rate - tolerance for each in times]
    return [bisect_right(late, number) - 1 for number in range(frames)]


@pytest.mark.parametrize("name", SOURCES)
def test_every_frame_of_every_rung_is_the_one_a_single_pass_would_show(name: str) -> None:
    made = encoded_clips.picture(name)
    for rung in made.plan.asset.rungs:
        assert clips.numbers(made.joined(f"video/{rung.name}")) == on_screen(name)


@pytest.mark.parametrize("name", ["plain", "film", "late_start"])
def test_every_picture_of_a_whole_source_counts_as_decoded(name: str) -> None:
    made = encoded_clips.picture(name)
    assert sum(report.decoded_frames for report in made.reports) == made.plan.asset.grid.frames
    assert not any(report.errors for report in made.reports)


def test_uneven_pictures_are_cut_where_the_plan_says() -> None:
    plan = encoded_clips.planned("vfr")
    start, grid = plan.picture.start, plan.asset.grid
    times = encoded_clips.times(clips.get("vfr").path)
    firsts = [plan.chunk(number).first_frame for number in range(plan.chunk_count)]
    instants = [start + grid.seconds(first) for first in firsts]
    seeks = tuple(times[bisect_right(times, each) - 1] for each in instants)
    made = encoded_clips.encoded(
        replace(plan, seeks=seeks), clips.get("vfr").path, encoded_clips._folder() / "seeks"
    )
    assert clips.numbers(made.joined("video/180p")) == on_screen("vfr")


def test_each_picture_has_its_exact_time_also_for_players_that_ignore_edit_lists() -> None:
    made = encoded_clips.picture("film")
    with av.open(made.joined("video/180p"), mode="r") as container:
        times = sorted(packet.pts for packet in container.demux() if packet.pts is not None)
    assert times == [1001 * (2 + number) for number in range(made.plan.asset.grid.frames)]


def test_segments_follow_each_other_and_begin_with_a_keyframe() -> None:
    made = encoded_clips.picture("film")
    ends = 0
    for path in sorted((made.folder / "video/90p").glob("*.m4s")):
        (fragment,) = fragments(memoryview(path.read_bytes()))
        assert fragment.decode_time == ends
        assert fragment.samples[0].is_sync
        assert min(sample.composition for sample in fragment.samples) >= 0
        assert {sample.duration for sample in fragment.samples} == {1001}
        ends = fragment.decode_time + 1001 * len(fragment.samples)


def test_an_encode_that_an_earlier_version_planned_goes_on_as_it_began(tmp_path: Path) -> None:
    plan = encoded_clips.planned("plain")
    before = replace(plan, asset=replace(plan.asset, delay_frames=0))
    made = [
        make_chunk(before, number, str(clips.get("plain").path), sandbox=a_sandbox(tmp_path))
        for number in (0, 1)
    ]
    first, second = (tmp_path / f"video/90p/0000{number}.m4s" for number in (0, 1))
    (begun,) = fragments(memoryview(first.read_bytes()))
    (going_on,) = fragments(memoryview(second.read_bytes()))
    assert [sample.duration for sample in begun.samples] == [133, 133, 134, *[400] * 48]
    assert (going_on.decode_time, going_on.presented[0]) == (49 * 400, 51 * 400)
    # A picture has one init segment, however its segments are timed.
    inits = {file.md5 for file in made[0].files if file.name == "video/90p/init.mp4"}
    assert inits == {
        file.md5
        for file in encoded_clips.picture("plain").files
        if file.name == "video/90p/init.mp4"
    }


def test_a_keyframe_stands_every_gop_and_nowhere_else() -> None:
    made = encoded_clips.picture("plain")
    data = memoryview((made.folder / "video/180p/00001.m4s").read_bytes())
    (fragment,) = fragments(data)
    keys = [position for position, sample in enumerate(fragment.samples) if sample.is_sync]
    assert keys == [0, 17, 34]


def test_all_chunks_of_a_rung_make_the_same_init_segment() -> None:
    inits = {
        (each.name, each.md5) for each in encoded_clips.picture("plain").files if not each.frames
    }
    assert sorted(name for name, _ in inits) == ["video/180p/init.mp4", "video/90p/init.mp4"]


def test_an_init_segment_says_what_playlists_say() -> None:
    made = encoded_clips.picture("film")
    for rung in made.plan.asset.rungs:
        facts = read_init((made.folder / f"video/{rung.name}/init.mp4").read_bytes())
        assert (facts.width, facts.height, facts.codecs) == (rung.width, rung.height, rung.codecs)
        assert facts.timescale == 24_000
        assert not facts.has_edit_list


def test_the_same_chunk_made_twice_is_the_same_to_the_byte(tmp_path: Path) -> None:
    made = encoded_clips.picture("plain")
    again = make_chunk(
        made.plan, 2, str(clips.get("plain").path), sandbox=a_sandbox(tmp_path / "again")
    )
    assert again == made.reports[2]


def test_a_player_may_change_the_rung_at_every_segment() -> None:
    made = encoded_clips.picture("plain")
    numbers: list[int] = []
    for number in range(made.plan.asset.grid.segments):
        rung = made.plan.asset.rungs[number % 2]
        numbers += clips.numbers(made.alone(rung.name, number))
    assert numbers == on_screen("plain")


def test_the_first_picture_of_a_segment_can_be_fetched_alone() -> None:
    made = encoded_clips.picture("plain")
    file = next(each for each in made.files if each.name == "video/180p/00003.m4s")
    init = (made.folder / "video/180p/init.mp4").read_bytes()
    part = (made.folder / file.name).read_bytes()[: file.iframe_bytes]
    assert clips.numbers(io.BytesIO(init + part)) == [on_screen("plain")[3 * 51]]


def test_what_is_made_is_square_standard_and_progressive() -> None:
    for name in ("anamorphic", "hdr", "high422", "interlaced"):
        with av.open(encoded_clips.picture(name).joined("video/180p"), mode="r") as container:
            frame = next(container.decode(video=0))
            aspect = container.streams.video[0].sample_aspect_ratio
        assert (frame.format.name, frame.colorspace, frame.color_trc) == ("yuv420p", 1, 1)
        assert not frame.interlaced_frame
        assert aspect in (None, 0, 1)


def test_the_storyboard_gets_the_first_picture_of_each_segment() -> None:
    made = encoded_clips.picture("plain")
    tiles = sorted((made.folder / "tiles").glob("*.jpg"))
    # Every chunk leaves its own; the next one begins with an empty folder.
    assert [tile.name for tile in tiles] == ["00006.jpg"]
    with av.open(str(tiles[0])) as container:
        frame = next(container.decode(video=0))
    assert (frame.width, frame.height, clips.drawn_number(frame)) == (64, 36, 6 * 51)


def _damaged(name: str, target: Path, *, first: float, last: float) -> Path:
    data = bytearray(clips.get(name).path.read_bytes())
    begin, end = int(len(data) * first), int(len(data) * last)
    data[begin:end] = bytes(end - begin)
    target.write_bytes(data)
    return target


def _longer(name: str, frames: int) -> Plan:
    plan = encoded_clips.planned(name)
    grid = replace(plan.asset.grid, frames=plan.asset.grid.frames + frames)
    return replace(plan, asset=replace(plan.asset, grid=grid))


@pytest.mark.parametrize("name", ["tiny", "interlaced"])
def test_the_last_picture_is_held_while_the_sound_goes_on(name: str, tmp_path: Path) -> None:
    made = encoded_clips.encoded(_longer(name, 120), clips.get(name).path, tmp_path)
    numbers = clips.numbers(made.joined(f"video/{made.plan.asset.rungs[0].name}"))
    frames = made.plan.picture.frames
    assert numbers == [*range(frames), *[frames - 1] * 120]
    assert made.reports[-1].decoded_frames == 0


def test_a_damaged_part_is_bridged_and_counted(tmp_path: Path) -> None:
    path = _damaged("open_gop", tmp_path / "bad.ts", first=0.45, last=0.55)
    made = encoded_clips.encoded(encoded_clips.planned("open_gop"), path, tmp_path / "made")
    frames = made.plan.asset.grid.frames
    numbers = clips.numbers(made.joined("video/180p"))
    assert numbers[:100] == list(range(100))
    assert numbers[-60:] == list(range(frames - 60, frames))
    assert 0 < sum(report.decoded_frames for report in made.reports) < frames
    assert sum(report.errors for report in made.reports) > 0


def test_a_chunk_without_any_picture_is_black(tmp_path: Path) -> None:
    plan = encoded_clips.planned("tiny")
    path = tmp_path / "bad.mp4"
    data = bytearray(clips.get("tiny").path.read_bytes())
    begin, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    data[begin:end] = bytes(end - begin)
    path.write_bytes(data)
    report = make_chunk(plan, 0, str(path), sandbox=a_sandbox(tmp_path / "made"))
    assert report.decoded_frames == 0
    assert sum(file.frames for file in report.files) == 2 * 51


def test_a_picture_may_change_its_size_half_way(tmp_path: Path) -> None:
    small, large, both = (tmp_path / name for name in ("a.ts", "b.ts", "both.ts"))
    clip = clips.get("tiny")
    clips.ffmpeg("-i", clip.path, "-an", "-c", "copy", small)
    clips.ffmpeg("-i", clip.path, "-an", "-vf", "scale=320:240", "-c:v", "libx264",
                 "-output_ts_offset", str(float(clip.seconds) + 1), large)  # fmt: skip
    both.write_bytes(small.read_bytes() + large.read_bytes())
    plan = _longer("tiny", clip.frames + 25)
    picture = replace(
        plan.picture, demuxer="mpegts", start=encoded_clips.times(both)[0], frames=150
    )
    made = encoded_clips.encoded(replace(plan, picture=picture), both, tmp_path / "made")
    numbers = clips.numbers(made.joined("video/54p"))
    assert numbers == [position % clip.frames for position in on_screen_of(made.plan, both)]


def test_a_source_that_cannot_be_reached_is_not_taken_for_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(SourceLost):
        make_chunk(
            encoded_clips.planned("tiny"),
            0,
            "http://127.0.0.1:9/film.mp4",
            sandbox=a_sandbox(tmp_path),
        )


def test_what_is_not_as_planned_is_not_reported(tmp_path: Path) -> None:
    plan = encoded_clips.planned("tiny")
    odd = tuple(replace(rung, level="9.9") for rung in plan.asset.rungs)
    wrong = replace(plan, asset=replace(plan.asset, rungs=odd))
    with pytest.raises(WrongResult):
        make_chunk(wrong, 0, str(clips.get("tiny").path), sandbox=a_sandbox(tmp_path))
