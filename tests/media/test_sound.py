"""A sound track has exactly its samples, in its time, as loud as all others."""

from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pytest

from chalicelib.catalogue.asset import AUDIO_FRAME
from chalicelib.encoding.plan import Plan
from tests.builders import clips, encoded_clips
from tests.builders.plans import a_sandbox
from transcoder.boxes.box import read_init
from transcoder.boxes.fragments import fragments
from transcoder.outputs.audio import AudioEncoder

NAMES = ("plain", "film", "late_start", "fragmented", "surround", "mono", "flv", "odd")


@pytest.mark.parametrize("name", [*NAMES, "long_sound", "long_picture", "late_sound"])
def test_there_are_exactly_as_many_samples_as_planned(name: str) -> None:
    made = encoded_clips.sound(name)
    asset = made.plan.asset
    assert len(clips.samples(made.joined("audio/0"))) == asset.audio_frames * AUDIO_FRAME
    assert asset.audio_frames * AUDIO_FRAME - asset.samples < AUDIO_FRAME


@pytest.mark.parametrize("name", NAMES)
def test_a_tone_is_heard_when_its_picture_is_seen(name: str) -> None:
    clip = clips.get(name)
    heard = clips.bursts(encoded_clips.sound(name).joined("audio/0"))
    assert len(heard) == -(-clip.frames // clip.rate)
    # Picture n begins at n / rate, see test_chunks; a tone begins every second.
    assert all(abs(at - second) < 0.02 for second, at in enumerate(heard))


def test_sound_that_begins_late_is_late_and_what_is_missing_is_silent() -> None:
    heard = clips.bursts(encoded_clips.sound("late_sound").joined("audio/0"))
    assert all(abs(at - second - 1.5) < 0.02 for second, at in enumerate(heard))
    silent = clips.samples(encoded_clips.sound("long_picture").joined("audio/0"))[-48_000 * 3 :]
    assert max(map(abs, silent)) == 0


@pytest.mark.parametrize("name", ["plain", "mono", "surround", "long_picture"])
def test_every_track_is_equally_loud(name: str) -> None:
    (report,) = encoded_clips.sound(name).reports
    assert report.measures["made_lufs"] == pytest.approx(-16, abs=0.5)
    assert report.measures["gain_db"] == pytest.approx(-16 - report.measures["found_lufs"])


def test_segments_begin_with_the_first_frame_after_the_picture_does() -> None:
    made = encoded_clips.sound("film")
    asset = made.plan.asset
    paths = sorted((made.folder / "audio/0").glob("*.m4s"))
    firsts = [next(fragments(memoryview(path.read_bytes()))) for path in paths]
    counts = [asset.audio_frames_of(number) for number in range(asset.audio_segments)]
    assert [len(each.samples) for each in firsts] == counts
    begins = [0, *accumulate(counts[:-1])]
    assert [each.decode_time for each in firsts] == [each * AUDIO_FRAME for each in begins]
    # Two pictures later, as the picture is.
    assert [file.decode_time for file in made.files if file.frames] == [
        each.decode_time + 4004 for each in firsts
    ]
    assert {sample.composition for each in firsts for sample in each.samples} == {4004}


def test_an_init_segment_says_what_playlists_say() -> None:
    facts = read_init((encoded_clips.sound("plain").folder / "audio/0/init.mp4").read_bytes())
    assert (facts.codecs, facts.timescale, facts.has_edit_list) == ("mp4a.40.2", 48_000, False)


def test_the_same_track_made_twice_is_the_same_to_the_byte(tmp_path: Path) -> None:
    made = encoded_clips.sound("late_start")
    again = encoded_clips.recorded(made.plan, clips.get("late_start").path, tmp_path)
    assert again.reports == made.reports


def test_segments_are_handed_out_while_others_are_still_being_made(tmp_path: Path) -> None:
    plan, calls = encoded_clips.planned("minute"), list[int]()
    path = str(clips.get("minute").path)
    encoder = AudioEncoder(plan, plan.asset.audio[0], path, a_sandbox(tmp_path))
    for files in encoder.files():
        assert all((tmp_path / file.name).exists() for file in files)
        calls.append(len(files))
    assert len(calls) > 1
    assert sum(calls) == len(encoder.report.files)


def _of(samples: str, path: Path, *, seconds: int) -> Plan:
    """A clip with another sound track."""
    clips.ffmpeg("-i", clips.get("tiny").path, "-f", "lavfi", "-t", str(seconds), "-i", samples,
                 "-map", "0:0", "-map", "1:0", "-c:v", "copy", "-c:a", "flac", path)  # fmt: skip
    plan = encoded_clips.planned("tiny")
    return replace(plan, picture=replace(plan.picture, demuxer="matroska"))


def test_silence_stays_silent(tmp_path: Path) -> None:
    plan = _of("anullsrc", tmp_path / "a.mkv", seconds=3)
    made = encoded_clips.recorded(plan, tmp_path / "a.mkv", tmp_path / "made")
    assert max(map(abs, clips.samples(made.joined("audio/0")))) == 0


def test_hiss_is_not_made_a_storm(tmp_path: Path) -> None:
    plan = _of("anoisesrc=a=0.001:seed=1", tmp_path / "a.mkv", seconds=3)
    made = encoded_clips.recorded(plan, tmp_path / "a.mkv", tmp_path / "made")
    assert made.reports[0].measures["gain_db"] == 12
    assert max(map(abs, clips.samples(made.joined("audio/0")))) < 400


def test_what_is_much_too_loud_is_not_distorted(tmp_path: Path) -> None:
    plan = _of("sine=1000,volume=18dB", tmp_path / "a.mkv", seconds=3)
    made = encoded_clips.recorded(plan, tmp_path / "a.mkv", tmp_path / "made")
    assert max(map(abs, clips.samples(made.joined("audio/0")))) < 30_000


def test_a_track_that_cannot_be_decoded_is_silent_and_the_report_says_so(tmp_path: Path) -> None:
    data = bytearray(clips.get("tiny").path.read_bytes())
    begin, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    data[begin:end] = bytes(end - begin)
    (tmp_path / "bad.mp4").write_bytes(data)
    made = encoded_clips.recorded(
        encoded_clips.planned("tiny"), tmp_path / "bad.mp4", tmp_path / "made"
    )
    assert max(map(abs, clips.samples(made.joined("audio/0")))) == 0
    assert made.reports[0].errors > 0 or made.reports[0].notes
