"""What viewers may no longer see leaves the edge: real processes, real HTTP, a real bucket."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from chalicelib.adapters.dynamodb.attributes import stamp
from chalicelib.adapters.media_signer import CloudFrontSigner, media_signing_key
from tests.browser import Browser
from tests.integration.supervised import PASSWORD, Run
from tests.integration.wire import Wire

MEDIA = "videoflix-media-000000000000"
_PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Site:
    run: Run
    admin: Browser

    def video(self, title: str, *, keeps_pictures: bool = True) -> int:
        """A published video as the pipeline leaves it; or an earlier version of the pipeline."""
        made = self.admin.post("/video/", {"title": title, "is_published": True})
        number = int(made.json["id"])
        s3 = self.run.client("s3")
        keys = [f"media/{number}/1/video/720p/00000.m4s", f"images/{number}/1/hero.jpg"]
        keys += [f"media/{number}/1/pictures/hero.jpg"] if keeps_pictures else []
        for key in keys:
            s3.put_object(Bucket=MEDIA, Key=key, Body=title.encode(), ContentType="image/jpeg")
        self._show(number, keeps_pictures=keeps_pictures)
        return number

    def url(self, path: str) -> str:
        return f"{self.run.settings.edge_url}/{path}"

    def signed(self, number: int, name: str) -> str:
        text = self.run.client("secretsmanager").get_secret_value(SecretId="videoflix/media-keys")
        signer = CloudFrontSigner(
            self.run.settings.edge_url, lambda: media_signing_key(text["SecretString"])
        )
        folder = f"media/{number}/1/"
        until = datetime.now(UTC) + timedelta(hours=1)
        return self.url(f"{folder}{name}?{signer.query(folder, expires_at=until)}")

    def listed(self, number: int) -> Any:
        return self.admin.get(f"/video/{number}/?include=drafts").json

    def _show(self, number: int, *, keeps_pictures: bool) -> None:
        values: dict[str, Any] = {
            "conversion_revision": {"N": "1"},
            "conversion_status": {"S": "completed"},
            "conversion_percent": {"N": "100"},
            "shown_revision": {"N": "1"},
            "shown_seconds": {"N": "6"},
            "shown_heights": {"S": "[720]"},
            "shown_mp4_name": {"S": ""},
            "changed_at": {"S": stamp(datetime.now(UTC))},
            **({"shown_keeps_pictures": {"BOOL": True}} if keeps_pictures else {}),
        }
        self.run.client("dynamodb").update_item(
            TableName="videoflix-catalogue",
            Key={"pk": {"S": f"VIDEO#{number}"}, "sk": {"S": "META"}},
            UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in values),
            ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
        )


@pytest.fixture(scope="module")
def site(running: Run) -> Site:
    admin = Browser(Wire(running))
    sent = {"email": running.settings.administrator_email, "password": PASSWORD}
    assert admin.post("/login/", sent).status == 200
    return Site(running, admin)


def status(url: str) -> int:
    return httpx.get(url).status_code


def wait_for(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not happens():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.2)


def test_a_deleted_video_leaves_the_edge_and_the_store(site: Site) -> None:
    number, other = site.video("Metropolis"), site.video("Nosferatu")
    picture, kept = (site.url(f"images/{each}/1/hero.jpg") for each in (number, other))
    segment = site.signed(number, "video/720p/00000.m4s")
    assert [status(url) for url in (picture, segment, kept)] == [200, 200, 200]
    assert site.admin.delete(f"/video/{number}/").status == 200
    wait_for(lambda: status(picture) == 404 and status(segment) == 404)
    assert status(kept) == 200
    s3 = site.run.client("s3")
    for kind in ("media", "images"):
        listed = s3.list_objects_v2(Bucket=MEDIA, Prefix=f"{kind}/{number}/")
        assert listed.get("KeyCount", 0) == 0
    wait_for(lambda: not s3.list_objects_v2(Bucket=MEDIA, Prefix="withdrawals/").get("KeyCount"))
    wait_for(lambda: not s3.list_objects_v2(Bucket=MEDIA, Prefix="invalidations/").get("KeyCount"))


@pytest.mark.parametrize("keeps_pictures", [True, False], ids=["today", "earlier version"])
def test_pictures_are_public_exactly_as_long_as_viewers_may_see_the_video(
    site: Site, *, keeps_pictures: bool
) -> None:
    number = site.video("Metropolis", keeps_pictures=keeps_pictures)
    picture = site.url(f"images/{number}/1/hero.jpg")
    answer = httpx.get(picture)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=3600")
    assert site.admin.patch(f"/video/{number}/", {"is_published": False}).status == 200
    wait_for(lambda: status(picture) == 404)
    wait_for(lambda: "Policy=" in site.listed(number)["hero_url"])
    private = site.listed(number)["hero_url"]
    assert httpx.get(private).text == "Metropolis"
    assert status(private.partition("?")[0]) == 403
    assert site.admin.patch(f"/video/{number}/", {"is_published": True}).status == 200
    assert site.listed(number)["hero_url"] == picture
    wait_for(lambda: status(picture) == 200)
