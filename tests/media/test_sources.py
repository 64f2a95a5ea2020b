"""Every kind of source is seen for what it is, and gets the grid and the tracks it should."""

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from chalicelib.transcoding.plan import Plan
from tests.media import clips
from tests.media.planned import planned, planned_as_by_a_worker, planned_clip

_EVEN = [
    name
    for name in clips.NAMES
    if name not in ("vfr", "vfr_mp4", "fast120", "avi", "long_sound", "far_too_much_sound")
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


def test_more_than_60_pictures_a_second_are_halved() -> None:
    plan = planned_clip("fast120")
    assert plan.asset.grid.rate == 60
    assert (plan.asset.grid.frames, plan.picture.frames) == (420, 840)
    assert plan.notes == ("Of 120 pictures a second, 60 are shown.",)


@pytest.mark.parametrize("name", ["vfr", "vfr_mp4"])
def test_an_uneven_source_gets_the_rate_of_its_livelier_parts(name: str) -> None:
    clip, plan = clips.get(name), planned_clip(name)
    assert plan.asset.grid.rate == 30
    assert plan.picture.frames == clip.frames
    assert abs(plan.asset.grid.duration - clips.times(clip)[-1]) < Fraction(1, 10)


@pytest.mark.parametrize("name", ["vfr", "vfr_mp4"])
def test_each_chunk_of_an_uneven_source_begins_with_the_picture_on_screen(name: str) -> None:
    plan, times = planned_clip(name), clips.times(clips.get(name))
    assert len(plan.seeks) == plan.chunk_count == 3
    for number, seek in enumerate(plan.seeks):
        begins = plan.asset.grid.seconds(plan.chunk(number).first_frame)
        assert seek - plan.picture.start == max(time for time in times if time <= begins)


def test_a_picture_missing_from_an_index_leaves_the_others_in_their_places() -> None:
    plan = planned_clip("avi")
    assert plan.asset.grid.rate == 25
    assert (plan.asset.grid.frames, plan.picture.frames) == (101, 100)


def test_the_last_picture_is_held_while_the_sound_goes_on() -> None:
    clip, plan = clips.get("long_sound"), planned_clip("long_sound")
    assert plan.asset.grid.duration == clip.sound_seconds
    # There is nothing to decode after it.
    assert max(plan.seeks) < clip.seconds


def test_ten_seconds_of_sound_after_the_picture_are_enough() -> None:
    clip, plan = clips.get("far_too_much_sound"), planned_clip("far_too_much_sound")
    assert plan.asset.grid.duration == clip.seconds + 10
    assert plan.notes == ("The sound goes on 26 s too long; its end was cut.",)


def test_a_film_without_sound_has_no_sound_tracks() -> None:
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
    assert planned_clip("several_pictures").notes == ("Stream 0 was left out: another picture.",)


def test_a_name_with_emoji_newlines_and_dots_is_only_a_name(tmp_path: Path) -> None:
    path = tmp_path / "..\n🎬 -i concat:'a|b'.mp4"
    path.write_bytes(clips.get("tiny").path.read_bytes())
    assert planned_as_by_a_worker(path, tmp_path).picture == planned_clip("tiny").picture


class _Ranges(BaseHTTPRequestHandler):
    """Serves the clips by name, whole or from anywhere."""

    def do_GET(self) -> None:
        content = clips.get(self.path.strip("/")).path.read_bytes()
        first, _, last = self.headers.get("Range", "bytes=0-")[6:].partition("-")
        part = content[int(first) : int(last or len(content)) + 1]
        self.send_response(HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Content-Length", str(len(part)))
        until = int(first) + len(part) - 1
        self.send_header("Content-Range", f"bytes {first}-{until}/{len(content)}")
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(part)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def web(socket_enabled: None) -> Iterator[str]:  # noqa: ARG001 - loopback only
    with ThreadingHTTPServer(("127.0.0.1", 0), _Ranges) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_source_behind_an_address_gets_the_same_plan(web: str, tmp_path: Path) -> None:
    path = clips.get("plain").path
    there = planned_as_by_a_worker(path, tmp_path, address=f"{web}/plain")
    assert there == planned(path)
