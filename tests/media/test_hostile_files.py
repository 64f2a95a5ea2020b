"""A file that is no video, or pretends to be one, is refused with its reason and no effect."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from chalicelib.encoding.failures import Reason
from tests.builders import clips
from tests.builders.plans import planned, planned_as_by_a_worker
from tests.media import forgeries
from transcoder import probing
from transcoder.errors import ProbeInterrupted, Refused
from transcoder.probing.files.opening import opened
from transcoder.probing.formats.signatures import COUNTED
from transcoder.settings import SourceLimits

_DEMUXERS = (
    "mov", "matroska", "mpegts", "mpeg", "avi", "flv", "ogg", "asf", "mxf", "dv",
    "yuv4mpegpipe", "nut", "gif", "apng",
)  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "film.mp4"


def _reason(path: Path, limits: SourceLimits | None = None) -> Reason:
    with pytest.raises(Refused) as refusal:
        planned(path, limits=limits)
    return refusal.value.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Dear Sir or Madam,\n" * 500, Reason.NOT_VIDEO),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, Reason.NOT_VIDEO),
        (b"GIF89a" + b"\0" * 500, Reason.CORRUPT),
        (b"\0\0\0\x1cftypavif" + b"\0" * 500, Reason.NOT_VIDEO),
        (b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", Reason.NOT_VIDEO),
        (b"\0" * 100_000, Reason.CORRUPT),
        (b"G" * 100_000, Reason.CORRUPT),
        (b"\x1a\x45\xdf\xa3" + b"\xff" * 10_000, Reason.CORRUPT),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 10_000, Reason.CORRUPT),
        (b"\0\0\0\x18ftypmp42", Reason.CORRUPT),
        (b"ID3\x04" + b"\0" * 500, Reason.AUDIO_ONLY),
        (forgeries.concat_script("/etc/passwd"), Reason.NOT_VIDEO),
        (forgeries.session_description(5004), Reason.NOT_VIDEO),
    ],
)
def test_a_file_that_is_no_video_is_refused(source: Path, content: bytes, reason: Reason) -> None:
    source.write_bytes(content)
    assert _reason(source) is reason


def test_an_empty_file_is_refused_unread(source: Path, tmp_path: Path) -> None:
    source.touch()
    with pytest.raises(Refused) as refusal:
        planned_as_by_a_worker(source, tmp_path)
    assert refusal.value.reason is Reason.EMPTY


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        planned_as_by_a_worker(
            clips.get("plain").path, tmp_path, limits=SourceLimits(size_bytes=60_000)
        )
    assert refusal.value.reason is Reason.TOO_LARGE
    assert refusal.value.detail == "The limit is 0.1 MB."


def test_a_missing_file_is_said_to_be_gone(tmp_path: Path) -> None:
    assert _reason_of_worker(tmp_path, "nothing.mp4") is Reason.SOURCE_GONE


def _reason_of_worker(folder: Path, url: str) -> Reason:
    with pytest.raises(Refused) as refusal:
        planned_as_by_a_worker(clips.get("tiny").path, folder, url=url)
    return refusal.value.reason


@pytest.mark.parametrize("options", [("-vn", "-c", "copy"), ("-vn", "-c:a", "pcm_s16le")])
def test_sound_alone_is_refused(source: Path, options: tuple[str, ...]) -> None:
    suffix = ".mov" if "copy" in options else ".wav"
    clips.ffmpeg("-i", clips.get("tiny").path, *options, source.with_suffix(suffix))
    assert _reason(source.with_suffix(suffix)) is Reason.AUDIO_ONLY


def test_sound_with_a_cover_is_sound_alone(tmp_path: Path) -> None:
    song = tmp_path / "song.m4a"
    covered = ("-map", "0:a", "-map", "0:v:1", "-c", "copy", "-disposition:v", "attached_pic")
    clips.ffmpeg("-i", clips.get("cover_art").path, *covered, song)
    assert _reason(song) is Reason.AUDIO_ONLY


def test_subtitles_alone_are_no_video(tmp_path: Path) -> None:
    text = tmp_path / "text.mkv"
    clips.ffmpeg("-i", clips.get("subtitles").path, "-map", "0:s", "-c", "copy", text)
    assert _reason(text) is Reason.NOT_VIDEO


def test_a_truncated_mp4_without_its_index_is_corrupt(source: Path) -> None:
    source.write_bytes(clips.bytes_of("plain")[:40_000])
    assert _reason(source) is Reason.CORRUPT


@pytest.mark.parametrize("name", ["late_start", "vfr"])
def test_a_truncated_file_is_planned_with_what_is_there(source: Path, name: str) -> None:
    source.write_bytes(clips.bytes_of(name)[: len(clips.bytes_of(name)) // 2])
    assert 100 < planned(source).picture.frames < 250


def test_a_truncated_mp4_with_its_index_is_planned_with_what_is_there(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.mp4", tmp_path / "cut.mp4"
    clips.ffmpeg("-i", clips.get("plain").path, "-c", "copy", "-movflags", "+faststart", whole)
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    plan = planned(cut)
    assert 100 < plan.picture.frames < 250
    assert plan.asset.grid.duration < 11


def test_a_header_without_pictures_is_refused(source: Path) -> None:
    source.write_bytes(forgeries.header_only(clips.bytes_of("fragmented")))
    assert _reason(source) is Reason.NO_FRAMES


def test_an_mp4_whose_pictures_are_noise_has_nothing_to_look_at_and_accept(source: Path) -> None:
    source.write_bytes(forgeries.without_media(clips.bytes_of("prores")))
    assert _reason(source) is Reason.CORRUPT


def test_an_unknown_codec_is_refused(source: Path) -> None:
    content = clips.bytes_of("flac").replace(forgeries.PICTURE_CODEC, b"V_UNHEARD/OF/AVC"[:15])
    source.write_bytes(content)
    assert _reason(source) is Reason.UNSUPPORTED_CODEC


def test_twenty_streams_are_refused(tmp_path: Path) -> None:
    many = tmp_path / "many.mkv"
    maps = [option for _ in range(19) for option in ("-map", "0:a")]
    clips.ffmpeg("-i", clips.get("tiny").path, "-map", "0:v", *maps, "-c", "copy", many)
    assert _reason(many) is Reason.TOO_MANY_STREAMS


def test_sound_tracks_above_the_limit_are_left_out(tmp_path: Path) -> None:
    many = tmp_path / "many.mkv"
    maps = [option for _ in range(10) for option in ("-map", "0:a")]
    clips.ffmpeg("-i", clips.get("tiny").path, "-map", "0:v", *maps, "-c", "copy", many)
    plan = planned(many)
    assert len(plan.asset.audio) == 8
    assert plan.notes[-1] == "Stream 11 was left out: 8 sound tracks are kept."
    assert [each.name for each in plan.asset.audio[:3]] == ["Audio", "Audio 2", "Audio 3"]


def test_a_picture_of_16_by_16_thousand_is_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.mkv"
    raw = ("-f", "rawvideo", "-pix_fmt", "monob", "-s", "16000x16000", "-i", "pipe:0")
    clips.ffmpeg(*raw, "-c:v", "png", huge, feed=[b"\0" * (16000 * 16000 // 8)])
    with pytest.raises(Refused) as refusal:
        planned_as_by_a_worker(huge, tmp_path)
    assert refusal.value.reason is Reason.TOO_MANY_PIXELS


@pytest.mark.parametrize("name", ["plain", "late_start"])
def test_what_is_too_long_is_refused(name: str) -> None:
    assert _reason(clips.get(name).path, SourceLimits(seconds=12)) is Reason.TOO_LONG


def test_what_costs_too_much_is_refused() -> None:
    assert _reason(clips.get("hd").path, SourceLimits(cpu_seconds=1)) is Reason.TOO_COSTLY


def test_thirty_days_in_the_header_are_two_seconds(source: Path) -> None:
    source.write_bytes(forgeries.lasting(clips.bytes_of("tiny"), 30 * 24 * 3600))
    assert planned(source).asset.grid.duration == clips.get("tiny").seconds


def test_a_million_pictures_a_second_in_the_header_are_25(source: Path) -> None:
    source.write_bytes(forgeries.with_frames_lasting(clips.bytes_of("flac"), 1000))
    grid = planned(source).asset.grid
    assert grid.rate == 25
    assert grid.frames == 100


def test_a_million_pictures_a_second_in_truth_are_thinned_out(source: Path) -> None:
    source.write_bytes(forgeries.with_avi_rate(clips.bytes_of("avi"), 1_000_000))
    plan = planned(source)
    assert plan.asset.grid.rate <= 60
    assert plan.asset.grid.duration < 11


def _streams(path: Path, demuxer: str) -> int:
    try:
        with opened(str(path), demuxer) as container:
            return len(container.streams)
    except Refused:
        return 0


class _Counting(BaseHTTPRequestHandler):
    visits: list[str]

    def do_GET(self) -> None:
        self.visits.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def trap(socket_enabled: None) -> Iterator[tuple[str, list[str]]]:  # noqa: ARG001 - loopback only
    """A URL that must not be opened, and the requests that came."""
    _Counting.visits = []
    with ThreadingHTTPServer(("127.0.0.1", 0), _Counting) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/secret.ts", _Counting.visits
        server.shutdown()


@pytest.mark.parametrize("script", [forgeries.playlist, forgeries.concat_script])
def test_a_script_in_disguise_leads_nowhere(
    source: Path, trap: tuple[str, list[str]], script: Callable[[str], bytes]
) -> None:
    url, visits = trap
    for target in (url, str(clips.get("late_start").path)):
        source.write_bytes(script(target))
        assert _reason(source) is Reason.NOT_VIDEO
        # Not even if it were taken for a video.
        for demuxer in _DEMUXERS:
            assert _streams(source, demuxer) == 0
        # These see pictures in anything.
        for demuxer in (*COUNTED, "ivf"):
            assert _streams(source, demuxer) <= 1
    assert visits == []


def test_a_movie_that_refers_to_another_file_gets_nothing_of_it(tmp_path: Path) -> None:
    foreign, reference = tmp_path / "foreign.mov", tmp_path / "reference.mov"
    foreign.write_bytes(clips.bytes_of("prores"))
    reference.write_bytes(forgeries.referring(foreign.read_bytes(), foreign))
    assert _reason(reference) is Reason.NO_FRAMES


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("import os; os.abort()", Reason.CORRUPT),
        ("while True: pass", Reason.TOO_SLOW),
        ("x = bytearray(2**40)", Reason.TOO_MUCH_MEMORY),
        ("raise SystemExit(1)", None),
    ],
)
def test_a_reader_that_breaks_down_breaks_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, expected: Reason | None
) -> None:
    (tmp_path / "reader.py").write_text(program)
    monkeypatch.setattr(probing, "_PROGRAM", tmp_path / "reader.py")
    with pytest.raises(Refused if expected else ProbeInterrupted) as broken:
        planned_as_by_a_worker(
            clips.get("tiny").path, tmp_path, limits=SourceLimits(probe_seconds=1)
        )
    if isinstance(broken.value, Refused):
        assert broken.value.reason is expected


def test_what_cannot_be_reached_just_now_is_tried_again(tmp_path: Path) -> None:
    with pytest.raises(ProbeInterrupted):
        planned_as_by_a_worker(clips.get("tiny").path, tmp_path, url="http://127.0.0.1:9/film.mp4")
