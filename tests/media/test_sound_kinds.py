"""Every kind of sound that people have is heard: decoded, mixed to two channels, in its time."""

import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from tests.builders import clips
from tests.builders.plans import planned
from tests.builders.published_encodes import SYNCHRONOUS_SECONDS, finished
from tests.media import forgeries
from tests.media.gallery.catalogue import entry_of
from tests.media.gallery.expecting import expect_right
from tests.media.test_sound_changes import evidence_of, made_of
from transcoder.errors import Refused
from transcoder.outputs.loudness import TARGET_LUFS

_SECONDS = 7
_AWAY = ("-strict", "-2")
_KINDS = [
    ("truehd", ".mkv", "5.1", _AWAY),
    ("truehd", ".m2ts", "5.1", _AWAY),
    ("truehd", ".mp4", "stereo", _AWAY),
    ("mlp", ".mkv", "5.1", _AWAY),
    ("eac3", ".mkv", "5.1", ()),
    ("eac3", ".ts", "5.1", ()),
    ("ac3", ".mp4", "5.1", ()),
    ("dca", ".mkv", "5.1", _AWAY),
    ("dca", ".m2ts", "5.1", _AWAY),
    ("libopus", ".mkv", "5.1", ()),
    ("flac", ".mkv", "7.1", ()),
    ("pcm_bluray", ".m2ts", "5.1", ()),
    ("pcm_bluray", ".m2ts", "7.1", ()),
    ("libvorbis", ".mkv", "5.1", ()),
    ("alac", ".mov", "5.1", ()),
    ("pcm_s24le", ".mov", "5.1", ()),
    ("mp2", ".ts", "stereo", ()),
    ("libmp3lame", ".mp4", "stereo", ()),
    ("libmp3lame", ".avi", "mono", ()),
    ("aac", ".mp4", "7.1", ()),
    ("aac", ".ts", "stereo", ("-mpegts_flags", "latm")),
    ("aac", ".mp4", "stereo", ("-ar", "22050")),
    ("flac", ".mkv", "stereo", ("-ar", "192000")),
    ("wmav2", ".mkv", "stereo", ()),
    ("libopencore_amrnb", ".mov", "mono", ("-ar", "8000")),
]


@pytest.mark.parametrize(("codec", "suffix", "layout", "options"), _KINDS)
def test_it_is_heard(
    tmp_path: Path, codec: str, suffix: str, layout: str, options: tuple[str, ...]
) -> None:
    path = tmp_path / f"film{suffix}"
    picture = ("-c:v", "mpeg4") if suffix == ".avi" else ("-c:v", "copy")
    clips.ffmpeg("-i", clips.get("silent").path, "-i", clips.get("surround").path,
                 "-map", "0:v", "-map", "1:a", *picture, "-af", f"aformat=channel_layouts={layout}",
                 "-c:a", codec, *options, path)  # fmt: skip
    made = made_of(path, tmp_path)
    heard = clips.bursts(made.joined("audio/0"))
    assert len(heard) == _SECONDS
    # Some encoders are later than they say, by a frame at most.
    assert all(abs(at - second) < 1.5 * SYNCHRONOUS_SECONDS for second, at in enumerate(heard))
    assert evidence_of(made).undecodable_packets == 0
    assert made.reports[0].notes == ()


@pytest.mark.parametrize("name", ["ambisonic", "rear_pair", "nine_channels", "sixteen_channels"])
def test_channels_that_cannot_be_mixed_are_heard(name: str) -> None:
    expect_right(entry_of(f"sound_{name}"))


def test_channels_that_cannot_be_mixed_are_as_loud_as_others(tmp_path: Path) -> None:
    path = tmp_path / "film.mov"
    clips.ffmpeg("-i", clips.get("silent").path, "-f", "lavfi", "-i", "sine=r=48000:d=7",
                 "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "pcm_s16le",
                 "-af", "channelmap=0|0:channel_layout=SL+SR", path)  # fmt: skip
    made = made_of(path, tmp_path)
    assert "cannot be mixed" in made.reports[0].notes[0]
    assert abs(made.reports[0].measures["made_lufs"] - TARGET_LUFS) < 1


def test_what_no_decoder_understands_is_refused(tmp_path: Path) -> None:
    """An old encoder wrote TrueHD of more than two channels that is not TrueHD."""
    path, other = tmp_path / "film.mkv", shutil.which("ffmpeg")
    if other is None:
        pytest.skip("no other FFmpeg is installed")
    subprocess.run(
        [other, "-v", "error", "-i", clips.get("surround").path, "-c:v", "copy", "-c:a", "truehd",
         "-strict", "-2", path],
        check=True,
    )  # fmt: skip
    detail, heard = "", 0
    try:
        heard = len(clips.bursts(finished(path).played("audio/0")))
    except Refused as refused:
        detail = refused.detail
    assert detail == "Only 0% of its sound can be read." or heard == _SECONDS


@pytest.mark.parametrize("codec", ["aac", "ac3", "eac3", "mp2", "libmp3lame", "flac"])
def test_damaged_sound_is_counted_and_said(tmp_path: Path, codec: str) -> None:
    whole, path = tmp_path / "whole.mkv", tmp_path / "film.mkv"
    clips.ffmpeg("-i", clips.get("plain").path, "-c:v", "copy", "-c:a", codec, whole)
    clips.ffmpeg("-i", whole, "-c", "copy", "-bsf:a", "noise=amount=400", path)
    made = made_of(path, tmp_path)
    assert evidence_of(made).undecodable_packets or made.reports[0].errors
    assert made.reports[0].notes


def test_the_end_of_sound_in_an_avi_does_not_hang_on_its_first_packet(tmp_path: Path) -> None:
    path, sound = tmp_path / "film.avi", tmp_path / "sound.mp3"
    # Silence is packed into few bytes, noise into many.
    clips.ffmpeg("-f", "lavfi", "-i", "anoisesrc=r=44100:d=13:a=0.5,volume=0:enable='lt(t,0.2)'",
                 "-c:a", "libmp3lame", "-q:a", "2", "-write_xing", "0", sound)  # fmt: skip
    clips.ffmpeg("-i", clips.get("plain").path, "-i", sound, "-map", "0:v", "-map", "1:a",
                 "-c:v", "mjpeg", "-c:a", "copy", path)  # fmt: skip
    path.write_bytes(forgeries.with_bytes_counted(path.read_bytes(), per_second=11_458))
    assert abs(planned(path).asset.grid.duration - 13) < Fraction(1, 5)
