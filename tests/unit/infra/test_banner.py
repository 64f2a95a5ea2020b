"""What a person reads when everything runs, and a log does not keep."""

from pathlib import Path

import pytest

from infra.local.banner import banner
from infra.local.settings import LocalSettings

PASSWORD = "made-up-by-us"


def said(tmp_path: Path, *, is_on_a_terminal: bool, **given: str) -> str:
    settings = LocalSettings.load(tmp_path, given)
    return banner(settings, PASSWORD, seconds=1.5, is_on_a_terminal=is_on_a_terminal)


def test_a_person_at_a_terminal_reads_the_password(tmp_path: Path) -> None:
    assert f"Password   {PASSWORD}\n" in said(tmp_path, is_on_a_terminal=True)


def test_health_is_asked_for_as_the_readme_does(tmp_path: Path) -> None:
    url = "http://127.0.0.1:8000/api/health/"
    assert f"Health     {url}\n" in said(tmp_path, is_on_a_terminal=True)
    assert f"`curl {url}`" in Path("README.md").read_text(encoding="utf-8")


def test_a_log_says_where_the_password_is(tmp_path: Path) -> None:
    text = said(tmp_path, is_on_a_terminal=False)
    assert PASSWORD not in text
    assert f"Password   in {tmp_path}/.local/superuser-password\n" in text


@pytest.mark.parametrize("is_on_a_terminal", [True, False])
def test_a_password_of_ones_own_is_never_shown(tmp_path: Path, *, is_on_a_terminal: bool) -> None:
    text = said(tmp_path, is_on_a_terminal=is_on_a_terminal, SUPERUSER_PASSWORD="my own secret")
    assert "the one in SUPERUSER_PASSWORD" in text
    assert "my own secret" not in text


def test_what_the_sandbox_cannot_enforce_here_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.local.banner.gaps", lambda: ())
    assert "Sandbox    complete\n" in said(tmp_path, is_on_a_terminal=False)
    monkeypatch.setattr("infra.local.banner.gaps", lambda: ("No locks.", "No walls."))
    assert "Sandbox    No locks. No walls.\n" in said(tmp_path, is_on_a_terminal=False)
