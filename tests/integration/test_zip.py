"""What Lambda gets: it needs nothing else, compiles nothing, and is the same each time."""

import hashlib
import importlib.util
import json
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import m3u8
import pytest

from chalicelib.accounts.mail import MailKind, MailRequest
from chalicelib.adapters.dynamodb.catalogue_tables import CatalogueItem
from chalicelib.language import Language
from chalicelib.wiring import stage
from infra.deploy.build import fingerprint
from infra.deploy.dependencies import CannotInstall
from tests.api.encoder import Encoder, media_path
from tests.browser import Browser
from tests.fakes.clock import HandClock
from tests.integration import zipped
from tests.integration.supervised import PASSWORD, Run
from tests.integration.wire import link, mails
from tests.integration.zipped import Functions, ZippedGateway, environment_of
from tests.queues import event_of

LARGEST_MB = 20
ADDRESS = "zip@example.com"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zip")
    try:
        zipped.make("dev", folder, {"MAIL_SENDER": "Videoflix <noreply@videoflix.test>"})
    except CannotInstall as error:
        pytest.skip(f"needs a package index: {error}")
    return folder


@pytest.fixture(scope="module")
def package(made: Path) -> Path:
    return made / "packaged" / "deployment.zip"


@pytest.fixture(scope="module")
def functions(package: Path, running: Run, tmp_path_factory: Any) -> Iterator[Functions]:
    folder = zipped.unpacked(package, tmp_path_factory.mktemp("lambda") / "task")
    with zipped.running(folder, environment_of(running)) as functions:
        yield functions


@pytest.fixture
def browser(functions: Functions) -> Browser:
    from app import app

    return Browser(ZippedGateway(app, functions))


@pytest.fixture
def admin(browser: Browser) -> Browser:
    sent = {"email": "admin@videoflix.test", "password": PASSWORD}
    assert browser.post("/login/", sent).status == 200
    return browser


@pytest.fixture
def encoder(running: Run, monkeypatch: pytest.MonkeyPatch) -> Encoder:
    """Makes videos in the account of the run, as its pipeline would."""
    for name, value in environment_of(running).items():
        monkeypatch.setenv(name, value)
    # A connection of earlier tests of this process leads to their AWS.
    monkeypatch.setattr(CatalogueItem, "_connection", None)
    stage.settings.cache_clear()
    return Encoder(HandClock())


SCHEDULED = {
    **dict.fromkeys(("version", "account", "region", "source", "time", "id"), "x"),
    "detail": {},
    "detail-type": "Scheduled Event",
    "resources": [],
}


def test_a_newcomer_signs_up_and_in(browser: Browser, functions: Functions, running: Run) -> None:
    sent = {"email": ADDRESS, "password": PASSWORD, "confirmed_password": PASSWORD}
    assert browser.post("/register/", sent).status == 201
    uid, token = link(mails(running, ADDRESS)[0])
    assert browser.get(f"/activate/{uid}/{token}/").status == 200
    assert browser.post("/login/", sent).status == 200
    assert browser.post("/token/refresh/").status == 200
    assert browser.get("/video/").status == 200
    request = MailRequest(MailKind.PASSWORD_RESET, ADDRESS, Language("de"), "official")
    functions.call("on_mail", event_of(request.to_json()))
    assert len(mails(running, ADDRESS, at_least=2)) == 2


def test_an_upload_is_completed_and_begins_an_encode(
    admin: Browser, functions: Functions, running: Run
) -> None:
    upload = admin.post("/uploads/", {"filename": "film.mkv", "size": 3}).json
    path = f"/uploads/{upload['id']}/"
    (part,) = admin.post(f"{path}parts/", {"numbers": [1]}).json["results"]
    assert httpx.put(part["url"], content=b"abc").status_code == 200
    assert admin.post(f"{path}complete/").json["is_complete"]
    # Other tests of this run may have buckets of their own, and have left sources for the clean-up.
    s3, folder = running.client("s3"), f"uploads/{upload['video_id']}/"
    names = [each["Name"] for each in s3.list_buckets()["Buckets"] if "uploads" in each["Name"]]
    (stored,) = (
        each
        for name in names
        for each in s3.list_objects_v2(Bucket=name, Prefix=folder).get("Contents", [])
    )
    uploaded = {"object": {"key": stored["Key"], "eTag": stored["ETag"].strip('"')}}
    notice = {"Records": [{"eventName": "ObjectCreated:Put", "s3": uploaded}]}
    functions.call("on_upload", event_of(json.dumps(notice)))
    assert admin.delete(f"/video/{upload['video_id']}/").status == 200


def test_a_video_is_watched(admin: Browser, encoder: Encoder) -> None:
    video = encoder.video()
    # The functions remember the catalogue for a moment.
    while admin.get(f"/video/{video.id}/master.m3u8").status == 404:
        time.sleep(0.2)
    playlist = admin.get(media_path(admin, video)).body.decode()
    assert "Signature=" in m3u8.loads(playlist).segments[0].uri
    assert admin.delete(f"/video/{video.id}/").status == 200


def test_schedules_and_calls_are_worked_off(functions: Functions) -> None:
    functions.call("on_sweep", SCHEDULED)
    functions.call("on_key_age_check", SCHEDULED)
    functions.call("on_work_waiting", SCHEDULED)


def test_nothing_is_compiled_when_it_is_needed(functions: Functions) -> None:
    assert functions.compiled() == []


def test_all_byte_code_is_of_the_source_beside_it(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        names = set(archive.namelist())
        sources = [name for name in names if name.endswith(".py")]
        for source in sources:
            code = archive.read(importlib.util.cache_from_source(source))
            assert code[8:16] == importlib.util.source_hash(archive.read(source)), source
    assert {"app.py", "chalice/app.py", "chalicelib/wiring/stage.py"} <= set(sources)
    assert sum(name.endswith(".pyc") for name in names) == len(sources)


def test_the_zip_is_small(package: Path) -> None:
    assert package.stat().st_size / 1e6 <= LARGEST_MB


def test_every_function_has_a_role_and_a_policy_of_its_own(made: Path) -> None:
    template = json.loads((made / "packaged" / "sam.json").read_text())
    resources = template["Resources"].values()
    roles = [
        each["Properties"]["Role"]["Fn::GetAtt"][0]
        for each in resources
        if each["Type"] == "AWS::Serverless::Function"
    ]
    policies = [json.dumps(template["Resources"][role]["Properties"]["Policies"]) for role in roles]
    assert len(roles) == 7
    assert len(set(roles)) == len(set(policies)) == len(roles)
    assert "${" not in "".join(policies).replace("${AWS::", "")


def test_the_same_input_makes_the_same_bytes(
    made: Path, package: Path, tmp_path_factory: Any
) -> None:
    folder = tmp_path_factory.mktemp("of-another-name")
    again = zipped.make("dev", folder, {"MAIL_SENDER": "Videoflix <noreply@videoflix.test>"})
    digests = {hashlib.sha256(each.read_bytes()).hexdigest() for each in (package, again)}
    assert len(digests) == 1
    assert fingerprint(made / "project") == fingerprint(folder / "project")
    (folder / "project" / "app.py").write_text("")
    assert fingerprint(made / "project") != fingerprint(folder / "project")
