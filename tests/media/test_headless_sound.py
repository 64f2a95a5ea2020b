"""AAC in FLV without its header: the sample rate is that of its times, or a note warns."""

import io
from array import array
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.builders import clips
from tests.builders.plans import planned
from tests.builders.published_encodes import SYNCHRONOUS_SECONDS, finished

_HEADER, _TAG, _AROUND, _SOUND = 13, 11, 15, 8
_MISSING = "Sound track 1: its header is missing; "


def _tags(data: bytes) -> Iterator[bytes]:
    at = _HEADER
    while at + _TAG <= len(data):
        size = int.from_bytes(data[at + 1 : at + 4]) + _AROUND
        yield data[at : at + size]
        at += size


def _headless(path: Path, rate: int, *options: str) -> Path:
    sound = ("-c:a", "aac", "-b:a", "96k", "-ar", str(rate), *options)
    clips.ffmpeg("-i", clips.get("tiny").path, "-c:v", "libx264", *sound, path)
    data = path.read_bytes()
    is_header = (each[0] == _SOUND and not each[_TAG + 1] for each in _tags(data))
    kept = [tag for tag, dropped in zip(_tags(data), is_header, strict=True) if not dropped]
    path.write_bytes(data[:_HEADER] + b"".join(kept))
    return path


def _pitches(sound: bytes) -> list[float]:
    """In Hz, of each tone: the periods in a twentieth of a second."""
    heard = array("h", clips.samples(io.BytesIO(sound)))
    starts = [round(48_000 * (at + 0.02)) for at in clips.bursts(io.BytesIO(sound))]
    parts = [heard[start : start + 2400] for start in starts]
    return [sum(a < 0 <= b for a, b in pairwise(part)) * 20 for part in parts]


def test_its_pitch_and_its_pace_are_those_of_its_times(tmp_path: Path) -> None:
    made = finished(_headless(tmp_path / "source.flv", 48_000))
    assert made.report["ok"], made.report
    assert made.report["notes"] == [f"{_MISSING}its times say that it has 48000 Hz."]
    tones = clips.bursts(made.played("audio/0"))
    assert all(abs(at - number) < SYNCHRONOUS_SECONDS for number, at in enumerate(tones))
    assert _pitches(made.played("audio/0").read()) == pytest.approx([400, 500, 600], abs=20)


def test_the_declared_rate_may_be_right(tmp_path: Path) -> None:
    assert planned(_headless(tmp_path / "source.flv", 44_100)).notes == ()


@pytest.mark.parametrize("rate", [22_050, 32_000])
def test_a_rate_that_decoders_do_not_assume_is_warned_of(tmp_path: Path, rate: int) -> None:
    plan = planned(_headless(tmp_path / "source.flv", rate))
    assert f"{_MISSING}it may sound wrong." in plan.notes


def test_other_sound_needs_no_header(tmp_path: Path) -> None:
    path = tmp_path / "source.flv"
    sound = ("-c:a", "libmp3lame", "-ar", "44100")
    clips.ffmpeg("-i", clips.get("tiny").path, "-c:v", "libx264", *sound, path)
    assert planned(path).notes == ()
