"""Plays the table on one of the projects: `python -m tests.dialects.originals djoser`."""

import importlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import django
from django.conf import settings

from tests.dialects.playing import Answer, Play, Sent, read, reduced
from tests.dialects.request import Preparation
from tests.dialects.requests import TABLES

_PROJECTS = "tests.dialects.originals"


@dataclass(frozen=True, slots=True)
class DjangoPlayer:
    """A Django project, asked by Django's own test client."""

    preparing: Any
    client: Any
    outbox: Sequence[Any]

    def send(self, sent: Sent) -> Answer:
        headers = {name: value for name, value in sent.headers.items() if name != "Content-Type"}
        answer = self.client.generic(
            sent.method,
            sent.path,
            sent.body,
            sent.headers.get("Content-Type", ""),
            headers=headers,
        )
        content_type = answer.headers.get("Content-Type", "")
        return Answer(
            answer.status_code,
            content_type,
            read(content_type, answer.content),
            answer.headers.get("WWW-Authenticate", ""),
            answer.headers.get("Location", ""),
        )

    def prepare(self, preparation: Preparation, known: Mapping[str, str]) -> Mapping[str, str]:
        prepared: Mapping[str, str] = self.preparing.prepare(preparation, known)
        return prepared

    def mails(self) -> Sequence[str]:
        return [mail.body for mail in self.outbox]


def main(dialect: str) -> None:
    settings.configure(**importlib.import_module(f"{_PROJECTS}.{dialect}.settings").SETTINGS)
    django.setup()
    from django.core import mail
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", run_syncdb=True, verbosity=0)
    preparing = importlib.import_module(f"{_PROJECTS}.{dialect}.preparing")
    mail.outbox = []
    recorded = {}
    for name, request in TABLES[dialect].items():
        call_command("flush", interactive=False, verbosity=0)
        mail.outbox.clear()
        client = Client(raise_request_exception=False, enforce_csrf_checks=True)
        play = Play(DjangoPlayer(preparing, client, mail.outbox), TABLES[dialect])
        answer = reduced(play.play(request)).as_json()
        recorded[name] = {"request": request.as_json(), "answer": answer}
    json.dump(recorded, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
