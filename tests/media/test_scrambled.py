"""The scrambled share of a transport stream counts as damage; the rest is published."""

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from chalicelib.encoding.failures import Finding, Reason
from chalicelib.encoding.plan import Plan
from tests.builders import clips
from tests.builders.plans import planned
from tests.media import forgeries
from tests.media.in_memory_transcoder import InMemoryTranscoder
from transcoder.errors import Refused
from transcoder.probing.headers.programs import HEAD_BYTES

_PICTURE, _SOUND = 256, 257


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("broadcast") / "broadcast.ts"
    codecs = ("-c:v", "mpeg2video", "-g", "12", "-c:a", "mp2")
    clips.ffmpeg("-i", clips.get("tiny").path, *codecs, path)
    return path.read_bytes()


def _planned(folder: Path, content: bytes) -> Plan:
    path = folder / "broadcast.ts"
    path.write_bytes(content)
    return planned(path)


def test_the_share_that_is_scrambled_is_named_and_counts_as_damage(
    tmp_path: Path, source: bytes
) -> None:
    plan = _planned(tmp_path, forgeries.scrambled(source, _PICTURE, _SOUND, begin=len(source) // 3))
    shares = [int(note.split("%")[0].removeprefix("About ")) for note in plan.notes[:2]]
    assert [note.split("% of its ")[1] for note in plan.notes[:2]] == [
        "picture is encrypted and not shown.",
        "sound is encrypted and not heard.",
    ]
    assert all(60 <= share <= 72 for share in shares)
    assert plan.expected is not None
    assert plan.expected.damaged == pytest.approx(plan.picture.frames * shares[0] / 100, abs=1)


def test_a_source_that_is_half_scrambled_is_damaged_until_that_is_accepted(
    tmp_path: Path, source: bytes
) -> None:
    transcoder = InMemoryTranscoder(tmp_path)
    encode = transcoder.receive(
        forgeries.scrambled(source, _PICTURE, _SOUND, begin=len(source) // 2)
    )
    with pytest.raises(Refused) as refused:
        transcoder.make(encode)
    assert refused.value.reason is Reason.DAMAGED
    transcoder.make(transcoder.accept(transcoder.fail(encode, refused.value)))


def test_a_source_with_a_small_scrambled_part_is_published(tmp_path: Path, source: bytes) -> None:
    transcoder = InMemoryTranscoder(tmp_path)
    begin, end = len(source) // 2, len(source) * 6 // 10
    encode = transcoder.receive(forgeries.scrambled(source, _PICTURE, _SOUND, begin=begin, end=end))
    transcoder.make(encode)
    assert transcoder.videos.get(encode.video_id).media


def test_sound_that_is_scrambled_for_a_third_is_damaged_until_that_is_accepted(
    tmp_path: Path, source: bytes
) -> None:
    transcoder, third = InMemoryTranscoder(tmp_path), len(source) // 3
    encode = transcoder.receive(forgeries.scrambled(source, _SOUND, begin=third, end=2 * third))
    with pytest.raises(Refused) as refused:
        transcoder.make(encode)
    assert refused.value.reason is Reason.DAMAGED
    accepted = transcoder.accept(transcoder.fail(encode, refused.value))
    assert accepted.accepted is not None
    assert accepted.accepted.pictures == 1
    assert accepted.accepted.sound == pytest.approx(2 / 3, abs=0.02)
    transcoder.make(accepted)
    [report] = [
        body for key, body in transcoder.media.objects.items() if key.startswith("reports/")
    ]
    notes = json.loads(report)["notes"]
    # The second has the number that accepting it sends.
    assert [re.sub(r".*?[0-9] ?%", "", note) for note in notes if "sound" in note.lower()] == [
        " of its sound is encrypted and not heard.",
        " of the sound could not be decoded.",
    ]


def test_a_scrambled_stretch_between_the_samples_of_a_large_file_counts(tmp_path: Path) -> None:
    path, seconds = tmp_path / "broadcast.ts", 60
    picture, sound = f"testsrc2=s=160x120:r=25:d={seconds}", f"sine=d={seconds}"
    codecs = ("-c:v", "mpeg2video", "-g", "12", "-c:a", "mp2", "-muxrate", "6M")
    clips.ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *codecs, path)
    source = path.read_bytes()
    step = len(source) // 32
    begin = HEAD_BYTES + 5 * step + 520 * 1024
    end = HEAD_BYTES + 6 * step - 8 * 1024
    plan = _planned(tmp_path, forgeries.scrambled(source, _PICTURE, _SOUND, begin=begin, end=end))
    share = (end - begin) / len(source)
    assert plan.expected is not None
    # Half a second more is lost in which sound or a group of pictures begins again.
    assert plan.expected.damaged == pytest.approx(share * seconds * 25, abs=13)
    [times] = plan.sounds
    assert times is not None
    assert float(times.scrambled) == pytest.approx(share, abs=0.5 / seconds)
    assert [note.split(" ", 2)[2] for note in plan.notes[-3:-1]] == [
        "of its picture is encrypted and not shown.",
        "of its sound is encrypted and not heard.",
    ]


def test_a_scrambled_moment_where_the_clock_jumps_is_no_more_than_a_moment(
    tmp_path: Path, source: bytes
) -> None:
    (tmp_path / "plain.ts").write_bytes(source)
    later = tmp_path / "later.ts"
    clips.ffmpeg("-i", tmp_path / "plain.ts", "-c", "copy", "-output_ts_offset", "3600", later)
    joined, begin = source + later.read_bytes(), len(source)
    end = begin + 188 * 30
    plan = _planned(tmp_path, forgeries.scrambled(joined, _PICTURE, _SOUND, begin=begin, end=end))
    assert plan.expected is not None
    [times] = plan.sounds
    assert times is not None
    assert plan.expected.damaged / plan.picture.frames < 0.2
    assert times.scrambled < Fraction(1, 5)


def test_a_stretch_that_is_scrambled_in_its_pes_packets_is_encrypted_too(
    tmp_path: Path, source: bytes
) -> None:
    begin, end = len(source) * 3 // 10, len(source) * 7 // 10
    forged = forgeries.scrambled_in_pes(source, _PICTURE, begin=begin, end=end)
    plan = _planned(tmp_path, forged)
    assert plan.expected is not None
    assert plan.expected.damaged / plan.picture.frames == pytest.approx(0.4, abs=0.1)
    assert [note for note in plan.notes if "% of its picture is encrypted" in note]


def test_a_picture_that_is_scrambled_as_a_whole_is_encrypted(tmp_path: Path, source: bytes) -> None:
    with pytest.raises(Refused) as refused:
        _planned(tmp_path, forgeries.scrambled(source, _PICTURE, begin=0))
    assert refused.value.reason is Reason.ENCRYPTED
    assert refused.value.detail == Finding.SCRAMBLED


def test_without_any_clear_sound_a_source_is_damaged_until_that_is_accepted(
    tmp_path: Path, source: bytes
) -> None:
    transcoder = InMemoryTranscoder(tmp_path)
    encode = transcoder.receive(forgeries.scrambled(source, _SOUND, begin=0))
    with pytest.raises(Refused) as refused:
        transcoder.make(encode)
    assert refused.value.detail == (
        "Its sound is encrypted: please upload it without copy protection."
    )
    transcoder.make(transcoder.accept(transcoder.fail(encode, refused.value)))
    [report] = [
        body for key, body in transcoder.media.objects.items() if key.startswith("reports/")
    ]
    assert "Stream 2 was left out: its sound is encrypted." in json.loads(report)["notes"]


def test_packets_that_are_flagged_as_scrambled_but_clear_are_played(
    tmp_path: Path, source: bytes
) -> None:
    flagged = forgeries.scrambled(source, _PICTURE, _SOUND, begin=0, is_noise=False)
    plan = _planned(tmp_path, flagged)
    assert plan.picture.frames == _planned(tmp_path, source).picture.frames
    assert plan.expected is not None
    assert (plan.expected.damaged, len(plan.asset.audio)) == (0, 1)
    assert not [note for note in plan.notes if "encrypted" in note]
