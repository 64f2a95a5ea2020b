"""Damage is counted whatever the codec, or the report says that its decoder does not tell."""

import random
from dataclasses import replace
from pathlib import Path

import av
import pytest

from tests.builders import clips
from tests.builders.finished_encodes import finish_encode
from tests.builders.plans import a_sandbox, planned
from transcoder.outputs.chunk import make_chunk
from transcoder.proof.model import Proof

_KEYS = ("-g", "25")
TELLING = {
    "av1": (".mp4", "-c:v", "libsvtav1", "-preset", "12", "-crf", "20", *_KEYS),
    "dnxhd": (".mov", "-vf", "scale=256:120", "-pix_fmt", "yuv422p", "-c:v", "dnxhd",
              "-profile:v", "dnxhr_sq"),
    "ffv1": (".mkv", "-c:v", "ffv1", "-level", "3", "-slicecrc", "1", *_KEYS),
    "h264": (".mp4", "-c:v", "libx264", *_KEYS),
    "mpeg2": (".mkv", "-c:v", "mpeg2video", "-q:v", "3", "-g", "12", "-bf", "2"),
    "mpeg4": (".avi", "-c:v", "mpeg4", "-q:v", "3", *_KEYS),
    "prores": (".mov", "-pix_fmt", "yuv422p10le", "-c:v", "prores_ks"),
    "vp9": (".webm", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", *_KEYS),
}  # fmt: skip
SILENT = {
    "hevc": (".mp4", "-c:v", "libx265", "-preset", "ultrafast",
             "-x265-params", "log-level=none:keyint=25"),
    "mjpeg": (".avi", "-c:v", "mjpeg", "-q:v", "3"),
    # libvpx chooses its speed by the load of the machine, but for a negative one.
    "vp8": (".webm", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "-8", "-b:v", "1M",
            *_KEYS),
    "wmv1": (".avi", "-c:v", "wmv1", "-q:v", "3", *_KEYS),
}  # fmt: skip
_NOTE = "In this codec not all damage can be measured; an undamaged source is not affected."


def source(folder: Path, suffix: str, *options: str) -> Path:
    path = folder / f"whole{suffix}"
    noise = ("-vf", "noise=alls=6:allf=t") if "-vf" not in options else ()
    clips.ffmpeg("-i", clips.get("tiny").path, "-an", *noise, *options, path)
    return path


def with_flipped_bits(path: Path, *, every: int) -> Path:
    """In every so manieth picture; the container stays whole."""
    data, chance, begin = bytearray(path.read_bytes()), random.Random(7), 0  # noqa: S311
    with av.open(str(path)) as container:
        packets = [bytes(each) for each in container.demux(video=0) if each.size > 60]
    for number, packet in enumerate(packets):
        begin = data.index(packet, begin)
        if number % every == every // 2:
            for _ in range(6):
                data[begin + chance.randrange(20, len(packet))] ^= 1 << chance.randrange(8)
        begin += 1
    damaged = path.with_name(f"damaged{path.suffix}")
    damaged.write_bytes(data)
    return damaged


def with_zeros(path: Path) -> Path:
    data = bytearray(path.read_bytes())
    begin = len(data) // 2
    data[begin : begin + 1000] = bytes(1000)
    damaged = path.with_name(f"zeros{path.suffix}")
    damaged.write_bytes(data)
    return damaged


def proof_of(path: Path, *, by: Path) -> Proof:
    clip = replace(clips.get("tiny"), path=path)
    return finish_encode(clip, planned(by), path.parent / path.stem).proof()


def pictures(path: Path) -> dict[int, bytes]:
    with av.open(str(path)) as container:
        container.streams.video[0].thread_count = 1
        decoded = {}
        for packet in container.demux(video=0):
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue
            for frame in frames:
                assert frame.pts is not None
                decoded[frame.pts] = bytes(frame.reformat(format="gray").planes[0])
    return decoded


def wrong_share(whole: Path, damaged: Path) -> float:
    right, seen = pictures(whole), pictures(damaged)
    return sum(seen.get(time) != picture for time, picture in right.items()) / len(right)


@pytest.mark.parametrize("codec", TELLING)
def test_damaged_pictures_are_counted(codec: str, tmp_path: Path) -> None:
    whole = source(tmp_path, *TELLING[codec])
    damaged = with_flipped_bits(whole, every=15)
    wrong = wrong_share(whole, damaged)
    proof = proof_of(damaged, by=whole)
    assert wrong >= 0.02
    assert proof.decodable.pictures < 1
    affected = proof.measures["affected_pictures"] / proof.measures["source_pictures"]
    # Of arithmetic coding some flipped bits make other pictures, and nothing to complain of.
    assert wrong * 0.2 <= affected <= wrong * 1.6 + 0.05
    assert _NOTE not in proof.notes


@pytest.mark.parametrize("codec", TELLING)
def test_a_whole_source_has_no_damage(codec: str, tmp_path: Path) -> None:
    whole = source(tmp_path, *TELLING[codec])
    proof = proof_of(whole, by=whole)
    assert proof.failed == ()
    assert proof.decodable.pictures == 1
    assert proof.measures["affected_pictures"] == 0
    assert not [note for note in proof.notes if "amage" in note]


@pytest.mark.parametrize("codec", SILENT)
def test_of_a_codec_that_does_not_tell_the_report_says_so(codec: str, tmp_path: Path) -> None:
    whole = source(tmp_path, *SILENT[codec])
    proof = proof_of(whole, by=whole)
    assert _NOTE in proof.notes
    assert "100%, as far as it tells" in [check.measured for check in proof.checks]


def test_what_its_decoder_complains_of_is_counted_nevertheless(tmp_path: Path) -> None:
    whole = source(tmp_path, *SILENT["mjpeg"])
    proof = proof_of(with_flipped_bits(whole, every=15), by=whole)
    assert proof.measures["damaged_pictures"] > 0
    assert _NOTE in proof.notes


def test_damaged_vp8_becomes_the_same_pictures_every_time(tmp_path: Path) -> None:
    whole = source(tmp_path, *SILENT["vp8"])
    damaged = with_flipped_bits(whole, every=3)
    plan = planned(damaged)
    made = {
        make_chunk(plan, 0, str(damaged), sandbox=a_sandbox(tmp_path / str(number))).files
        for number in range(5)
    }
    assert len(made) == 1


def test_zeros_in_vp8_are_damage_up_to_the_next_key_picture(tmp_path: Path) -> None:
    whole = source(tmp_path, *SILENT["vp8"])
    damaged = with_zeros(whole)
    wrong = wrong_share(whole, damaged)
    proof = proof_of(damaged, by=damaged)
    assert wrong > 0.05
    assert abs((1 - proof.decodable.pictures) - wrong) <= 0.05
    assert any("could not be read whole" in note for note in proof.notes)
