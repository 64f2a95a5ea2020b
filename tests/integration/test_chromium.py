"""A real browser on a page of its own origin, calling as the official frontend does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.integration.supervised import LocalRun, Run
from tests.integration.wire import link, mails

PASSWORD = "correct horse battery"
HERE = Path(__file__).parent
_numbers = count()


@dataclass(frozen=True)
class Origins:
    run: Run
    ours: int
    foreign: int


@dataclass(frozen=True)
class Frontend:
    page: Page
    api: str

    def call(self, method: str, path: str, sent: Any = None, *, csrf: bool = True) -> Any:
        arguments = [self.api, method, path, sent, csrf]
        return self.page.evaluate("([a, m, p, s, c]) => call(a, m, p, s, c)", arguments)

    @property
    def script_cookies(self) -> str:
        return str(self.page.evaluate("document.cookie"))


@contextmanager
def pages() -> Iterator[int]:
    """Serve the page on a port of its own."""
    serve = partial(SimpleHTTPRequestHandler, directory=str(HERE))
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def origins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origins]:
    """A run of its own, which allows the pages on one port and not those on another."""
    local_run = LocalRun.at(tmp_path_factory.mktemp("chromium") / "data")
    with pages() as ours, pages() as foreign:
        allowed = f"http://127.0.0.1:{ours},http://localhost:{ours}"
        with local_run.started(ALLOWED_ORIGINS=allowed) as run:
            run.wait_for("ready in")
            yield Origins(run, ours, foreign)


def opened(chromium: Browser, origins: Origins, host: str) -> Frontend:
    page = chromium.new_context().new_page()
    page.goto(f"http://{host}:{origins.ours}/official_page.html")
    return Frontend(page, f"http://{host}:{origins.run.settings.api_port}/api/")


@pytest.fixture(params=["127.0.0.1", "localhost"])
def frontend(chromium: Browser, origins: Origins, request: pytest.FixtureRequest) -> Frontend:
    return opened(chromium, origins, request.param)


def member(frontend: Frontend, run: Run) -> str:
    email = f"browser{next(_numbers)}@example.com"
    form = {"email": email, "password": PASSWORD, "confirmed_password": PASSWORD}
    signed_up = frontend.call("POST", "register/", {**form, "privacy_policy": "on"})
    assert signed_up["status"] == 201, signed_up
    uid, token = link(mails(run, email)[0])
    activated = frontend.call("GET", f"activate/{uid}/{token}/")
    assert activated["body"]["message"] == "Account successfully activated."
    return email


def test_the_official_frontend_goes_all_the_way(frontend: Frontend, origins: Origins) -> None:
    email = member(frontend, origins.run)
    assert frontend.call("POST", "login/", {"email": email, "password": "no"})["status"] == 400
    assert frontend.call("POST", "login/", {"email": email, "password": PASSWORD})["status"] == 200
    assert frontend.script_cookies.startswith("csrftoken=")
    assert "token" not in frontend.script_cookies.replace("csrftoken", "")
    assert frontend.call("GET", "user/")["body"]["email"] == email
    assert frontend.call("POST", "token/refresh/", csrf=False)["status"] == 200
    assert frontend.call("POST", "logout/")["status"] == 200
    assert frontend.call("GET", "user/")["status"] == 401
    assert frontend.script_cookies == ""


def test_a_reload_finds_the_session_again_after_the_access_token_is_gone(
    frontend: Frontend, origins: Origins
) -> None:
    email = member(frontend, origins.run)
    frontend.call("POST", "login/", {"email": email, "password": PASSWORD})
    frontend.page.context.clear_cookies(name="access_token")
    frontend.page.reload()
    assert frontend.call("GET", "user/")["body"]["email"] == email


def test_a_foreign_page_reads_nothing_and_changes_nothing(
    chromium: Browser, origins: Origins
) -> None:
    frontend = opened(chromium, origins, "127.0.0.1")
    email = member(frontend, origins.run)
    frontend.call("POST", "login/", {"email": email, "password": PASSWORD})
    # The same site, so the browser sends the cookies along.
    frontend.page.goto(f"http://127.0.0.1:{origins.foreign}/official_page.html")
    assert frontend.call("GET", "user/")["status"] == 0
    assert frontend.call("POST", "logout/")["status"] == 0
    form = "fetch(a, {method: 'POST', credentials: 'include', mode: 'no-cors', body: '{}'})"
    frontend.page.evaluate(f"a => {form}.then(() => 1)", f"{frontend.api}logout/")
    frontend.page.goto(f"http://127.0.0.1:{origins.ours}/official_page.html")
    assert frontend.call("GET", "user/")["body"]["email"] == email


def test_a_foreign_page_reads_and_changes_nothing_in_the_emulated_aws(
    chromium: Browser, origins: Origins
) -> None:
    page = chromium.new_context().new_page()
    page.goto(f"http://127.0.0.1:{origins.foreign}/official_page.html")
    aws, queue = origins.run.settings.aws_url, "of-a-foreign-page"
    reading = page.evaluate("a => fetch(a).then((answer) => answer.text(), () => 'refused')", aws)
    assert reading in ("refused", "Not for pages of others.")
    form = "fetch(a, {method: 'POST', mode: 'no-cors', body: new URLSearchParams(b)})"
    sent = {"Action": "CreateQueue", "QueueName": queue}
    page.evaluate(f"([a, b]) => {form}.then(() => 1)", [aws, sent])
    assert queue not in str(origins.run.client("sqs").list_queues())
