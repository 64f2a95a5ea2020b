"""Known forgeries of JSON Web Tokens against the real token signer."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.accounts.keys import KeySet
from chalicelib.adapters.tokens import JwtSigner, Keyring
from tests.fakes.clock import HandClock
from tests.fakes.key_store import InMemoryKeyStore

SECRET = "k" * 64
KEYS = KeySet({"0": SECRET})
HEADER = {"typ": "JWT", "alg": "HS256", "kid": "0"}


@dataclass(frozen=True)
class Forger:
    """Builds tokens; with the true secret and no changes, valid ones."""

    clock: HandClock

    def token(
        self,
        header: Mapping[str, Any] | None = None,
        payload: Mapping[str, Any] | None = None,
        *,
        secret: str = SECRET,
        digest: str = "sha256",
    ) -> str:
        signed = f"{encoded({**HEADER, **(header or {})})}.{encoded(self.payload(payload))}"
        signature = hmac.new(secret.encode(), signed.encode(), getattr(hashlib, digest)).digest()
        return f"{signed}.{in_base64(signature)}"

    def payload(self, changes: Mapping[str, Any] | None) -> dict[str, Any]:
        now = int(self.clock.now().timestamp())
        times = {"iat": now, "exp": now + 300}
        complete = {"iss": "videoflix", "aud": "access", "sub": "7", **times, **(changes or {})}
        return {name: value for name, value in complete.items() if value is not None}


def encoded(part: Any) -> str:
    return in_base64(json.dumps(part).encode())


def in_base64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


@pytest.fixture
def signer(clock: HandClock) -> JwtSigner:
    return JwtSigner(Keyring(InMemoryKeyStore(KEYS), clock), clock)


@pytest.fixture
def forger(clock: HandClock) -> Forger:
    return Forger(clock)


def test_a_token_written_by_hand_with_the_true_secret_is_true(
    signer: JwtSigner, forger: Forger
) -> None:
    claims = signer.claims("access", forger.token())
    assert claims is not None
    assert claims["sub"] == "7"


def test_signed_tokens_name_their_key_and_hide_its_secret(
    signer: JwtSigner, clock: HandClock
) -> None:
    token = signer.sign("access", {"sub": "7"}, expires_at=clock.now())
    header, payload = (urlsafe_b64decode(part + "==") for part in token.split(".")[:2])
    assert json.loads(header) == HEADER
    assert SECRET.encode() not in payload


@pytest.mark.parametrize("none", ["none", "None", "NONE", "nOnE", "", None])
def test_an_unsigned_token_is_refused(signer: JwtSigner, forger: Forger, none: str | None) -> None:
    signed = forger.token({"alg": none})
    unsigned = signed.rpartition(".")[0] + "."
    assert signer.claims("access", signed) is None
    assert signer.claims("access", unsigned) is None


@pytest.mark.parametrize(("algorithm", "digest"), [("HS512", "sha512"), ("HS384", "sha384")])
def test_another_algorithm_with_the_true_secret_is_refused(
    signer: JwtSigner, forger: Forger, algorithm: str, digest: str
) -> None:
    assert signer.claims("access", forger.token({"alg": algorithm}, digest=digest)) is None


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "PS256", "EdDSA", "hs256", "HS256 "])
def test_a_header_that_names_another_algorithm_is_refused(
    signer: JwtSigner, forger: Forger, algorithm: str
) -> None:
    assert signer.claims("access", forger.token({"alg": algorithm})) is None


@pytest.mark.parametrize(
    "extra",
    [
        {"kid": "1"},
        {"kid": ""},
        {"kid": None},
        {"kid": 0},
        {"kid": ["0"]},
        {"kid": "../../dev/null"},
        {"crit": ["exp"]},
        {"b64": False, "crit": ["b64"]},
    ],
    ids=str,
)
def test_a_header_with_unknown_parameters_is_refused(
    signer: JwtSigner, forger: Forger, extra: Mapping[str, Any]
) -> None:
    assert signer.claims("access", forger.token(extra)) is None


@pytest.mark.parametrize("secret", ["", "s" * 64, SECRET[:-1], "0", json.dumps(dict(KEYS.secrets))])
def test_a_token_of_another_secret_is_refused(
    signer: JwtSigner, forger: Forger, secret: str
) -> None:
    assert signer.claims("access", forger.token(secret=secret)) is None


def test_a_key_inside_the_token_is_ignored(signer: JwtSigner, forger: Forger) -> None:
    jwk = {"kty": "oct", "k": in_base64(b"s" * 64)}
    forged = forger.token({"jwk": jwk, "jku": "https://evil.example/keys"}, secret="s" * 64)
    assert signer.claims("access", forged) is None


@pytest.mark.parametrize(
    "change",
    [{"sub": "8"}, {"aud": "device"}, {"exp": 9_999_999_999}, {"admin": "yes"}],
    ids=str,
)
def test_a_changed_payload_does_not_fit_its_signature(
    signer: JwtSigner, forger: Forger, change: Mapping[str, Any]
) -> None:
    header, _, signature = forger.token().split(".")
    changed = encoded(forger.payload(change))
    assert signer.claims("access", f"{header}.{changed}.{signature}") is None


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "another"},
        {"iss": None},
        {"aud": None},
        {"sub": None},
        {"exp": None},
        {"iat": None},
    ],
    ids=str,
)
def test_a_signed_token_without_required_claims_is_refused(
    signer: JwtSigner, forger: Forger, change: Mapping[str, Any]
) -> None:
    assert signer.claims("access", forger.token(payload=change)) is None


@pytest.mark.parametrize(
    "header", [b"[" * 1400, b'{"a":' * 280, b"[]", b"null", b'"text"', b"\xff", b"{", b""]
)
def test_an_invalid_header_is_refused(signer: JwtSigner, header: bytes) -> None:
    assert signer.claims("access", f"{in_base64(header)}.e30.c2ln") is None
