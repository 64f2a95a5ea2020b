"""Sound whose times and samples differ steadily is heard at one speed, with the picture."""

from fractions import Fraction
from pathlib import Path

import pytest

from tests.builders import clips
from tests.builders.plans import planned
from tests.builders.published_encodes import finished
from tests.media.gallery.comparing import published

_SECONDS = 8


def _source(folder: Path, suffix: str, *, slower: Fraction, beeps_each: Fraction) -> Path:
    """`slower`: by what the times of the sound are multiplied."""
    sound, path = folder / "sound.mp4", folder / f"source.{suffix}"
    seconds = float(_SECONDS * beeps_each)
    beeps = f"aevalsrc='if(lt(mod(t,{float(beeps_each)}),0.1),sin(6000*t)/2,0)':s=44100:d={seconds}"
    clips.ffmpeg("-f", "lavfi", "-i", beeps, "-c:a", "aac", "-b:a", "128k", sound)
    picture = ("-f", "lavfi", "-i", f"testsrc2=s=160x120:r=25:d={_SECONDS}")
    clips.ffmpeg(*picture, "-itsscale", str(float(slower)), "-i", sound,
                 *("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "copy", path))  # fmt: skip
    return path


@pytest.mark.parametrize(
    ("suffix", "slower", "beeps_each", "note"),
    [
        # A clock that is slow or fast: its times are right.
        ("mkv", Fraction(41, 40), Fraction(40, 41), "its clock is off by 2.5%"),
        ("mp4", Fraction(39, 40), Fraction(40, 39), "its clock is off by 2.5%"),
        # Times of 48 kHz: with its samples, the sound lasts as long as the picture.
        ("mp4", Fraction(441, 480), Fraction(1), "its times do not fit its sample rate"),
        # Samples of 48 kHz that pass for 44.1: its times are right.
        ("mp4", Fraction(441, 480), Fraction(480, 441), "its clock is off by 8.1%"),
    ],
)
def test_it_is_heard_at_one_speed(
    tmp_path: Path, suffix: str, slower: Fraction, beeps_each: Fraction, note: str
) -> None:
    path = _source(tmp_path, suffix, slower=slower, beeps_each=beeps_each)
    assert planned(path).sounds[0] is not None
    made = finished(path)
    assert made.report["ok"], made.report
    result = published(made)
    [said] = [each for each in result.notes if "Sound" in each]
    assert note in said
    measures = made.report["measures"]
    assert isinstance(measures, dict)
    assert measures["audible"] == 1
    assert clips.bursts(made.played("audio/0")) == pytest.approx(range(_SECONDS), abs=0.02)
