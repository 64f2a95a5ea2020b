"""What compose starts is watched and confined, and `.env.template` explains its settings."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra import dotenv
from infra.compose import ministack
from infra.compose.environment import differences
from infra.local.emulator import ministack_environment
from infra.local.settings import LocalSettings

ROOT = Path(__file__).parents[2]
FILES = (
    ROOT / "docker-compose.localstack.yml",
    ROOT / "infra/compose/localstack.yml",
    ROOT / "infra/compose/ministack.yml",
)
SERVICES = [
    pytest.param(service, id=f"{file.stem}-{name}")
    for file in FILES
    for name, service in yaml.safe_load(file.read_text(encoding="utf-8"))["services"].items()
]
# `make run` reads these from the same file; compose has volumes, its own LocalStack and its own
# name for the memory.
_FOR_MAKE_RUN = {"DATA_FOLDER", "LOCALSTACK_HOST", "MEMORY_LIMIT"}
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)")
_COPY = re.compile(r"^(?:COPY|ADD) (?!--from)(.+) \S+$", re.MULTILINE)


def explained() -> Mapping[str, str]:
    return dotenv.read(ROOT / ".env.template")


def used() -> set[str]:
    return {name for file in FILES for name in _VARIABLE.findall(file.read_text(encoding="utf-8"))}


def test_every_variable_is_explained_and_every_explained_one_is_used() -> None:
    assert used() & _FOR_MAKE_RUN == set()
    assert used() | _FOR_MAKE_RUN == explained().keys()


def test_the_template_sets_nothing() -> None:
    assert not any(explained().values())


def test_every_setting_of_the_template_is_on_the_page_of_settings() -> None:
    settings = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert not [name for name in explained() if f"`{name}`" not in settings]


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_that_stays_is_watched(service: Mapping[str, Any]) -> None:
    stays = service.get("restart", "") != "no"
    assert stays == ("healthcheck" in service)


@pytest.mark.parametrize("service", SERVICES)
def test_every_port_is_bound_to_this_machine(service: Mapping[str, Any]) -> None:
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


@pytest.mark.parametrize("service", SERVICES)
def test_what_holds_our_code_has_no_powers(service: Mapping[str, Any]) -> None:
    if service["image"].startswith("videoflix"):
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("service", SERVICES)
def test_no_image_moves_under_us(service: Mapping[str, Any]) -> None:
    default = re.sub(r"^\$\{[A-Z_]+:-(.+)\}$", r"\1", service["image"])
    assert "build" in service or re.search(r":\d+\.\d+\.\d+$", default)


def test_both_emulators_write_to_volumes_of_the_one_project() -> None:
    """Else `down --volumes` would leave what the emulator wrote that was not named beside it."""
    project, *emulators = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in FILES)
    always = [
        mount.split(":")[0]
        for service in project["services"].values()
        if "profiles" not in service
        for mount in service.get("volumes", [])
    ]
    for emulator in emulators:
        assert "volumes" not in emulator
        (mount,) = emulator["services"]["aws"]["volumes"]
        assert mount.split(":")[0] in project["volumes"]
        assert mount.split(":")[0] in always


def test_ministack_has_the_settings_it_has_on_a_laptop(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_PORT", "5566")
    monkeypatch.setattr(ministack, "_DATA", tmp_path)
    monkeypatch.setenv("ALLOWED_ORIGINS", "http://127.0.0.1:5500")
    environment = {name: os.environ[name] for name in ("AWS_PORT", "ALLOWED_ORIGINS", "PATH")}
    settings = LocalSettings.load(ROOT, environment)
    there, here = ministack.environment(), ministack_environment(settings, tmp_path)
    differ = {name: there.get(name) for name in there | here if there.get(name) != here.get(name)}
    assert differ.keys() - {"HOME", "PATH"} == {"BIND_HOST", "MINISTACK_HOST", "LOG_LEVEL"}
    aws = yaml.safe_load(FILES[2].read_text(encoding="utf-8"))["services"]["aws"]
    assert aws["command"] == ["infra.compose.ministack"]
    assert aws["environment"].keys() == {"AWS_PORT", "API_PORT", "EDGE_PORT", "ALLOWED_ORIGINS"}


def test_transcoders_have_no_way_out() -> None:
    compose = yaml.safe_load(FILES[0].read_text(encoding="utf-8"))
    assert compose["services"]["transcoder"]["networks"] == ["inside"]
    assert compose["networks"]["inside"] == {"internal": True}


def sources() -> Iterator[str]:
    for dockerfile in ("transcoder/Dockerfile", "infra/compose/Dockerfile"):
        for words in _COPY.findall((ROOT / dockerfile).read_text(encoding="utf-8")):
            yield from words.split()


@pytest.mark.parametrize("source", sorted(set(sources())))
def test_what_an_image_copies_is_there(source: str) -> None:
    assert list(ROOT.glob(source))


def test_a_name_that_differs_from_the_deployed_one_is_reported() -> None:
    names = {"MEDIA_BUCKET": "films", "KEYS_SECRET": "videoflix/keys", "MAIL_SENDER": "V <v@x.y>"}
    made = {
        "MEDIA_BUCKET": "media",
        "KEYS_SECRET": "arn:aws:secretsmanager:eu-central-1:0:secret:videoflix/keys-AbCdEf",
        "MAIL_SENDER": "v@x.y",
        "WORK_QUEUE_URL": "http://elsewhere/work",
    }
    expected = ["MEDIA_BUCKET is 'films' in the compose file and 'media' in AWS"]
    assert differences(names, made) == expected
