"""These tests run whole installations on this machine: they may use its network.

A module names the `KIND` of recording it is about, and the `local_run` where one is unpacked.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.integration.supervised import LocalRun
from tests.upgrade import clock
from tests.upgrade.recording import Recording, ports_of, unpack, versions
from tests.upgrade.stories import Upgraded

HERE = Path(__file__).parent
# Upgrade installations of every recorded version, not only of the newest.
EVERY_VERSION = "UPGRADE_EVERY_VERSION"


@dataclass(frozen=True)
class Unpacked:
    """An installation of an earlier version, where this one takes it over."""

    recording: Recording
    folder: Path
    local_run: LocalRun
    # The environment of programs for which it is a little later than the recording.
    moved: Mapping[str, str]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "unpacked" in metafunc.fixturenames:
        kind = metafunc.module.KIND
        recorded = versions(kind)
        newest = max(recorded, key=lambda each: Recording.load(each, kind).moment)
        # Each version takes minutes; forms of earlier items are read by `test_stored_formats.py`.
        is_left_out = not os.environ.get(EVERY_VERSION)
        left_out = [
            pytest.mark.skip(reason="`make deploy-test` upgrades installations of every version")
        ]
        chosen = [
            pytest.param(each, marks=left_out if is_left_out and each != newest else [])
            for each in recorded
        ]
        metafunc.parametrize("unpacked", chosen, indirect=True, scope="module")


@pytest.fixture(scope="module")
def unpacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Unpacked:
    if not clock.CAN_BE_SET_BACK:
        pytest.skip("libfaketime is there for Linux on x86-64 only")
    kind, folder = request.module.KIND, tmp_path_factory.mktemp("upgraded")
    recording = Recording.load(request.param, kind)
    moved = clock.shortly_after(recording.moment)
    local_run: LocalRun = request.module.local_run(folder, moved)
    unpack(request.param, kind, local_run.settings.data, ports_of(local_run.settings))
    return Unpacked(recording, folder, local_run, moved)


@pytest.fixture
def kept(upgraded: Upgraded) -> Mapping[str, Any]:
    """What viewers keep in the installation; its versions since profiles keep any."""
    if not upgraded.recording.viewing:
        pytest.skip("this version had no profiles, progress or imports yet")
    return upgraded.recording.viewing
