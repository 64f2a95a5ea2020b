"""Viewers get the same answer, byte for byte, for a video that is not for them and for none."""

import re

import pytest

import app  # noqa: F401 - importing it registers every route
from chalicelib.api.endpoint import EVERY_API
from tests.api.encoder import Encoder
from tests.browser import Answer, Browser

NOWHERE = 123_456_789
# Headers of one answer, independent of the video.
OWN = {"date", "x-request-id"}
ROUTES = sorted(
    {
        (each.method, each.path)
        for api in EVERY_API
        for each in api.operations
        if "{video_id}" in each.path
    }
)
# What a viewer takes off a list of their own may be no video any more.
OWN_LISTS = {"/history/{video_id}", "/watchlist/{video_id}"}
NAMES = {
    "resolution": "720p",
    "segment": "000.ts",
    "name": "video-720p.m3u8",
    "file_id": "en-plain",
}


def asked(browser: Browser, method: str, path: str, video_id: int) -> Answer:
    names = {**NAMES, "video_id": str(video_id)}
    filled = re.sub(r"{(\w+)}", lambda match: names[match[1]], path)
    return browser.send(method, filled, {"title": "x"} if method != "GET" else None)


def comparable(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    headers = {name: text for name, text in answer.headers.items() if name not in OWN}
    return answer.status, headers, answer.body


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_draft_and_an_unknown_video_get_the_same_answer(
    signed_in: Browser, encoder: Encoder, method: str, path: str
) -> None:
    draft = encoder.video(is_published=False)
    of_draft = asked(signed_in, method, path, draft.id)
    of_nothing = asked(signed_in, method, path, NOWHERE)
    is_taken_off = method == "DELETE" and path in OWN_LISTS
    assert of_draft.status in ((200,) if is_taken_off else (403, 404))
    assert comparable(of_draft) == comparable(of_nothing)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_published_video_without_media_gets_the_answer_of_an_unknown_one(
    signed_in: Browser,
    admin: Browser,
    encoder: Encoder,  # noqa: ARG001
    method: str,
    path: str,
) -> None:
    bare = admin.post("/video/", {"title": "Metropolis", "is_published": True}).json["id"]
    of_bare = asked(signed_in, method, path, bare)
    of_nothing = asked(signed_in, method, path, NOWHERE)
    assert comparable(of_bare) == comparable(of_nothing)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_video_above_the_age_limit_gets_the_answer_of_an_unknown_one(
    signed_in: Browser, admin: Browser, encoder: Encoder, method: str, path: str
) -> None:
    video = encoder.video().id
    assert admin.patch(f"/video/{video}/", {"age_rating": 16}).status == 200
    assert signed_in.patch("/profiles/default/", {"age_limit": 12}).status == 200
    assert comparable(asked(signed_in, method, path, video)) == comparable(
        asked(signed_in, method, path, NOWHERE)
    )


@pytest.mark.parametrize(
    "dates", [{"publish_at": "2190-01-01T00:00:00Z"}, {"rights_until": "2020-01-01T00:00:00Z"}]
)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_video_outside_of_its_dates_gets_the_answer_of_an_unknown_one(
    signed_in: Browser,
    admin: Browser,
    encoder: Encoder,
    method: str,
    path: str,
    dates: dict[str, str],
) -> None:
    video = encoder.video().id
    assert admin.patch(f"/video/{video}/", dates).status == 200
    assert comparable(asked(signed_in, method, path, video)) == comparable(
        asked(signed_in, method, path, NOWHERE)
    )


@pytest.mark.parametrize("is_published", [False, True])
def test_administrators_get_an_error_of_its_own_for_a_video_without_media(
    admin: Browser,
    encoder: Encoder,  # noqa: ARG001
    *,
    is_published: bool,
) -> None:
    sent = {"title": "Metropolis", "is_published": is_published}
    bare = admin.post("/video/", sent).json["id"]
    for name in ("master.m3u8", "720p/index.m3u8", "720p/000.ts", "storyboard.vtt", "files"):
        answer = admin.get(f"/video/{bare}/{name}/")
        assert (answer.status, answer.json) == (
            404,
            {"detail": "This video cannot be played yet."},
        )


def test_every_route_with_the_id_of_a_video_is_tested() -> None:
    assert len(ROUTES) >= 14
