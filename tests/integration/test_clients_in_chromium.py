"""Four kinds of clients in a real browser, with one `make run` that nothing was set for."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, Request, expect

from infra.local.settings import LocalSettings
from tests.integration.client_pages import ORIGINS, pages_served, require_free, usual_ports
from tests.integration.conftest import opened
from tests.integration.reader import copy_project, make_run
from tests.integration.supervised import Run
from tests.integration.videos import Videos
from tests.integration.wire import Wire, mails

# Those that need the film come last, because it is encoded meanwhile.
pytestmark = pytest.mark.story

PASSWORD = "correct horse battery"
NEW = "staple lamp window"
WRITTEN = "Tom & Jerry <img src=x onerror=\"document.title = 'ran'\">"
GERMAN = "Dein erster Film"
PATIENCE_MS = 30_000
# The encode leaves the processors to all other programs.
ENCODE_PATIENCE_SECONDS = 600
_numbers = count()


@dataclass
class Client:
    """A page of a client, and the requests that it made."""

    name: str
    page: Page
    requests: list[Request] = field(default_factory=list)

    def remembers(self, request: Request) -> None:
        self.requests.append(request)

    def opens(self, url: str = "") -> None:
        self.page.goto(url or f"{ORIGINS[self.name]}/{self.name}.html")

    def sends(self, form: str, *texts: str) -> None:
        fields = self.page.locator(f"#{form} input:not([type=hidden])")
        assert fields.count() == len(texts)
        for number, text in enumerate(texts):
            fields.nth(number).fill(text)
        self.page.click(f"#{form} button")

    def shows(self, selector: str, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator(selector)).to_have_text(text, timeout=PATIENCE_MS)

    def plays(self, height: int) -> None:
        """See a picture of this height, and see it go on."""
        picture = f"video.videoWidth > 0 && video.videoHeight === {height}"
        condition = f"{picture} && video.currentTime > 0.3"
        self.page.wait_for_function(condition, timeout=PATIENCE_MS)
        now = self.page.evaluate("video.currentTime")
        self.page.wait_for_function(f"video.currentTime > {now} + 0.2", timeout=PATIENCE_MS)

    def sent_to(self, ending: str) -> list[Request]:
        return [each for each in self.requests if urlsplit(each.url).path.endswith(ending)]


@contextmanager
def client_of(chromium: Browser, name: str) -> Iterator[Client]:
    with opened(chromium) as page:
        client = Client(name, page)
        page.on("request", client.remembers)
        client.opens()
        yield client


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Videos]:
    folder = tmp_path_factory.mktemp("clients")
    tree = folder / "videoflix"
    copy_project(tree)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    usual = LocalSettings.load(tree, environment)
    ports = usual.api_port, usual.edge_port, usual.mailbox_port, usual.aws_port
    with usual_ports(*ports), pages_served(), make_run(tree, environment) as run:
        password = (run.settings.data / "superuser-password").read_text().strip()
        yield Videos(run, Wire(run), ENCODE_PATIENCE_SECONDS, password)


@pytest.fixture(scope="module")
def run(site: Videos) -> Run:
    assert isinstance(site.account, Run)
    return site.account


@pytest.fixture(scope="module")
def sample(site: Videos) -> int:
    """The sample, with a title that is no HTML."""
    video = int(site.title("Your first film")["id"])
    assert site.finished(video)["conversion_status"] == "completed"
    assert site.admin.patch(f"/video/{video}/", {"title": WRITTEN}).status == 200
    site.until(
        lambda: [each["title"] for each in site.admin.get("/video/?text=plain").json] == [WRITTEN],
        "the film is not listed",
    )
    # Its MP4 files are made last.
    site.rest()
    return video


@pytest.fixture
def email() -> str:
    return f"client{next(_numbers)}@example.com"


@pytest.fixture(scope="module")
def viewer(run: Run, chromium: Browser) -> str:
    """The address of one account, for all clients."""
    return signed_up(run, chromium, f"viewer{next(_numbers)}@example.com")


def signed_up(run: Run, chromium: Browser, address: str) -> str:
    with client_of(chromium, "official") as official:
        official.sends("register", address, PASSWORD, PASSWORD)
        official.opens(mailed_link(run, "official", address))
        official.shows("#toast", "Account successfully activated.")
    return address


def mailed_link(run: Run, client: str, to: str, *, number: int = 1) -> str:
    text = mails(run, to, at_least=number)[0]
    link = re.search(rf"{ORIGINS[client]}/\S+", text)
    assert link, text
    return link[0]


def _page_of(name: str) -> Any:
    @pytest.fixture
    def client(chromium: Browser, site: Videos) -> Iterator[Client]:  # noqa: ARG001
        with client_of(chromium, name) as client:
            yield client

    return client


official, angular, authemail, djoser = map(_page_of, ORIGINS)


def test_the_official_client_goes_all_the_way(official: Client, run: Run, email: str) -> None:
    official.sends("register", email, PASSWORD, PASSWORD)
    official.shows("#toast", "Done")
    official.opens(mailed_link(run, "official", email))
    official.shows("#toast", "Account successfully activated.")
    official.sends("login", email, "wrong horse")
    official.shows("#toast", re.compile("Unable to sign in"))
    official.sends("login", email, PASSWORD)
    official.shows("#toast", "Login successful")
    official.page.click("#refresh")
    official.shows("#toast", "Refreshed: 200")
    with official.page.expect_navigation():
        official.page.click("#logout")
    [sent] = [each for each in official.sent_to("/logout/") if each.method == "POST"]
    assert sent.headers["x-csrftoken"]
    assert official.page.evaluate("document.cookie") == ""
    official.page.evaluate("showList()")
    official.shows("#toast", "Failed to load videos")


def test_the_official_client_chooses_a_new_password(official: Client, run: Run, email: str) -> None:
    official.sends("register", email, PASSWORD, PASSWORD)
    official.opens(mailed_link(run, "official", email))
    official.shows("#toast", "Account successfully activated.")
    official.sends("password_reset", email)
    official.opens(mailed_link(run, "official", email, number=2))
    official.sends("password_confirm", NEW, PASSWORD)
    official.shows("#toast", "The passwords do not match.")
    official.sends("password_confirm", NEW, NEW)
    official.shows("#toast", "Your Password has been successfully reset.")
    official.sends("login", email, NEW)
    official.shows("#toast", "Login successful")


def test_angular_shows_what_a_refusal_says_and_confirms_by_its_own_pages(
    angular: Client, run: Run, email: str
) -> None:
    angular.sends("register", email, PASSWORD, PASSWORD)
    angular.opens(mailed_link(run, "angular", email))
    angular.shows("#message", "Account successfully activated.")
    angular.sends("login", email, "wrong horse")
    angular.shows("#message", re.compile("Unable to sign in"))
    angular.sends("password_reset", email)
    angular.opens(mailed_link(run, "angular", email, number=2))
    angular.sends("password_confirm", NEW, NEW)
    angular.shows("#message", "Your Password has been successfully reset.")
    angular.sends("login", email, NEW)
    angular.shows("#message", "Login successful")


def test_authemail_confirms_and_resets_by_codes(authemail: Client, run: Run, email: str) -> None:
    authemail.sends("signup", email, "1")
    authemail.shows("#message", re.compile("at least"))
    authemail.sends("signup", email, PASSWORD)
    authemail.shows("#message", "Please look into your mails.")
    authemail.opens(mailed_link(run, "authemail", email))
    authemail.shows("#message", "Email address verified.")
    authemail.sends("reset", email)
    authemail.opens(mailed_link(run, "authemail", email, number=2))
    authemail.sends("verified", NEW)
    authemail.shows("#message", "Password reset.")
    authemail.sends("login", email, NEW)
    authemail.shows("#message", "Welcome.")


def test_djoser_confirms_and_resets_by_links(djoser: Client, run: Run, email: str) -> None:
    djoser.sends("users", email, PASSWORD, PASSWORD)
    djoser.shows("#message", "Done: users")
    djoser.sends("create", email, PASSWORD)
    djoser.shows("#message", "No active account found with the given credentials")
    # The refused sign-in sends the link of the confirmation once more.
    djoser.opens(mailed_link(run, "djoser", email, number=2))
    djoser.shows("#message", "Done: activate")
    djoser.sends("reset_password", email)
    djoser.shows("#message", "Done: reset_password")
    djoser.opens(mailed_link(run, "djoser", email, number=3))
    djoser.sends("reset_password_confirm", NEW, NEW)
    djoser.shows("#message", "Done: reset_password_confirm")
    djoser.sends("create", email, NEW)
    djoser.shows("#message", "Done: create")


def test_a_dead_refresh_token_of_djoser_begins_no_loop(djoser: Client) -> None:
    for name in ("access", "refresh"):
        djoser.page.evaluate(f"localStorage.setItem('{name}', 'x.y.z')")
    djoser.page.click("#english")
    djoser.shows("#message", "Token is invalid")
    assert len([each for each in djoser.sent_to("/refresh/") if each.method == "POST"]) == 1


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(pytest.fail.Exception, match=f"Port {port} is taken"):
            require_free([port])


def test_the_first_start_made_a_video_that_plays(site: Videos, sample: int) -> None:
    """The first thing that a newcomer sees."""
    master = site.admin.get(f"/video/{sample}/master.m3u8")
    assert master.body.decode().count("TYPE=SUBTITLES") == 2
    video = site.admin.get(f"/video/{sample}/").json
    assert httpx.get(video["hero_url"]).status_code == 200


@pytest.mark.usefixtures("sample")
def test_the_official_client_plays_and_runs_no_script_of_a_text(
    official: Client, viewer: str
) -> None:
    official.sends("login", viewer, PASSWORD)
    official.shows(".card h3", WRITTEN)
    official.page.click(".card")
    official.plays(480)
    assert official.page.title() == "Official"
    official.shows("#toast", "Login successful")


@pytest.mark.usefixtures("sample")
def test_10_segments_are_for_requests_with_credentials(official: Client, viewer: str) -> None:
    official.sends("login", viewer, PASSWORD)
    with official.page.expect_response(re.compile(r"/\d+\.m4s\?")) as answered:
        official.page.click(".card")
    headers = answered.value.headers
    assert headers["access-control-allow-origin"] == ORIGINS["official"]
    assert headers["access-control-allow-credentials"] == "true"


@pytest.mark.usefixtures("sample")
def test_angular_plays_and_shows_texts_as_they_were_written(angular: Client, viewer: str) -> None:
    angular.sends("login", viewer, PASSWORD)
    angular.shows(".card", WRITTEN)
    angular.page.click(".card")
    angular.plays(720)
    angular.shows("#message", "Login successful")


@pytest.mark.usefixtures("sample")
def test_authemail_plays_the_next_smaller_file_without_headers_and_cookies(
    authemail: Client, viewer: str
) -> None:
    authemail.sends("login", viewer, PASSWORD)
    authemail.shows(".card", f"{WRITTEN} (Welcome)")
    authemail.shows("#categories", "Welcome")
    authemail.page.click(".card")
    authemail.plays(720)
    authemail.page.click("text=360p")
    authemail.plays(360)
    files = [*dict.fromkeys(each.url for each in authemail.requests if ".mp4" in each.url)]
    assert re.findall(r"_(\d+)p\.mp4", " ".join(files)) == ["1080", "720", "360"]
    part = {"Range": "bytes=0-99"}
    assert [httpx.get(file, headers=part).status_code for file in files] == [404, 206, 206]
    assert not any("cookie" in each.all_headers() for each in authemail.requests)


@pytest.mark.usefixtures("sample")
def test_djoser_plays_and_continues_where_it_paused(djoser: Client, viewer: str) -> None:
    djoser.sends("create", viewer, PASSWORD)
    djoser.shows(".card", WRITTEN)
    djoser.page.click("#german")
    djoser.shows(".card", GERMAN)
    djoser.page.click(".card")
    djoser.shows("#position", "From 0")
    djoser.plays(720)
    with djoser.page.expect_response("**/api/progress/") as reported:
        djoser.page.evaluate("video.pause()")
    assert reported.value.status == 201
    djoser.page.click(".card")
    djoser.shows("#position", re.compile(r"From \d+\.\d+"))
    djoser.plays(720)
    with djoser.page.expect_response("**/api/progress/"):
        djoser.page.evaluate("video.currentTime = video.duration")
    djoser.page.click(".card")
    djoser.shows("#position", "From 0")


@pytest.mark.usefixtures("sample")
def test_djoser_refreshes_with_the_same_token_again(djoser: Client, viewer: str) -> None:
    djoser.sends("create", viewer, PASSWORD)
    djoser.shows(".card", WRITTEN)
    for language, text in (("german", GERMAN), ("english", WRITTEN)):
        djoser.page.evaluate("localStorage.setItem('access', 'x.y.z')")
        djoser.page.click(f"#{language}")
        djoser.shows(".card", text)
    refreshes = [each for each in djoser.sent_to("/refresh/") if each.method == "POST"]
    assert len(refreshes) == 2
    assert len({each.post_data for each in refreshes}) == 1


@pytest.mark.usefixtures("sample")
def test_one_account_watches_in_all_clients_at_the_same_time(
    run: Run, chromium: Browser, email: str
) -> None:
    viewer = signed_up(run, chromium, email)
    heights = {"official": 480, "angular": 720, "authemail": 720, "djoser": 720}
    with ExitStack() as stack:
        clients = [stack.enter_context(client_of(chromium, name)) for name in heights]
        for client in clients:
            client.sends("create" if client.name == "djoser" else "login", viewer, PASSWORD)
            client.page.click(".card")
        for client in clients:
            client.plays(heights[client.name])
