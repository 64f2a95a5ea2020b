"""Calls to AWS, and read units of DynamoDB, of the requests that a page makes of the catalogue."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from moto import mock_aws

from chalicelib.catalogue.model import VideoId
from chalicelib.wiring import accounts, stage
from infra.local.gateway import Gateway
from tests import conftest
from tests.api.spending import measured
from tests.bench.processor import unheard
from tests.bench.rows import Row, count
from tests.browser import Browser
from tests.builders.videos import a_published_video

_VIDEOS = 200
_ADDRESS = "bench@example.com"


def rows() -> Iterator[Row]:
    from app import app

    with mock_aws(), unheard():
        conftest.make_resources()
        password = secrets.token_urlsafe(12)
        accounts.administration().ensure_admin(email=_ADDRESS, password=password)
        browser = Browser(Gateway(app))
        browser.post("/login/", {"email": _ADDRESS, "password": password})
        spent = list(_spent(browser, _filled_catalogue()))
    yield from spent


def _spent(browser: Browser, video: VideoId) -> Iterator[Row]:
    # Of each the calls, and the units, that it may make.
    requests = {
        "list": ("/video/?limit=20", 0),
        "filtered": ("/video/?category=drama&rating_max=12", 0),
        "detail": (f"/video/{video}/", 0),
        "similar": (f"/video/{video}/similar/", 0),
        "search": ("/search/?q=title", 0),
        "people": ("/people/?q=a", 0),
        "categories": ("/categories/?counts=true", 0),
        # The progress and the watchlist of the profile.
        "home": ("/home/", 2),
    }
    for name, (path, most) in requests.items():
        browser.get(path)  # polls the catalogue
        with measured() as spending:
            answer = browser.get(path)
        if answer.status != HTTPStatus.OK:
            raise SystemExit(f"{path}: {answer.status}")
        yield count(f"catalogue.calls.{name}", spending.calls.total(), most)
        yield count(f"catalogue.read_units.{name}", spending.read_units, most)


def _filled_catalogue() -> VideoId:
    began = datetime.now(UTC) - timedelta(days=1)
    videos = [
        a_published_video(began + timedelta(minutes=number), f"Title {number}")
        for number in range(_VIDEOS)
    ]
    for each in videos:
        stage.videos().add(each)
    return videos[0].id
