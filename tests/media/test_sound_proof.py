"""Sound that is lost, shifted or made silent on its way through FFmpeg is not published."""

from dataclasses import replace
from pathlib import Path

import av
import pytest

from chalicelib.catalogue.asset import AudioTrack
from chalicelib.encoding.plan import Plan
from tests.builders import clips
from tests.builders.clips import Clip
from tests.builders.finished_encodes import finish_encode
from tests.builders.plans import planned, planned_clip
from transcoder.ffmpeg import audio
from transcoder.proof.model import Proof

_CUTS = [("-ss", "0.7"), ("-ss", "1.7"), ("-t", "2.3")]
_LOSSES = [
    ("atrim=end=2", "ends at 2.0"),
    ("aselect='not(between(t,1,1.6))'", "is silent for 0.6"),
    ("asetpts=PTS+0.4/TB", "begins at 0.4"),
    ("asetpts=PTS-0.4/TB", "begins at -0.4"),
    ("volume=0", "and in the source it is not"),
]


def proof_of(clip: Clip, plan: Plan, folder: Path) -> Proof:
    return finish_encode(clip, plan, folder).proof()


def test_the_sound_of_a_video_is_proven(tmp_path: Path) -> None:
    proof = proof_of(clips.get("tiny"), planned_clip("tiny"), tmp_path)
    assert proof.failed == ()
    assert proof.notes == ()


@pytest.mark.parametrize(("loss", "measured"), _LOSSES)
def test_sound_that_is_lost_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loss: str, measured: str
) -> None:
    whole = audio._evened

    def with_loss(plan: Plan, track: AudioTrack, filters: str, more: str = "") -> tuple[str, str]:
        # The loudness of the source is measured as it is.
        return whole(plan, track, filters, f",{loss}{more}" if more else "")

    monkeypatch.setattr(audio, "_evened", with_loss)
    proof = proof_of(clips.get("tiny"), planned_clip("tiny"), tmp_path)
    assert proof.failed == ("audio_heard",)
    (check,) = [check for check in proof.checks if not check.ok]
    assert measured in check.measured


def test_sound_that_is_missing_between_packets_is_said_although_as_much_comes_twice(
    tmp_path: Path,
) -> None:
    """In its first half packets are too far apart, each by less than is filled at once."""
    path, spaced, count = tmp_path / "source.mkv", 0.041, 150
    begins = [number * spaced for number in range(count)]
    seconds, packets = 13, 13 * clips.AUDIO_RATE // 1024
    step = (seconds - begins[-1]) / (packets - count)
    begins += [begins[-1] + step * (number + 1) for number in range(packets - count)]
    clip = clips.get("plain")
    with av.open(clip.path) as source, av.open(path, "w") as output:
        into = {each.index: output.add_stream_from_template(each) for each in source.streams}
        times = iter(begins)
        for packet in source.demux():
            time = next(times, None) if packet.stream.type == "audio" and packet.size else None
            if packet.stream.type == "audio" and time is not None:
                packet.pts = packet.dts = round(time / packet.time_base)
            if packet.size and (time is not None or packet.stream.type == "video"):
                packet.stream = into[packet.stream_index]
                output.mux(packet)
    proof = proof_of(replace(clip, path=path), planned(path), tmp_path / "made")
    assert proof.failed == ()
    [missing] = [note for note in proof.notes if "are missing in the source" in note]
    assert missing.startswith("Sound track 1: 2.9 s")
    assert any("overlap, and were cut" in note for note in proof.notes)


def test_sound_between_whose_packets_is_a_little_time_is_decoded_whole(tmp_path: Path) -> None:
    path = tmp_path / "slow.mkv"
    clip = clips.get("tiny")
    clips.ffmpeg("-i", clip.path, "-c", "copy", "-bsf:a", "setts=ts=TS*1.06", path)
    proof = proof_of(replace(clip, path=path), planned(path), tmp_path / "made")
    assert proof.failed == ()
    assert proof.decodable.sound == 1
    assert any("of silence were filled in" in note for note in proof.notes)


def test_what_players_skip_at_the_beginning_of_opus_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "skipped.mp4"
    clip = clips.get("tiny")
    opus = ("-c:v", "copy", "-c:a", "libopus", "-movflags", "+frag_keyframe+empty_moov")
    clips.ffmpeg("-i", clip.path, *opus, path)
    data = path.read_bytes()
    at = data.index(b"dOps") + 6
    assert int.from_bytes(data[at : at + 2]) == 312
    path.write_bytes(data[:at] + (14_337).to_bytes(2) + data[at + 2 :])
    proof = proof_of(replace(clip, path=path), planned(path), tmp_path / "made")
    assert proof.failed == ()
    assert proof.decodable.sound == 1
    assert not any("could not be decoded" in note for note in proof.notes)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
@pytest.mark.parametrize("cut", _CUTS)
def test_a_source_cut_without_encoding_misses_no_sound(
    tmp_path: Path, suffix: str, cut: tuple[str, str]
) -> None:
    path = tmp_path / f"cut{suffix}"
    clips.ffmpeg(*cut, "-i", clips.get("tiny").path, "-c", "copy", path)
    (times,) = planned(path).sounds
    assert times is not None
    assert times.missing == 0
