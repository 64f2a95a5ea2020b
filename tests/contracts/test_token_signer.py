"""Contract of `TokenSigner`: the fake and JSON Web Tokens."""

import re
from datetime import timedelta

import pytest

from chalicelib.accounts.keys import KeySet
from chalicelib.accounts.ports import TokenSigner
from chalicelib.adapters.tokens import JwtSigner, Keyring
from tests.fakes.clock import HandClock
from tests.fakes.key_store import InMemoryKeyStore
from tests.fakes.token_signer import RememberingSigner

pytestmark = pytest.mark.contract(of=TokenSigner)

CLAIMS = {"sub": "7", "state": "grüße / + = ? & % \n"}
LIFE = timedelta(minutes=5)


def jwt_signer(clock: HandClock, secret: str = "k" * 64) -> JwtSigner:
    return JwtSigner(Keyring(InMemoryKeyStore(KeySet({"0": secret})), clock), clock)


@pytest.fixture(params=["memory", "jwt"])
def signer(request: pytest.FixtureRequest, clock: HandClock) -> TokenSigner:
    return RememberingSigner(clock) if request.param == "memory" else jwt_signer(clock)


@pytest.fixture
def token(signer: TokenSigner, clock: HandClock) -> str:
    return signer.sign("access", CLAIMS, expires_at=clock.now() + LIFE)


def test_signed_claims_are_returned(signer: TokenSigner, token: str) -> None:
    claims = signer.claims("access", token)
    assert claims is not None
    assert {name: claims[name] for name in CLAIMS} == CLAIMS


def test_a_token_can_be_verified_many_times(signer: TokenSigner, token: str) -> None:
    assert signer.claims("access", token) == signer.claims("access", token) is not None


@pytest.mark.parametrize("other", ["device", "Access", "acces_", ""])
def test_a_token_is_valid_for_its_own_purpose_only(
    signer: TokenSigner, token: str, other: str
) -> None:
    assert signer.claims(other, token) is None


def test_a_token_is_valid_until_it_expires(
    signer: TokenSigner, token: str, clock: HandClock
) -> None:
    clock.advance(seconds=LIFE.total_seconds() - 1)
    assert signer.claims("access", token)
    clock.advance(seconds=1)
    assert signer.claims("access", token) is None


def test_a_token_needs_no_escaping_in_a_path(token: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", token)


@pytest.mark.parametrize(
    "garbage",
    ["", ".", "..", "a.b.c", "\0", "é.é.é", "\ud800.a.b", "a" * 5000, "." * 2000, "W1tb" * 500],
)
def test_garbage_is_no_token(signer: TokenSigner, garbage: str) -> None:
    assert signer.claims("access", garbage) is None


def test_a_truncated_or_extended_token_is_invalid(signer: TokenSigner, token: str) -> None:
    changed = [token[:-4], token[4:], token + "AAAA", token + ".", f" {token}", token + "\n"]
    assert [signer.claims("access", each) for each in changed] == [None] * len(changed)


def test_the_token_of_another_signer_is_invalid(signer: TokenSigner, clock: HandClock) -> None:
    other_signer = jwt_signer(clock, secret="s" * 64)
    theirs = other_signer.sign("access", CLAIMS, expires_at=clock.now() + LIFE)
    assert other_signer.claims("access", theirs)
    assert signer.claims("access", theirs) is None
