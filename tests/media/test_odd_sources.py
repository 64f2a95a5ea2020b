"""Sources that are stored in an unusual way are planned as players show them."""

from fractions import Fraction
from pathlib import Path

import pytest

from tests.builders import clips
from tests.builders.plans import planned
from tests.builders.published_encodes import SYNCHRONOUS_SECONDS, finished


@pytest.mark.parametrize(
    ("encoder", "crop"), [("libx264", "h264_metadata"), ("libx265", "hevc_metadata")]
)
def test_a_crop_at_the_left_makes_the_picture_narrower(
    tmp_path: Path, encoder: str, crop: str
) -> None:
    path = tmp_path / "film.mp4"
    pictures = ("-f", "lavfi", "-i", "testsrc2=s=320x176:r=25:d=0.4")
    clips.ffmpeg(*pictures, "-c:v", encoder, "-bsf:v", f"{crop}=crop_left=16:crop_top=32", path)
    plan = planned(path)
    assert (plan.picture.width, plan.picture.height) == (304, 144)
    assert (plan.asset.rungs[-1].width, plan.asset.rungs[-1].height) == (304, 144)


_CODECS = {
    "mkv": "-c:v libx264 -c:a aac",
    "webm": "-c:v libvpx -deadline realtime -cpu-used -8 -c:a libopus",
}
_SRT = "1\n00:00:00,500 --> 00:00:06,900\nStays\n"


def _with_words(tmp_path: Path, suffix: str) -> Path:
    words, path = tmp_path / "words.srt", tmp_path / f"film.{suffix}"
    words.write_text(_SRT)
    clips.ffmpeg("-i", clips.get("tiny").path, "-i", words, *_CODECS[suffix].split(), path)
    return path


@pytest.mark.parametrize("suffix", ["mkv", "webm"])
def test_subtitles_that_go_on_after_the_video_promise_no_longer_one(
    tmp_path: Path, suffix: str
) -> None:
    assert not [note for note in planned(_with_words(tmp_path, suffix)).notes if "promises" in note]


def test_a_matroska_that_breaks_off_lacks_what_its_header_promises(tmp_path: Path) -> None:
    path = _with_words(tmp_path, "mkv")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 5 // 10])
    assert any(note.endswith(" of 3.0 s; the rest is missing.") for note in planned(path).notes)


@pytest.mark.parametrize("options", [("mkv",), ("mp4", "-movflags", "empty_moov")], ids=str)
def test_a_sound_track_that_holds_nothing_promises_nothing(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    suffix, *flags = options
    path = tmp_path / f"film.{suffix}"
    tracks = ("-map", "0:v", "-map", "0:a", "-filter:a", "aselect=0")
    clips.ffmpeg("-i", clips.get("tiny").path, *tracks, *_CODECS["mkv"].split(), *flags, path)
    assert planned(path).notes == ()


def test_a_sound_track_that_holds_nothing_is_left_out_and_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    clip = clips.get("tiny").path
    tracks = ("-map", "0:v", "-map", "0:a", "-map", "0:a", "-filter:a:0", "aselect=0")
    clips.ffmpeg("-i", clip, *tracks, *_CODECS["mkv"].split(), path)
    plan = planned(path)
    assert [(track.stream, track.is_default) for track in plan.asset.audio] == [(2, True)]
    assert len(plan.sounds) == 1
    assert "Stream 2 was left out: a sound track that holds nothing." in plan.notes


def test_an_mp4_whose_last_picture_stays_is_as_long_as_it_says(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    pictures = ("-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=2", "-c:v", "libx264", "-bf", "0")
    clips.ffmpeg(*pictures, "-bsf:v", r"setts=duration=if(eq(N\,49)\,8/TB\,DURATION)", path)
    assert planned(path).asset.grid.frames == 49 + 200


def test_a_still_picture_that_is_marked_in_a_matroska_is_not_the_video(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    still = ("-f", "lavfi", "-t", "0.04", "-i", "color=red:s=640x640:r=25")
    tracks = ("-map", "1:v", "-map", "0:v", "-c:v:0", "png", "-c:v:1", "libx264")
    clips.ffmpeg("-i", clips.get("tiny").path, *still, *tracks, "-disposition:v", "default", path)
    assert (planned(path).picture.stream, planned(path).picture.frames) == (1, 75)


def test_a_ts_with_bytes_that_correct_errors_becomes_a_video(tmp_path: Path) -> None:
    path = tmp_path / "film.ts"
    clips.ffmpeg("-i", clips.get("tiny").path, "-c", "copy", path)
    data = path.read_bytes()
    packets = (data[at : at + 188] for at in range(0, len(data), 188))
    path.write_bytes(b"".join(packet + b"\x55" * 16 for packet in packets))
    made = finished(path)
    assert made.report["ok"], made.report
    rung = made.asset.rungs[-1]
    assert clips.numbers(made.played(f"video/{rung.name}")) == list(range(75))


def test_a_second_flv_in_the_same_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "film.flv"
    clips.ffmpeg("-i", clips.get("tiny").path, "-c:v", "libx264", "-c:a", "aac", path)
    said = "Behind the video the file holds another one, which is not shown."
    assert said not in planned(path).notes
    path.write_bytes(2 * path.read_bytes())
    assert said in planned(path).notes


def test_a_single_picture_below_zero_in_a_matroska_is_named(tmp_path: Path) -> None:
    path, options = tmp_path / "source.mkv", "-c:v libx264 -bf 0 -c:a aac -output_ts_offset -0.02"
    times = ("-avoid_negative_ts", "disabled")
    clips.ffmpeg("-i", clips.get("tiny").path, *options.split(), *times, path)
    made = finished(path)
    assert made.report["notes"] == ["Its first picture has a time below zero; it is not shown."]
    assert clips.numbers(made.played(f"video/{made.asset.rungs[-1].name}")) == list(range(1, 75))
    # The tone of picture 25.
    assert abs(clips.bursts(made.played("audio/0"))[1] - 24 / 25) < SYNCHRONOUS_SECONDS


@pytest.mark.parametrize("is_false", [False, True])
def test_a_picture_that_is_no_key_picture_is_not_sought(tmp_path: Path, is_false: bool) -> None:
    path = tmp_path / "film.avi"
    codec = ("-c:v", "mpeg4", "-q:v", "3", "-g", "110", "-sc_threshold", "1000000000")
    clips.ffmpeg("-i", clips.get("plain").path, "-an", *codec, path)
    data = bytearray(path.read_bytes())
    begin = data.index(b"idx1") + 8
    if is_false:
        data[begin + 4 :: 16] = b"\x10" * len(data[begin + 4 :: 16])
        path.write_bytes(data)
    assert planned(path).picture.is_searchable is not is_false


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_chunks_are_decoded_from_a_refresh_before_the_last_one(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"film.{suffix}"
    refresh = "intra-refresh=1:keyint=50:bframes=0:threads=1"
    encoder = ("-c:v", "libx264", "-x264-params", refresh)
    clips.ffmpeg("-i", clips.get("plain").path, "-an", *encoder, path)
    plan = planned(path)
    # It is refreshed in 18 pictures; key pictures are 50 apart.
    early = plan.picture.start - Fraction(50 + 2 * 18, 25)
    assert [plan.chunk(number).seek for number in (1, 2)] == [6 + early, 12 + early]


def test_a_program_stream_without_an_index_is_sought(tmp_path: Path) -> None:
    path = tmp_path / "film.vob"
    # A packet or more for each picture.
    rate = ("-b:v", "6M", "-minrate", "6M", "-maxrate", "6M", "-bufsize", "1M")
    clips.ffmpeg("-i", clips.get("plain").path, "-c:v", "mpeg2video", *rate, "-c:a", "mp2", path)
    assert planned(path).picture.is_searchable


def test_fields_of_hevc_are_as_high_as_pictures(tmp_path: Path) -> None:
    path = tmp_path / "film.ts"
    fields = "scale=320:176,setfield=tff,separatefields,setsar=1"
    encoder = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "interlace=tff")
    clips.ffmpeg("-i", clips.get("tiny").path, "-an", "-vf", fields, *encoder, path)
    made = finished(path)
    assert made.report["ok"], made.report
    picture, rung = made.plan.picture, made.asset.rungs[0]
    assert picture.width > 3 * picture.height
    assert abs(picture.width / (2 * picture.height) - rung.width / rung.height) < 0.05
    assert rung.width == picture.width
