"""What `AWS_EMULATOR=localstack make run` says where there is no LocalStack, or it goes away."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from infra.local import localstack
from infra.terminal import Refusal
from tests.integration.supervised import LocalRun, Run, free_ports

HOW = (
    "start it, say where it is (LOCALSTACK_HOST=host:port), "
    "or leave AWS_EMULATOR out: then MiniStack is started."
)


def refusal_of(data: Path, **settings: str) -> str:
    local_run = LocalRun.at(data)
    with local_run.started(AWS_EMULATOR="localstack", **settings) as run:
        assert run.process.wait(30) == 1
        return run.output


def test_where_nothing_listens_it_says_so_in_one_sentence(tmp_path: Path) -> None:
    [port] = free_ports(1)
    said = refusal_of(tmp_path / "data", LOCALSTACK_HOST=f"localhost:{port}")
    assert said == f"No LocalStack answers at http://localhost:{port}: {HOW}\n"


def test_another_emulator_is_not_taken_for_localstack(tmp_path: Path, running: Run) -> None:
    url = f"http://127.0.0.1:{running.settings.aws_port}"
    said = refusal_of(tmp_path / "data", AWS_ENDPOINT_URL=url)
    assert said == f"What answers at {url} is not LocalStack: {HOW}\n"


@dataclass
class Standin:
    """Answers as LocalStack does about itself."""

    url: str
    session_id: str = "first"
    asked: list[str] = field(default_factory=list)


@contextmanager
def standin() -> Iterator[Standin]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answering.asked.append(self.path)
            info = {"version": "4.14.0", "edition": "", "session_id": answering.session_id}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(info).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        answering = Standin(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield answering
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(localstack, "_PAUSE_SECONDS", 0.05)


def end_of(emulator: localstack.LocalStack) -> str:
    return asyncio.run(asyncio.wait_for(emulator.ended(), 20))


def test_a_localstack_that_was_started_anew_has_forgotten_everything() -> None:
    with standin() as there:
        emulator = localstack.find(there.url)
        there.session_id = "second"
        assert end_of(emulator) == (
            f"LocalStack at {there.url} was started anew and has forgotten everything: start again."
        )


def test_a_localstack_that_goes_away_is_missed_only_after_a_while() -> None:
    with standin() as there:
        emulator = localstack.find(there.url)
        assert there.asked == ["/_localstack/info"]
    assert end_of(emulator) == (
        f"LocalStack at {there.url} does not answer any more, and so everything else ends."
    )


def test_a_localstack_that_stays_is_not_missed() -> None:
    with standin() as there, pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(localstack.find(there.url).ended(), 1))


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, "http://localhost:4566"),
        ({"LOCALSTACK_HOST": "box:4577"}, "http://box:4577"),
        ({"LOCALSTACK_HOST": "box"}, "http://box:4566"),
        ({"LOCALSTACK_HOST": "box:1", "USE_SSL": "1"}, "http://box:1"),
        (
            {"AWS_ENDPOINT_URL": "http://127.0.0.1:9/", "LOCALSTACK_HOST": "b:1"},
            "http://127.0.0.1:9",
        ),
        ({"AWS_ENDPOINT_URL": "http://[::1]:4566"}, "http://[::1]:4566"),
        ({"EDGE_PORT": "1234"}, "http://localhost:4566"),
    ],
)
def test_it_is_where_its_own_variables_say(
    environment: dict[str, str], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What counts is what a person set, in a file perhaps, not what happens to be inherited.
    monkeypatch.setenv("LOCALSTACK_HOST", "elsewhere:1")
    assert localstack.url_of(environment) == url


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"LOCALSTACK_HOST": "box:many"}, "LOCALSTACK_HOST must be host:port"),
        ({"AWS_ENDPOINT_URL": "box"}, "AWS_ENDPOINT_URL must be of the form http://host:port."),
        ({"AWS_ENDPOINT_URL": "http://b:99999"}, "AWS_ENDPOINT_URL is no URL"),
    ],
)
def test_an_address_that_is_none_is_named(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refusal, match=f"^{sentence}"):
        localstack.url_of(environment)
