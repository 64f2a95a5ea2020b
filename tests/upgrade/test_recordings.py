"""What is committed of a recording: little, both kinds, nothing of the machine that made it."""

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.upgrade.recording import HERE, LOCAL, STAGE, Recording, versions

VERSIONS = versions(LOCAL)
LARGEST_BYTES = 1_000_000


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_is_recorded_both_ways(version: str) -> None:
    assert version in versions(STAGE)
    assert {Recording.load(version, kind).commit for kind in (LOCAL, STAGE)} == {version}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_recording_is_small(version: str) -> None:
    sizes = {each.name: each.stat().st_size for each in (HERE / version).iterdir()}
    assert {name for name, size in sizes.items() if size > LARGEST_BYTES} == set()


@pytest.mark.parametrize("kind", [LOCAL, STAGE])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_recording_names_no_path_of_a_machine(version: str, kind: str) -> None:
    paths = (b"/tmp/", b"/home/", b"/Users/", b"/root/", b"site-packages")
    telling = {
        (name, path)
        for name, text in texts(HERE / version / f"{kind}.tar.xz")
        for path in paths
        if path in text
    }
    assert telling == set()


def texts(archive: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive) as tar:
        for entry in tar:
            content = tar.extractfile(entry) if entry.name.endswith(".json") else None
            if content:
                yield entry.name, content.read()
