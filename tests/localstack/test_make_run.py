"""`AWS_EMULATOR=localstack make run` on a LocalStack that runs already: sign-up to playback."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from tests.browser import Browser
from tests.builders.playlists import urls_in
from tests.integration.supervised import LocalRun, Run
from tests.integration.uploading import SentInParts
from tests.integration.videos import Site, make_clip
from tests.integration.wire import Wire, link, mails
from tests.localstack import tables
from tests.localstack.conftest import require_installed, started

pytestmark = pytest.mark.story

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
NO_CLOUDFRONT = "It has no cloudfront: pages and media come from the local edge"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A LocalStack that has tables."""
    require_installed()
    folder = tmp_path_factory.mktemp("whole")
    tables.install(folder)
    with started(folder) as url:
        yield url


def run_on(url: str, data: Path, *, workers: str = "0", sample: str = "0") -> LocalRun:
    return LocalRun.at(
        data,
        AWS_EMULATOR="localstack",
        LOCALSTACK_HOST=urlsplit(url).netloc,
        WORKERS=workers,
        SAMPLE_FILM=sample,
    )


@pytest.fixture(scope="module")
def local_run(whole: str, tmp_path_factory: pytest.TempPathFactory) -> LocalRun:
    return run_on(whole, tmp_path_factory.mktemp("run") / "data", workers="1", sample="1")


@pytest.fixture(scope="module")
def run(local_run: LocalRun) -> Iterator[Run]:
    with local_run.running() as run:
        yield run


def signs_in(run: Run) -> bool:
    sent = {"email": EMAIL, "password": PASSWORD}
    return Browser(Wire(run)).post("/login/", sent).status == 200


def test_it_says_what_it_uses_and_what_that_lacks(run: Run, whole: str) -> None:
    assert f"LocalStack at {whole} (4.14.0) is used" in run.output
    assert NO_CLOUDFRONT in run.output
    assert run.output.index("It has no ecs") < run.output.index("ready in")


def test_no_emulator_is_started_beside_it(run: Run) -> None:
    assert run.pids_of("infra.local.pump")
    assert not run.pids_of("infra.local.lifeline")


def test_a_newcomer_signs_up_and_in(run: Run) -> None:
    browser = Browser(Wire(run))
    sent = {"email": EMAIL, "password": PASSWORD, "confirmed_password": PASSWORD}
    assert browser.post("/register/", sent).status == 201
    uid, token = link(mails(run, EMAIL)[0])
    assert browser.get(f"/activate/{uid}/{token}/").status == 200
    assert signs_in(run)


def test_a_source_sent_in_parts_is_encoded_and_plays(run: Run, tmp_path: Path) -> None:
    site = Site(run, patience_seconds=400)
    content = make_clip(tmp_path / "film.mp4", seconds=4).read_bytes()
    sent = SentInParts.begun(site.admin, content, "Sent.mp4")
    sent.send(sent.numbers)
    video = sent.complete()
    assert site.finished(video)["conversion_status"] == "completed"
    site.publish(video)
    address = f"/video/{video}/480p/index.m3u8"
    master = site.admin.get(address).body.decode()
    media = urljoin(f"{run.settings.edge_url}/api{address}", urls_in(master)[0])
    playlist = httpx.get(media, trust_env=False).text
    assert playlist.endswith("#EXT-X-ENDLIST\n")
    url = urljoin(media, urls_in(playlist)[0])
    segment = httpx.get(url, trust_env=False)
    assert segment.status_code == 200
    assert segment.content[4:8] in (b"ftyp", b"styp", b"moof")
    assert httpx.get(url.split("?")[0], trust_env=False).status_code == 403


def test_the_next_start_finds_everything_again_while_localstack_runs(
    local_run: LocalRun, run: Run
) -> None:
    before = titles(run)
    assert {"Sent", "Your first film"} <= set(before)
    assert run.end() == 0
    with local_run.running() as again:
        assert signs_in(again)
        assert titles(again) == before


def titles(run: Run) -> list[str]:
    listed = Site(run).admin.get("/video/?include=drafts&text=plain").json
    return sorted(each["title"] for each in listed)


def test_a_localstack_without_what_is_needed_is_refused_with_what_that_means(
    tmp_path: Path,
) -> None:
    require_installed()
    folder = tmp_path / "poor"
    folder.mkdir()
    services = "cloudformation,iam,s3,secretsmanager,ses,sqs"
    with (
        started(folder, SERVICES=services, STRICT_SERVICE_LOADING="1") as url,
        run_on(url, tmp_path / "data").started() as run,
    ):
        assert run.process.wait(60) == 1
        assert f"LocalStack at {url} lacks what cannot be done without: " in run.output
        assert "without dynamodb, accounts and videos have no tables" in run.output
        assert "without stepfunctions, nothing is encoded" in run.output
        assert "without s3" not in run.output
