"""The pictures of a video show something, upright and in its true shape."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest

from chalicelib.encoding.plan import Plan, SourceClock
from tests.builders import clips
from tests.builders.plans import a_plan, a_sandbox, planned
from transcoder.errors import LimitReached, SourceLost
from transcoder.ffmpeg.chunk import tile
from transcoder.outputs import pictures
from transcoder.outputs.pictures import make_pictures
from transcoder.outputs.storyboard import make_sheets

WHERE_PLANS_ARE_SPECIAL: dict[str, dict[str, object]] = {
    "rotated": {"width": 320, "height": 180, "rotation": 90},
    "anamorphic": {"width": 240, "pixel_aspect": Fraction(4, 3)},
    "interlaced": {"is_interlaced": True, "start": Fraction(7, 5)},
    "hdr": {"transfer": "smpte2084"},
    "late_start": {"start": Fraction(36014, 10)},
    "cover_art": {},
    "portrait": {},
    "odd": {},
}
CLOSED_URL = "http://127.0.0.1:9/film.mp4"
_IS_FIRST = "The search for a picture found none; the poster is the first one."
_COLOURS = ("-f", "lavfi", "-i")


def size(path: Path) -> tuple[int, int]:
    with av.open(str(path)) as picture:
        return picture.streams.video[0].width, picture.streams.video[0].height


def light(path: Path) -> float:
    with av.open(str(path)) as picture:
        grey = next(picture.decode(video=0)).reformat(format="gray", width=16, height=16)
    return sum(bytes(grey.planes[0])[:256]) / 256


def plan_of_colours(folder: Path, *colours: str, seconds: int = 4) -> Plan:
    """Some seconds of each colour or test picture, one after the other."""
    parts = [f"{each}s=160x90:r=25:d={seconds}" for each in colours]
    inputs = [option for part in parts for option in (*_COLOURS, part)]
    clips.ffmpeg(*inputs, "-filter_complex", f"concat=n={len(parts)}", "-c:v", "libx264",
                 "-preset", "ultrafast", "-pix_fmt", "yuv420p", folder / "film.mp4")  # fmt: skip
    frames = seconds * len(parts) * 25
    clip = clips.Clip("film", frames=frames, width=160, height=90)
    return a_plan(clip)


@pytest.mark.parametrize("name", WHERE_PLANS_ARE_SPECIAL)
def test_pictures_are_upright_and_whole(name: str, tmp_path: Path) -> None:
    clip = clips.get(name)
    plan = a_plan(clip, **WHERE_PLANS_ARE_SPECIAL[name])
    make_pictures(plan, str(clip.path), sandbox=a_sandbox(tmp_path))
    for picture in ("thumbnail", "poster", "hero"):
        width, height = size(tmp_path / f"{picture}.jpg")
        assert abs(width - min(clip.width, width)) <= 1
        assert abs(height - width * clip.height / clip.width) <= 1
        assert clips.numbers(tmp_path / f"{picture}.jpg") != [-1]


@pytest.mark.parametrize("first", ["", "color=black:s=320x180:r=1:d=1[a];[a][0:v]concat=n=2,"])
def test_a_picture_that_is_held_for_minutes_is_one_of_a_few_candidates(
    first: str, tmp_path: Path
) -> None:
    slides = tmp_path / "slides.mkv"
    clips.ffmpeg("-f", "lavfi", "-i", "testsrc2=s=320x180:r=1:d=3", "-filter_complex",
                 f"{first}setpts='N*600/TB'", "-fps_mode", "passthrough",
                 "-c:v", "libx264", "-preset", "ultrafast", slides)  # fmt: skip
    made = a_sandbox(tmp_path / "made")
    report = make_pictures(planned(slides), str(slides), sandbox=made)
    assert report.measures["contrast"] > 20
    assert report.notes == ()
    assert len(list(made.folder.glob("hero*"))) <= 8


@pytest.mark.parametrize(
    "facts", [{"counted_rate": Fraction(25)}, {"clock": SourceClock(((1, Fraction(1)),))}]
)
def test_without_seeking_only_the_beginning_is_searched(facts: dict[str, object]) -> None:
    plan = a_plan(clips.Clip("long", frames=25 * 7200), **facts)
    assert max(pictures._instants(plan)) <= 90
    assert max(pictures._instants(replace(plan, positions=(0,) * plan.chunk_count))) == 4800


@pytest.mark.parametrize("limit", [LimitReached("300 s"), LimitReached("100 bytes of memory")])
def test_a_search_that_takes_too_much_is_abandoned_and_the_encode_is_not(
    limit: LimitReached, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reached(*_: object, **__: object) -> list[float]:
        raise limit

    monkeypatch.setattr(pictures, "_search", reached)
    clip = clips.get("hd")
    report = make_pictures(a_plan(clip), str(clip.path), sandbox=a_sandbox(tmp_path))
    assert report.notes == ("The search for a picture was given up.", _IS_FIRST)
    assert [size(tmp_path / f"{name}.jpg")[0] for name in pictures.NAMES] == [640, 640, 1280]
    assert clips.numbers(tmp_path / "hero.jpg") == [0]


@pytest.mark.parametrize("facts", [{}, {"transfer": "smpte2084"}], ids=["usual", "bright"])
def test_if_no_search_has_a_picture_the_first_one_is_the_poster(
    facts: dict[str, object], tmp_path: Path
) -> None:
    clip = clips.get("hd")
    # Filters drop all pictures before the planned begin.
    plan = a_plan(clip, start=Fraction(1000), **facts)
    report = make_pictures(plan, str(clip.path), sandbox=a_sandbox(tmp_path))
    assert report.notes == (_IS_FIRST,)
    assert clips.numbers(tmp_path / "hero.jpg") == [0]
    assert [size(tmp_path / f"{name}.jpg")[0] for name in pictures.NAMES] == [640, 640, 1280]


def test_a_large_video_has_pictures_of_three_sizes(tmp_path: Path) -> None:
    clip = clips.get("hd")
    report = make_pictures(a_plan(clip), str(clip.path), sandbox=a_sandbox(tmp_path))
    assert [file.name for file in report.files] == ["thumbnail.jpg", "poster.jpg", "hero.jpg"]
    sizes = [size(tmp_path / file.name) for file in report.files]
    assert sizes == [(640, 360), (640, 360), (1280, 720)]


@pytest.mark.parametrize(
    "source",
    [
        "nullsrc=s=1280x720:r=25:d=4,geq=random(1)*255:128:128",
        "nullsrc=s=720x1280:r=25:d=4,geq=random(1)*255:random(2)*255:random(3)*255",
        "mandelbrot=s=1920x1080:r=25,trim=duration=4",
        "color=red:s=1280x720:r=25:d=4",
    ],
    ids=["noise", "upright noise", "detail", "one colour"],
)
def test_a_thumbnail_is_wide_enough_for_a_page_and_light_enough_for_many(
    source: str, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    clips.ffmpeg("-f", "lavfi", "-i", source, "-c:v", "libx264", "-preset", "ultrafast",
                 "-qp", "20", "-pix_fmt", "yuv420p", path)  # fmt: skip
    width, height = size(path)
    clip = clips.Clip("film", frames=100, width=width, height=height)
    make_pictures(a_plan(clip), str(path), sandbox=a_sandbox(tmp_path))
    thumbnail = tmp_path / "thumbnail.jpg"
    assert size(thumbnail) == (640, round(640 * height / width))
    assert thumbnail.stat().st_size <= 40_000


@pytest.mark.parametrize("name", ["plain", "late_start"])
def test_the_picture_is_from_about_five_seconds_on(name: str, tmp_path: Path) -> None:
    clip = clips.get(name)
    plan = a_plan(clip, **WHERE_PLANS_ARE_SPECIAL.get(name, {}))
    make_pictures(plan, str(clip.path), sandbox=a_sandbox(tmp_path))
    (number,) = clips.numbers(tmp_path / "hero.jpg")
    assert 108 <= number <= 225  # a third of 13 s, and 4 s from there


def test_all_three_are_of_one_moment_and_the_same_each_time(tmp_path: Path) -> None:
    clip = clips.get("hd")
    first, second = (
        make_pictures(a_plan(clip), str(clip.path), sandbox=a_sandbox(tmp_path / name))
        for name in ("first", "second")
    )
    numbers = [clips.numbers(tmp_path / "first" / file.name) for file in first.files]
    assert first == second
    assert numbers[0] == numbers[1] == numbers[2]


def test_black_and_white_are_passed_over(tmp_path: Path) -> None:
    plan = plan_of_colours(tmp_path, "color=black:", "color=white:", "color=black:", "testsrc2=")
    make_pictures(plan, str(tmp_path / "film.mp4"), sandbox=a_sandbox(tmp_path))
    assert 40 < light(tmp_path / "hero.jpg") < 200


def test_a_video_of_nothing_but_black_has_a_black_picture(tmp_path: Path) -> None:
    plan = plan_of_colours(tmp_path, "color=black:")
    make_pictures(plan, str(tmp_path / "film.mp4"), sandbox=a_sandbox(tmp_path))
    assert light(tmp_path / "hero.jpg") < 20


def test_without_a_single_readable_frame_the_poster_is_black(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"nothing")
    plan = a_plan(clips.get("plain"))
    report = make_pictures(plan, str(tmp_path / "film.mp4"), sandbox=a_sandbox(tmp_path))
    assert report.notes == ("No picture could be made for the poster; it is black.",)
    assert light(tmp_path / "hero.jpg") < 20


def test_a_source_out_of_reach_is_tried_again_later(tmp_path: Path) -> None:
    with pytest.raises(SourceLost):
        make_pictures(a_plan(clips.get("plain")), CLOSED_URL, sandbox=a_sandbox(tmp_path))


def test_tiles_are_laid_on_sheets_in_order(tmp_path: Path) -> None:
    clip = clips.get("minute")
    plan = a_plan(clip)  # 30 segments
    (tmp_path / "tiles").mkdir()
    board = "scale=64:36,format=yuvj420p"
    clips.ffmpeg("-i", clip.path, "-vf", f"select='not(mod(n,51))',{board}", "-fps_mode",
                 "passthrough", "-start_number", "0", tmp_path / "tiles" / "%05d.jpg")  # fmt: skip
    count = plan.asset.grid.segments
    assert (tmp_path / tile(count - 1)).exists()
    report = make_sheets(plan, tmp_path, sandbox=a_sandbox(tmp_path / "made"))
    assert [file.name for file in report.files] == ["storyboard/000.jpg"]
    assert size(tmp_path / "made/storyboard/000.jpg") == (640, 36 * -(-count // 10))
    # Without loss, and one after the other again.
    rows = -(-count // 10)
    sheet, apart = tmp_path / "made/storyboard/000.jpg", tmp_path / "apart.mkv"
    clips.ffmpeg("-i", sheet, "-vf", f"untile=10x{rows}", "-c:v", "ffv1", apart)
    assert clips.numbers(apart)[:count] == [51 * number for number in range(count)]
