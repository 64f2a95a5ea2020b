"""A mail that went out is on the page and in the terminal."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from infra.local import mail
from infra.terminal import Refusal
from tests.integration.supervised import LocalRun, Run

HTML = "<p>Grüße</p>"


def printed(run: Run | LocalRun, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Do what `make mail` does."""
    return subprocess.run(
        [sys.executable, "-m", "infra.local.mail", *arguments],
        cwd=run.settings.root,
        env=dict(run.settings.variables),
        capture_output=True,
        text=True,
        check=False,
    )


def send(run: Run, name: str, subject: str) -> None:
    run.client("ses").send_email(
        Source="Videoflix <noreply@videoflix.test>",
        Destination={"ToAddresses": [f"{name}@example.com"]},
        Message={
            "Subject": {"Data": subject},
            "Body": {"Text": {"Data": "Grüße"}, "Html": {"Data": HTML}},
        },
    )


@pytest.fixture(scope="module")
def sent(running: Run) -> None:
    for name, number in (("ada", "first"), ("ada", "second"), ("bob", "other")):
        send(running, name, f"The {number} mail")


@pytest.mark.usefixtures("sent")
def test_the_newest_mail_to_an_address_is_printed(running: Run) -> None:
    result = printed(running, "Ada@example.com")
    assert result.returncode == 0
    head, _, body = result.stdout.partition("\n\n")
    assert head.splitlines()[0] == "From:    Videoflix <noreply@videoflix.test>"
    assert head.splitlines()[1] == "To:      ada@example.com"
    assert head.splitlines()[3] == "Subject: The second mail"
    assert body == "Grüße\n"


@pytest.mark.usefixtures("sent")
def test_the_mailbox_lists_the_newest_first_and_shows_each(running: Run) -> None:
    inbox = httpx.get(running.mailbox_url).text
    assert inbox.index("The other mail") < inbox.index("The second mail")
    [second, first] = httpx.get(
        f"{running.mailbox_url}/api/mails", params={"to": "ada@example.com"}
    ).json()
    assert (second["subject"], first["subject"]) == ("The second mail", "The first mail")
    assert HTML in httpx.get(f"{running.mailbox_url}/mails/{first['id']}/html").text


@pytest.mark.usefixtures("sent")
def test_no_mail_is_said_in_one_sentence(running: Run) -> None:
    with pytest.raises(Refusal, match=r"^No mail to absent@example\.com yet\.$"):
        mail.newest(running.settings, to="absent@example.com", patience_seconds=0)


def test_a_mail_that_is_still_under_way_is_waited_for(running: Run) -> None:
    command = [sys.executable, "-m", "infra.local.mail", "late@example.com"]
    with subprocess.Popen(
        command,
        cwd=running.settings.root,
        env=dict(running.settings.variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as waiting:
        assert waiting.stderr
        assert "No mail to late@example.com yet." in waiting.stderr.readline()
        send(running, "late", "The late mail")
        printed, _ = waiting.communicate()
    assert waiting.returncode == 0
    assert printed.splitlines()[3] == "Subject: The late mail"


def test_a_run_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    local_run = LocalRun.at(tmp_path)
    result = printed(local_run)
    assert result.returncode == 1
    assert result.stderr == (
        f"No site answers at {local_run.settings.aws_url}. Start it with  make run  in another "
        "terminal; if it has other ports, say so here as well: API_PORT, AWS_PORT, EDGE_PORT.\n"
    )
