"""Subtitles inside a source or beside it become segments with the times of the source."""

import functools
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from chalicelib.catalogue.asset import SubtitleTrack
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.task_reports import Report
from chalicelib.ingest.uploads import LARGEST_SIDECAR_BYTES
from tests.builders import clips
from tests.builders.plans import a_plan, a_sandbox, as_ts, planned
from transcoder.errors import SourceLost
from transcoder.outputs.subtitles import make_subtitles

SIDECAR = (
    "1\r\n00:00:01,000 --> 00:00:02,500\r\nGrüße & <i>x</i>\r\n\r\n2\r\n00:00:09 -> x\r\nno\r\n"
)


_READ_AS = ("Subtitles 1: letters that are not Unicode were read as Windows-1252.",)


def made(
    folder: Path, *, url: str, stream: int = -1, plan: Plan | None = None
) -> tuple[Report, list[str]]:
    plan = plan or a_plan(clips.get("subtitles"))
    track = SubtitleTrack(0, stream, "de", "Deutsch", is_default=False)
    report = make_subtitles(plan, track, url, sandbox=a_sandbox(folder))
    return report, [(folder / file.name).read_text("utf-8") for file in report.files]


@functools.cache
def long_plan() -> Plan:
    plan = a_plan(clips.get("subtitles"))
    grid = replace(plan.asset.grid, frames=125 * 25)
    return replace(plan, asset=replace(plan.asset, grid=grid))


@pytest.mark.parametrize(
    ("name", "stream"), [("subtitles", 2), ("subtitles", 3), ("subtitles_mp4", 2)]
)
def test_subtitles_inside_a_source_are_read(name: str, stream: int, tmp_path: Path) -> None:
    clip = clips.get(name)
    report, (text,) = made(tmp_path, url=str(clip.path), stream=stream, plan=a_plan(clip))
    assert report.notes == ()
    assert text == (
        "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:7200\n\n"
        "00:00:01.000 --> 00:00:02.500\nGrüße &amp; <i>hello</i>\n\n"
        "00:00:05.000 --> 00:00:08.000\nacross a boundary\n"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_subtitles_beside_a_source_are_read(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "film.de.srt").write_bytes(SIDECAR.encode(encoding))
    report, (text,) = made(tmp_path, url=str(tmp_path / "film.de.srt"))
    assert "00:00:01.000 --> 00:00:02.500\nGrüße &amp; <i>x</i>\n" in text
    assert report.notes[-1] == "Subtitles 1: one unreadable entry left out."
    assert report.notes[:-1] == _READ_AS * (encoding == "cp1252")


@pytest.mark.parametrize("codec", ["srt", "ass", "webvtt"])
def test_one_cue_of_another_charset_in_a_source_is_read_beside_the_others(
    codec: str, tmp_path: Path
) -> None:
    path, words = tmp_path / "source.mkv", tmp_path / "words.srt"
    cues = [f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\nGrüße {n}\n" for n in range(1, 5)]
    words.write_text("\n".join(cues), "utf-8")
    clip = clips.get("tiny").path
    clips.ffmpeg("-i", clip, "-i", words, "-map", "0:v", "-map", "1", "-c:v", "copy", "-c:s", codec,
                 path)  # fmt: skip
    # Of the same length, or the container would have to change as well.
    whole, latin = "Grüße 3".encode(), "Grüße 3!!".encode("latin-1")
    assert path.read_bytes().count(whole) == 1
    path.write_bytes(path.read_bytes().replace(whole, latin))
    report, texts = made(tmp_path, url=str(path), stream=1, plan=long_plan())
    assert [line for line in texts[0].split("\n") if line.startswith("Grü")] == [
        "Grüße 1", "Grüße 2", "Grüße 3!!", "Grüße 4",
    ]  # fmt: skip
    assert report.notes == _READ_AS


@pytest.mark.parametrize("codec", ["copy", "ass"])
def test_words_in_angle_brackets_in_a_source_are_read(codec: str, tmp_path: Path) -> None:
    path, words = tmp_path / "source.mkv", tmp_path / "words.srt"
    word = "<left>" if codec == "copy" else "XleftX"
    words.write_text(f"1\n00:00:01,000 --> 00:00:02,000\n<i>Top</i> & {word}\n")
    clips.ffmpeg("-i", clips.get("tiny").path, "-i", words, "-map", "0:v", "-map", "1",
                 "-c:v", "copy", "-c:s", codec, path)  # fmt: skip
    if codec == "ass":
        # FFmpeg drops such words where it reads SubRip, so put them in afterwards.
        path.write_bytes(path.read_bytes().replace(b"XleftX", b"<left>"))
    _, texts = made(tmp_path, url=str(path), stream=1, plan=planned(path))
    assert "<i>Top</i> &amp; &lt;left&gt;" in texts[0]


def test_words_behind_a_blank_line_in_a_source_are_read(tmp_path: Path) -> None:
    path, words = tmp_path / "source.mkv", tmp_path / "words.srt"
    words.write_text("1\n00:00:01,000 --> 00:00:02,000\nfirstXX<br>second\\Nthird\n")
    clips.ffmpeg("-i", clips.get("tiny").path, "-i", words, "-map", "0:v", "-map", "1",
                 "-c", "copy", path)  # fmt: skip
    # FFmpeg would read a blank line as the end of an entry.
    path.write_bytes(path.read_bytes().replace(b"firstXX", b"first\n\n"))
    report, texts = made(tmp_path, url=str(path), stream=1, plan=planned(path))
    assert "\nfirst\nsecond\nthird\n" in texts[0]
    assert report.notes == ()


def test_the_segments_span_the_whole_video(tmp_path: Path) -> None:
    (tmp_path / "film.srt").write_text(SIDECAR)
    report, texts = made(tmp_path, url=str(tmp_path / "film.srt"), plan=long_plan())
    assert [file.name for file in report.files] == [f"subtitles/0/0000{n}.vtt" for n in range(3)]
    assert [text.count("-->") for text in texts] == [1, 0, 0]


def test_a_late_beginning_of_the_video_is_subtracted(tmp_path: Path) -> None:
    clip = clips.get("subtitles")
    plan = a_plan(clip, start=Fraction(1, 2))
    _, (text,) = made(tmp_path, url=str(clip.path), stream=2, plan=plan)
    assert "00:00:00.500 --> 00:00:02.000" in text


def test_in_mpeg_ts_the_clock_begins_where_the_pictures_do(tmp_path: Path) -> None:
    (tmp_path / "film.srt").write_text(SIDECAR)
    plan = as_ts(a_plan(clips.get("subtitles")))
    _, (text,) = made(tmp_path, url=str(tmp_path / "film.srt"), plan=plan)
    assert "MPEGTS:900000\n" in text


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 5000, b"#EXTM3U\nfile:///etc/passwd\n", b"\xff" * 99]
)
def test_subtitles_without_words_are_left_out_with_a_note(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "film.srt").write_bytes(data)
    report, texts = made(tmp_path, url=str(tmp_path / "film.srt"))
    assert texts == []
    assert report.notes == ("Subtitles 1: nothing in them can be read; they were left out.",)


def test_subtitles_of_a_longer_video_are_left_out_with_another_note(tmp_path: Path) -> None:
    (tmp_path / "film.srt").write_text("1\n00:50:00,000 --> 00:50:02,000\nLater\n")
    report, texts = made(tmp_path, url=str(tmp_path / "film.srt"))
    assert texts == []
    assert report.notes == (
        "Subtitles 1: all their times are outside of the film; they were left out.",
    )


@pytest.mark.parametrize("size", [LARGEST_SIDECAR_BYTES - 1, LARGEST_SIDECAR_BYTES + 99])
def test_a_large_file_is_read_to_its_end_or_says_how_far(size: int, tmp_path: Path) -> None:
    cue = "1\n00:00:01,000 --> 00:00:02,000\nAgain\n\n"
    last = "2\n00:00:02,000 --> 00:00:03,000\nThe last\n"
    filled = f"{cue}NOTE {'x' * (size - len(cue) - len(last) - 7)}\n\n{last}"
    (tmp_path / "film.srt").write_text(filled)
    report, (text,) = made(tmp_path, url=str(tmp_path / "film.srt"))
    is_whole = size < LARGEST_SIDECAR_BYTES
    assert ("The last" in text) is is_whole
    assert ("Subtitles 1: only their first 10 MiB were read." in report.notes) is not is_whole


@pytest.mark.parametrize("stream", [2, -1])
def test_a_source_out_of_reach_is_tried_again_later(stream: int, tmp_path: Path) -> None:
    with pytest.raises(SourceLost):
        made(tmp_path, url="http://127.0.0.1:9/film.srt", stream=stream)
