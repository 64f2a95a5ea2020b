"""The image is built and pushed once, and its tag depends on its sources only."""

import base64
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.deploy import image
from infra.terminal import Refusal

REPOSITORY = Path(__file__).parents[4]
ADDRESS = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/videoflix-dev"


class EcrErrors:
    ImageNotFoundException = KeyError


@dataclass
class Ecr:
    """A fake registry with the image that the fake engine pushed."""

    pushed: Path
    exceptions = EcrErrors

    def describe_images(self, **request: Any) -> Any:
        assert request["repositoryName"] == "videoflix-dev"
        if not self.pushed.is_file():
            raise KeyError
        return {"imageDetails": [{"imageDigest": "sha256:1"}]}

    def get_authorization_token(self) -> Any:
        token = base64.b64encode(b"AWS:open").decode()
        return {"authorizationData": [{"authorizationToken": token}]}


def engine(tmp_path: Path, *, fails: str = "nothing") -> str:
    script = tmp_path / "docker"
    script.write_text(
        "#!/bin/sh\n"
        f'echo "$1" >> {tmp_path}/calls\n'
        f'[ "$1" = {fails} ] && echo no >&2 && exit 1\n'
        f'[ "$1" = push ] && touch {tmp_path}/pushed\n'
        "exit 0\n"
    )
    script.chmod(0o755)
    return str(script)


def test_an_image_is_built_and_pushed_once(tmp_path: Path) -> None:
    registry = image.Registry(Ecr(tmp_path / "pushed"), ADDRESS, docker=engine(tmp_path))
    for _ in range(2):
        assert registry.build_and_push(REPOSITORY) == f"{ADDRESS}@sha256:1"
    assert (tmp_path / "calls").read_text().split() == ["build", "login", "push", "logout"]


def test_an_engine_that_fails_is_quoted(tmp_path: Path) -> None:
    docker = engine(tmp_path, fails="build")
    with pytest.raises(Refusal, match=r"docker build failed:\nno"):
        image.Registry(Ecr(tmp_path / "pushed"), ADDRESS, docker=docker).build_and_push(REPOSITORY)


def test_every_source_of_the_image_exists() -> None:
    sources = image.sources(REPOSITORY)
    assert {"transcoder", "chalicelib/catalogue", ".dockerignore"} <= set(sources)
    assert [source for source in sources if not list(REPOSITORY.glob(source))] == []


def test_the_tag_of_an_image_depends_on_its_sources_only(tmp_path: Path) -> None:
    for name in ("transcoder", "chalicelib"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    tag = image.tag_of(tmp_path)
    (tmp_path / "chalicelib" / "api" / "new.py").touch()
    (tmp_path / "transcoder" / "__pycache__").mkdir(exist_ok=True)
    (tmp_path / "transcoder" / "__pycache__" / "new.pyc").touch()
    assert image.tag_of(tmp_path) == tag
    (tmp_path / "transcoder" / "new.py").touch()
    assert image.tag_of(tmp_path) != tag
