"""`make drop` uploads a source, and refuses if no site answers."""

import os
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import boto3
import httpx
import pytest
from moto import mock_aws

from infra.local import drop
from infra.local.settings import LocalSettings
from infra.terminal import Refusal


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Replace the environment, because the command changes it."""
    monkeypatch.setattr(os, "environ", {"PATH": os.environ["PATH"], "DATA_FOLDER": str(tmp_path)})


def test_a_missing_file_is_answered_with_the_usage(tmp_path: Path) -> None:
    with pytest.raises(
        Refusal, match=r"There is no file .*film\.mp4\. It is called as in: make drop"
    ):
        drop.main(tmp_path / "film.mp4", "")


def test_a_missing_argument_is_named() -> None:
    with pytest.raises(Refusal, match=r"^FILM is missing\. It is called as in: make drop"):
        drop.main(Path(), "")


def test_nothing_is_sent_if_no_site_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "film.mp4"
    source.write_bytes(b"film")
    os.environ["API_PORT"] = "9"

    def refuse(url: str, **_: object) -> None:
        raise httpx.ConnectError(url)

    monkeypatch.setattr(httpx, "get", refuse)
    monkeypatch.setattr(drop, "put", lambda *_, **__: pytest.fail("it was sent"))
    with pytest.raises(Refusal, match=r"No site answers at http://127\.0\.0\.1:9\."):
        drop.main(source, "")


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"stage": "other"}'])
def test_another_server_is_no_site(
    answer: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(httpx, "get", lambda *_, **__: httpx.Response(200, content=answer))
    with pytest.raises(Refusal, match="No site answers"):
        drop._require_site(LocalSettings.load(tmp_path, os.environ))


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nothing")
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="videoflix-uploads-1")
        yield


@pytest.mark.usefixtures("inbox")
def test_a_repeated_upload_is_recognized() -> None:
    for content, message in [
        (b"film", "in a moment it is a draft"),
        (b"film", "was in the inbox already, byte for byte"),
        (b"another", "in a moment it is a draft"),
    ]:
        assert message in drop.put(BytesIO(content), "Drama/Film.mp4", not_up="")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", "film.mp4"),
        ("Second/", "Second/film.mp4"),
        ("/x.mp4", "x.mp4"),
        ("A/B/C.mp4", "A/B/C.mp4"),
        ("Drama/My film.de.srt", "Drama/My film.de.srt"),
    ],
)
def test_a_name_in_the_inbox_is_read_as_by_a_copy(name: str, expected: str) -> None:
    assert drop.name_in_inbox(name, Path("folder/film.mp4")) == expected


@pytest.mark.parametrize("name", ["film.txt", "Drama/film.ass", "Drama/"])
def test_a_name_that_no_video_has_is_refused_before_anything_is_sent(
    name: str, tmp_path: Path
) -> None:
    source = tmp_path / "letter.pdf"
    source.write_bytes(b"1")
    with pytest.raises(Refusal, match=r"^\S+ is not the name of a video or of"):
        drop.main(source, name)


@pytest.mark.usefixtures("inbox")
@pytest.mark.parametrize(
    ("name", "video"),
    [
        ("Drama/Film.de.vtt", "Drama/Film.mp4"),
        ("film.srt", "film.mp4"),
        ("film.forced.DEU.srt", "film.mp4"),
    ],
)
def test_subtitles_are_no_draft_and_need_their_video(name: str, video: str) -> None:
    message = drop.put(BytesIO(b"WEBVTT"), name, not_up="")
    assert message == (
        f"{name} is in the inbox; subtitles need their video: the next one that is dropped beside"
        f" them, such as {video}, uses them"
    )


@pytest.mark.usefixtures("inbox")
def test_what_is_not_read_in_a_name_of_subtitles_is_said() -> None:
    message = drop.put(BytesIO(b"WEBVTT"), "Drama/My.Film.klingonese.srt", not_up="")
    assert message.endswith(
        "such as Drama/My.Film.klingonese.mp4, uses them. Drama/My.Film.mp4 would not use them,"
        ' because of "klingonese": between its name and .srt there may be one known language, and'
        " forced or sdh, as in Drama/My.Film.de.srt, Drama/My.Film.de.forced.srt and"
        " Drama/My.Film.de.sdh.srt"
    )


def test_an_empty_file_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").touch()
    with pytest.raises(Refusal, match=r"film\.mp4 is empty: nothing was sent\."):
        drop.main(tmp_path / "film.mp4", "")


@pytest.fixture
def _site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drop, "_require_site", lambda _: None)
    environment = {"AWS_ACCESS_KEY_ID": "nothing", "AWS_SECRET_ACCESS_KEY": "nothing"}
    monkeypatch.setattr(LocalSettings, "environment", lambda *_: environment)


@pytest.mark.usefixtures("inbox", "_site")
@pytest.mark.parametrize(("name", "is_seen"), [("film.srt", False), ("film.mp4", True)])
def test_viewers_are_spoken_of_where_there_is_a_video(
    name: str, is_seen: bool, tmp_path: Path
) -> None:
    source = tmp_path / name
    source.write_bytes(b"1")
    assert ("Viewers see it" in drop.main(source, "")) is is_seen


@pytest.mark.parametrize(
    ("size", "spoken"),
    [
        (1, "(one byte)"),
        (27, "(27 bytes)"),
        (999_999, "(999,999 bytes)"),
        (1_234_567, "(1.2 MB)"),
    ],
)
@pytest.mark.usefixtures("inbox", "_site")
def test_how_much_is_sent_is_said_of_small_files_as_well(
    size: int, spoken: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "film.mp4"
    source.write_bytes(bytes(size))
    drop.main(source, "")
    assert spoken in capsys.readouterr().out


@pytest.mark.parametrize(("options", "name"), [((), ""), (("AS=My film.mp4",), "My film.mp4")])
def test_make_passes_a_name_only_if_there_is_one(options: tuple[str, ...], name: str) -> None:
    command = ["make", "--dry-run", "drop", "FILM=film.mp4", *options]
    printed = subprocess.check_output(command, text=True)
    # Without a value of its own, AS is the assembler.
    assert f'infra.local.drop "film.mp4" "{name}"\n' in printed
