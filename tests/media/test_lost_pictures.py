"""Where a lost picture leaves others without their reference, the report says so."""

import re
from pathlib import Path

import av
import pytest

from tests.builders import clips
from tests.builders.plans import planned
from tests.media.test_damage import proof_of
from transcoder.proof.model import Proof

_X264 = ("-c:v", "libx264", "-g", "25", "-keyint_min", "25", "-sc_threshold", "0")
_MISSING = r"About \d\.\d s of its pictures are missing in the source\."


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "whole.mkv"
    clips.ffmpeg("-i", clips.get("tiny").path, "-an", *_X264, "-bf", "0", path)
    return path


def _notes(proof: Proof) -> list[str]:
    return [note for note in proof.notes if note.startswith("Damage may be seen")]


@pytest.mark.parametrize("suffix", ["mkv", "h264"])
@pytest.mark.parametrize("lost", [25, 30])
def test_pictures_after_a_lost_one_may_show_damage(
    whole: Path, tmp_path: Path, lost: int, suffix: str
) -> None:
    path = tmp_path / f"lost.{suffix}"
    drop = ("-bsf:v", f"noise=amount=0:drop='eq(n\\,{lost})'")
    clips.ffmpeg("-i", whole, "-c", "copy", *drop, path)
    proof = proof_of(path, by=path)
    assert "source_pictures" not in proof.failed
    assert proof.measures["affected_pictures"] == 49 - lost
    assert len(_notes(proof)) == 1


def test_pictures_after_a_refused_one_may_show_damage(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "zeros.mp4"
    clips.ffmpeg("-i", whole, "-c", "copy", path)
    data = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        key = [each for each in container.demux(video=0) if each.size][25]
    assert key.is_keyframe
    assert key.pos is not None
    data[key.pos : key.pos + key.size] = bytes(key.size)
    path.write_bytes(data)
    proof = proof_of(path, by=path)
    assert "source_pictures" not in proof.failed
    assert proof.measures["affected_pictures"] == 25
    assert len(_notes(proof)) == 1


def test_pictures_on_damaged_pages_of_an_ogg_are_damage(tmp_path: Path) -> None:
    path = tmp_path / "pages.ogv"
    codec = ("-c:v", "libtheora", "-q:v", "7", "-g", "12")
    clips.ffmpeg("-i", clips.get("tiny").path, "-an", *codec, path)
    assert _damaged_share(path) == 0
    data = bytearray(path.read_bytes())
    pages = [each.start() for each in re.finditer(b"OggS", data)]
    for page in pages[5:-4:5]:
        data[page + 200] ^= 0xFF
    path.write_bytes(data)
    assert 0.1 < _damaged_share(path) < 0.6
    assert any(re.fullmatch(_MISSING, note) for note in planned(path).notes)


def _damaged_share(path: Path) -> float:
    plan = planned(path)
    assert plan.expected is not None
    return plan.expected.damaged / plan.picture.frames


@pytest.mark.parametrize(
    ("codec", "suffix", "sound"),
    [
        ("wmv2", "wmv", "-an"),
        ("h263", "3gp", "-an"),
        ("mpeg4", "avi", "-an"),
        ("mpeg4", "avi", "-c:a pcm_s16le"),
    ],
)
def test_pictures_before_the_first_key_picture_are_left_out(
    tmp_path: Path, codec: str, suffix: str, sound: str
) -> None:
    whole, path = tmp_path / "whole.mkv", tmp_path / f"cut.{suffix}"
    made = (*sound.split(), "-s", "176x144", "-c:v", codec, "-g", "25")
    clips.ffmpeg("-i", clips.get("tiny").path, *made, whole)
    drop = ("-bsf:v", "noise=amount=0:drop='lt(n\\,15)'")
    clips.ffmpeg("-i", whole, "-c", "copy", *drop, path)
    proof = proof_of(path, by=path)
    assert not proof.failed
    note = "not shown are 10 pictures before the first that needs no other."
    assert f"The recording begins in the middle: {note}" in proof.notes


def test_pictures_before_all_parts_are_refreshed_are_left_out(tmp_path: Path) -> None:
    whole, path = tmp_path / "whole.ts", tmp_path / "cut.ts"
    refresh = "intra-refresh=1:keyint=25:bframes=0:threads=1"
    clips.ffmpeg("-i", clips.get("tiny").path, "-an", "-c:v", "libx264", "-x264-params", refresh,
                 whole)  # fmt: skip
    drop = ("-bsf:v", "noise=amount=0:drop='lt(n\\,15)'")
    clips.ffmpeg("-i", whole, "-c", "copy", *drop, path)
    proof = proof_of(path, by=path)
    assert not proof.failed
    assert any(note.endswith("before the first that needs no other.") for note in proof.notes)
