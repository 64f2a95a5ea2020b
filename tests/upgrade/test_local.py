"""`.local/` of an earlier version, and `make run` of this one."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.browser import Browser
from tests.integration.supervised import REPOSITORY, LocalRun
from tests.integration.videos import Videos
from tests.integration.wire import Address
from tests.upgrade.conftest import Unpacked
from tests.upgrade.recording import LOCAL
from tests.upgrade.stories import *  # noqa: F403
from tests.upgrade.stories import PATIENCE_SECONDS, Upgraded

KIND = LOCAL


def local_run(folder: Path, moved: Mapping[str, str]) -> LocalRun:
    program = "tests.upgrade.start"
    return LocalRun.at(folder / "data", root=REPOSITORY, program=program, WORKERS="2", **moved)


@pytest.fixture(scope="module")
def upgraded(unpacked: Unpacked) -> Iterator[Upgraded]:
    with unpacked.local_run.running() as run:
        videos = Videos(run, Address(run.settings.edge_port), PATIENCE_SECONDS)
        yield Upgraded(videos, unpacked.recording, run)


def test_an_upload_that_the_emulator_forgot_is_said_to_be_gone(upgraded: Upgraded) -> None:
    admin: Browser = upgraded.videos.admin
    path = f"/uploads/{upgraded.recording.upload['id']}/"
    answer = admin.get(path)
    assert 400 <= answer.status < 500, answer
    assert admin.delete(path).status == 200
    assert admin.get("/uploads/").json["results"] == []
