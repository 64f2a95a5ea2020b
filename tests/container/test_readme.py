"""The README's section about Docker, followed by a person with nothing but Docker."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import imageio_ffmpeg
import pytest

from tests.browser import Browser
from tests.container.composed import inspected
from tests.container.person import Person, commands, inline, person
from tests.integration.films import Films, make_film
from tests.integration.uploading import SentInParts
from tests.integration.wire import Address, link

VOLUMES = {"aws", "cache", "data", "emulated", "work"}
EMAIL, SECRET = "ada@example.com", "correct horse battery"
SAMPLE = "Your first film"
SERVICES = {"api", "aws", "edge", "mailbox", "pump", "transcoder"}


@dataclass
class Story:
    """What one test leaves to the next."""

    somebody: Person
    uploads: list[SentInParts] = field(default_factory=list)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with person(tmp_path_factory.mktemp("person")) as somebody:
        make_film(somebody.films / "film.mp4", seconds=3)
        yield Story(somebody)


@pytest.fixture
def somebody(story: Story) -> Person:
    return story.somebody


@pytest.fixture
def site(somebody: Person) -> Films:
    return somebody.site()


def command(start: str) -> str:
    (found,) = (line for line in commands() if line.startswith(start))
    return found


def test_it_starts_and_tells_where_everything_is(somebody: Person) -> None:
    somebody.types(command("docker compose up"))
    summary = somebody.types(command("docker compose logs prepare"))
    for url in (somebody.settings.edge_url, somebody.settings.mailbox_url):
        assert url in summary
        somebody.until(partial(answers, url), f"nothing answers at {url}")
    password = somebody.types(command("docker compose run --rm tools password")).strip()
    assert somebody.site().admin.get("/user/").status == 200
    # A log is read by more people than a terminal.
    assert password not in summary
    assert re.search(r"Password +docker compose run --rm tools password\n", summary)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).is_success
    except httpx.TransportError:
        return False


def test_a_newcomer_signs_up_with_the_mail_that_docker_prints(somebody: Person) -> None:
    browser = Browser(Address(somebody.settings.api_port))
    sent = {"email": EMAIL, "password": SECRET, "confirmed_password": SECRET}
    assert browser.post("/register/", sent).status == 201
    mail = somebody.tries(command("docker compose run --rm tools mail"))
    uid, token = link(mail)
    assert browser.get(f"/activate/{uid}/{token}/").status == 200
    assert signs_in(somebody)


def signs_in(somebody: Person) -> bool:
    browser = Browser(Address(somebody.settings.api_port))
    return browser.post("/login/", {"email": EMAIL, "password": SECRET}).status == 200


def test_a_film_that_lies_here_is_made(somebody: Person, site: Films) -> None:
    told = somebody.types(command("docker compose run --rm tools drop"))
    assert "Drama/My film.mp4" in told
    video = site.title("My film")
    assert (video["category"], video["is_published"]) == ("Drama", False)
    assert site.finished(video["id"])["conversion_status"] == "completed"


def test_nothing_of_it_waits_for_a_decision(somebody: Person) -> None:
    assert somebody.types(command("docker compose run --rm tools accept")).strip() == (
        "Nothing waits for a decision."
    )


def large_film(path: Path) -> Path:
    """A film of more than one part: noise, and nothing lost of it."""
    picture = "testsrc2=s=640x360:r=25:d=2,noise=alls=40:allf=t,format=yuv420p"
    program = imageio_ffmpeg.get_ffmpeg_exe()
    lossless = ("-c:v", "libx264", "-preset", "ultrafast", "-qp", "0")
    made = [program, "-v", "error", "-y", "-f", "lavfi", "-i", picture, *lossless, str(path)]
    subprocess.run(made, check=True)
    return path


def test_a_program_of_the_host_sends_parts_to_where_it_is_told(
    story: Story, site: Films, tmp_path: Path
) -> None:
    content = large_film(tmp_path / "large.mp4").read_bytes()
    begun = SentInParts.begun(site.admin, content, "In parts.mp4")
    assert begun.upload["part_count"] > 1
    # Resolved by every program of the host, which a name under `localhost` is not.
    assert {urlsplit(url).hostname for url in begun.urls(begun.numbers).values()} == {"127.0.0.1"}
    begun.send([2])
    assert begun.arrived() == [2]
    story.uploads.append(begun)


def test_health_checks_leave_the_logs_alone(somebody: Person) -> None:
    api = somebody.types("docker compose ps --quiet api").strip()
    assert len(inspected(api)["State"]["Health"]["Log"]) >= 3
    assert "/health" not in somebody.types("docker compose logs api")
    assert "Password" in somebody.types(command("docker compose logs prepare"))


def test_after_a_restart_everything_is_found_again(somebody: Person) -> None:
    # It is made at leisure, and comes last.
    somebody.site().title(SAMPLE)
    before = {each["title"] for each in listed(somebody.site())}
    assert {SAMPLE, "My film", "In parts"} <= before
    somebody.types(inline("docker compose down"))
    assert somebody.types("docker compose ps --all --quiet") == ""
    somebody.types(inline("docker compose up --detach"))
    health = f"{somebody.settings.api_url}/api/health"
    somebody.until(lambda: answers(health), "the API does not come back")
    assert signs_in(somebody)
    after = [each["title"] for each in listed(somebody.site())]
    assert set(after) == before
    # Nobody is given the sample twice.
    assert len(after) == len(before)


def listed(site: Films) -> list[dict[str, object]]:
    found: list[dict[str, object]] = site.admin.get("/video/?include=drafts&text=plain").json
    return found


def test_an_upload_that_was_under_way_goes_on_after_the_restart(story: Story, site: Films) -> None:
    (begun,) = story.uploads
    again = begun.again(site.admin)
    assert again.arrived() == [2]
    again.send(set(again.numbers) - {2})
    video = again.complete()
    assert site.finished(video)["conversion_status"] == "completed"
    site.publish(video)
    master = site.admin.get(f"/video/{video}/master.m3u8").body.decode()
    assert master.startswith("#EXTM3U")


def test_all_services_are_well_in_the_end(somebody: Person) -> None:
    def well() -> set[str]:
        lines = somebody.types("docker compose ps --format json").splitlines()
        states = [json.loads(line) for line in lines]
        return {each["Service"] for each in states if each["Health"] == "healthy"}

    somebody.until(lambda: well() == SERVICES, "some are not well")


def test_to_forget_the_data_nobody_has_to_name_the_emulator(somebody: Person) -> None:
    assert somebody.volumes() == VOLUMES
    without = {**somebody.environment, "AWS_EMULATOR": ""}
    forgetful = Person(somebody.settings, somebody.films, without)
    forgetful.types(inline("docker compose down --volumes"))
    assert somebody.volumes() == set()
