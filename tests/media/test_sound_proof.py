"""Sound that is lost, shifted or made silent on its way through FFmpeg is not published."""

from pathlib import Path

import pytest

from chalicelib.catalogue.asset import AudioTrack
from tests.media import clips
from tests.media.finished import finish_encode
from tests.media.planned import planned, planned_clip
from transcoder.ffmpeg import audio

_CUTS = [("-ss", "0.7"), ("-ss", "1.7"), ("-t", "2.3")]
_LOSSES = [
    ("atrim=end=2", "ends at 2.0"),
    ("aselect='not(between(t,1,1.6))'", "is silent for 0.6"),
    ("asetpts=PTS+0.4/TB", "begins at 0.4"),
    ("asetpts=PTS-0.4/TB", "begins at -0.4"),
    ("volume=0", "and in the source it is not"),
]


def test_the_sound_of_a_film_is_proven(tmp_path: Path) -> None:
    proof = finish_encode(clips.get("tiny"), planned_clip("tiny"), tmp_path).proof()
    assert proof.failed == ()
    assert proof.notes == ()


@pytest.mark.parametrize(("loss", "measured"), _LOSSES)
def test_sound_that_is_lost_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loss: str, measured: str
) -> None:
    whole = audio._evened

    def with_loss(track: AudioTrack, more: str = "") -> tuple[str, str]:
        # The loudness of the source is measured as it is.
        return whole(track, f",{loss}{more}" if more else "")

    monkeypatch.setattr(audio, "_evened", with_loss)
    proof = finish_encode(clips.get("tiny"), planned_clip("tiny"), tmp_path).proof()
    assert proof.failed == ("audio_heard",)
    (check,) = [check for check in proof.checks if not check.ok]
    assert measured in check.measured


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
@pytest.mark.parametrize("cut", _CUTS)
def test_a_film_cut_without_encoding_misses_no_sound(
    tmp_path: Path, suffix: str, cut: tuple[str, str]
) -> None:
    path = tmp_path / f"cut{suffix}"
    clips.ffmpeg(*cut, "-i", clips.get("tiny").path, "-c", "copy", path)
    (times,) = planned(path).sounds
    assert times is not None
    assert times.missing == 0
