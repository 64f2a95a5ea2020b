"""Sound that begins or ends elsewhere than the picture is heard, and both stay in time."""

from pathlib import Path

import pytest

from tests.builders import clips
from tests.builders.clips import Clip
from tests.builders.plans import planned
from tests.builders.published_encodes import SYNCHRONOUS_SECONDS, Finished, finished
from tests.media import forgeries

_SUBTITLE = "1\n00:00:04,000 --> 00:00:05,000\nGood evening\n"
_HELD = "The sound begins {} s before the picture, which is held until then."
_VFR = ("-vf", "select='not(eq(mod(n,7),3))'", "-fps_mode", "vfr", "-c:v", "libx264")


def with_later_picture(
    folder: Path, suffix: str, seconds: float, *options: str, name: str = "minute"
) -> Path:
    """So much later than its sound, of which twelve seconds are left."""
    path, clip = folder / f"late{suffix}", clips.get(name).path
    (folder / "words.srt").write_text(_SUBTITLE)
    clips.ffmpeg("-itsoffset", str(seconds), "-t", "13", "-i", clip, "-t", "12", "-i", clip,
                 "-i", folder / "words.srt", "-map", "0:v", "-map", "1:a",
                 *(("-map", "2:s") if suffix == ".mkv" else ()),
                 "-c:v", "copy", "-c:a", "aac", *options, path)  # fmt: skip
    return path


def expect_together(made: Finished, *, later: float, clip: Clip, tones: int) -> None:
    """Picture n begins `later` after its second, in which tone n was heard."""
    numbers = clips.numbers(made.played(f"video/{made.asset.rungs[-1].name}"))
    heard = clips.bursts(made.played("audio/0"))
    assert len(heard) == tones
    number = int(2 * clip.rate)
    picture_offset = float(numbers.index(number) / made.asset.grid.rate) - 2 - later
    first = 12 - tones
    assert all(
        abs(at - (first + second) - picture_offset) < SYNCHRONOUS_SECONDS
        for second, at in enumerate(heard)
    )


@pytest.mark.parametrize("suffix", [".ts", ".mkv", ".mp4"])
@pytest.mark.parametrize("later", [1.5, 8])
@pytest.mark.parametrize("options", [(), _VFR], ids=["even", "vfr"])
def test_sound_before_the_first_picture_is_heard_over_it(
    tmp_path: Path, suffix: str, later: float, options: tuple[str, ...]
) -> None:
    path, clip = with_later_picture(tmp_path, suffix, later, *options), clips.get("minute")
    made = finished(path)
    assert made.report["ok"], made.report
    assert _HELD.format(float(later)) in made.plan.notes
    expect_together(made, later=later, clip=clip, tones=12)
    numbers = clips.numbers(made.played(f"video/{made.asset.rungs[-1].name}"))
    lead = numbers.index(1)
    # The first picture itself, and the frame in which the sound begins.
    assert 0 <= lead - later * made.asset.grid.rate <= 3
    assert set(numbers[:lead]) == {0}


def test_subtitles_follow_the_sound(tmp_path: Path) -> None:
    made = finished(with_later_picture(tmp_path, ".mkv", 4))
    (text,) = [made.objects[name].decode() for name in made.objects if "subtitles" in name]
    cue = next(line for line in text.splitlines() if "-->" in line)
    spoken = float(cue.split(" ")[0].split(":")[-1])
    tone = clips.bursts(made.played("audio/0"))[4]
    assert abs(spoken - tone) < 2 * SYNCHRONOUS_SECONDS


def test_a_little_sound_before_the_picture_is_cut_and_that_is_said(tmp_path: Path) -> None:
    made = finished(with_later_picture(tmp_path, ".ts", 0.3))
    assert made.report["ok"], made.report
    assert made.plan.picture.lead_frames == 0
    expect_together(made, later=0.3, clip=clips.get("minute"), tones=11)
    said = "Sound track 1: its first 0.3 s, before the film begins, were cut."
    assert said in str(made.report["notes"])


def test_a_picture_that_begins_much_too_late_is_not_waited_for(tmp_path: Path) -> None:
    plan = planned(with_later_picture(tmp_path, ".mkv", 12))
    assert plan.picture.lead_frames == 250
    assert "The sound begins 12.0 s before the picture; 10 s are kept." in plan.notes


def test_sound_that_begins_late_or_ends_early_is_silent_there_and_that_is_said() -> None:
    for name, said in (
        ("late_sound", "it begins after 1.5 s; it is silent until then."),
        ("long_picture", "it ends 4.0 s before the film."),
    ):
        made = finished(clips.get(name).path)
        assert made.report["ok"], made.report
        assert f"Sound track 1: {said}" in str(made.report["notes"])


def test_sound_that_is_missing_in_between_is_silent_there_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "gap.mkv"
    clips.ffmpeg("-i", clips.get("plain").path, "-c:v", "copy", "-c:a", "mp2",
                 "-af", "aselect='not(between(t,3.95,5.93))'", path)  # fmt: skip
    made = finished(path)
    assert made.report["ok"], made.report
    said = "Sound track 1: 2.0 s are missing in the source; it is silent there."
    assert said in str(made.report["notes"])
    heard = clips.bursts(made.played("audio/0"))
    assert len(heard) == 11
    seconds = [second for second in range(13) if second not in (4, 5)]
    assert all(
        abs(at - second) < SYNCHRONOUS_SECONDS for at, second in zip(heard, seconds, strict=True)
    )


# Between key pictures alone there is nothing to pack.
@pytest.mark.parametrize("keys", ["expr:0", "expr:lt(t,0.5)", "expr:lt(t,7)"])
def test_sound_beside_packed_pictures_is_in_time(keys: str, tmp_path: Path) -> None:
    path = tmp_path / "packed.avi"
    clips.ffmpeg("-i", clips.get("plain").path, "-c:v", "mpeg4", "-bf", "1", "-g", "25",
                 "-sc_threshold", "1000000000", "-q:v", "3", "-force_key_frames", keys,
                 "-c:a", "pcm_s16le", path)  # fmt: skip
    path.write_bytes(forgeries.with_packed_pictures(path.read_bytes()))
    made = finished(path)
    assert made.report["ok"], made.report
    assert not made.report["notes"]
    numbers = clips.numbers(made.played(f"video/{made.asset.rungs[-1].name}"))
    assert numbers == list(range(len(numbers)))
    heard = clips.bursts(made.played("audio/0"))
    assert all(abs(at - second) < SYNCHRONOUS_SECONDS for second, at in enumerate(heard))
