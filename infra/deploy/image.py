"""The transcoder's image, tagged with a digest of its sources, so that none is built twice."""

import base64
import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.terminal import Refusal, say

DOCKERFILE = Path("transcoder", "Dockerfile")
_ALWAYS = (DOCKERFILE.as_posix(), ".dockerignore")
# Copies from this folder, not from an earlier stage of the build.
_COPY = re.compile(r"^COPY (?!--from)(.+) \S+$", re.MULTILINE)
PLATFORM = "linux/amd64"
_TAG_LENGTH = 20


def tag_of(root: Path) -> str:
    """Return a tag from the content of the sources, whatever their folder and times are."""
    digest = hashlib.sha256(PLATFORM.encode())
    for path in _files(root):
        content = hashlib.sha256(path.read_bytes()).digest()
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + content)
    return digest.hexdigest()[:_TAG_LENGTH]


def _files(root: Path) -> Iterator[Path]:
    for source in sources(root):
        for path in sorted(root.glob(source)):
            files = sorted(path.rglob("*")) if path.is_dir() else [path]
            yield from (
                each for each in files if each.is_file() and "__pycache__" not in each.parts
            )


def sources(root: Path) -> list[str]:
    """List what the Dockerfile copies, as it names it."""
    copied = _COPY.findall((root / DOCKERFILE).read_text(encoding="utf-8"))
    return [*_ALWAYS, *(source for line in copied for source in line.split())]


@dataclass(frozen=True, slots=True)
class Registry:
    """A repository of ECR, and the Docker engine of this machine."""

    client: Any
    # host/name
    address: str
    docker: str = "docker"

    def build_and_push(self, root: Path) -> str:
        """Return the address of the image with its digest; build and push it if it is new."""
        tag = tag_of(root)
        digest = self._digest(tag)
        if digest is None:
            say(f"  building the transcoder's image {tag}")
            self._build_as(root, f"{self.address}:{tag}")
            digest = self._digest(tag)
        if digest is None:
            raise Refusal("The image was pushed, but the registry does not list it: try again.")
        return f"{self.address}@{digest}"

    def _digest(self, tag: str) -> str | None:
        try:
            [image] = self.client.describe_images(
                repositoryName=self.address.partition("/")[2], imageIds=[{"imageTag": tag}]
            )["imageDetails"]
        except self.client.exceptions.ImageNotFoundException:
            return None
        return str(image["imageDigest"])

    def _build_as(self, root: Path, name: str) -> None:
        host = self.address.partition("/")[0]
        authorization = self.client.get_authorization_token()["authorizationData"][0]
        user, _, password = (
            base64.b64decode(authorization["authorizationToken"]).decode().partition(":")
        )
        self._run(
            "build",
            *("--platform", PLATFORM),
            *("--file", str(root / DOCKERFILE)),
            *("--tag", name),
            str(root),
        )
        self._run("login", "--username", user, "--password-stdin", host, stdin=password)
        try:
            self._run("push", name)
        finally:
            self._run("logout", host)

    def _run(self, *arguments: str, stdin: str | None = None) -> None:
        done = subprocess.run(
            [self.docker, *arguments],
            input=stdin,
            text=True,
            capture_output=True,
            check=False,
            # The legacy builder may make root the owner of the work folder. Attestations would be
            # pushed and scanned as well.
            env={**os.environ, "DOCKER_BUILDKIT": "1", "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"},
        )
        if done.returncode != 0:
            raise Refusal(f"docker {arguments[0]} failed:\n{done.stderr.strip()[-2000:]}")
