"""Damaged sources are refused with a reason, or published with a note; the queue moves on."""

import json
import random
import re
import threading
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import av
import pytest

from chalicelib.catalogue.damage import WHOLE
from chalicelib.encoding.fair_work import FairWork
from chalicelib.encoding.messages import Task, TaskKind
from chalicelib.encoding.model import Encode
from tests.builders import clips
from tests.fakes.callback import InMemoryCallback
from tests.fakes.task_queues import InMemoryTaskQueues
from tests.media import forgeries
from tests.media.in_memory_transcoder import InMemoryTranscoder
from transcoder.errors import Refused
from transcoder.settings import TranscoderSettings
from transcoder.tasks import plan
from transcoder.worker import Worker


def with_damaged_pictures(name: str, *, one_in: int) -> bytes:
    """Change a few bits within every so manieth picture; the container stays whole."""
    data, chance = bytearray(clips.bytes_of(name)), random.Random(1)  # noqa: S311
    with av.open(str(clips.get(name).path)) as container:
        pictures = [each for each in container.demux(video=0) if each.size > 60]
    for each in pictures[one_in // 2 :: one_in]:
        assert each.pos is not None
        for _ in range(3):
            data[each.pos + chance.randrange(40, each.size)] ^= 1 << chance.randrange(8)
    return bytes(data)


def report_of(transcoder: InMemoryTranscoder, encode: Encode) -> Mapping[str, Any]:
    stored = transcoder.media.objects[f"reports/{encode.video_id}/{encode.revision}.json"]
    report: Mapping[str, Any] = json.loads(stored)
    return report


def notes(transcoder: InMemoryTranscoder, encode: Encode) -> str:
    return " ".join(report_of(transcoder, encode)["notes"])


def test_a_source_with_half_its_pictures_damaged_is_not_published(
    transcoder: InMemoryTranscoder,
) -> None:
    encode = transcoder.receive(with_damaged_pictures("plain", one_in=2))
    with pytest.raises(Refused, match="damaged"):
        transcoder.make(encode)
    assert transcoder.videos.get(encode.video_id).media is None


def refused_for_its_damage(transcoder: InMemoryTranscoder) -> Encode:
    encode = transcoder.receive(with_damaged_pictures("plain", one_in=2))
    with pytest.raises(Refused, match="damaged") as refusal:
        transcoder.make(encode)
    assert re.fullmatch(r"Only 5\d\.\d+% of its pictures can be read\.", refusal.value.detail)
    return transcoder.fail(encode, refusal.value)


def test_a_source_that_was_refused_for_its_damage_is_published_when_that_is_accepted(
    transcoder: InMemoryTranscoder,
) -> None:
    encode = refused_for_its_damage(transcoder)
    assert encode.decodable
    assert encode.decodable.pictures == pytest.approx(0.5, abs=0.05)
    made = {key: each for key, each in transcoder.media.objects.items() if key.startswith("media/")}
    transcoder.uploads.objects.clear()
    accepted = transcoder.accept(encode)
    assert not any(transcoder.do(accepted, TaskKind.PLAN).values())
    assert transcoder.do(accepted, TaskKind.PUBLISH) == {"mp4": [0]}
    now = {key: each for key, each in transcoder.media.objects.items() if key.startswith("media/")}
    assert now == made
    media = transcoder.videos.get(encode.video_id).media
    assert media
    assert (media.decodable, media.is_damage_accepted) == (encode.decodable, True)
    assert report_of(transcoder, encode)["ok"]
    assert "Accepted with its damage." in notes(transcoder, encode)


def test_an_answer_that_was_lost_does_not_lose_that_damage_was_accepted(
    transcoder: InMemoryTranscoder,
) -> None:
    encode = transcoder.accept(refused_for_its_damage(transcoder))
    transcoder.do(encode, TaskKind.PLAN)
    proven = transcoder.encodes.get(encode.video_id, encode.revision).asset
    assert proven
    assert encode.accepted
    transcoder.encodes.finish(encode.video_id, encode.revision, proven, decodable=encode.accepted)
    assert transcoder.do(encode, TaskKind.PUBLISH) == {"mp4": [0]}
    media = transcoder.videos.get(encode.video_id).media
    assert media
    assert (media.decodable, media.is_damage_accepted) == (encode.accepted, True)


def test_what_fails_another_check_is_not_published_although_its_damage_is_accepted(
    transcoder: InMemoryTranscoder,
) -> None:
    encode = transcoder.accept(refused_for_its_damage(transcoder))
    transcoder.do(encode, TaskKind.PLAN)
    name = next(key for key in transcoder.media.objects if key.endswith("00000.m4s"))
    transcoder.media.objects[name] += b"!"
    with pytest.raises(Refused, match="not_proven"):
        transcoder.do(encode, TaskKind.PUBLISH)
    assert transcoder.videos.get(encode.video_id).media is None


def test_what_fails_another_check_as_well_is_not_offered_for_acceptance(
    transcoder: InMemoryTranscoder,
) -> None:
    encode = transcoder.receive(with_damaged_pictures("plain", one_in=2))
    transcoder.do(encode, TaskKind.PLAN)
    transcoder.do(encode, TaskKind.CHUNK)
    name = next(key for key in transcoder.media.objects if key.endswith("00000.m4s"))
    transcoder.media.objects[name] += b"!"
    with pytest.raises(Refused, match="not_proven"):
        transcoder.make(encode)
    assert transcoder.encodes.get(encode.video_id, encode.revision).decodable is None


def test_an_operator_decides_how_much_damage_is_published_without_a_word(
    transcoder: InMemoryTranscoder,
) -> None:
    transcoder.context = replace(
        transcoder.context, settings=TranscoderSettings(least_decodable_percent=40)
    )
    encode = transcoder.receive(with_damaged_pictures("plain", one_in=2))
    transcoder.make(encode)
    media = transcoder.videos.get(encode.video_id).media
    assert media
    assert not media.is_damage_accepted
    assert media.decodable.pictures == pytest.approx(0.5, abs=0.05)
    assert "accepted" not in notes(transcoder, encode)


def test_a_source_with_a_little_damage_is_published_and_its_report_says_how_much(
    transcoder: InMemoryTranscoder,
) -> None:
    encode = transcoder.receive(with_damaged_pictures("plain", one_in=100))
    transcoder.make(encode)
    assert transcoder.videos.get(encode.video_id).media is not None
    assert "of the pictures could not be read whole" in notes(transcoder, encode)


def cut(name: str, percent: int) -> bytes:
    content = clips.bytes_of(name)
    return content[: len(content) * percent // 100]


def test_a_duration_that_a_header_merely_claims_is_a_note_and_no_damage(
    transcoder: InMemoryTranscoder,
) -> None:
    encode = transcoder.receive(cut("flv", 60))
    transcoder.make(encode)
    assert "of them are there." in notes(transcoder, encode)
    media = transcoder.videos.get(encode.video_id).media
    assert media
    assert media.decodable == WHOLE


@pytest.mark.parametrize("name", ["vfr", "vp9", "faststart"])
def test_a_source_that_evidently_breaks_off_is_published_when_that_is_accepted(
    transcoder: InMemoryTranscoder, name: str
) -> None:
    encode = transcoder.receive(cut(name, 60))
    with pytest.raises(Refused, match="damaged") as refusal:
        transcoder.make(encode)
    assert re.match(r"Only [56]\d(\.\d+)?% of its pictures", refusal.value.detail)
    encode = transcoder.fail(encode, refusal.value)
    assert encode.decodable
    transcoder.do(transcoder.accept(encode), TaskKind.PUBLISH)
    media = transcoder.videos.get(encode.video_id).media
    assert media
    assert (media.decodable, media.is_damage_accepted) == (encode.decodable, True)


@pytest.mark.parametrize("name", ["vfr", "faststart"])
def test_a_source_without_its_last_seconds_is_published_and_its_report_says_how_much(
    transcoder: InMemoryTranscoder, name: str
) -> None:
    encode = transcoder.receive(cut(name, 93))
    transcoder.make(encode)
    media = transcoder.videos.get(encode.video_id).media
    assert media
    assert 0.85 < media.decodable.pictures < 1
    assert re.search(r"The file ends at [\d.]+ of [\d.]+ s; the rest is missing\.",
                     notes(transcoder, encode))  # fmt: skip


def test_the_report_of_a_source_with_a_hole_says_how_long_a_picture_stands(
    transcoder: InMemoryTranscoder, tmp_path: Path
) -> None:
    whole = tmp_path / "whole.mkv"
    clips.ffmpeg("-i", clips.get("plain").path, "-c", "copy", "-cluster_time_limit", "1000", whole)
    data = bytearray(whole.read_bytes())
    middle, length = len(data) // 2, len(data) // 20
    data[middle : middle + length] = bytes(length)
    encode = transcoder.receive(bytes(data))
    transcoder.make(encode)
    stored = notes(transcoder, encode)
    assert re.search(r"The file has zeros between \d\.\d and \d\.\d s\.", stored)


def test_sound_that_changes_its_channels_is_said_to_do_so(
    transcoder: InMemoryTranscoder, tmp_path: Path
) -> None:
    parts = [tmp_path / "stereo.ts", tmp_path / "surround.ts"]
    for number, (part, channels) in enumerate(zip(parts, ("2", "6"), strict=True)):
        clips.ffmpeg("-i", clips.get("tiny").path, "-c:v", "copy", "-c:a", "aac", "-ac", channels,
                     "-output_ts_offset", str(4 * number), part)  # fmt: skip
    encode = transcoder.receive(b"".join(part.read_bytes() for part in parts))
    transcoder.make(encode)
    assert "Sound track 1: its rate or its channels change on the way." in notes(transcoder, encode)


def sound_alone(folder: Path) -> bytes:
    clips.ffmpeg("-i", clips.get("tiny").path, "-vn", "-c", "copy", folder / "sound.mov")
    return (folder / "sound.mov").read_bytes()


def test_the_queue_moves_on_behind_every_bad_file(
    transcoder: InMemoryTranscoder, tmp_path: Path
) -> None:
    files = {
        "not_video": b"Dear Sir or Madam,\n" * 99,
        "corrupt": clips.bytes_of("plain")[:40_000],
        "audio_only": sound_alone(tmp_path),
        "empty": b"",
        "no_frames": forgeries.header_only(clips.bytes_of("fragmented")),
        "good": clips.bytes_of("tiny"),
    }
    queue, callback = InMemoryTaskQueues(transcoder.clock), InMemoryCallback(set(files))
    for name, content in files.items():
        encode = transcoder.receive(content)
        queue.put(Task(TaskKind.PLAN, encode.video_id, encode.revision, token=name).to_json())
    handlers = {TaskKind.PLAN: partial(plan.run, transcoder.context)}
    work = FairWork(queue, transcoder.context.encodes)
    Worker(work, callback, handlers, threading.Event(), tmp_path, idle_seconds=0.01).run()
    assert {name: code for name, (code, _) in callback.failures.items()} == {
        name: name for name in files if name != "good"
    }
    assert list(callback.answers) == ["good"]
    assert queue.messages == []
