"""The text of a start has the password on a terminal, and not in a log."""

from pathlib import Path

import pytest

from infra.local.banner import banner
from infra.local.settings import LocalSettings

PASSWORD = "made-up-by-us"


def text_of(tmp_path: Path, *, is_on_a_terminal: bool, **variables: str) -> str:
    settings = LocalSettings.load(tmp_path, variables)
    return banner(settings, PASSWORD, seconds=1.5, is_on_a_terminal=is_on_a_terminal)


def test_a_terminal_gets_the_password(tmp_path: Path) -> None:
    assert f"Password   {PASSWORD}\n" in text_of(tmp_path, is_on_a_terminal=True)


def test_the_health_url_is_the_one_of_the_readme(tmp_path: Path) -> None:
    url = "http://127.0.0.1:8000/api/health/"
    assert f"Health     {url}\n" in text_of(tmp_path, is_on_a_terminal=True)
    assert f"`curl {url}`" in Path("README.md").read_text(encoding="utf-8")


def test_a_log_says_where_the_password_is(tmp_path: Path) -> None:
    text = text_of(tmp_path, is_on_a_terminal=False)
    assert PASSWORD not in text
    assert f"Password   in {tmp_path}/.local/superuser-password\n" in text


@pytest.mark.parametrize("is_on_a_terminal", [True, False])
def test_a_configured_password_is_never_printed(tmp_path: Path, *, is_on_a_terminal: bool) -> None:
    text = text_of(tmp_path, is_on_a_terminal=is_on_a_terminal, SUPERUSER_PASSWORD="my own secret")
    assert "the one in SUPERUSER_PASSWORD" in text
    assert "my own secret" not in text


def test_what_the_sandbox_cannot_enforce_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.local.banner.missing", lambda: ())
    assert "Sandbox    complete\n" in text_of(tmp_path, is_on_a_terminal=False)
    monkeypatch.setattr("infra.local.banner.missing", lambda: ("No locks.", "No walls."))
    assert "Sandbox    No locks. No walls.\n" in text_of(tmp_path, is_on_a_terminal=False)
