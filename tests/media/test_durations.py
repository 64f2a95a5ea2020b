"""A video is as long as what is in its source: not as its index counts, and no longer than it."""

from fractions import Fraction
from itertools import groupby
from pathlib import Path

import av
import pytest

from tests.builders import clips
from tests.builders.encoded_clips import encoded
from tests.builders.plans import planned
from tests.builders.published_encodes import SYNCHRONOUS_SECONDS, finished
from tests.media import forgeries
from tests.media.gallery.catalogue import entry_of
from tests.media.gallery.files import make

_FRAME = Fraction(1, 25)


def repacked(path: Path, *options: str, source: str = "tiny") -> Path:
    clips.ffmpeg("-i", clips.get(source).path, *options, path)
    return path


@pytest.mark.parametrize("is_cut", [True, False])
def test_a_matroska_that_does_not_say_how_long_it_is_promises_nothing(
    tmp_path: Path, is_cut: bool
) -> None:
    """libavformat guesses by the bit rate that MPEG-4 declares, which is wrong."""
    mpeg4 = ("-c:v", "mpeg4", "-q:v", "1", "-b:v", "10k", "-c:a", "libmp3lame", "-b:a", "32k")
    path = repacked(tmp_path / "film.mkv", *mpeg4, "-live", "1")
    if is_cut:
        path.write_bytes(path.read_bytes()[: path.stat().st_size * 4 // 5])
    plan = planned(path)
    assert not any("promises" in note or "ends at" in note for note in plan.notes)
    assert plan.expected
    assert plan.expected.damaged == 0


@pytest.mark.parametrize(
    ("codec", "channels"),
    [
        ("pcm_s16le", "1"),
        ("pcm_s16le", "2"),
        ("pcm_u8", "2"),
        ("adpcm_ms", "2"),
        ("adpcm_ima_wav", "1"),
        ("libmp3lame", "2"),
        ("mp2", "2"),
        ("ac3", "2"),
    ],
)
def test_sound_in_an_avi_is_as_long_as_it_is(tmp_path: Path, codec: str, channels: str) -> None:
    path = repacked(tmp_path / "film.avi", "-c:v", "mjpeg", "-c:a", codec, "-ac", channels)
    plan = planned(path)
    assert len(plan.asset.audio) == 1
    # Sound that begins with a delay pushes an empty picture in front.
    assert 0 <= plan.asset.grid.duration - clips.get("tiny").seconds <= _FRAME


@pytest.mark.parametrize(
    ("suffix", "sound"),
    [("avi", "aac"), ("avi", "libmp3lame"), ("asf", "wmav2")],
)
def test_pictures_with_decode_times_alone_are_all_kept(
    tmp_path: Path, suffix: str, sound: str
) -> None:
    path = repacked(tmp_path / f"film.{suffix}", "-c:v", "libx264", "-bf", "0", "-c:a", sound)
    made = finished(path)
    assert made.report["ok"], made.report
    assert clips.numbers(made.played("video/240p"))[-1] == 74
    measures = made.report["measures"]
    assert isinstance(measures, dict)
    assert measures["decodable"] == 1


def test_a_last_packet_of_sound_that_is_not_full_makes_no_video_longer(tmp_path: Path) -> None:
    path = repacked(tmp_path / "film.mkv", "-c:v", "copy", "-c:a", "tta")
    path.write_bytes(forgeries.without_last_duration(path.read_bytes()))
    assert planned(path).asset.grid.duration == clips.get("tiny").seconds


def test_a_last_picture_is_kept_however_short_it_is(tmp_path: Path) -> None:
    times = "settb=1/1000,setpts='1000*N+2000*gt(N,1)'"
    path = repacked(tmp_path / "film.mkv", "-an", "-vf", f"trim=end_frame=4,{times}",
                    "-fps_mode", "passthrough", "-enc_time_base", "1:1000", "-bf", "0")  # fmt: skip
    made = finished(path)
    numbers = clips.numbers(made.played("video/240p"))
    assert [number for number, _ in groupby(numbers)] == [0, 1, 2, 3]


@pytest.mark.parametrize("suffix", [".avi", ".mov", ".mkv"])
def test_uncompressed_sound_that_goes_on_after_the_picture_is_kept(
    tmp_path: Path, suffix: str
) -> None:
    path = repacked(tmp_path / f"film{suffix}", "-c:v", "mjpeg", "-c:a", "pcm_s16le",
                    source="long_sound")  # fmt: skip
    assert planned(path).asset.grid.duration == clips.get("long_sound").sound_seconds


@pytest.mark.parametrize("share", [Fraction(1, 4), Fraction(1, 2), Fraction(9, 10)])
@pytest.mark.parametrize("name", ["plain", "vfr_mp4", "prores"])
def test_an_mp4_that_breaks_off_is_as_long_as_what_is_there_and_the_rest_is_damage(
    tmp_path: Path, name: str, share: Fraction
) -> None:
    clip = clips.get(name)
    whole = repacked(tmp_path / f"whole{clip.suffix}", "-c", "copy", "-movflags", "+faststart",
                     source=name)  # fmt: skip
    cut = tmp_path / f"cut{clip.suffix}"
    cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
    plan = planned(cut)
    assert 0 < plan.picture.frames < clip.frames
    # Sound is stored a little ahead of the picture it belongs to.
    pictured = clips.times(clip)[plan.picture.frames]
    assert abs(plan.asset.grid.duration - pictured) < Fraction(3, 4)
    assert any(note.endswith("the rest is missing.") for note in plan.notes)
    assert plan.expected
    missing = 1 - pictured / clips.times(clip)[-1]
    assert plan.expected.damaged / plan.picture.frames == pytest.approx(float(missing), abs=0.05)


def test_an_mp4_that_breaks_off_before_reordered_pictures_ends_with_the_last_one_that_is_there(
    tmp_path: Path,
) -> None:
    whole, cut = tmp_path / "whole.mp4", tmp_path / "cut.mp4"
    repacked(whole, "-an", "-c:v", "libx264", "-bf", "3", "-b_strategy", "0",
             "-movflags", "+faststart", source="plain")  # fmt: skip
    with av.open(str(whole)) as container:
        stored = [(each.pts or 0, (each.pos or 0) + each.size) for each in container.demux(video=0)]
    # Three pictures that come before it are stored behind it; more than the first 250 are read.
    number = next(at for at in range(260, 320) if stored[at][0] > stored[at + 3][0])
    cut.write_bytes(whole.read_bytes()[: stored[number][1]])
    plan = planned(cut)
    assert plan.picture.frames == number + 1
    assert plan.expected
    assert plan.expected.last_frame == number + 3


def test_a_picture_that_breaks_off_before_its_sound_is_damage_and_the_sound_is_none(
    tmp_path: Path,
) -> None:
    clip = clips.get("plain")
    later = ("-itsoffset", str(clip.sound_seconds), "-i", clip.path)
    whole, cut = tmp_path / "whole.mp4", tmp_path / "cut.mp4"
    # The sound, then the picture; both are heard and seen from the beginning on.
    clips.ffmpeg("-i", clip.path, *later, "-map", "0:a", "-map", "1:v", "-c", "copy",
                 "-movflags", "+faststart", whole)  # fmt: skip
    data = forgeries.without_edit_lists(whole.read_bytes())
    cut.write_bytes(data[: len(data) * 2 // 3])
    plan = planned(cut)
    assert plan.picture.frames < clip.frames
    assert " of 13.0 s; the rest is missing." in " ".join(plan.notes)
    assert plan.expected
    assert plan.expected.damaged > plan.picture.frames / 5
    assert [times and times.cut_off for times in plan.sounds] == [0]


def test_a_sound_that_breaks_off_behind_its_picture_is_damage_and_the_picture_is_none(
    tmp_path: Path,
) -> None:
    clip = clips.get("plain")
    later = ("-itsoffset", str(clip.seconds), "-i", clip.path)
    whole, cut = tmp_path / "whole.mp4", tmp_path / "cut.mp4"
    # The picture, then the sound; both are seen and heard from the beginning on.
    clips.ffmpeg("-i", clip.path, *later, "-map", "0:v", "-map", "1:a", "-c", "copy",
                 "-movflags", "+faststart", whole)  # fmt: skip
    data = forgeries.without_edit_lists(whole.read_bytes())
    with av.open(str(whole)) as container:
        entries = container.streams.audio[0].index_entries
        cut.write_bytes(data[: entries[len(entries) // 2].pos])
    plan = planned(cut)
    assert plan.expected
    assert plan.expected.damaged == 0
    assert plan.picture.frames == clip.frames
    (times,) = plan.sounds
    assert times
    assert 0.45 < times.cut_off < 0.55


@pytest.mark.parametrize("begin", ["0.7", "0.78", "1.3"])
def test_pictures_stored_before_the_cut_but_presented_after_it_are_kept(
    tmp_path: Path, begin: str
) -> None:
    source, cut = tmp_path / "film.mp4", tmp_path / "cut.mp4"
    repacked(source, "-c:v", "libx264", "-g", "25", "-bf", "3")
    clips.ffmpeg("-ss", begin, "-i", source, "-c", "copy", cut)
    plan = planned(cut)
    displayed = len(clips.numbers(cut))
    assert plan.picture.frames == displayed
    assert plan.picture.start == 0
    with av.open(str(cut)) as container:
        stored = container.streams.video[0].frames
    hides = f"Its edit list hides {stored - displayed} of {stored} pictures."
    assert plan.notes == ((hides,) if (stored - displayed) / 25 > 0.5 else ())


@pytest.mark.parametrize(
    ("name", "begin", "options"),
    [
        *(("plain", begin, ()) for begin in ("0.7", "0.78", "0.82", "10.5")),
        ("vfr_mp4", "1.7", ()),
        # Without pictures that are reordered, an index alone has their times.
        ("prores", "0.7", ()),
    ],
)
def test_a_source_cut_without_encoding_begins_at_the_cut(
    tmp_path: Path, name: str, begin: str, options: tuple[str, ...]
) -> None:
    """Decoded from the key picture before it, as an edit list says."""
    source, cut = clips.get(name).path, tmp_path / f"cut{clips.get(name).suffix}"
    clips.ffmpeg("-ss", begin, "-i", source, "-c", "copy", *options, cut)
    numbers, plan = clips.numbers(cut), planned(cut)
    assert plan.picture.frames == len(numbers)
    made = encoded(plan, cut, tmp_path / "made")
    seen = clips.numbers(made.joined(f"video/{plan.asset.rungs[-1].name}"))
    assert (seen[0], seen[-1]) == (numbers[0], numbers[-1])
    assert seen == sorted(seen)
    assert len(set(seen)) > 0.9 * len(numbers)


@pytest.mark.parametrize("begin", ["0.7", "0.72", "1.3"])
def test_a_source_cut_into_fragments_begins_with_what_is_on_screen_at_the_cut(
    tmp_path: Path, begin: str
) -> None:
    """FFmpeg decodes what its edit list hides, and skips the sound alone."""
    source, cut = tmp_path / "film.mp4", tmp_path / "cut.mp4"
    repacked(source, "-c:v", "libx264", "-g", "50", "-bf", "3", "-c:a", "copy")
    fragments = ("-movflags", "+frag_keyframe+empty_moov+delay_moov")
    clips.ffmpeg("-ss", begin, "-i", source, "-c", "copy", *fragments, cut)
    with av.open(str(cut)) as container:
        frames = [(frame.time, clips.drawn_number(frame)) for frame in container.decode(video=0)]
    numbers = [number for time, number in frames if time + float(_FRAME) > 0.001]
    assert 0 < len(numbers) < len(frames)
    made = finished(cut)
    assert made.report["ok"], made.report
    assert not made.report["notes"]
    assert clips.numbers(made.played(f"video/{made.asset.rungs[-1].name}")) == numbers
    second = next(number for number in numbers if number % 25 == 0)
    first_tone = clips.bursts(made.played("audio/0"))[0]
    assert abs(first_tone - numbers.index(second) * float(_FRAME)) < 2 * SYNCHRONOUS_SECONDS


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts", ".avi", ".webm"])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_source_of_a_few_pictures_plays(tmp_path: Path, suffix: str, count: int) -> None:
    path = tmp_path / f"film{suffix}"
    codec = "libvpx-vp9" if suffix == ".webm" else "mpeg4" if suffix == ".avi" else "libx264"
    repacked(path, "-an", "-frames:v", str(count), "-c:v", codec)
    made = finished(path)
    assert made.report["ok"], made.report
    rung = made.asset.rungs[0]
    # A lone picture in a TS is taken for one of 50 a second that stays for two.
    assert sorted(set(clips.numbers(made.played(f"video/{rung.name}")))) == list(range(count))
    assert abs(made.asset.grid.duration - count * _FRAME) <= _FRAME


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_one_picture_with_sound_stands_as_long_as_it_is_heard(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"film{suffix}"
    repacked(path, "-vf", "trim=end_frame=1", "-c:v", "libx264", "-c:a", "copy")
    made = finished(path)
    assert made.report["ok"], made.report
    assert abs(made.asset.grid.duration - 3) < Fraction(1, 10)
    assert set(clips.numbers(made.played(f"video/{made.asset.rungs[0].name}"))) == {0}
    assert len(clips.bursts(made.played("audio/0"))) == 3


def test_a_fragment_that_comes_twice_loses_no_picture(tmp_path: Path) -> None:
    plan = planned(make(entry_of("fragment_twice"), tmp_path))
    assert not [note for note in plan.notes if "fragments" in note]
