"""What a request costs the processor, warm, in process, beside a Chalice app that does nothing."""

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
from chalice.app import Chalice
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from moto import mock_aws

from chalicelib.catalogue.model import CompleteMedia, Video
from chalicelib.encoding.model import Encode, Source
from chalicelib.wiring import accounts, stage
from infra.local.emulator import fresh_pair
from infra.local.gateway import Gateway
from tests import conftest
from tests.bench.calls import count_of
from tests.bench.events import CONTEXT, Event, event
from tests.bench.processor import seconds, unheard
from tests.bench.rows import Row, count
from tests.browser import Browser
from tests.builders.assets import asset
from tests.builders.videos import a_published_video, a_video

_VIDEOS = 200
_TWO_HOURS = 7200
_SEGMENTS = 1200
_ADDRESS = "bench@example.com"
_LINE = "#EXTINF:6.000000,\nhttps://media.example/media/1/1/video/720p/00000.m4s?" + "q" * 387
_EMPTY = "Chalice('empty').route('/')(dict), called with the event of GET /"
_JOINED = f"'\\n'.join([line] * {_SEGMENTS}) and one ECDSA signature of P-256 with SHA-256"


def rows() -> Iterator[Row]:
    from app import app

    with mock_aws(), unheard():
        conftest.make_resources()
        password = secrets.token_urlsafe(12)
        accounts.administration().ensure_admin(email=_ADDRESS, password=password)
        browser = Browser(Gateway(app))
        browser.post("/login/", {"email": _ADDRESS, "password": password})
        video = _filled_catalogue()
        measured = list(_measured(app, browser, video))
    yield from measured


def _measured(app: Chalice, browser: Browser, video: Video) -> Iterator[Row]:
    empty = Chalice("empty")
    empty.route("/")(dict)
    nothing = seconds(lambda: empty(event("/", "/"), CONTEXT))
    cookie = {"cookie": f"access_token={browser.cookies['access_token']}"}
    etag = {"if-none-match": browser.get("/video/").headers["etag"]}
    requests = {
        "list": (4, event("/api/video", "/api/video", **cookie)),
        "list304": (3.5, event("/api/video", "/api/video", **cookie, **etag)),
        "detail": (4, event("/api/video/{video_id}", f"/api/video/{video.id}", **cookie)),
    }
    for name, (goal, asked) in requests.items():
        spent = seconds(lambda asked=asked: app(dict(asked), CONTEXT))  # type: ignore[misc]
        yield Row(f"{name}.cpu", spent, nothing, goal, unit="s", floor_is=_EMPTY)
        calls = count_of(lambda asked=asked: app(dict(asked), CONTEXT))  # type: ignore[misc]
        yield count(f"calls.{name}", calls, 0)
    playlist = _playlist(browser, video)
    yield Row(
        "playlist.cpu",
        seconds(lambda: app(dict(playlist), CONTEXT)),
        seconds(_joined_and_signed),
        2.5,
        unit="s",
        floor_is=_JOINED,
    )
    yield count("calls.playlist", count_of(lambda: app(dict(playlist), CONTEXT)), 1)
    report = {"video": video.id, "position": 50.5, "duration": 7200, "watched_seconds": 15}
    yield count("calls.progress", count_of(lambda: browser.post("/progress/", report)), 1)
    thinned = {**report, "event": "regular"}
    yield count("calls.thinned", count_of(lambda: browser.post("/progress/", thinned)), 0)
    lists = ("continue-watching", "history", "watchlist")
    for name in lists:
        calls = count_of(lambda name=name: browser.get(f"/{name}/"))  # type: ignore[misc]
        yield count(f"calls.{name}", calls, 1)
    yield count("calls.refresh", count_of(lambda: browser.post("/token/refresh/")), 2)


_KEY = ec.generate_private_key(ec.SECP256R1())


def _joined_and_signed() -> str:
    _KEY.sign(_LINE.encode(), ec.ECDSA(SHA256()))
    return "\n".join([_LINE] * _SEGMENTS)


def _filled_catalogue() -> Video:
    boto3.client("secretsmanager").create_secret(
        Name=os.environ["MEDIA_KEYS_SECRET"], SecretString=fresh_pair()
    )
    now = datetime.now(UTC) - timedelta(days=1)
    videos, encodes = stage.videos(), stage.encodes()
    for number in range(_VIDEOS):
        videos.add(a_published_video(now + timedelta(minutes=number), f"Title {number}"))
    video = a_video(now)
    videos.add(video)
    videos.write(video.id, video.card, is_published=True)
    revision = videos.begin_encode(video.id)
    made = asset(seconds=_TWO_HOURS)
    encode = encodes.begin(Encode(video.id, revision, Source("film", "etag", 1)))
    encodes.planned(encode, made, segments_per_chunk=2)
    encodes.finish(video.id, revision, made)
    videos.complete(video.id, CompleteMedia(revision, _TWO_HOURS, (1080, 720, 480)))
    return video


def _playlist(browser: Browser, video: Video) -> Event:
    master = browser.get(f"/video/{video.id}/master.m3u8")
    line = next(each for each in master.body.decode().splitlines() if "video-720p" in each)
    name, _, grant = line.partition("?grant=")
    asked = event(
        "/api/video/{video_id}/playlist/{name}",
        f"/api/video/{video.id}/playlist/{name.rpartition('/')[2]}",
    )
    return {
        **asked,
        "queryStringParameters": {"grant": grant},
        "multiValueQueryStringParameters": {"grant": [grant]},
    }
