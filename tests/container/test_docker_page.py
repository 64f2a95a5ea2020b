"""The page about Docker, in a shell with no program but Docker."""

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
from tests.container.docker_shell import DockerShell, commands, docker_shell, inline
from tests.integration.uploading import SentInParts
from tests.integration.videos import Videos, make_clip
from tests.integration.wire import Address, link

VOLUMES = {"aws", "cache", "data", "emulated", "work"}
EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
SAMPLE = "Your first film"
SERVICES = {"api", "aws", "edge", "mailbox", "pump", "transcoder"}


@dataclass
class Story:
    """State that tests pass on to later ones."""

    shell: DockerShell
    uploads: list[SentInParts] = field(default_factory=list)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with docker_shell(tmp_path_factory.mktemp("shell")) as shell:
        make_clip(shell.sources / "film.mp4", seconds=3)
        yield Story(shell)


@pytest.fixture
def shell(story: Story) -> DockerShell:
    return story.shell


@pytest.fixture
def site(shell: DockerShell) -> Videos:
    return shell.site()


def command(start: str) -> str:
    (line,) = (line for line in commands() if line.startswith(start))
    return line


def test_it_starts_and_prints_its_urls(shell: DockerShell) -> None:
    shell.run(command("docker compose up"))
    summary = shell.run(command("docker compose logs prepare"))
    for url in (shell.settings.edge_url, shell.settings.mailbox_url):
        assert url in summary
        shell.until(partial(answers, url), f"nothing answers at {url}")
    password = shell.run(command("docker compose run --rm tools password")).strip()
    assert shell.site().admin.get("/user/").status == 200
    # A log has more readers than a terminal.
    assert password not in summary
    assert re.search(r"Password +docker compose run --rm tools password\n", summary)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).is_success
    except httpx.TransportError:
        return False


def test_an_account_is_activated_by_the_mail_that_docker_prints(shell: DockerShell) -> None:
    browser = Browser(Address(shell.settings.api_port))
    sent = {"email": EMAIL, "password": PASSWORD, "confirmed_password": PASSWORD}
    assert browser.post("/register/", sent).status == 201
    mail = shell.retry(command("docker compose run --rm tools mail"))
    uid, token = link(mail)
    assert browser.get(f"/activate/{uid}/{token}/").status == 200
    assert signs_in(shell)


def signs_in(shell: DockerShell) -> bool:
    browser = Browser(Address(shell.settings.api_port))
    return browser.post("/login/", {"email": EMAIL, "password": PASSWORD}).status == 200


def test_a_dropped_source_is_encoded(shell: DockerShell, site: Videos) -> None:
    message = shell.run(command("docker compose run --rm tools drop"))
    assert "Drama/My film.mp4" in message
    video = site.title("My film")
    assert (video["category"], video["is_published"]) == ("Drama", False)
    assert site.finished(video["id"])["conversion_status"] == "completed"


def test_no_damage_waits_for_a_decision(shell: DockerShell) -> None:
    assert shell.run(command("docker compose run --rm tools accept")).strip() == (
        "Nothing waits for a decision."
    )


def large_source(path: Path) -> Path:
    """Generate a source of more than one part: lossless noise."""
    picture = "testsrc2=s=640x360:r=25:d=2,noise=alls=40:allf=t,format=yuv420p"
    program = imageio_ffmpeg.get_ffmpeg_exe()
    lossless = ("-c:v", "libx264", "-preset", "ultrafast", "-qp", "0")
    arguments = ("-v", "error", "-y", "-f", "lavfi", "-i", picture, *lossless, str(path))
    subprocess.run([program, *arguments], check=True)
    return path


def test_a_program_of_the_host_uploads_parts_to_presigned_urls(
    story: Story, site: Videos, tmp_path: Path
) -> None:
    content = large_source(tmp_path / "large.mp4").read_bytes()
    begun = SentInParts.begun(site.admin, content, "In parts.mp4")
    assert begun.upload["part_count"] > 1
    # Unlike a name under `localhost`, every program of the host resolves it.
    assert {urlsplit(url).hostname for url in begun.urls(begun.numbers).values()} == {"127.0.0.1"}
    begun.send([2])
    assert begun.arrived() == [2]
    story.uploads.append(begun)


def test_health_checks_are_not_logged(shell: DockerShell) -> None:
    api = shell.run("docker compose ps --quiet api").strip()
    assert len(inspected(api)["State"]["Health"]["Log"]) >= 3
    assert "/health" not in shell.run("docker compose logs api")
    assert "Password" in shell.run(command("docker compose logs prepare"))


def test_data_survive_a_restart(shell: DockerShell) -> None:
    # The sample is encoded with a low priority, and last.
    shell.site().title(SAMPLE)
    before = {each["title"] for each in listed(shell.site())}
    assert {SAMPLE, "My film", "In parts"} <= before
    shell.run(inline("docker compose down"))
    assert shell.run("docker compose ps --all --quiet") == ""
    shell.run(inline("docker compose up --detach"))
    health = f"{shell.settings.api_url}/api/health"
    shell.until(lambda: answers(health), "the API does not come back")
    assert signs_in(shell)
    after = [each["title"] for each in listed(shell.site())]
    assert set(after) == before
    # The sample is not added twice.
    assert len(after) == len(before)


def listed(site: Videos) -> list[dict[str, object]]:
    videos: list[dict[str, object]] = site.admin.get("/video/?include=drafts&text=plain").json
    return videos


def test_an_upload_continues_after_the_restart(story: Story, site: Videos) -> None:
    (begun,) = story.uploads
    again = begun.again(site.admin)
    assert again.arrived() == [2]
    again.send(set(again.numbers) - {2})
    video = again.complete()
    assert site.finished(video)["conversion_status"] == "completed"
    site.publish(video)
    master = site.admin.get(f"/video/{video}/master.m3u8").body.decode()
    assert master.startswith("#EXTM3U")


def test_all_services_are_healthy_in_the_end(shell: DockerShell) -> None:
    def healthy() -> set[str]:
        lines = shell.run("docker compose ps --format json").splitlines()
        states = [json.loads(line) for line in lines]
        return {each["Service"] for each in states if each["Health"] == "healthy"}

    shell.until(lambda: healthy() == SERVICES, "some are not well")


def test_volumes_are_removed_without_naming_the_emulator(shell: DockerShell) -> None:
    assert shell.volumes() == VOLUMES
    without = {**shell.environment, "AWS_EMULATOR": ""}
    other = DockerShell(shell.settings, shell.sources, without)
    other.run(inline("docker compose down --volumes"))
    assert shell.volumes() == set()
