"""Damage over HTTP: an administrator sees it, plays the revision and accepts it."""

import json
from dataclasses import replace
from typing import Any

import boto3
import m3u8
import pytest

from chalicelib.catalogue.damage import Decodable
from chalicelib.catalogue.model import CompleteMedia, EncodeStatus, Video
from chalicelib.encoding.failures import Reason, failure
from chalicelib.encoding.model import Encode, Step
from chalicelib.wiring import catalogue, encoding
from tests.api.encoder import Encoder, media_path
from tests.browser import Browser
from tests.builders.assets import asset

SHARE = Decodable(0.8125, 0.9)
ASSET = asset(seconds=60)
QUEUED = Step.QUEUED


def refused(encoder: Encoder, *, is_published: bool = True) -> Video:
    """Store a revision that was refused for its damage, as publishing does."""
    return refuse(encoder, encoder.video_in_encode(ASSET, is_published=is_published))


def refuse(encoder: Encoder, video: Video) -> Video:
    encode = encode_of(video)
    updates = encoding.control().updates
    updates.checking(video.id, encode.revision)
    updates.damaged(encode, ASSET, decodable=SHARE)
    summary = catalogue.curation().get(video.id).encode
    reason = failure(Reason.DAMAGED, "Only 81% of its pictures can be read.")
    ended = replace(summary, status=EncodeStatus.FAILED, failure=reason)
    updates.videos.record_encode(video.id, ended)
    updates.encodes.fail(video.id, encode.revision)
    encoder.clock.advance(seconds=3)
    return catalogue.curation().get(video.id)


def encode_of(video: Video) -> Encode:
    return encoding.control().encodes.get(video.id, video.encode.revision)


def test_an_administrator_sees_damage_plays_the_revision_and_accepts_it(
    admin: Browser, encoder: Encoder, state_machine: str
) -> None:
    video = refused(encoder, is_published=False)
    path = f"/video/{video.id}"
    sent = admin.get(f"{path}/?include=drafts").json
    assert sent["damage"] == {
        "revision": 1,
        "percent": 18.75,
        "sound_percent": 10.0,
        "status": "refused",
    }
    assert sent["failure"]["text"].endswith("Only 81% of its pictures can be read.")
    listed = m3u8.loads(admin.get(media_path(admin, video)).body.decode())
    assert (listed.is_endlist, len(listed.segments)) == (True, 10)
    accepted = admin.post(f"{path}/accept/", {"revision": sent["damage"]["revision"]})
    assert (accepted.status, accepted.json) == (200, {"detail": "The damage is accepted."})
    assert admin.post(f"{path}/accept/", {"revision": 1}).status == 200
    in_check = {**sent["damage"], "status": "accepted"}
    assert drafts_damage(encoder, admin, path) == in_check
    client = boto3.client("stepfunctions")
    [execution] = client.list_executions(stateMachineArn=state_machine)["executions"]
    begun = client.describe_execution(executionArn=execution["executionArn"])
    assert json.loads(begun["input"])["attempt"] == "2"
    updates = encoding.control().updates
    for step in (updates.planning, updates.checking):
        step(video.id, encode_of(video).revision)
        assert drafts_damage(encoder, admin, path) == in_check
    updates.publish(
        video.id, encode_of(video).revision, ASSET, decodable=SHARE, is_damage_accepted=True
    )
    assert drafts_damage(encoder, admin, path) == in_check


def drafts_damage(encoder: Encoder, admin: Browser, path: str) -> Any:
    encoder.clock.advance(seconds=3)
    return admin.get(f"{path}/?include=drafts").json["damage"]


@pytest.mark.usefixtures("state_machine")
def test_damage_stays_accepted_if_its_check_is_cancelled(admin: Browser, encoder: Encoder) -> None:
    path = f"/video/{refused(encoder).id}"
    refusal = drafts_damage(encoder, admin, path)
    assert admin.post(f"{path}/accept/", {"revision": 1}).status == 200
    assert admin.post(f"{path}/cancel/").status == 200
    assert drafts_damage(encoder, admin, path) == {**refusal, "status": "accepted"}


def test_viewers_see_neither_damage_nor_a_refused_revision(
    signed_in: Browser, encoder: Encoder
) -> None:
    video = refused(encoder)
    path = f"/video/{video.id}"
    for asked in ("/", "/?include=playable", "/master.m3u8", "/master.m3u8?revision=1"):
        assert signed_in.get(f"{path}{asked}").status == 404
    answer = signed_in.post(f"{path}/accept/", {"revision": 1})
    assert answer.status == 403
    assert encode_of(video).accepted is None


def test_a_refused_revision_plays_on_request_beside_a_published_one(
    admin: Browser, encoder: Encoder
) -> None:
    video = encoder.video()
    updates = encoding.control().updates
    revision = updates.videos.begin_encode(video.id)
    encode = updates.encodes.begin(replace(encode_of(video), revision=revision, step=QUEUED))
    updates.planned(encode, ASSET, segments_per_chunk=2)
    refuse(encoder, catalogue.curation().get(video.id))
    path = f"/video/{video.id}/master.m3u8"
    assert admin.get(f"/video/{video.id}/?include=drafts").json["damage"]["revision"] == 2
    texts = [admin.get(f"{path}{asked}").body.decode() for asked in ("", "?revision=2")]
    grants = [text.rpartition("grant=")[2].strip().strip('"') for text in texts]
    playlist = f"/video/{video.id}/playlist/video-480p.m3u8"
    counts = [
        len(m3u8.loads(admin.get(f"{playlist}?grant={grant}").body.decode()).segments)
        for grant in grants
    ]
    assert counts == [4, 10]
    assert admin.get(f"{path}?revision=1").status == 404
    assert admin.get(f"{path}?revision=two").status == 400


@pytest.mark.parametrize(
    ("decodable", "is_accepted", "said"),
    [
        (1, False, None),
        (0.9991, False, None),
        (0.9, False, {"revision": 1, "percent": 10.0, "sound_percent": 0.0, "status": "tolerated"}),
        (0.3, True, {"revision": 1, "percent": 70.0, "sound_percent": 0.0, "status": "accepted"}),
    ],
)
def test_administrators_see_the_damage_of_a_published_revision(
    admin: Browser, signed_in: Browser, encoder: Encoder, *,
    decodable: float, is_accepted: bool, said: object,
) -> None:  # fmt: skip
    video = encoder.video_in_encode(ASSET)
    media = CompleteMedia(
        video.encode.revision,
        60,
        (720,),
        decodable=Decodable(decodable),
        is_damage_accepted=is_accepted,
    )
    catalogue.curation().videos.complete(video.id, media)
    encoder.clock.advance(seconds=3)
    assert admin.get(f"/video/{video.id}/?include=drafts").json["damage"] == said
    assert "damage" not in signed_in.get(f"/video/{video.id}/").json


@pytest.mark.parametrize(
    ("percents", "status"),
    [
        ({"percent": 18.75, "sound_percent": 10}, 200),
        ({"percent": 12.5, "sound_percent": 10}, 409),
        ({"percent": 18.75, "sound_percent": 0}, 409),
        # One says nothing of the other.
        ({"percent": 18.75}, 400),
        ({"sound_percent": 10}, 400),
        ({"percent": "much", "sound_percent": 10}, 400),
        ({"percent": 100.5, "sound_percent": 10}, 400),
        ({"percent": float("nan"), "sound_percent": 10}, 400),
        ({"percent": True, "sound_percent": 10}, 400),
    ],
)
@pytest.mark.usefixtures("state_machine")
def test_with_the_percents_that_were_looked_at_nothing_else_is_accepted(
    admin: Browser, encoder: Encoder, percents: dict[str, object], status: int
) -> None:
    video = refused(encoder)
    answer = admin.post(f"/video/{video.id}/accept/", {"revision": 1, **percents})
    assert answer.status == status, answer.json
    assert (encode_of(video).accepted is not None) == (status == 200)


@pytest.mark.parametrize(
    ("sent", "missing"), [("percent", "sound_percent"), ("sound_percent", "percent")]
)
def test_one_percent_without_the_other_is_an_error_that_names_it(
    admin: Browser, encoder: Encoder, sent: str, missing: str
) -> None:
    video = refused(encoder)
    answer = admin.post(f"/video/{video.id}/accept/", {"revision": 1, sent: 10})
    assert answer.json[missing] == ["This field is required."]


@pytest.mark.usefixtures("state_machine")
def test_accepting_again_is_fine_after_it_was_published_with_less_damage(
    admin: Browser, encoder: Encoder
) -> None:
    video = refused(encoder)
    body = {"revision": 1, "percent": 18.75, "sound_percent": 10}
    path = f"/video/{video.id}/accept/"
    assert admin.post(path, body).status == 200
    encoding.control().updates.publish(
        video.id, encode_of(video).revision, ASSET,
        decodable=Decodable(0.85, 1), is_damage_accepted=True,
    )  # fmt: skip
    assert admin.post(path, body).status == 200
    assert admin.post(path, {"revision": 1}).status == 200
    assert admin.post(path, {**body, "percent": 20}).status == 409


@pytest.mark.parametrize("revision", [0, 2, "1", None, True])
def test_only_the_named_revision_is_accepted(
    admin: Browser, encoder: Encoder, revision: object
) -> None:
    video = refused(encoder)
    answer = admin.post(f"/video/{video.id}/accept/", {"revision": revision})
    assert answer.status in (400, 409), answer.json
    assert encode_of(video).accepted is None


def test_accepting_without_a_refusal_is_an_error_in_german_too(
    admin: Browser, encoder: Encoder
) -> None:
    video = encoder.video()
    admin.language = "de"
    answer = admin.post(f"/video/{video.id}/accept/", {"revision": 1})
    assert answer.status == 409
    assert "keine Entscheidung über einen Schaden" in answer.json["detail"]


def test_a_page_elsewhere_cannot_accept_damage(admin: Browser, encoder: Encoder) -> None:
    video = refused(encoder)
    answer = admin.post(f"/video/{video.id}/accept/", {"revision": 1}, x_csrftoken="wrong")
    assert answer.status == 403
    assert encode_of(video).accepted is None
