"""The commands of `tools`, also when they are refused."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.compose import tools
from infra.local.data_folder import DataFolder
from infra.local.settings import LocalSettings
from infra.terminal import Refusal


def settings(folder: Path, more: Mapping[str, str] | None = None) -> LocalSettings:
    return LocalSettings.load(folder, {"DATA_FOLDER": str(folder), **(more or {})})


def test_the_password_is_the_generated_one(tmp_path: Path) -> None:
    generated = DataFolder(tmp_path).administrator_password()
    assert tools.run(["password"], settings(tmp_path)) == generated


def test_a_configured_password_has_precedence(tmp_path: Path) -> None:
    chosen = settings(tmp_path, {"SUPERUSER_PASSWORD": "correct horse"})
    assert tools.run(["password"], chosen) == "correct horse"


def test_before_the_first_start_there_is_no_password(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="docker compose up"):
        tools.run(["password"], settings(tmp_path))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments",
    [[], ["help"], ["mail", "a@b.c", "d@e.f"], ["drop"], ["drop", "-"], ["drop", "a", "b", "c"]],
)
def test_an_unknown_command_is_answered_with_the_usage(
    arguments: list[str], tmp_path: Path
) -> None:
    with pytest.raises(Refusal, match=r"tools password\s") as refusal:
        tools.run(arguments, settings(tmp_path))
    assert {"mail", "drop", "password", "accept"} <= set(str(refusal.value).split())


def test_the_usage_of_accept_is_a_command_of_docker(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"docker compose run --rm tools accept 7 1$"):
        tools.run(["accept", "7", "one"], settings(tmp_path))


def test_accepting_needs_a_site(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="docker compose up"):
        tools.run(["accept"], settings(tmp_path))


def test_a_missing_source_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "_SOURCES", tmp_path)
    with pytest.raises(Refusal, match=r"^film.mp4: No such file or directory.*FILMS"):
        tools.run(["drop", "film.mp4"], settings(tmp_path))


def test_a_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "_SOURCES", tmp_path)
    with pytest.raises(Refusal, match="Is a directory"):
        tools.run(["drop", "."], settings(tmp_path))
