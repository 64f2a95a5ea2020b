"""The browsers there are, and what is missing where one is not."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.players import chromium, loudspeaker, marionette, webkit
from tests.players.engine import Engine

Start = Callable[[Path, Mapping[str, str]], AbstractContextManager[Engine]]


@dataclass(frozen=True, slots=True)
class Browser:
    name: str
    start: Start
    # What it needs, by the package of Debian that has it.
    needs: Mapping[str, object]

    @property
    def missing(self) -> list[str]:
        heard = {"pulseaudio": loudspeaker.PROGRAM, "pulseaudio-utils": loudspeaker.RECORDER}
        return [name for name, program in {**self.needs, **heard}.items() if not program]


@contextmanager
def _chromium(_: Path, environment: Mapping[str, str]) -> Iterator[Engine]:
    with chromium.chromium(environment) as browser:
        yield browser


BROWSERS = (
    Browser("Chromium", _chromium, {"chromium": chromium.PROGRAM}),
    Browser("Firefox", marionette.firefox, {"firefox-esr": marionette.PROGRAM}),
    Browser(
        "WebKitGTK",
        webkit.webkit,
        {
            "webkit2gtk-driver": webkit.PROGRAM,
            "libwebkit2gtk-4.1-0": webkit.BROWSER,
            "xvfb": webkit.SCREEN,
        },
    ),
)
