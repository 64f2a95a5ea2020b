"""What a sign-in costs the processor, beside the one password hash it cannot do without.

The tables are those of an emulator in another process, so that only our own work is measured.
"""

import itertools
import json
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import argon2
import pytest

from chalicelib.wiring import accounts
from tests import conftest
from tests.bench.calls import count_of
from tests.bench.events import CONTEXT, event
from tests.bench.processor import seconds, unheard
from tests.bench.rows import Row, count
from tests.integration.emulated import emulated_aws

_ADDRESS = "bench@example.com"
# Fewer than may try to sign in to one account within a quarter of an hour.
_ROUNDS, _CALLS = 5, 8
_FLOOR = (
    "argon2.PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1).verify(hash, password)"
)


def rows() -> Iterator[Row]:
    with (
        tempfile.TemporaryDirectory() as folder,
        emulated_aws(Path(folder)) as url,
        pytest.MonkeyPatch.context() as environment,
    ):
        environment.setenv("AWS_ENDPOINT_URL", url)
        environment.setenv("ACCOUNTS_TABLE", "bench-accounts")
        environment.setenv("CATALOGUE_TABLE", "bench-catalogue")
        environment.setenv("VIEWING_TABLE", "bench-viewing")
        conftest.forget_wiring()
        with unheard():
            measured = list(_measured())
        conftest.forget_wiring()
    yield from measured


def _measured() -> Iterator[Row]:
    from app import app

    conftest.make_resources()
    password = secrets.token_urlsafe(12)
    accounts.administration().ensure_admin(email=_ADDRESS, password=password)
    callers = itertools.count(1)

    def sign_in() -> None:
        # Each from an address of its own, for one may not try so often.
        answer = app(_login(password, f"198.51.100.{next(callers)}"), CONTEXT)
        assert answer["statusCode"] == 200, answer

    hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
    known = hasher.hash(password)
    floor = seconds(lambda: hasher.verify(known, password), rounds=_ROUNDS, calls=_CALLS)
    spent = seconds(sign_in, rounds=_ROUNDS, calls=_CALLS)
    yield Row("login.cpu", spent, floor, 1.15, unit="s", floor_is=_FLOOR)
    yield count("calls.login", count_of(sign_in), 4)


def _login(password: str, address: str) -> dict[str, Any]:
    sent = json.dumps({"email": _ADDRESS, "password": password})
    asked = event("/api/login", "/api/login", method="POST", address=address)
    headers = {"content-type": "application/json", "origin": "http://127.0.0.1:5500"}
    multiple = {name: [value] for name, value in headers.items()}
    return {**asked, "body": sent, "headers": headers, "multiValueHeaders": multiple}
