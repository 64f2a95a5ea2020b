"""These tests run the whole on this machine: they may use its network, and share a run."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.integration.supervised import LocalRun, Run

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """`make run`, ready, for all tests that do not end it."""
    with LocalRun.at(tmp_path_factory.mktemp("running") / "data").running() as run:
        yield run


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("needs Debian's chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(chromium: Browser, **options: Any) -> Iterator[Page]:
    """A page that may say nothing on its console but what the network said."""
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, **options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert [said for said in complaints if "Failed to load resource" not in said] == []


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with opened(chromium) as page:
        yield page


@pytest.fixture
def german_page(chromium: Browser) -> Iterator[Page]:
    with opened(chromium, locale="de-AT") as page:
        yield page
