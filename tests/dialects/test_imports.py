"""Dumps of real Django projects are imported: accounts sign in, and positions are resumed."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.catalogue.model import CompleteMedia, VideoId
from chalicelib.catalogue.ports import merged
from chalicelib.viewing.model import DEFAULT_PROFILE
from chalicelib.wiring import accounts, stage, viewing
from infra.local.gateway import Gateway
from infra.root import ROOT
from infra.transfer import stage as transferred
from infra.transfer.__main__ import main
from tests.api.conftest import sign_in
from tests.browser import Browser
from tests.builders.dumps import PASSWORD, a_media_folder
from tests.dialects.record import environment_in
from tests.fakes.clock import HandClock

PROJECTS = ("official", "authemail", "djoser")
NATURAL = ("--natural-foreign", "--natural-primary", "--indent", "2")
FILE = "videos/metropolis.mp4"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Python of a temporary environment with Django and the original packages."""
    try:
        return environment_in(tmp_path_factory.mktemp("originals") / "venv")
    except subprocess.CalledProcessError:
        pytest.skip("Django cannot be installed: no package registry can be reached")


@pytest.fixture(params=[(), NATURAL], ids=["primary keys", "natural keys"])
def options(request: pytest.FixtureRequest) -> tuple[str, ...]:
    chosen: tuple[str, ...] = request.param
    return chosen


@pytest.fixture(params=PROJECTS)
def project(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture
def dump(project: str, python: str, options: tuple[str, ...], tmp_path: Path) -> Path:
    """The dump of a project with data."""
    dump = tmp_path / "dump.json"
    program = [python, "-m", "tests.dialects.originals.dumping", project, str(dump), *options]
    subprocess.run(program, cwd=ROOT, check=True)
    return dump


@pytest.fixture
def report(
    dump: Path,
    gateway: Gateway,  # noqa: ARG001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    clock: HandClock,
) -> Any:
    """The report of its import, on the day of its dump."""
    clock.advance(seconds=(datetime.now(UTC) - clock.now()).total_seconds())
    monkeypatch.setattr(transferred, "enter", lambda _: None)
    media = a_media_folder(tmp_path, FILE)
    main(["import-django", str(dump), "--media", str(media), "--json"])
    return json.loads(capsys.readouterr().out)


def test_a_dump_of_a_real_project_is_imported(
    report: Any, project: str, options: tuple[str, ...], gateway: Gateway, clock: HandClock
) -> None:
    unverified = report["counts"]["accounts"].get("of them pending", 0)
    assert report["counts"]["accounts"]["imported"] == 5 + unverified
    assert report["counts"]["videos"] == {"imported": 1, "sent to be encoded": 1}
    reset = "Without a password that can be checked here: it has to be reset"
    # A project that verifies addresses says that of all of its inactive users.
    undecided = [] if project == "authemail" else ["Inactive, and never signed in"]
    reasons = [each["reason"].partition(":")[0] for each in report["problems"]]
    assert reasons == [*undecided, reset.partition(":")[0]]
    assert report["not_mapped"] == []
    stored = {each.email: each for each in accounts.account_store().newest(limit=9)}
    assert [email for email, each in stored.items() if each.is_admin] == ["root@example.com"]
    assert stored["ada@example.com"].first_name == "Ada"
    [video] = [each for each in merged(stage.changes().everything()).videos.values() if each]
    assert (video.card.title, video.card.description) == ("Metropolis", "Ä city.")
    assert (video.card.category, video.is_published) == ("Drama", True)
    # Videos have no natural key, so their primary key is always in the dump.
    assert video.id == VideoId(1)
    require_positions(report, project, clock)
    if not options:  # the hashes are the same, and slow to check
        require_sign_ins(gateway)
        require_resumed(Browser(gateway), project)


def require_positions(report: Any, project: str, clock: HandClock) -> None:
    """Ada is in the middle, and Grace at the end, if her project says so."""
    is_closed = project != "official"
    assert report["counts"]["progress"] == {"imported": 1 + is_closed}
    revision = stage.videos().begin_encode(VideoId(1))
    stage.videos().complete(VideoId(1), CompleteMedia(revision, 20, (720,)))
    clock.advance(seconds=3)
    for email, is_finished in (("ada@example.com", False), ("grace@example.com", True)):
        account = accounts.account_store().by_email(email)
        assert account
        entries = viewing.tracking().history(account.id, DEFAULT_PROFILE, limit=9).entries
        finished = [viewing.continue_rule().is_finished(each) for each in entries]
        assert finished == [is_finished] * (not is_finished or is_closed)


def require_resumed(ada: Browser, project: str) -> None:
    """A position that was saved there is resumed here, as a client of the project asks for it."""
    path = SIGNED_IN[project](ada)
    assert ada.get(path).json == {"position": 12.5, "duration": 20}
    [continued] = ada.get("/continue-watching/").json["results"]
    assert (continued["video"], continued["position"]) == (1, 12.5)
    assert not continued["finished"]


def as_official(browser: Browser) -> str:
    assert sign_in(browser, "ada@example.com").status == 200
    return "/progress/?video=1"


def as_authemail(browser: Browser) -> str:
    token = browser.post("/accounts/login/", CREDENTIALS).json["token"]
    browser.headers["authorization"] = f"Token {token}"
    return "/progress/?video=1"


def as_djoser(browser: Browser) -> str:
    access = browser.post("/auth/jwt/create/", CREDENTIALS).json["access"]
    browser.headers["authorization"] = f"Bearer {access}"
    return "/progress/get_progress?video=1"


CREDENTIALS = {"email": "ada@example.com", "password": PASSWORD}
SIGNED_IN = {"official": as_official, "authemail": as_authemail, "djoser": as_djoser}


def require_sign_ins(gateway: Gateway) -> None:
    for email, password, status in (
        ("ada@example.com", PASSWORD, 200),
        ("ada@example.com", "another password", 400),
        ("Grace@example.com", PASSWORD, 200),
        ("banned@example.com", PASSWORD, 400),
        ("unusable@example.com", PASSWORD, 400),
        ("unverified@example.com", PASSWORD, 400),
    ):
        assert sign_in(Browser(gateway), email, password).status == status, email
