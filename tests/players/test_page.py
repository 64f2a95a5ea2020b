"""The page plays a real video in every browser, also where the browser alone plays HLS."""

import time
from typing import Any

import pytest

from tests.players.browsers import BROWSERS
from tests.players.chromium import Chromium
from tests.players.engine import Engine
from tests.players.served import Served
from tests.players.videos import Make

PATIENCE_SECONDS = 30
_LOOK = """
const [done] = arguments;
const video = document.getElementById("video");
const options = [...document.getElementById("quality").options];
done({
  at: video.currentTime, ended: video.ended, height: video.videoHeight, seeking: video.seeking,
  isByLibrary: video.src.startsWith("blob:") || Boolean(video.querySelector("source")),
  qualities: options.map(({ text, value }) => [text, value]),
  notice: document.getElementById("notice").textContent,
});
"""
_SET = """
const [id, value, event, done] = arguments;
const element = document.getElementById(id);
element.value = value;
element.dispatchEvent(new Event(event, { bubbles: true }));
done(null);
"""

every_browser = pytest.mark.parametrize(
    "browser", BROWSERS, ids=lambda browser: browser.name, indirect=True
)
chromium_alone = pytest.mark.parametrize(
    "browser", BROWSERS[:1], ids=lambda browser: browser.name, indirect=True
)


def until(engine: Engine, **expected: Any) -> dict[str, Any]:
    """Look until all of it is so, or the video has come as far as `at`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        seen: dict[str, Any] = engine.run(_LOOK)
        at = expected.get("at", 0)
        others = {name: value for name, value in expected.items() if name != "at"}
        if seen["at"] > at and others.items() <= seen.items():
            return seen
        assert time.monotonic() < deadline, f"not {expected}, but {seen}"
        time.sleep(0.1)


@every_browser
def test_it_plays_changes_its_size_seeks_and_ends(engine: Engine, served: Served) -> None:
    engine.open(f"{served.url}/#/watch/{Make.TODAY.video_id}")
    seen = until(engine, at=0.3, notice="")
    assert seen["isByLibrary"]
    values = {text: value for text, value in seen["qualities"] if not text.startswith("Auto")}
    assert list(values) == ["360p", "240p"]
    for name, height in (("240p", 240), ("360p", 360)):
        engine.run(_SET, "scrub", "1", "input")
        # At both moments at once, WebKit may stop for good on a busy machine.
        until(engine, at=1)
        engine.run(_SET, "quality", values[name], "change")
        until(engine, at=1, height=height)
    engine.run(_SET, "scrub", "23", "input")
    assert until(engine, at=23, ended=True)["notice"] == ""


@chromium_alone
def test_where_no_library_can_work_the_browser_plays_it(engine: Engine, served: Served) -> None:
    assert isinstance(engine, Chromium)
    engine.forbid_media_sources()
    engine.open(f"{served.url}/#/watch/{Make.TODAY.video_id}")
    seen = until(engine, at=0.3, notice="")
    assert not seen["isByLibrary"]
    engine.run(_SET, "scrub", "23", "input")
    assert until(engine, at=23, ended=True)["notice"] == ""
