"""The tasks of a whole encode, one after the other: what each leaves is what the next one needs."""

import json
import re
from dataclasses import replace
from typing import Any, cast

import pytest

from chalicelib.api.translation import translated
from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Container
from chalicelib.catalogue.model import EncodeStatus
from chalicelib.encoding.failures import failure
from chalicelib.encoding.messages import TaskKind
from chalicelib.encoding.model import Encode, EncodeOver, Step
from chalicelib.language import Language
from tests.builders import clips
from tests.media.in_memory_transcoder import InMemoryTranscoder
from transcoder.errors import Refused
from transcoder.outputs.objects import chunk_report
from transcoder.settings import TranscoderSettings
from transcoder.tasks.plan import _SECOND, _UNREAD

WORDS = "1\n00:00:01,000 --> 00:00:02,500\nGuten Abend\n"


def receive(transcoder: InMemoryTranscoder, name: str = "plain") -> Encode:
    return transcoder.receive(clips.get(name).path.read_bytes())


def media(transcoder: InMemoryTranscoder, encode: Encode) -> dict[str, bytes]:
    prefix = f"media/{encode.video_id}/{encode.revision}/"
    return {
        key.removeprefix(prefix): content
        for key, content in transcoder.media.objects.items()
        if key.startswith(prefix)
    }


def report(transcoder: InMemoryTranscoder, encode: Encode) -> dict[str, Any]:
    stored = transcoder.media.objects[f"reports/{encode.video_id}/{encode.revision}.json"]
    checked: dict[str, Any] = json.loads(stored)
    return checked


def refuse_a_damaged_segment(transcoder: InMemoryTranscoder, encode: Encode) -> None:
    """Damage the first segment in the bucket before everything is encoded and proven."""
    transcoder.do(encode, TaskKind.PLAN)
    transcoder.do(encode, TaskKind.CHUNK)
    name = next(key for key in transcoder.media.objects if key.endswith("00000.m4s"))
    transcoder.media.objects[name] += b"!"
    with pytest.raises(Refused, match="not_proven") as refused:
        transcoder.make(encode)
    assert refused.value.detail == (
        "Some of it was lost or changed in storage: another attempt may help."
    )


def test_a_result_that_is_not_proven_says_what_helps_and_leaves_its_checks_to_the_report(
    transcoder: InMemoryTranscoder,
) -> None:
    encode = receive(transcoder)
    for number in range(len(cast("list[int]", transcoder.do(encode, TaskKind.PLAN)["chunks"]))):
        transcoder.do(encode, TaskKind.CHUNK, number)
    key = next(key for key in transcoder.media.objects if key.endswith(f"{chunk_report(1)}.json"))
    init = re.compile(rb'(?<="name":"video/240p/init.mp4",)(.*?"md5":")\w{8}')
    transcoder.media.objects[key] = init.sub(rb"\g<1>00000000", transcoder.media.objects[key])
    with pytest.raises(Refused, match="not_proven") as refused:
        transcoder.make(encode)
    failed = [each["name"] for each in report(transcoder, encode)["checks"] if not each["ok"]]
    assert failed == ["inits_identical"]
    assert refused.value.detail == ""
    assert "try again" not in failure(refused.value.reason).text


def test_a_source_is_encoded_proven_and_published(transcoder: InMemoryTranscoder) -> None:
    encode = receive(transcoder)
    answer = transcoder.make(encode)
    video = transcoder.videos.get(encode.video_id)
    assert video.media is not None
    assert video.media.duration_seconds == pytest.approx(13, abs=0.05)
    assert video.encode.status is EncodeStatus.COMPLETED
    assert report(transcoder, encode)["ok"], report(transcoder, encode)
    assert answer == {"mp4": [0]}


def test_tiles_of_the_storyboard_are_for_tasks_alone(transcoder: InMemoryTranscoder) -> None:
    encode = receive(transcoder)
    transcoder.make(encode)
    tiles = [key for key in transcoder.media.objects if "/tiles/" in key]
    private = object_keys.private_folder(encode.video_id, encode.revision)
    assert tiles
    assert [key for key in tiles if not key.startswith(private)] == []


@pytest.mark.parametrize("container", Container)
def test_both_kinds_of_segments_pass_their_proof(
    transcoder: InMemoryTranscoder, container: Container
) -> None:
    transcoder.context = replace(
        transcoder.context, settings=TranscoderSettings(container=container)
    )
    encode = receive(transcoder)
    transcoder.make(encode)
    assert any(name.endswith(container.suffix) for name in media(transcoder, encode))
    assert report(transcoder, encode)["ok"], report(transcoder, encode)


def test_every_task_done_twice_leaves_the_same_bytes(transcoder: InMemoryTranscoder) -> None:
    once, twice = receive(transcoder), receive(transcoder)
    transcoder.make(once)
    transcoder.do(twice, TaskKind.PLAN)
    for kind in (TaskKind.PLAN, TaskKind.CHUNK, TaskKind.AUDIO, TaskKind.PICTURES):
        for _ in range(2):
            transcoder.do(twice, kind)
    transcoder.make(twice)
    assert media(transcoder, once) == media(transcoder, twice)


def test_a_plan_asked_for_again_names_what_is_left(transcoder: InMemoryTranscoder) -> None:
    encode = receive(transcoder)
    first = transcoder.do(encode, TaskKind.PLAN)
    transcoder.do(encode, TaskKind.CHUNK, 0)
    transcoder.do(encode, TaskKind.AUDIO, 0)
    left = transcoder.do(encode, TaskKind.PLAN)
    assert first["chunks"] == [0, *left["chunks"]]  # type: ignore[misc]
    assert (first["audio"], left["audio"]) == ([0], [])


def test_a_second_publish_answers_like_the_first(transcoder: InMemoryTranscoder) -> None:
    encode = receive(transcoder)
    assert transcoder.make(encode) == transcoder.do(encode, TaskKind.PUBLISH)


def test_pictures_that_an_earlier_version_made_public_are_kept_and_proven(
    transcoder: InMemoryTranscoder,
) -> None:
    """It was updated in the middle of an encode whose pictures were made."""
    encode = receive(transcoder)
    answer = transcoder.do(encode, TaskKind.PLAN)
    transcoder.do(encode, TaskKind.PICTURES)
    where = encode.video_id, encode.revision
    kept, public = object_keys.pictures(*where), object_keys.images(*where)
    made = {
        key.removeprefix(kept): each
        for key, each in transcoder.media.objects.items()
        if kept in key
    }
    transcoder.media.remove(kept)
    transcoder.media.objects |= {public + name: content for name, content in made.items()}
    for number in answer["chunks"]:  # type: ignore[attr-defined]
        transcoder.do(encode, TaskKind.CHUNK, number)
    transcoder.do(encode, TaskKind.AUDIO)
    transcoder.do(encode, TaskKind.PUBLISH)
    assert report(transcoder, encode)["ok"], report(transcoder, encode)
    assert {name: media(transcoder, encode)[f"pictures/{name}"] for name in made} == made
    assert len(made) == 3


def test_sound_without_a_chunk_is_not_published(transcoder: InMemoryTranscoder) -> None:
    encode = receive(transcoder)
    transcoder.do(encode, TaskKind.PLAN)
    transcoder.do(encode, TaskKind.AUDIO)
    with pytest.raises((Refused, KeyError)):
        transcoder.do(encode, TaskKind.PUBLISH)
    assert transcoder.videos.get(encode.video_id).media is None


def test_a_segment_that_was_damaged_in_the_bucket_is_not_published(
    transcoder: InMemoryTranscoder,
) -> None:
    encode = receive(transcoder)
    refuse_a_damaged_segment(transcoder, encode)
    assert transcoder.videos.get(encode.video_id).media is None
    assert not report(transcoder, encode)["ok"]


def test_another_attempt_mends_what_was_damaged_and_keeps_the_rest(
    transcoder: InMemoryTranscoder,
) -> None:
    encode = receive(transcoder)
    refuse_a_damaged_segment(transcoder, encode)
    transcoder.encodes.fail(encode.video_id, encode.revision)
    again = transcoder.encodes.again(transcoder.encodes.get(encode.video_id, encode.revision))
    left = transcoder.do(again, TaskKind.PLAN)
    assert left == {"chunks": [0], "audio": [], "subtitles": [], "pictures": []}
    transcoder.make(again)
    assert report(transcoder, encode)["ok"]


def test_subtitles_beside_the_source_are_in_the_video(transcoder: InMemoryTranscoder) -> None:
    encode = receive(transcoder)
    transcoder.beside(encode, "de.srt", WORDS.encode("utf-16"))
    transcoder.make(encode)
    assert "Guten Abend" in media(transcoder, encode)["subtitles/0/00000.vtt"].decode()
    asset = transcoder.encodes.get(encode.video_id, encode.revision).asset
    assert asset
    assert asset.subtitles[0].language == "de"


def test_subtitles_that_are_not_used_are_named(transcoder: InMemoryTranscoder) -> None:
    """Those in English in the source are forced, and stay; a file is deleted after the plan."""
    encode = receive(transcoder, "subtitles")
    for name in ("de.srt", "en.srt", "en.vtt", "fr.srt", "klingonese.srt"):
        transcoder.beside(encode, name, b"1\n00:00:01,000 --> 00:00:02,000\nWords\n")
    transcoder.do(encode, TaskKind.PLAN)
    transcoder.uploads.remove(f"uploads/{encode.video_id}/subtitles/fr.srt")
    transcoder.make(encode)
    asset = transcoder.encodes.get(encode.video_id, encode.revision).asset
    assert asset
    tracks = [(each.language, each.is_forced) for each in asset.subtitles]
    assert tracks == [("en", True), ("de", False), ("en", False)]
    notes = report(transcoder, encode)["notes"]
    assert notes == [
        "Stream 3 was left out: a file beside the film has its language.",
        f'{_UNREAD} "klingonese.srt"',
        f'{_SECOND} "en.vtt", "en.srt"',
        "Subtitles 4: their file was deleted; they were left out.",
    ]
    german = [translated(each, Language.GERMAN) for each in notes]
    assert german[2].endswith(' ausgelassen. "en.vtt", "en.srt"')
    assert not {*notes} & {*german}


def test_files_to_download_come_after(transcoder: InMemoryTranscoder) -> None:
    encode = receive(transcoder)
    transcoder.make(encode)
    transcoder.do(encode, TaskKind.MP4, 0)
    made = {name for name in media(transcoder, encode) if name.startswith("mp4/")}
    assert made == {"mp4/film.mp4", "mp4/film_240p.mp4"}


def test_a_file_of_120_lines_comes_by_setting_and_is_in_no_playlist(
    transcoder: InMemoryTranscoder,
) -> None:
    settings = TranscoderSettings(makes_mp4_120p=True)
    transcoder.context = replace(transcoder.context, settings=settings)
    encode = receive(transcoder)
    assert transcoder.make(encode) == {"mp4": [0, 120]}
    # The message is delivered again.
    for _ in range(2):
        assert transcoder.do(encode, TaskKind.MP4, 120) == {}
    made = {name for name in media(transcoder, encode) if name.startswith("mp4/")}
    assert made == {"mp4/film_120p.mp4"}
    assert transcoder.do(encode, TaskKind.PUBLISH) == {"mp4": [0, 120]}
    complete = transcoder.videos.get(encode.video_id).media
    assert complete is not None
    assert (complete.heights, complete.mp4_only_heights) == ((240,), (120,))
    asset = transcoder.encodes.get(encode.video_id, encode.revision).asset
    assert asset
    assert [rung.name for rung in asset.rungs] == ["240p"]


def test_without_files_to_download_none_are_promised(transcoder: InMemoryTranscoder) -> None:
    settings = TranscoderSettings(makes_mp4=False, makes_mp4_120p=True)
    transcoder.context = replace(transcoder.context, settings=settings)
    encode = receive(transcoder)
    assert transcoder.make(encode) == {"mp4": []}
    complete = transcoder.videos.get(encode.video_id).media
    assert complete is not None
    assert (complete.mp4_name, complete.mp4_only_heights) == ("", ())


def test_a_source_that_was_replaced_meanwhile_is_refused(transcoder: InMemoryTranscoder) -> None:
    encode = receive(transcoder)
    transcoder.do(encode, TaskKind.PLAN)
    transcoder.uploads.objects[encode.source.key] = b"another film"
    with pytest.raises(Refused, match="source_gone"):
        transcoder.do(encode, TaskKind.CHUNK)


@pytest.mark.parametrize(
    "kind", [TaskKind.CHUNK, TaskKind.AUDIO, TaskKind.PICTURES, TaskKind.PUBLISH]
)
def test_a_task_of_an_encode_that_is_over_is_refused(
    transcoder: InMemoryTranscoder, kind: TaskKind
) -> None:
    encode = receive(transcoder)
    transcoder.do(encode, TaskKind.PLAN)
    transcoder.encodes.fail(encode.video_id, encode.revision)
    with pytest.raises(EncodeOver):
        transcoder.do(encode, kind)


def test_the_encode_tells_how_far_it_is(transcoder: InMemoryTranscoder) -> None:
    encode = receive(transcoder)
    steps = [transcoder.encodes.get(encode.video_id, encode.revision).step]
    transcoder.do(encode, TaskKind.PLAN)
    steps.append(transcoder.encodes.get(encode.video_id, encode.revision).step)
    transcoder.make(encode)
    steps.append(transcoder.encodes.get(encode.video_id, encode.revision).step)
    assert steps == [Step.QUEUED, Step.ENCODING, Step.DONE]
