"""Imports into the whole app, and exports of it: accounts sign in, videos come back."""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import boto3
import pytest
from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import ClientError

from chalicelib.adapters.dynamodb import account_tables, catalogue_tables, viewing_tables
from chalicelib.catalogue.model import CompleteMedia, Revision, StaleCategory, VideoId
from chalicelib.catalogue.ports import merged
from chalicelib.catalogue.poster import PosterId
from chalicelib.encoding.model import Encode, Source
from chalicelib.language import Language
from chalicelib.wiring import accounts, catalogue, stores, viewing
from chalicelib.wiring import stage as wired
from infra.local.gateway import Gateway
from infra.terminal import Refusal
from infra.transfer import stage
from infra.transfer.__main__ import exit_of, main
from infra.transfer.exporting import StageExport
from infra.transfer.source_files import BucketFiles
from tests.api.conftest import sign_in
from tests.api.encoder import Encoder
from tests.browser import Browser
from tests.builders.dumps import (
    DJANGO_HASH,
    a_category_row,
    a_dump,
    a_media_folder,
    a_progress_row,
    a_user,
    a_video_row,
)
from tests.builders.videos import a_video
from tests.conftest import forget_wiring
from tests.fakes.clock import HandClock

FILE = "videos/metropolis.mp4"
ADA, GRACE, MALLORY = "ada@example.com", "grace@example.com", "mallory@example.com"
ROWS = [
    a_user(1, ADA, is_staff=True),
    a_user(2, GRACE),
    a_user(3, MALLORY, is_active=False),
    a_category_row(3, "Comedy"),
    a_video_row(7, category=3),
    a_video_row(8, "Faust", video_file=""),
]


ENTER = stage.enter


@pytest.fixture(autouse=True)
def _entered(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    monkeypatch.setattr(stage, "enter", lambda _: None)


@pytest.fixture
def dump(tmp_path: Path) -> list[str]:
    media = a_media_folder(tmp_path, FILE)
    return ["import-django", str(a_dump(tmp_path, ROWS)), "--media", str(media)]


def objects(bucket: str) -> set[str]:
    listed = boto3.client("s3").list_objects_v2(Bucket=os.environ[bucket])
    return {each["Key"] for each in listed.get("Contents", [])}


def test_imported_accounts_sign_in_with_their_password(dump: list[str], gateway: Gateway) -> None:
    assert main(dump) == 3  # one video has no file
    browser = Browser(gateway)
    assert sign_in(browser, ADA).status == 200
    assert browser.get("/admin/accounts/").status == 200
    assert sign_in(browser, GRACE, "another password").status == 400
    assert sign_in(browser, GRACE.upper()).status == 200
    assert browser.get("/admin/accounts/").status == 403
    assert sign_in(browser, MALLORY).status == 400


def hash_of(email: str) -> str:
    account = accounts.account_store().by_email(email)
    return account.password_hash if account else ""


def test_a_hash_of_django_is_replaced_at_the_next_sign_in(
    dump: list[str], gateway: Gateway
) -> None:
    main(dump)
    assert (hash_of(ADA), hash_of(GRACE)) == (DJANGO_HASH, DJANGO_HASH)
    assert sign_in(Browser(gateway), ADA).status == 200
    assert hash_of(ADA).startswith("$argon2id$")


def test_a_dry_run_writes_nothing(dump: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*dump, "--dry-run", "--json"]) == 3
    report = json.loads(capsys.readouterr().out)
    assert report["counts"]["accounts"]["imported"] == 3
    assert report["counts"]["videos"] == {"imported": 2, "sent to be encoded": 1}
    assert accounts.account_store().newest(limit=9) == []
    assert merged(wired.changes().everything()).videos == {}
    assert objects("UPLOADS_BUCKET") == set()


def test_a_report_names_what_a_terminal_would_obey(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    dump = a_dump(tmp_path, [{"model": "shop.\ud800\x1b[2J", "pk": 1, "fields": {}}])
    for mode in ([], ["--json"]):
        assert main(["import-django", str(dump), *mode]) == 3
        assert "shop.\\ud800\\u001b[2J" in capfd.readouterr().out


def test_each_command_says_first_which_site_it_is_about(
    dump: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = (
        f"the local site at AWS, region {os.environ['AWS_DEFAULT_REGION']}, "
        f"table {os.environ['ACCOUNTS_TABLE']}, bucket {os.environ['UPLOADS_BUCKET']}\n"
    )
    folder = str(tmp_path / "export")
    for command, doing in (
        (dump, "Importing into"),
        (["export", folder], "Exporting from"),
        (["import", folder], "Importing into"),
    ):
        main([*command, "--json"])
        said = capsys.readouterr()
        assert said.err == f"{doing} {site}"
        assert json.loads(said.out)
    with pytest.raises(Refusal, match="holds no export"):
        main(["import", str(tmp_path)])
    assert capsys.readouterr().err == f"Importing into {site}"


def test_a_dry_run_says_into_which_site_it_does_not_write(
    dump: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_PORT", "4567")
    main([*dump, "--dry-run"])
    assert capsys.readouterr().err == (
        "Dry run: nothing is written into the local site at http://127.0.0.1:4567, "
        "region eu-central-1, table videoflix-accounts\n"
    )
    with pytest.raises(Refusal, match="There is no stage 'test'"):
        main([*dump, "--dry-run", "--stage", "test"])


def test_the_original_is_sent_once(dump: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main(dump)
    [key] = objects("UPLOADS_BUCKET")
    assert key.startswith("uploads/7/")
    capsys.readouterr()
    main([*dump, "--json"])
    report = json.loads(capsys.readouterr().out)
    unchanged = "here already, and unchanged"
    assert report["counts"] == {
        "categories": {unchanged: 2},
        "accounts": {unchanged: 3},
        "videos": {unchanged: 2, "of them still without a file": 1},
    }


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("none.json", None, "There is no file"),
        ("dump.json", "<html>", "dump.json, line 1: expected JSON"),
        ("dump.json", '[\n{"model": "auth.user"}]', "dump.json, line 2: expected an object"),
    ],
)
def test_what_is_no_dump_is_refused(
    tmp_path: Path, name: str, content: str | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(Refusal, match=reason):
        main(["import-django", str(tmp_path / name)])


def test_a_folder_of_media_has_to_exist(dump: list[str], tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="There is no folder"):
        main([*dump[:2], "--media", str(tmp_path / "none")])


def test_a_mapping_names_other_models(tmp_path: Path, gateway: Gateway) -> None:
    (mapping := tmp_path / "mapping.toml").write_text(
        '[users]\nmodels = "shop.member"\nfields.email = "mail"\n'
    )
    member = {"model": "shop.member", "pk": 1, "fields": {"mail": ADA, "password": DJANGO_HASH}}
    dump = a_dump(tmp_path, [member])
    assert main(["import-django", str(dump), "--mapping", str(mapping)]) == 0
    assert sign_in(Browser(gateway), ADA).status == 200


def contents() -> tuple[Any, ...]:
    """What a stage holds, without the times of changes and without encodes."""
    entries = merged(wired.changes().everything())
    videos = [each for each in entries.videos.values() if each]
    return (
        [vars_of(each) for each in accounts.account_store().newest(limit=99)],
        {each.id: (each.card, each.is_published, each.created_at) for each in videos},
        {
            each.id: (each.name, each.slugs, each.translations)
            for each in entries.categories.values()
            if each
        },
    )


def vars_of(account: Any) -> dict[str, Any]:
    kept = set(account.__slots__) - {"revision", "session_epoch"}
    return {name: getattr(account, name) for name in kept}


def empty_the_stage() -> None:
    for table in (
        account_tables.AccountItem,
        catalogue_tables.CatalogueItem,
        viewing_tables.ProgressItem,
    ):
        table.delete_table()
        table.create_table(billing_mode="PAY_PER_REQUEST")
    for bucket in ("UPLOADS_BUCKET", "MEDIA_BUCKET"):
        for key in objects(bucket):
            boto3.client("s3").delete_object(Bucket=os.environ[bucket], Key=key)
    forget_wiring()


def test_an_export_that_is_imported_reproduces_the_stage(
    dump: list[str], encoder: Encoder, clock: HandClock, tmp_path: Path
) -> None:
    main(dump)
    s3, uploads = boto3.client("s3"), os.environ["UPLOADS_BUCKET"]
    curation = catalogue.curation()
    clock.advance(seconds=5)
    comedy = curation.cache.snapshot().names.category_called("Comedy")
    assert comedy is not None
    german = {Language.GERMAN: "Lustspiele"}
    curation.categories.rename(comedy.id, "Comedies", translations=german)
    video = encoder.video()
    original = f"uploads/{video.id}/{'0' * 32}/source.mp4"
    s3.put_object(Bucket=uploads, Key=original, Body=b"the original")
    s3.put_object(Bucket=uploads, Key=f"uploads/{video.id}/subtitles/de.vtt", Body=b"WEBVTT")
    before, folder = contents(), tmp_path / "export"
    assert main(["export", str(folder), "--media"]) == 0

    empty_the_stage()
    assert contents() == ([], {}, {})
    assert main(["import", str(folder)]) == 0
    assert contents() == before
    sent = {key for key in objects("UPLOADS_BUCKET") if key.startswith(f"uploads/{video.id}/")}
    assert len(sent) == 2
    assert f"uploads/{video.id}/subtitles/de.vtt" in sent
    clock.advance(seconds=5)
    assert main(["import", str(folder)]) == 0
    assert contents() == before


def test_a_video_of_a_removed_category_is_exported_with_the_name_that_it_has(
    dump: list[str], clock: HandClock, tmp_path: Path
) -> None:
    main(dump)
    curation = catalogue.curation()
    clock.advance(seconds=5)
    comedy = next(each for each in curation.cache.snapshot().categories if each.name == "Comedy")
    curation.categories.rename(comedy.id, "Farces")
    curation.categories.remove(comedy.id)
    assert main(["export", str(tmp_path / "export")]) == 0
    files = files_of(tmp_path / "export")
    assert [each["name"] for each in files["categories"]] == ["Drama"]
    assert {each["category"] for each in files["videos"]} == {"Farces", "Drama"}


def test_a_trailer_that_is_gone_is_not_exported(dump: list[str], tmp_path: Path) -> None:
    main(dump)
    for number, trailer in ((7, 8), (8, 404)):
        card = replace(wired.videos().get(VideoId(number)).card, trailer=VideoId(trailer))
        wired.videos().write(VideoId(number), card, is_published=False)
    main(["export", str(tmp_path / "export")])
    exported = files_of(tmp_path / "export")["videos"]
    assert {each["id"]: each["trailer"] for each in exported} == {7: 8, 8: None}


@pytest.mark.parametrize(
    "key", ["inbox/../../../evil", "inbox/a//b", f"inbox/{'x' * 256}", "inbox/film/part"]
)
def test_an_object_that_no_file_of_the_folder_can_be_is_reported(
    clock: HandClock, tmp_path: Path, key: str
) -> None:
    s3, bucket, folder = boto3.client("s3"), os.environ["UPLOADS_BUCKET"], tmp_path / "a/b/export"
    for each in ("inbox/film", key):
        s3.put_object(Bucket=bucket, Key=each, Body=b"a film")
        video = a_video(clock.now())
        clock.advance(milliseconds=5)
        wired.videos().add(video)
        revision = wired.videos().begin_encode(video.id)
        wired.encodes().begin(Encode(video.id, revision, Source(each, "e" * 32, 6)))
    assert main(["export", str(folder), "--media", "--json"]) == 3
    kept = [each for each in tmp_path.rglob("*") if each.is_file() and each.suffix != ".jsonl"]
    assert [each.read_bytes() for each in kept] == [b"a film"]
    assert len((folder / "media.jsonl").read_text("utf-8").splitlines()) == 3


def test_an_object_that_goes_meanwhile_is_reported(
    dump: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(dump)
    revision = wired.videos().begin_encode(VideoId(7))
    [key] = objects("UPLOADS_BUCKET")
    wired.encodes().begin(Encode(VideoId(7), revision, Source(key, "e" * 32, 1)))
    capsys.readouterr()
    fetch = BucketFiles.fetch

    def late(files: BucketFiles, key: str, path: Path) -> None:
        files.s3.delete_object(Bucket=files.bucket, Key=key)
        fetch(files, key, path)

    monkeypatch.setattr(BucketFiles, "fetch", late)
    assert main(["export", str(tmp_path / "export"), "--media", "--json"]) == 3
    [problem] = json.loads(capsys.readouterr().out)["problems"]
    assert problem["reason"] == "Not fetched, for it was removed meanwhile"
    assert problem["objects"] == [key]


def test_addresses_of_the_unconfirmed_are_taken_in_any_case(tmp_path: Path) -> None:
    rows = [a_user(1, ADA, is_active=False), a_user(2, GRACE, is_active=False)]
    dump = ["import-django", str(a_dump(tmp_path, rows)), "--unconfirmed"]
    with pytest.raises(Refusal, match=r"the dump does not have: x@example\.com"):
        main([*dump, "ADA@example.com, 2, X@example.com"])
    main([*dump, "ADA@example.com, 2"])
    assert all(each.is_pending for each in accounts.account_store().newest(limit=9))


AGAIN, AGAIN_INTO = "Called again, the command continues", "Export again, into another folder."
DENIED = ClientError({"Error": {"Code": "AccessDenied"}}, "PutObject")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (KeyboardInterrupt(), "Interrupted."),
        (S3UploadFailedError("no rights"), "AWS refused: no rights"),
        (DENIED, "AWS refused: An error occurred (AccessDenied)"),
        (PermissionError(13, "Permission denied", "film.mp4"), "A file cannot be used: [Errno 13]"),
        (StaleCategory("Changed meanwhile."), "The site refused: Changed meanwhile."),
    ],
)
def test_a_command_that_is_interrupted_reports_what_it_did(
    dump: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    reason: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(BucketFiles, "send", fail)
    said = exit_of([*dump, "--json"])
    assert isinstance(said, str)
    assert said.startswith(reason)
    assert AGAIN in said
    report = json.loads(capsys.readouterr().out)
    assert report["counts"]["accounts"]["imported"] == 3
    assert report["notes"] == ["The command was interrupted: this is what it did so far."]
    monkeypatch.setattr(StageExport, "_objects_of", fail)
    said = exit_of(["export", str(tmp_path / "export")])
    assert str(said).endswith(AGAIN_INTO)
    assert (
        exit_of(["import", str(tmp_path)])
        == f"{tmp_path} holds no export: there is no accounts.jsonl."
    )


COMPARED = ("accounts", "categories", "videos", "viewing", "watched")


def files_of(folder: Path) -> dict[str, list[Any]]:
    """What an export holds, without the list of media, whose keys are of uploads."""
    return {
        kind: [*map(json.loads, (folder / f"{kind}.jsonl").read_text("utf-8").splitlines()[1:])]
        for kind in COMPARED
    }


def watch(browser: Browser, video: int, clock: HandClock, path: str = "/progress/") -> None:
    clock.advance(seconds=1)
    sent = {"video": video, "position": 10.5, "duration": 20, "watched_seconds": 7.25}
    assert browser.post(path, {**sent, "codec": "av1"}).status == 201


def encode(video: int) -> None:
    revision = wired.videos().begin_encode(VideoId(video))
    wired.videos().complete(VideoId(video), CompleteMedia(revision, 20, (720,)))


PLAYBACK = """
[progress]
models = ["shop.playback"]
ignored = ["percent"]

[progress.fields]
user = "member"
video = "film"
position = "second"
duration = "length"
finished = "done"
at = "changed"
"""


def test_a_mapping_names_the_fields_of_progress(
    gateway: Gateway, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (mapping := tmp_path / "mapping.toml").write_text(PLAYBACK)
    values = {"member": 1, "film": 7, "second": "00:00:10.5", "length": 20, "percent": 52}
    closed = {"member": 1, "film": 8, "second": 3, "length": 20, "done": True}
    at = {"changed": "2023-06-07T08:09:10Z"}
    played = [{"model": "shop.playback", "fields": each | at} for each in (values, closed)]
    rows = [a_user(1, ADA), a_video_row(7), a_video_row(8, "Faust"), *played]
    main(["import-django", str(a_dump(tmp_path, rows)), "--mapping", str(mapping), "--json"])
    report = json.loads(capsys.readouterr().out)
    assert (report["counts"]["progress"], report["not_mapped"]) == ({"imported": 2}, [])
    ada = Browser(gateway)
    assert sign_in(ada, ADA).status == 200
    assert ada.get("/progress/?video=7").json == {"position": 10.5, "duration": 20}
    assert ada.get("/progress/?video=8").json == {"position": 20, "duration": 20}


@dataclass(frozen=True)
class Viewed:
    """Two videos, and the ids of two profiles, one of which has a PIN."""

    video: int
    other: int
    kids: str
    guarded: str


@pytest.fixture
def viewed(dump: list[str], encoder: Encoder, gateway: Gateway, clock: HandClock) -> Viewed:
    """What Ada watched, partly as her child, yesterday and today."""
    main(dump)
    ada, video, other = Browser(gateway), encoder.video().id, encoder.video().id
    assert sign_in(ada, ADA).status == 200
    watch(ada, video, clock)
    clock.advance(days=1)
    assert viewing.clean_up().run().settled == 1
    kids = ada.post("/profiles/", {"name": "Kids", "picture": "fox"}).json["id"]
    guarded = ada.post("/profiles/", {"name": "Ada", "pin": "1234"}).json["id"]
    watch(ada, video, clock)
    watch(ada, other, clock, f"/progress/?profile={kids}")
    assert ada.send("PUT", f"/watchlist/{other}/?profile={kids}").status == 200
    return Viewed(video, other, kids, guarded)


@pytest.mark.usefixtures("viewed")
def test_an_export_of_what_was_imported_is_the_same(tmp_path: Path) -> None:
    main(["export", str(tmp_path / "first")])
    exported = files_of(tmp_path / "first")
    [line] = exported["viewing"]
    assert (len(line["profiles"]), len(line["progress"]), len(line["watchlist"])) == (3, 2, 1)
    assert [each["seconds"] for each in exported["watched"]] == [7.25] * 3
    empty_the_stage()
    for name in ("second", "third"):
        main(["import", str(tmp_path / "first")])
        main(["export", str(tmp_path / name)])
        assert files_of(tmp_path / name) == exported


def test_viewers_continue_on_the_stage_that_imports(
    viewed: Viewed, gateway: Gateway, clock: HandClock, tmp_path: Path
) -> None:
    main(["export", str(tmp_path / "export")])
    empty_the_stage()
    main(["import", str(tmp_path / "export")])
    for video in (viewed.video, viewed.other):
        encode(video)
    clock.advance(seconds=3)
    ada = Browser(gateway)
    assert sign_in(ada, ADA).status == 200
    [continued] = ada.get("/continue-watching/").json["results"]
    assert (continued["video"], continued["position"]) == (viewed.video, 10.5)
    [listed] = ada.get(f"/watchlist/?profile={viewed.kids}").json["results"]
    assert listed["video"] == viewed.other
    assert ada.get(f"/history/?profile={viewed.guarded}").status == 403
    unlock = f"/profiles/{viewed.guarded}/unlock/"
    assert ada.post(unlock, {"pin": "4321"}).status == 400
    assert ada.post(unlock, {"pin": "1234"}).status == 200


def test_a_position_of_a_dump_is_continued_once_its_video_is_encoded(
    gateway: Gateway, clock: HandClock, tmp_path: Path
) -> None:
    row = a_progress_row(1, 7, position=10.5, duration=None)
    media = a_media_folder(tmp_path, FILE)
    rows = [row, a_user(1, ADA), a_video_row(7)]
    assert main(["import-django", str(a_dump(tmp_path, rows)), "--media", str(media)]) == 0
    ada = Browser(gateway)
    assert sign_in(ada, ADA).status == 200
    assert ada.get("/progress/?video=7").json == {"position": 10.5, "duration": 0}
    assert ada.get("/continue-watching/").json["results"] == []
    encode(7)
    clock.advance(seconds=3)
    [continued] = ada.get("/continue-watching/").json["results"]
    assert (continued["position"], continued["duration"]) == (10.5, 20)
    assert continued["at"].startswith("2023-06-07T08:09:10.111")
    assert ada.get("/progress/?video=7").json == {"position": 10.5, "duration": 20}


@pytest.mark.parametrize("has_encode", [True, False])
def test_an_export_names_the_best_file_of_a_video_without_its_original(
    encoder: Encoder, tmp_path: Path, *, has_encode: bool
) -> None:
    video = encoder.video()
    media = CompleteMedia(Revision(2), 20, (720,), mp4_name="metropolis")
    wired.videos().begin_encode(video.id)
    if has_encode:
        wired.encodes().begin(Encode(video.id, media.revision, Source("gone", "e" * 32, 1)))
    wired.videos().complete(video.id, media)
    key = f"media/{video.id}/2/mp4/metropolis.mp4"
    boto3.client("s3").put_object(Bucket=os.environ["MEDIA_BUCKET"], Key=key, Body=b"the best")
    folder = tmp_path / "export"
    main(["export", str(folder), "--media"])
    lines = (folder / "media.jsonl").read_text().splitlines()
    assert json.loads(lines[1]) == {
        "video": video.id,
        "role": "mp4",
        "bucket": "videoflix-media",
        "key": key,
        "size": 8,
        "language": "",
    }
    empty_the_stage()
    assert main(["import", str(folder)]) == 0
    [sent] = objects("UPLOADS_BUCKET")
    assert sent.endswith("/source.mp4")
    assert wired.videos().get(VideoId(video.id)).is_published


@pytest.mark.parametrize("is_kept", [True, False])
def test_an_own_poster_is_exported_as_it_was_sent_or_as_it_was_made(
    encoder: Encoder, clock: HandClock, tmp_path: Path, *, is_kept: bool
) -> None:
    video, poster = encoder.video(), PosterId(375_663_542_275_790)
    posters = stores.posters(wired.catalogue_table(), clock)
    posters.begin(video.id, poster)
    posters.complete(video.id, poster)
    sent = f"uploads/{video.id}/posters/{poster}"
    made = f"media/{video.id}/posters/{poster}/pictures/hero.jpg"
    s3 = boto3.client("s3")
    s3.put_object(Bucket=os.environ["MEDIA_BUCKET"], Key=made, Body=b"made")
    if is_kept:
        s3.put_object(Bucket=os.environ["UPLOADS_BUCKET"], Key=sent, Body=b"sent")
    folder = tmp_path / "export"
    main(["export", str(folder), "--media"])
    empty_the_stage()
    assert main(["import", str(folder)]) == 0
    [key] = objects("UPLOADS_BUCKET")
    assert key == sent
    answer = s3.get_object(Bucket=os.environ["UPLOADS_BUCKET"], Key=key)
    assert answer["Body"].read() == (b"sent" if is_kept else b"made")


def test_an_export_of_many_accounts_holds_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.transfer.exporting._ACCOUNTS_AT_ONCE", 3)
    users = [a_user(number, f"user{number}@example.com") for number in range(1, 9)]
    main(["import-django", str(a_dump(tmp_path, users))])
    main(["export", str(tmp_path / "export")])
    lines = (tmp_path / "export" / "accounts.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["id"] for line in lines[1:]) == [*range(1, 9)]


def test_a_deployed_stage_has_the_settings_of_its_function(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    role = boto3.client("iam").create_role(RoleName="handler", AssumeRolePolicyDocument="{}")
    boto3.client("lambda").create_function(
        FunctionName="videoflix-dev",
        Runtime="python3.12",
        Role=role["Role"]["Arn"],
        Handler="app.app",
        Code={"ZipFile": a_zip(tmp_path)},
        Environment={"Variables": {"ACCOUNTS_TABLE": "videoflix-dev-accounts"}},
    )
    monkeypatch.setattr(os, "environ", {**os.environ})
    with pytest.raises(Refusal, match="prod is not deployed here: make deploy STAGE=prod"):
        ENTER("prod")
    with pytest.raises(Refusal, match="There is no stage 'test'"):
        ENTER("test")
    ENTER("dev")
    assert os.environ["ACCOUNTS_TABLE"] == "videoflix-dev-accounts"


def a_zip(folder: Path) -> bytes:
    with ZipFile(folder / "code.zip", "w") as file:
        file.writestr("app.py", "")
    return (folder / "code.zip").read_bytes()
