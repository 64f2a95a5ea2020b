"""What a request costs the processor, warm, in process, beside a Chalice app that does nothing."""

import contextlib
import os
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from chalice.app import Chalice
from chalice.local import LambdaContext
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from moto import mock_aws

from chalicelib import bootstrap
from chalicelib.catalogue.model import Shown, Video
from chalicelib.transcoding.model import Encode, Source
from infra.local.gateway import Gateway
from infra.local.media_keys import fresh_pair
from tests import conftest
from tests.bench.rows import Row
from tests.browser import Browser
from tests.samples import a_film, a_video
from tests.unit.playback.assets import asset

_ROUNDS = 7
_CALLS = 60
_TITLES = 200
_TWO_HOURS = 7200
_SEGMENTS = 1200
_ADDRESS = "bench@example.com"
_LINE = "#EXTINF:6.000000,\nhttps://media.example/media/1/1/video/720p/00000.m4s?" + "q" * 387

Event = dict[str, Any]


def rows() -> Iterator[Row]:
    from app import app

    with mock_aws(), _unheard():
        conftest.make_resources()
        password = secrets.token_urlsafe(12)
        bootstrap.administration().ensure_admin(email=_ADDRESS, password=password)
        browser = Browser(Gateway(app))
        browser.post("/login/", {"email": _ADDRESS, "password": password})
        film = _filled_catalogue()
        measured = list(_measured(app, browser, film))
    yield from measured


def _measured(app: Chalice, browser: Browser, film: Video) -> Iterator[Row]:
    empty = Chalice("empty")
    empty.route("/")(dict)
    nothing = _seconds(lambda: empty(_event("/", "/"), _CONTEXT))
    cookie = {"cookie": f"access_token={browser.cookies['access_token']}"}
    etag = {"if-none-match": browser.get("/video/").headers["etag"]}
    requests = {
        "list.cpu": (6, _event("/api/video", "/api/video", **cookie)),
        "list304.cpu": (5, _event("/api/video", "/api/video", **cookie, **etag)),
        "detail.cpu": (8, _event("/api/video/{video_id}", f"/api/video/{film.id}", **cookie)),
    }
    for name, (goal, event) in requests.items():
        seconds = _seconds(lambda event=event: app(dict(event), _CONTEXT))  # type: ignore[misc]
        yield Row(name, seconds, nothing, goal, unit="s")
    playlist = _playlist(browser, film)
    yield Row(
        "playlist.cpu",
        _seconds(lambda: app(dict(playlist), _CONTEXT)),
        _seconds(_joined_and_signed),
        3,
        unit="s",
    )


_CONTEXT = LambdaContext("videoflix", 512, 29_000)
_KEY = ec.generate_private_key(ec.SECP256R1())


def _joined_and_signed() -> str:
    _KEY.sign(_LINE.encode(), ec.ECDSA(SHA256()))
    return "\n".join([_LINE] * _SEGMENTS)


def _filled_catalogue() -> Video:
    boto3.client("secretsmanager").create_secret(
        Name=os.environ["MEDIA_KEYS_SECRET"], SecretString=fresh_pair()
    )
    now = datetime.now(UTC) - timedelta(days=1)
    videos, encodes = bootstrap._making().videos(), bootstrap._making().encodes()
    for number in range(_TITLES):
        videos.add(a_film(now + timedelta(minutes=number), f"Title {number}"))
    film = a_video(now)
    videos.add(film)
    videos.write(film.id, film.card, is_published=True)
    revision = videos.begin_conversion(film.id)
    made = asset(seconds=_TWO_HOURS)
    encode = encodes.begin(Encode(film.id, revision, Source("film", "etag", 1)))
    encodes.planned(encode, made, segments_per_chunk=2)
    encodes.finish(film.id, revision, made)
    videos.show(film.id, Shown(revision, _TWO_HOURS, (1080, 720, 480)))
    return film


def _playlist(browser: Browser, film: Video) -> Event:
    master = browser.get(f"/video/{film.id}/master.m3u8")
    line = next(each for each in master.body.decode().splitlines() if "video-720p" in each)
    name, _, grant = line.partition("?grant=")
    event = _event(
        "/api/video/{video_id}/playlist/{name}",
        f"/api/video/{film.id}/playlist/{name.rpartition('/')[2]}",
    )
    return {
        **event,
        "queryStringParameters": {"grant": grant},
        "multiValueQueryStringParameters": {"grant": [grant]},
    }


def _event(route: str, path: str, **headers: str) -> Event:
    """What API Gateway sends; the parts of the path that are parameters stand in the route."""
    parts = zip(route.split("/"), path.split("/"), strict=True)
    return {
        "resource": route,
        "path": path,
        "httpMethod": "GET",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {name.strip("{}"): part for name, part in parts if "{" in name} or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": route,
            "httpMethod": "GET",
            "path": path,
            "requestId": "bench",
            "identity": {"sourceIp": "198.51.100.7"},
        },
        "body": None,
        "isBase64Encoded": False,
    }


def _seconds(call: Callable[[], Any]) -> float:
    """The processor time of one call, the median of some rounds."""
    call()
    rounds = []
    for _ in range(_ROUNDS):
        started = time.process_time()
        for _ in range(_CALLS):
            call()
        rounds.append((time.process_time() - started) / _CALLS)
    return statistics.median(rounds)


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """Without this, the speed of the terminal that shows the log would be measured."""
    terminal = os.dup(1)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(terminal, 1)
        os.close(terminal)
