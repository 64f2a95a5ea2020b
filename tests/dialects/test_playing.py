"""A request is played after its steps, with what earlier answers and mails said."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.dialects.playing import Answer, Play, Sent, read
from tests.dialects.request import (
    Preparation,
    Request,
    as_form,
    with_token,
    wrong_bodies,
)

JSON = "application/json"
SIGNUP = Request("signup", "POST", "/signup/", {"email": "a"})
VERIFY = Request("verify", "GET", "/verify/?code={code}", before=("signup",))
LOGIN = Request("login", "POST", "/login/", {"uid": "{uid}", "n": [1]}, before=("verify",))
ME = with_token(Request("me", "GET", "/me/{video}/", before=("login",)), "Token {token}")
TABLE = {each.name: each for each in (SIGNUP, VERIFY, LOGIN, ME)}
MAIL = "Open http://localhost:4200/auth/activate/MQ/a-b.c~d_e or http://x/?code=7~e.y-z_ now."


@dataclass
class Notebook:
    """A backend that notes what it receives, and answers with a token."""

    status: int = 200
    sent: list[Sent] = field(default_factory=list)
    prepared: list[Preparation] = field(default_factory=list)

    def send(self, sent: Sent) -> Answer:
        self.sent.append(sent)
        return Answer(self.status, JSON, {"token": f"t{len(self.sent)}"})

    def prepare(self, preparation: Preparation, _known: Mapping[str, str]) -> Mapping[str, str]:
        self.prepared.append(preparation)
        return {"video": "7"}

    def mails(self) -> Sequence[str]:
        return [MAIL]


def paths(notebook: Notebook) -> list[str]:
    return [sent.path for sent in notebook.sent]


def test_steps_come_first_and_their_values_are_filled_in() -> None:
    notebook = Notebook()
    Play(notebook, TABLE).play(ME.but("with a video", before=("login", Preparation.VIDEO)))
    assert paths(notebook) == ["/signup/", "/verify/?code=7~e.y-z_", "/login/", "/me/7/"]
    assert notebook.prepared == [Preparation.VIDEO]
    assert json.loads(notebook.sent[2].body) == {"uid": "MQ", "n": [1]}
    assert notebook.sent[2].headers["Content-Type"] == JSON
    assert notebook.sent[3].headers["Authorization"] == "Token t3"
    assert notebook.sent[3].body == b""
    assert "Content-Type" not in notebook.sent[3].headers


def test_the_link_of_a_mail_is_known() -> None:
    notebook = Notebook()
    Play(notebook, TABLE).play(VERIFY.but("by link", path="/activate/{uid}/{link}/"))
    assert paths(notebook)[-1] == "/activate/MQ/a-b.c~d_e/"


def test_steps_of_steps_are_taken_once_and_named_steps_always() -> None:
    notebook = Notebook()
    Play(notebook, TABLE).play(ME.but("twice", path="/me/", before=("login", "verify", "login")))
    names = [path.split("/")[1] for path in paths(notebook)]
    assert names == ["signup", "verify", "login", "verify", "login", "me"]


def test_a_step_that_fails_is_no_step() -> None:
    with pytest.raises(AssertionError, match="step 'signup'"):
        Play(Notebook(status=400), TABLE).play(VERIFY)


def test_a_step_of_ours_may_fail_and_its_values_are_unknown() -> None:
    notebook = Notebook(status=400)
    Play(notebook, TABLE, may_steps_fail=True).play(ME)
    assert paths(notebook)[-1] == "/me/unknown/"
    assert len(notebook.sent) == 4


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        (JSON, b"", None),
        (JSON, b'{"a": 1}', {"a": 1}),
        ("text/html", b"<html>\n <h1>Not  Found</h1></html>", "Not Found"),
        ("text/html", b"Used.", "Used."),
    ],
)
def test_bodies_are_read_by_their_type(content_type: str, body: bytes, expected: Any) -> None:
    assert read(content_type, body) == expected


def test_wrong_bodies_keep_path_and_headers_and_have_names_of_their_own() -> None:
    login = with_token(Request("login", "POST", "/login/", {"email": "a", "code": "b"}), "Token x")
    wrong = [*wrong_bodies(login), as_form(login)]
    assert len({each.name for each in wrong}) == len(wrong) == 15
    assert {(each.path, *each.headers.values()) for each in wrong} == {("/login/", "Token x")}
    assert login.body not in [each.body for each in wrong]
    assert as_form(login).raw == "email=a&code=b"
