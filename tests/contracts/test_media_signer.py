"""Contract of `MediaSigner`, and its agreement with the edge."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.adapters.media_signer import (
    REMEMBERED_FOR,
    CloudFrontSigner,
    MediaSigningKey,
    SecretMediaSigningKey,
    media_signing_key,
)
from chalicelib.playback.ports import MediaSigner
from infra.local.edge.keys import Keys
from infra.local.edge.signed_urls import EdgeRefusal, Gate, MediaRequest
from tests.fakes.clock import HandClock
from tests.fakes.media_signer import ReadableSigner
from tests.unit.infra.local.edge.signing import secret

pytestmark = pytest.mark.contract(of=MediaSigner)

URL = "https://media.example"
FOLDER = "media/7/1/"
KINDS = [("ECDSA", "SHA256"), ("RSA", "SHA256"), ("RSA", "SHA1"), ("ECDSA", "SHA1")]


@pytest.fixture(params=["readable", *KINDS], ids=str)
def signer(request: pytest.FixtureRequest) -> MediaSigner:
    if request.param == "readable":
        return ReadableSigner()
    return CloudFrontSigner(URL, lambda: media_signing_key(secret(*request.param)))


def test_a_query_fits_into_a_url_and_a_quoted_attribute(
    signer: MediaSigner, clock: HandClock
) -> None:
    query = signer.query(FOLDER, expires_at=clock.now())
    assert query
    assert set(query).isdisjoint(set("\"<> \n\0#?+'"))


def test_a_wildcard_ends_on_a_directory_boundary(signer: MediaSigner, clock: HandClock) -> None:
    with pytest.raises(ValueError, match="boundary"):
        signer.query("media/7/1", expires_at=clock.now())


@pytest.mark.parametrize(("kind", "hash_name"), KINDS)
def test_the_edge_accepts_a_signed_url_until_it_expires(
    kind: str, hash_name: str, clock: HandClock
) -> None:
    text = secret(kind, hash_name)
    gate = Gate(Keys(lambda: text), lambda: clock.now().timestamp())
    signer = CloudFrontSigner(URL, lambda: media_signing_key(text))
    query = signer.query(FOLDER, expires_at=clock.now() + timedelta(minutes=5))
    gate.require_signature(MediaRequest(f"{URL}/{FOLDER}video/720p/00000.m4s", query, "127.0.0.1"))
    with pytest.raises(EdgeRefusal):
        gate.require_signature(MediaRequest(f"{URL}/media/7/10/x", query, "127.0.0.1"))
    clock.advance(minutes=5)
    with pytest.raises(EdgeRefusal):
        gate.require_signature(MediaRequest(f"{URL}/{FOLDER}init.mp4", query, "127.0.0.1"))


def test_a_typical_query_is_short(clock: HandClock) -> None:
    signer = CloudFrontSigner(URL, lambda: media_signing_key(secret("ECDSA")))
    assert len(signer.query("media/373098938368051/1/", expires_at=clock.now())) < 400


def test_the_key_is_cached(clock: HandClock) -> None:
    reads = 0

    class Secrets:
        def get_secret_value(self, **_: str) -> dict[str, str]:
            nonlocal reads
            reads += 1
            return {"SecretString": secret("ECDSA")}

    remembered: Callable[[], MediaSigningKey] = SecretMediaSigningKey(Secrets, "media-keys", clock)
    for _ in range(3):
        remembered()
    assert reads == 1
    clock.advance(seconds=REMEMBERED_FOR.total_seconds())
    remembered()
    assert reads == 2
