"""Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, sync_playwright

PROGRAM = shutil.which("chromium")
_FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    "--autoplay-policy=no-user-gesture-required",
]


class Chromium:
    name = "Chromium"

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, url: str) -> None:
        self._page.goto(url)

    def forbid_media_sources(self) -> None:
        """From the next page on, as in browsers that only play HLS by themselves."""
        self._page.add_init_script("delete window.MediaSource; delete window.ManagedMediaSource;")

    def run(self, script: str, *arguments: Any) -> Any:
        called = f"(sent) => new Promise((done) => (function () {{ {script} }})(...sent, done))"
        return self._page.evaluate(called, [*arguments])

    def call(self, name: str, *arguments: Any) -> Any:
        return self._page.evaluate("([name, sent]) => player[name](...sent)", [name, [*arguments]])


@contextmanager
def chromium(environment: Mapping[str, str]) -> Iterator[Chromium]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=PROGRAM,
            args=_FLAGS,
            # Else the program would mute it.
            ignore_default_args=["--mute-audio"],
            env={**os.environ, **environment},
        )
        yield Chromium(browser.new_page())
        browser.close()
