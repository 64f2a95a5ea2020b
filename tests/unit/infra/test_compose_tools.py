"""What people with nothing but Docker are told by `tools`, also when it cannot be done."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.compose import tools
from infra.local.data_folder import DataFolder
from infra.local.settings import LocalSettings
from infra.refusal import Refusal


def settings(folder: Path, more: Mapping[str, str] | None = None) -> LocalSettings:
    return LocalSettings.load(folder, {"DATA_FOLDER": str(folder), **(more or {})})


def test_the_password_is_the_one_made_at_the_first_start(tmp_path: Path) -> None:
    made = DataFolder(tmp_path).superuser_password()
    assert tools.run(["password"], settings(tmp_path)) == made


def test_the_password_that_was_chosen_is_the_password(tmp_path: Path) -> None:
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
def test_what_it_does_not_know_is_answered_with_what_it_knows(
    arguments: list[str], tmp_path: Path
) -> None:
    with pytest.raises(Refusal, match=r"tools password\s") as refusal:
        tools.run(arguments, settings(tmp_path))
    assert {"mail", "drop", "password", "accept"} <= set(str(refusal.value).split())


def test_accepting_says_how_docker_calls_it(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"docker compose run --rm tools accept 7 1$"):
        tools.run(["accept", "7"], settings(tmp_path))


def test_accepting_needs_a_site(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="docker compose up"):
        tools.run(["accept"], settings(tmp_path))


def test_a_film_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "_FILMS", tmp_path)
    with pytest.raises(Refusal, match=r"^film.mp4: No such file or directory.*FILMS"):
        tools.run(["drop", "film.mp4"], settings(tmp_path))


def test_a_folder_is_no_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "_FILMS", tmp_path)
    with pytest.raises(Refusal, match="Is a directory"):
        tools.run(["drop", "."], settings(tmp_path))
