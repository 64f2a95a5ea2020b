"""Videos that are made once, served on this machine, and a table of how they were played."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import clips
from tests.players.browsers import Browser
from tests.players.engine import Engine
from tests.players.loudspeaker import Loudspeaker, loudspeaker
from tests.players.played import RecordProperty, Row, note, table
from tests.players.served import Served, serving
from tests.players.videos import CLIP, Make, video_of

HERE = Path(__file__).parent
# `make players` plays every video in every browser; all other runs the newest kind in Chromium.
IS_EVERYTHING = os.environ.get("PLAYERS") == "all"
MAKES = list(Make) if IS_EVERYTHING else [Make.TODAY]
SOURCE = "source.mp4"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [
        report
        for kind in ("passed", "failed", "skipped")
        for report in terminalreporter.getreports(kind)
    ]
    rows = [
        Row(*value)
        for report in reports
        for name, value in getattr(report, "user_properties", [])
        if name == "player"
    ]
    if rows:
        terminalreporter.section("players")
        terminalreporter.write_line(table(rows))


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("videos")
    videos = {make: video_of(make, folder) for make in MAKES}
    source = shutil.copyfile(clips.get(CLIP).path, folder / SOURCE)
    with serving(videos, folder / "cache", {SOURCE: source}) as served:
        yield served


@pytest.fixture(scope="session")
def speaker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loudspeaker]:
    with loudspeaker(tmp_path_factory.mktemp("speaker")) as speaker:
        yield speaker


@pytest.fixture
def browser(request: pytest.FixtureRequest, record_property: RecordProperty) -> Browser:
    browser: Browser = request.param
    if browser.missing:
        words = f"needs apt-get install {' '.join(browser.missing)}"
        note(record_property, Row(browser.name, "", remark=words))
        pytest.skip(words)
    return browser


@pytest.fixture
def engine(browser: Browser, speaker: Loudspeaker, tmp_path: Path) -> Iterator[Engine]:
    with browser.start(tmp_path, speaker.environment) as engine:
        yield engine
