"""The tasks of a whole encode, one after the other: what each leaves is what the next one needs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Container
from chalicelib.catalogue.model import EncodeStatus
from chalicelib.encoding.messages import TaskKind
from chalicelib.encoding.model import Encode, EncodeOver, Step
from tests.builders import clips
from tests.media.shop import Shop
from transcoder.errors import Refused
from transcoder.settings import TranscoderSettings

WORDS = "1\n00:00:01,000 --> 00:00:02,500\nGuten Abend\n"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def receive(shop: Shop, name: str = "plain") -> Encode:
    return shop.receive(clips.get(name).path.read_bytes())


def media(shop: Shop, encode: Encode) -> dict[str, bytes]:
    prefix = f"media/{encode.video_id}/{encode.revision}/"
    return {
        key.removeprefix(prefix): content
        for key, content in shop.media.objects.items()
        if key.startswith(prefix)
    }


def report(shop: Shop, encode: Encode) -> dict[str, object]:
    stored = shop.media.objects[f"reports/{encode.video_id}/{encode.revision}.json"]
    checked: dict[str, object] = json.loads(stored)
    return checked


def refuse_a_damaged_segment(shop: Shop, encode: Encode) -> None:
    """Damage the first segment in the bucket before everything is encoded and proven."""
    shop.do(encode, TaskKind.PLAN)
    shop.do(encode, TaskKind.CHUNK)
    name = next(key for key in shop.media.objects if key.endswith("00000.m4s"))
    shop.media.objects[name] += b"!"
    with pytest.raises(Refused, match="not_proven"):
        shop.make(encode)


def test_a_source_is_encoded_proven_and_published(shop: Shop) -> None:
    encode = receive(shop)
    answer = shop.make(encode)
    video = shop.videos.get(encode.video_id)
    assert video.media is not None
    assert video.media.duration_seconds == pytest.approx(13, abs=0.05)
    assert video.encode.status is EncodeStatus.COMPLETED
    assert report(shop, encode)["ok"], report(shop, encode)
    assert answer == {"mp4": [0]}


def test_tiles_of_the_storyboard_are_for_tasks_alone(shop: Shop) -> None:
    encode = receive(shop)
    shop.make(encode)
    tiles = [key for key in shop.media.objects if "/tiles/" in key]
    private = object_keys.private_folder(encode.video_id, encode.revision)
    assert tiles
    assert [key for key in tiles if not key.startswith(private)] == []


@pytest.mark.parametrize("container", Container)
def test_both_kinds_of_segments_pass_their_proof(shop: Shop, container: Container) -> None:
    shop.context = replace(shop.context, settings=TranscoderSettings(container=container))
    encode = receive(shop)
    shop.make(encode)
    assert any(name.endswith(container.suffix) for name in media(shop, encode))
    assert report(shop, encode)["ok"], report(shop, encode)


def test_every_task_done_twice_leaves_the_same_bytes(shop: Shop) -> None:
    once, twice = receive(shop), receive(shop)
    shop.make(once)
    shop.do(twice, TaskKind.PLAN)
    for kind in (TaskKind.PLAN, TaskKind.CHUNK, TaskKind.AUDIO, TaskKind.PICTURES):
        for _ in range(2):
            shop.do(twice, kind)
    shop.make(twice)
    assert media(shop, once) == media(shop, twice)


def test_a_plan_asked_for_again_names_what_is_left(shop: Shop) -> None:
    encode = receive(shop)
    first = shop.do(encode, TaskKind.PLAN)
    shop.do(encode, TaskKind.CHUNK, 0)
    shop.do(encode, TaskKind.AUDIO, 0)
    left = shop.do(encode, TaskKind.PLAN)
    assert first["chunks"] == [0, *left["chunks"]]  # type: ignore[misc]
    assert (first["audio"], left["audio"]) == ([0], [])


def test_a_second_publish_answers_like_the_first(shop: Shop) -> None:
    encode = receive(shop)
    assert shop.make(encode) == shop.do(encode, TaskKind.PUBLISH)


def test_pictures_that_an_earlier_version_made_public_are_kept_and_proven(shop: Shop) -> None:
    """It was updated in the middle of an encode whose pictures were made."""
    encode = receive(shop)
    answer = shop.do(encode, TaskKind.PLAN)
    shop.do(encode, TaskKind.PICTURES)
    where = encode.video_id, encode.revision
    kept, public = object_keys.pictures(*where), object_keys.images(*where)
    made = {key.removeprefix(kept): each for key, each in shop.media.objects.items() if kept in key}
    shop.media.remove(kept)
    shop.media.objects |= {public + name: content for name, content in made.items()}
    for number in answer["chunks"]:  # type: ignore[attr-defined]
        shop.do(encode, TaskKind.CHUNK, number)
    shop.do(encode, TaskKind.AUDIO)
    shop.do(encode, TaskKind.PUBLISH)
    assert report(shop, encode)["ok"], report(shop, encode)
    assert {name: media(shop, encode)[f"pictures/{name}"] for name in made} == made
    assert len(made) == 3


def test_sound_without_a_chunk_is_not_published(shop: Shop) -> None:
    encode = receive(shop)
    shop.do(encode, TaskKind.PLAN)
    shop.do(encode, TaskKind.AUDIO)
    with pytest.raises((Refused, KeyError)):
        shop.do(encode, TaskKind.PUBLISH)
    assert shop.videos.get(encode.video_id).media is None


def test_a_segment_that_was_damaged_in_the_bucket_is_not_published(shop: Shop) -> None:
    encode = receive(shop)
    refuse_a_damaged_segment(shop, encode)
    assert shop.videos.get(encode.video_id).media is None
    assert not report(shop, encode)["ok"]


def test_another_attempt_mends_what_was_damaged_and_keeps_the_rest(shop: Shop) -> None:
    encode = receive(shop)
    refuse_a_damaged_segment(shop, encode)
    shop.encodes.fail(encode.video_id, encode.revision)
    again = shop.encodes.again(shop.encodes.get(encode.video_id, encode.revision))
    left = shop.do(again, TaskKind.PLAN)
    assert left == {"chunks": [0], "audio": [], "subtitles": [], "pictures": []}
    shop.make(again)
    assert report(shop, encode)["ok"]


def test_subtitles_beside_the_source_are_in_the_video(shop: Shop) -> None:
    encode = receive(shop)
    shop.beside(encode, "de.srt", WORDS.encode("utf-16"))
    shop.make(encode)
    assert "Guten Abend" in media(shop, encode)["subtitles/0/00000.vtt"].decode()
    asset = shop.encodes.get(encode.video_id, encode.revision).asset
    assert asset
    assert asset.subtitles[0].language == "de"


def test_files_to_download_come_after(shop: Shop) -> None:
    encode = receive(shop)
    shop.make(encode)
    shop.do(encode, TaskKind.MP4, 0)
    made = {name for name in media(shop, encode) if name.startswith("mp4/")}
    assert made == {"mp4/film.mp4", "mp4/film_240p.mp4"}


def test_without_files_to_download_none_are_promised(shop: Shop) -> None:
    shop.context = replace(shop.context, settings=TranscoderSettings(makes_mp4=False))
    encode = receive(shop)
    assert shop.make(encode) == {"mp4": []}
    assert shop.videos.get(encode.video_id).media.mp4_name == ""  # type: ignore[union-attr]


def test_a_source_that_was_replaced_meanwhile_is_refused(shop: Shop) -> None:
    encode = receive(shop)
    shop.do(encode, TaskKind.PLAN)
    shop.uploads.objects[encode.source.key] = b"another film"
    with pytest.raises(Refused, match="source_gone"):
        shop.do(encode, TaskKind.CHUNK)


@pytest.mark.parametrize(
    "kind", [TaskKind.CHUNK, TaskKind.AUDIO, TaskKind.PICTURES, TaskKind.PUBLISH]
)
def test_a_task_of_an_encode_that_is_over_is_refused(shop: Shop, kind: TaskKind) -> None:
    encode = receive(shop)
    shop.do(encode, TaskKind.PLAN)
    shop.encodes.fail(encode.video_id, encode.revision)
    with pytest.raises(EncodeOver):
        shop.do(encode, kind)


def test_the_encode_tells_how_far_it_is(shop: Shop) -> None:
    encode = receive(shop)
    steps = [shop.encodes.get(encode.video_id, encode.revision).step]
    shop.do(encode, TaskKind.PLAN)
    steps.append(shop.encodes.get(encode.video_id, encode.revision).step)
    shop.make(encode)
    steps.append(shop.encodes.get(encode.video_id, encode.revision).step)
    assert steps == [Step.QUEUED, Step.ENCODING, Step.DONE]
