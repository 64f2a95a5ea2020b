"""Dumps of real Django projects of each family are imported, and their accounts sign in."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from chalicelib.catalogue.model import VideoId
from chalicelib.wiring import accounts, stage
from infra.local.gateway import Gateway
from infra.root import ROOT
from infra.transfer import stage as transferred
from infra.transfer.__main__ import main
from tests.api.conftest import sign_in
from tests.browser import Browser
from tests.builders.dumps import PASSWORD, a_media_folder
from tests.dialects.record import environment_in

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
def dump(
    request: pytest.FixtureRequest, python: str, options: tuple[str, ...], tmp_path: Path
) -> Path:
    """The dump of a project with data."""
    dump = tmp_path / "dump.json"
    program = [python, "-m", "tests.dialects.originals.dumping", request.param, str(dump), *options]
    subprocess.run(program, cwd=ROOT, check=True)
    return dump


@pytest.fixture
def report(
    dump: Path,
    gateway: Gateway,  # noqa: ARG001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Any:
    """The report of its import."""
    monkeypatch.setattr(transferred, "enter", lambda _: None)
    media = a_media_folder(tmp_path, FILE)
    main(["import-django", str(dump), "--media", str(media), "--json"])
    return json.loads(capsys.readouterr().out)


def test_a_dump_of_a_real_project_is_imported(
    report: Any, options: tuple[str, ...], gateway: Gateway
) -> None:
    unverified = report["counts"]["accounts"].get("of them pending", 0)
    assert report["counts"]["accounts"]["imported"] == 5 + unverified
    assert report["counts"]["videos"] == {"imported": 1, "sent to be encoded": 1}
    reset = "Without a password that can be checked here: it has to be reset"
    assert [each["reason"] for each in report["problems"]] == [reset]
    assert report["not_mapped"] == []
    stored = {each.email: each for each in accounts.account_store().newest(limit=9)}
    assert [email for email, each in stored.items() if each.is_admin] == ["root@example.com"]
    assert stored["ada@example.com"].first_name == "Ada"
    [video] = [each for each in stage.changes().since(None).videos.values() if each]
    assert (video.card.title, video.card.description) == ("Metropolis", "Ä city.")
    assert (video.card.category, video.is_published) == ("Drama", True)
    # Videos have no natural key, so their primary key is always in the dump.
    assert video.id == VideoId(1)
    if not options:  # the hashes are the same, and slow to check
        require_sign_ins(gateway)


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
