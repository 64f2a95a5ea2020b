"""A source that replaces another on a running site: who watches goes on, and then files go."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import m3u8
import pytest

from chalicelib.adapters.dynamodb.catalogue_tables import CatalogueItem
from chalicelib.adapters.dynamodb.change_log import DynamoChangeLog
from chalicelib.adapters.state_machine import StepFunctionsPipeline
from chalicelib.adapters.uploads_bucket import S3Uploads
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.encoding.clean_up import CleanUp
from chalicelib.encoding.control import EncodeControl
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.removal import MediaRemoval
from chalicelib.playback.grants import PAUSES, life_of
from chalicelib.wiring import stores
from tests.fakes.catalogue_copies import InMemoryCopies
from tests.fakes.clock import HandClock
from tests.fakes.edge import RememberingEdge
from tests.integration.supervised import LocalRun, held
from tests.integration.videos import CATALOGUE, Site, make_clip

OLD_SECONDS, NEW_SECONDS = 9, 5


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with LocalRun.at(tmp_path / "data", WORKERS="1").running() as run:
        yield Site(run)


def clean_up_of(site: Site, clock: HandClock) -> CleanUp:
    """Return the clean-up of the site, by another clock."""
    clients = {name: site.run.client(name) for name in ("s3", "stepfunctions")}
    [machine] = clients["stepfunctions"].list_state_machines()["stateMachines"]
    table = stores.catalogue_table(CATALOGUE)
    media = stores.media(lambda: clients["s3"], site.buckets["media"])
    videos, encodes = stores.videos(table, clock), stores.encodes(table, clock)
    control = EncodeControl(
        updates=stores.updates(table, media, clock),
        videos=videos,
        encodes=encodes,
        pipeline=StepFunctionsPipeline(
            lambda: clients["stepfunctions"], machine["stateMachineArn"]
        ),
        media=media,
        sources=S3Uploads(lambda: clients["s3"], site.buckets["uploads"]),
        clock=clock,
    )
    changes, pictures = DynamoChangeLog(table, clock), Pictures(media, videos)
    return CleanUp(
        catalogue=CatalogueCache(changes, InMemoryCopies(), clock),
        changes=changes,
        videos=videos,
        encodes=encodes,
        media=media,
        control=control,
        removal=MediaRemoval(videos, media, RememberingEdge(), pictures, control, clock),
        pictures=pictures,
        clock=clock,
        life_of_grants=life_of,
    )


def media_playlist(site: Site, video: int) -> str:
    """Return the path of a media playlist, with the grant of who opens the video now."""
    answer = site.admin.get(f"/video/{video}/master.m3u8")
    assert answer.status == 200, answer
    return f"/video/{video}/{m3u8.loads(answer.body.decode()).playlists[0].uri}"


def play(site: Site, path: str, *, revision: int) -> float:
    """Fetch all of a playlist, which must be of this revision; return how long it is."""
    playlist = m3u8.loads(site.admin.get(path).body.decode())
    assert playlist.is_endlist
    for segment in playlist.segments:
        assert f"/{revision}/video/" in segment.uri
        assert httpx.get(segment.uri, trust_env=False).status_code == 200
    return float(sum(segment.duration for segment in playlist.segments))


def replacement(site: Site, video: int) -> Any:
    return site.admin.get(f"/video/{video}/?include=drafts").json["replacement"]


def published(site: Site, folder: Path) -> int:
    """A video whose source and subtitles were dropped, and of which a viewer has watched 4 s."""
    site.drop(b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", "Drama/Storm.en.srt")
    site.drop(make_clip(folder / "old.mp4", seconds=OLD_SECONDS), "Drama/Storm.mp4")
    video = int(site.finished(site.title("Storm")["id"])["id"])
    site.publish(video)
    position = {"video": video, "position": 4, "duration": OLD_SECONDS}
    site.until(lambda: site.admin.post("/progress/", position).status == 201, "not published")
    return video


def replace(site: Site, video: int, source: Path, old: str) -> None:
    """Replace its source; nothing changes for viewers until a worker has encoded it."""
    with held(site.run):
        sent = subprocess.run(
            [sys.executable, "-m", "infra.local.replace", str(video), str(source)],
            env=dict(site.run.settings.variables),
            capture_output=True,
            text=True,
            check=False,
        )
        assert f"replaces the source of video {video}." in sent.stdout, sent.stderr
        site.until(lambda: replacement(site, video), "no replacement is under way")
        for path in (old, media_playlist(site, video)):
            assert play(site, path, revision=1) == pytest.approx(OLD_SECONDS, abs=0.1)
        assert site.admin.get(f"/video/{video}/").json["duration"] == OLD_SECONDS
    site.until(lambda: not replacement(site, video), "the video has not switched")


def require_switched(site: Site, video: int, old: str) -> None:
    """Require new media with their pictures for who opens it now, and old ones for the others."""

    def switched() -> Any:
        listed = site.admin.get(f"/video/{video}/").json
        return listed["duration"] == NEW_SECONDS and listed

    hero = site.until(switched, "viewers get the old media")["hero_url"]
    assert f"/{video}/2/" in hero
    assert httpx.get(hero, trust_env=False).status_code == 200
    assert play(site, old, revision=1) == pytest.approx(OLD_SECONDS, abs=0.1)
    new = media_playlist(site, video)
    assert play(site, new, revision=2) == pytest.approx(NEW_SECONDS, abs=0.1)
    assert b"TYPE=SUBTITLES" in site.admin.get(f"/video/{video}/master.m3u8").body
    assert site.admin.get(f"/progress/?video={video}").json["position"] == 4


def test_viewers_watch_the_old_media_until_they_end_and_then_their_files_go(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = published(site, tmp_path)
    old = media_playlist(site, video)
    better = make_clip(tmp_path / "new.mp4", seconds=NEW_SECONDS, size="426x240")
    replace(site, video, better, old)
    clock = HandClock()
    require_switched(site, video, old)
    monkeypatch.setenv("AWS_ENDPOINT_URL", site.run.aws_url)
    # Kept by the name of the table, whatever AWS an earlier test had.
    monkeypatch.setattr(CatalogueItem, "_connection", None)
    clean_up = clean_up_of(site, clock)
    clock.advance(seconds=PAUSES.total_seconds())
    clean_up.run()
    assert site.objects(f"media/{video}/1/")
    assert clean_up.control.sources.find("inbox/Drama/Storm.mp4") is None
    clock.advance(hours=1)
    clean_up.run()
    for kind in ("media", "images"):
        assert site.objects(f"{kind}/{video}/1/") == {}
        assert site.objects(f"{kind}/{video}/2/") != {}
    assert play(site, media_playlist(site, video), revision=2) > 0
