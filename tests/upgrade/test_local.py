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
from tests.upgrade.stories import PATIENCE_SECONDS, Upgraded, take_up
from tests.upgrade.viewing_stories import *  # noqa: F403

KIND = LOCAL
# Versions whose emulator had the parts of an upload in memory alone.
_FORGETS_UPLOADS = {"05d38aa"}


def local_run(folder: Path, moved: Mapping[str, str]) -> LocalRun:
    program = "tests.upgrade.start"
    return LocalRun.at(folder / "data", root=REPOSITORY, program=program, WORKERS="2", **moved)


@pytest.fixture(scope="module")
def upgraded(unpacked: Unpacked) -> Iterator[Upgraded]:
    with unpacked.local_run.running() as run:
        videos = Videos(run, Address(run.settings.edge_port), PATIENCE_SECONDS)
        yield Upgraded(videos, unpacked.recording, run)


def test_an_upload_goes_on_unless_the_emulator_forgot_it(upgraded: Upgraded) -> None:
    if upgraded.recording.commit not in _FORGETS_UPLOADS:
        take_up(upgraded)
        return
    admin: Browser = upgraded.videos.admin
    path = f"/uploads/{upgraded.recording.upload['id']}/"
    answer = admin.get(path)
    assert 400 <= answer.status < 500, answer
    assert admin.delete(path).status == 200
    assert admin.get("/uploads/").json["results"] == []
