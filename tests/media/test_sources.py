"""Every kind of source is seen for what it is, and gets the grid and the tracks it should."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from chalicelib.encoding.plan import Plan
from tests.builders import clips
from tests.builders.plans import planned, planned_as_by_a_worker, planned_clip
from tests.media.in_memory_transcoder import InMemoryTranscoder
from transcoder.sandbox.confinement import enforcement

_EVEN = [
    name
    for name in clips.NAMES
    if name not in ("vfr", "vfr_mp4", "fast120", "avi", "long_sound", "much_sound")
]


@pytest.mark.parametrize("name", _EVEN)
def test_an_even_source_keeps_its_rate_and_each_of_its_pictures(name: str) -> None:
    clip, plan = clips.get(name), planned_clip(name)
    assert plan.asset.grid.rate == clip.rate
    assert plan.asset.grid.frames == plan.picture.frames == clip.frames
    assert plan.seeks == ()


@pytest.mark.parametrize("name", clips.NAMES)
def test_the_largest_rung_has_the_shape_that_people_see(name: str) -> None:
    clip, rung = clips.get(name), planned_clip(name).asset.rungs[0]
    assert (rung.width, rung.height) == (clip.width // 2 * 2, clip.height // 2 * 2)


@pytest.mark.parametrize("name", clips.NAMES)
def test_a_plan_survives_being_written_down(name: str) -> None:
    plan = planned_clip(name)
    assert Plan.from_json(plan.to_json()) == plan


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("late_start", {"start": Fraction(18007, 5), "demuxer": "mpegts"}),
        ("rotated", {"rotation": 90, "width": 320, "height": 180}),
        ("upside_down", {"rotation": 180}),
        ("anamorphic", {"pixel_aspect": Fraction(4, 3), "width": 240}),
        ("interlaced", {"is_interlaced": True, "codec": "mpeg2video"}),
        ("interlaced_h264", {"is_interlaced": True}),
        ("plain", {"is_interlaced": False, "rotation": 0, "transfer": ""}),
        ("hdr", {"transfer": "smpte2084", "pixel_format": "yuv420p10le", "codec": "hevc"}),
        ("high422", {"pixel_format": "yuv422p10le"}),
        ("odd", {"width": 321, "height": 181, "codec": "vp8", "demuxer": "matroska"}),
        ("cover_art", {"stream": 0, "codec": "h264"}),
        ("several_pictures", {"stream": 1, "width": 320}),
    ],
)
def test_what_decoding_needs_is_known(name: str, facts: dict[str, object]) -> None:
    picture = planned_clip(name).picture
    assert {each: getattr(picture, each) for each in facts} == facts


@pytest.mark.parametrize(
    ("rate", "note"),
    [
        ("1", "It has one picture a second; each is shown 5 times."),
        ("2", "It has 2 pictures a second; each is shown 3 times."),
    ],
)
def test_how_often_each_of_few_pictures_comes_is_said(rate: str, note: str, tmp_path: Path) -> None:
    path = tmp_path / "slow.mp4"
    clips.ffmpeg("-f", "lavfi", "-i", f"testsrc2=s=64x64:r={rate}:d=6", path)
    assert planned(path).notes == (note,)


def test_more_than_60_pictures_a_second_are_halved() -> None:
    plan = planned_clip("fast120")
    assert plan.asset.grid.rate == 60
    assert (plan.asset.grid.frames, plan.picture.frames) == (420, 840)
    assert plan.notes == ("Of 120 pictures a second, 60 are shown.",)


@pytest.mark.parametrize(
    ("written", "believed", "note"),
    [
        ("20/1", Fraction(8), "20 times as wide as high; they are shown 8 times as wide."),
        ("1/20", Fraction(1, 8), "20 times as high as wide; they are shown 8 times as high."),
    ],
)
def test_pixels_of_an_absurd_shape_are_bounded_and_it_is_said(
    tmp_path: Path, written: str, believed: Fraction, note: str
) -> None:
    path = tmp_path / "film.mp4"
    clips.ffmpeg("-i", clips.get("tiny").path, "-vf", f"setsar={written}", path)
    plan = planned(path)
    assert plan.picture.pixel_aspect == believed
    assert plan.notes == (f"Pixels are said to be {note}",)


@pytest.mark.parametrize("name", ["vfr", "vfr_mp4"])
def test_an_uneven_source_gets_a_rate_at_which_none_of_its_pictures_vanishes(name: str) -> None:
    clip, plan = clips.get(name), planned_clip(name)
    # Of its 30.3 pictures a second, 30 would show no place for some.
    assert plan.asset.grid.rate == 48
    assert plan.expected
    assert plan.expected.displaced == 0
    assert plan.picture.frames == clip.frames
    assert abs(plan.asset.grid.duration - clips.times(clip)[-1]) < Fraction(1, 10)


@pytest.mark.parametrize("name", ["vfr", "vfr_mp4"])
def test_each_chunk_of_an_uneven_source_begins_with_the_picture_on_screen(name: str) -> None:
    plan, times = planned_clip(name), clips.times(clips.get(name))
    assert len(plan.seeks) == plan.chunk_count == 3
    for number, seek in enumerate(plan.seeks):
        begins = plan.asset.grid.seconds(plan.chunk(number).first_frame)
        assert seek - plan.picture.start == max(time for time in times if time <= begins)


def test_a_picture_missing_from_an_index_leaves_the_others_where_they_were() -> None:
    plan = planned_clip("avi")
    assert plan.asset.grid.rate == 25
    assert (plan.asset.grid.frames, plan.picture.frames) == (101, 100)


def test_the_last_picture_is_held_while_the_sound_goes_on() -> None:
    clip, plan = clips.get("long_sound"), planned_clip("long_sound")
    assert plan.asset.grid.duration == clip.sound_seconds
    # There is nothing to decode after it.
    assert max(plan.seeks) < clip.seconds


def test_the_last_picture_is_held_for_most_of_a_video_as_well() -> None:
    clip, plan = clips.get("much_sound"), planned_clip("much_sound")
    assert plan.asset.grid.duration == clip.sound_seconds
    assert plan.notes == ("The last picture is held while the sound goes on.",)


def test_a_source_without_sound_has_no_sound_tracks() -> None:
    assert planned_clip("silent").asset.audio == ()


@pytest.mark.parametrize("name", ["languages", "languages_mp4"])
def test_every_language_is_a_track_with_a_name(name: str) -> None:
    tracks = planned_clip(name).asset.audio
    assert [(each.number, each.stream) for each in tracks] == [(0, 1), (1, 2), (2, 3)]
    assert [(each.language, each.name) for each in tracks] == [
        ("de", "Deutsch"),
        ("en", "Director 🎬"),
        ("zzz", "Audio"),
    ]
    assert [each.is_default for each in tracks] == [False, True, False]


@pytest.mark.parametrize("name", ["subtitles", "subtitles_mp4"])
def test_text_in_the_file_becomes_subtitles(name: str) -> None:
    tracks = planned_clip(name).asset.subtitles
    assert [(each.stream, each.language, each.name) for each in tracks] == [
        (2, "de", "Deutsch"),
        (3, "en", "English"),
    ]
    assert [each.is_forced for each in tracks] == [False, True]


def test_what_is_left_out_is_said() -> None:
    note = "Stream 1 was left out: another video track."
    assert planned_clip("several_pictures").notes == (note,)


def test_a_name_with_emoji_newlines_and_dots_is_only_a_name(tmp_path: Path) -> None:
    path = tmp_path / "..\n🎬 -i concat:'a|b'.mp4"
    path.write_bytes(clips.get("tiny").path.read_bytes())
    assert planned_as_by_a_worker(path, tmp_path).picture == planned_clip("tiny").picture


@pytest.mark.parametrize("supervises", [True, False])
def test_a_source_that_is_read_by_ranges_becomes_the_same_video(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    socket_enabled: None,  # noqa: ARG001 - loopback only
    supervises: bool,
) -> None:
    """Whether or not the kernel can hand a program its connection."""
    if not supervises:
        monkeypatch.setattr(enforcement, "can_supervise", lambda: False)
    stored = {}
    for name, is_cached in (("whole", True), ("ranges", False)):
        transcoder = InMemoryTranscoder(tmp_path / name)
        transcoder.folder.mkdir()
        if not is_cached:
            sources = replace(transcoder.context.sources, cache=None)
            transcoder.context = replace(transcoder.context, sources=sources)
        encode = transcoder.receive(clips.get("plain").path.read_bytes())
        transcoder.beside(encode, "en.srt", b"1\n00:00:01,000 --> 00:00:02,500\nGood evening\n")
        transcoder.make(encode)
        stored[name] = {
            key.partition("/")[2].partition("/")[2]: content
            for key, content in transcoder.media.objects.items()
            if key.startswith("media/")
        }
    assert stored["ranges"] == stored["whole"]
    assert len(stored["whole"]) > 10
