"""Every kind of source goes through all tasks: encoded, proven, and played to its end."""

from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from chalicelib.catalogue.asset import AUDIO_FRAME
from tests.builders import clips
from tests.builders.published_encodes import SYNCHRONOUS_SECONDS, Finished, finished
from tests.media import field_coded, forgeries, other_tools
from tests.media.test_chunks import on_screen_of

KINDS = (
    "rotated", "upside_down", "portrait", "odd", "anamorphic", "interlaced", "interlaced_h264",
    "hdr", "high422", "prores", "vfr", "fast120", "late_start", "mono", "surround",
    "silent", "long_picture", "long_sound", "late_sound", "cover_art", "several_pictures",
    "languages_mp4",
)  # fmt: skip


@cache
def of_clip(name: str) -> Finished:
    return finished(clips.get(name).path)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_passes_its_proof_without_a_complaint(name: str) -> None:
    report = of_clip(name).report
    assert report["ok"], report
    measures = report["measures"]
    assert isinstance(measures, dict)
    assert (measures["decodable"], measures["decode_errors"]) == (1, 0)


@pytest.mark.parametrize("name", KINDS)
def test_every_size_shows_every_frame_once(name: str) -> None:
    made = of_clip(name)
    expected = on_screen_of(made.plan, clips.get(name).path)
    for rung in made.asset.rungs:
        assert clips.numbers(made.played(f"video/{rung.name}")) == expected


@pytest.mark.parametrize("name", [kind for kind in KINDS if kind != "silent"])
def test_every_sound_track_is_exact_and_still_in_time_at_its_end(name: str) -> None:
    made, clip = of_clip(name), clips.get(name)
    begins = clip.sound_begins
    # Each tone begins with a second of the video; one of them may be cut off.
    last = min(-(-clip.sound_seconds // 1), -(-(made.asset.grid.duration - begins) // 1)) - 1
    for track in made.asset.audio:
        played = made.played(f"audio/{track.number}")
        assert len(clips.samples(played)) == made.asset.audio_frames * AUDIO_FRAME
        heard = clips.bursts(made.played(f"audio/{track.number}"))
        assert len(heard) == last + 1
        assert abs(heard[-1] - float(last + begins)) < SYNCHRONOUS_SECONDS


@pytest.mark.parametrize("name", KINDS)
def test_every_tool_reads_every_track_as_planned(name: str, tmp_path: Path) -> None:
    made = of_clip(name)
    tracks = [
        *((f"video/{rung.name}", other_tools.picture_of(made.asset)) for rung in made.asset.rungs),
        *((f"audio/{each.number}", other_tools.sound_of(made.asset)) for each in made.asset.audio),
    ]
    for track, planned in tracks:
        path = tmp_path / f"{track.replace('/', '-')}.mp4"
        path.write_bytes(made.played(track).getvalue())
        faults = other_tools.differences(path, planned, folder=tmp_path / path.stem)
        assert not faults, "\n".join(faults)


@pytest.mark.parametrize("suffix", [".ts", ".mp4", ".mkv"])
def test_a_picture_stored_as_two_fields_is_one(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"fields{suffix}"
    field_coded.write(path, frames=30)
    made = finished(path)
    assert made.report["ok"], made.report
    assert made.asset.grid.rate == Fraction(25)
    assert clips.numbers(made.played("video/240p")) == list(range(30))


def test_h264_with_reordered_pictures_in_an_avi_shows_each_of_them(tmp_path: Path) -> None:
    path = tmp_path / "film.avi"
    clips.ffmpeg("-i", clips.get("tiny").path, "-an", "-c:v", "libx264", "-bf", "3", path)
    made = finished(path)
    assert made.report["ok"], made.report
    assert clips.numbers(made.played("video/240p")) == list(range(75))


def test_pictures_that_are_not_coded_are_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "film.avi"
    clips.ffmpeg("-i", clips.get("tiny").path, "-an", "-c:v", "mpeg4", "-q:v", "3", "-g", "8",
                 path)  # fmt: skip
    path.write_bytes(forgeries.with_pictures_not_coded(path.read_bytes(), one_in=8))
    made = finished(path)
    assert made.report["ok"], made.report
    expected = [number - (number % 8 == 7) for number in range(75)]
    assert clips.numbers(made.played("video/240p")) == expected
