"""The edge accepts and refuses the same signatures as CloudFront."""

import base64
import json
from functools import partial
from typing import Any

import pytest

from infra.local.edge.keys import Keys
from infra.local.edge.signed_urls import EdgeRefusal, Gate, MediaRequest
from tests.unit.infra.local.edge.signing import KEY_ID, NOON, OBJECT_URL, policy, secret, signed

ANY_KIND = pytest.mark.parametrize("kind", ["RSA", "ECDSA"])
ANY_HASH = pytest.mark.parametrize("hash_name", ["SHA1", "SHA256"])
HOUR = 3600
KEYS = {kind: Keys(partial(secret, kind)) for kind in ("RSA", "ECDSA")}


def verdict(url: str, *, kind: str = "RSA", at: float = 0, client: str = "203.0.113.7") -> str:
    """Return the code of the refusal, "" if there is none, at a time in seconds after noon."""
    gate = Gate(KEYS[kind], lambda: NOON.timestamp() + at)
    address, _, query = url.partition("?")
    try:
        gate.require_signature(MediaRequest(address, query, client))
    except EdgeRefusal as refused:
        return refused.code
    return ""


@ANY_KIND
@ANY_HASH
def test_botocores_canned_urls_open_their_object(kind: str, hash_name: str) -> None:
    assert verdict(signed(OBJECT_URL, kind=kind, hash_name=hash_name), kind=kind) == ""


@ANY_KIND
@ANY_HASH
def test_botocores_custom_policies_open_their_folder(kind: str, hash_name: str) -> None:
    assert verdict(signed(OBJECT_URL, policy(), kind=kind, hash_name=hash_name), kind=kind) == ""


def test_a_canned_url_opens_one_object_only() -> None:
    assert verdict(signed(OBJECT_URL).replace("00000", "00001")) == "AccessDenied"


def test_a_signature_covers_the_rest_of_the_query() -> None:
    assert verdict(signed(f"{OBJECT_URL}?size=small")) == ""
    assert verdict(signed(f"{OBJECT_URL}?size=small").replace("small", "large")) == "AccessDenied"
    assert verdict(f"{signed(OBJECT_URL)}&size=large") == "AccessDenied"


@pytest.mark.parametrize(
    "elsewhere",
    ["/media/7/2/video/720p/00000.m4s", "/media/8/1/video/720p/00000.m4s", "/media/7/10/x", "/"],
)
def test_a_wildcard_does_not_reach_another_folder(elsewhere: str) -> None:
    query = signed(OBJECT_URL, policy()).partition("?")[2]
    assert verdict(f"http://127.0.0.1:8080{elsewhere}?{query}") == "AccessDenied"


@pytest.mark.parametrize("host", ["http://localhost:8080", "https://127.0.0.1:8080", "http://x"])
def test_a_signature_is_for_one_host_and_scheme(host: str) -> None:
    url = signed(OBJECT_URL, policy()).replace("http://127.0.0.1:8080", host, 1)
    assert verdict(url) == "AccessDenied"


@pytest.mark.parametrize(
    ("resource", "opens"),
    [
        ("*", True),
        ("http*://127.0.0.1:8080/media/7/*", True),
        ("http://127.0.0.1:8080/media/?/1/*.m4s", True),
        ("http://127.0.0.1:8080/media/??/1/*", False),
        ("http://127.0.0.1:8080/media/7/1", False),
        ("http://127.0.0.1:8080/media/7/1/video/720p/0000[0].m4s", False),
        (None, True),
    ],
)
def test_resources_match_as_at_cloudfront(resource: str | None, *, opens: bool) -> None:
    assert (verdict(signed(OBJECT_URL, policy(resource))) == "") is opens


def test_a_signature_ends() -> None:
    assert verdict(signed(OBJECT_URL), at=HOUR - 1) == ""
    assert verdict(signed(OBJECT_URL), at=HOUR) == "AccessDenied"
    assert verdict(signed(OBJECT_URL, policy()), at=60) == "AccessDenied"


def test_a_signature_may_begin_later() -> None:
    later = {"AWS:EpochTime": int(NOON.timestamp()) + 30}
    url = signed(OBJECT_URL, policy(DateGreaterThan=later))
    assert [verdict(url, at=seconds) for seconds in (0, 30, 31)] == ["AccessDenied"] * 2 + [""]


@pytest.mark.parametrize(
    ("network", "opens"),
    [("203.0.113.0/24", True), ("203.0.113.7", True), ("0.0.0.0/0", True), ("10.0.0.0/8", False)],
)
def test_a_signature_may_be_for_one_network(network: str, *, opens: bool) -> None:
    url = signed(OBJECT_URL, policy(IpAddress={"AWS:SourceIp": network}))
    assert (verdict(url) == "") is opens


def test_an_unknown_key_is_refused() -> None:
    assert verdict(signed(OBJECT_URL).replace(KEY_ID, "K0000000000000")) == "InvalidKey"


@pytest.mark.parametrize("missing", ["Expires", "Signature", "Key-Pair-Id"])
def test_every_parameter_is_required(missing: str) -> None:
    address, _, query = signed(OBJECT_URL).partition("?")
    rest = [each for each in query.split("&") if not each.startswith(missing)]
    assert verdict(f"{address}?{'&'.join(rest)}") == "MissingKey"
    assert verdict(address) == "MissingKey"


@pytest.mark.parametrize("name", ["Policy", "Signature"])
@ANY_KIND
def test_every_change_is_refused(name: str, kind: str) -> None:
    address, _, query = signed(OBJECT_URL, policy(), kind=kind).partition("?")
    pairs = dict(each.split("=", 1) for each in query.split("&"))
    for position in range(0, len(pairs[name]) - 2, 17):
        other = "A" if pairs[name][position] != "A" else "B"
        changed = {**pairs, name: pairs[name][:position] + other + pairs[name][position + 1 :]}
        url = f"{address}?{'&'.join('='.join(each) for each in changed.items())}"
        assert verdict(url, kind=kind) == "AccessDenied"


def test_a_policy_cannot_be_swapped_for_a_wider_one() -> None:
    address, _, query = signed(OBJECT_URL, policy(OBJECT_URL)).partition("?")
    rest = query.partition("&")[2]
    assert query.startswith("Policy=")
    assert verdict(f"{address}?Policy={_in_url(policy('*'))}&{rest}") == "AccessDenied"


def test_the_named_hash_has_to_be_the_one_in_use() -> None:
    assert verdict(f"{signed(OBJECT_URL)}&Hash-Algorithm=SHA256") == "AccessDenied"
    assert verdict(f"{signed(OBJECT_URL)}&Hash-Algorithm=MD5") == "AccessDenied"
    assert verdict(signed(OBJECT_URL, hash_name="SHA256").partition("&Hash")[0]) == "AccessDenied"


@pytest.mark.parametrize(
    "strange",
    [
        {},
        [],
        {"Statement": []},
        {"Statement": [policy()["Statement"][0]] * 2},
        {"Statement": [{"Resource": "*"}]},
        {"Statement": [{"Resource": "*", "Condition": {}}]},
        {"Statement": [{"Resource": 7, "Condition": policy()["Statement"][0]["Condition"]}]},
        policy(DateLessThan={"AWS:EpochTime": "99999999999"}),
        policy(DateLessThan={"AWS:EpochTime": True}),
        policy(DateLessThan=None),
        policy(IpAddress={"AWS:SourceIp": "everywhere"}),
        policy(IpAddress={}),
        policy(Friday={}),
    ],
)
def test_a_malformed_policy_is_refused(strange: Any) -> None:
    assert verdict(signed(OBJECT_URL, strange)) == "MalformedPolicy"


@pytest.mark.parametrize(
    "query", ["Policy=%%%&Signature=~&Key-Pair-Id=K2", "Policy=é", "=&&=;", "?"]
)
def test_garbage_is_refused(query: str) -> None:
    assert verdict(f"{OBJECT_URL}?{query}") in {"MalformedPolicy", "MissingKey"}


@pytest.mark.parametrize("expires", ["never", "-1", "1e12", "٩", ""])
def test_an_end_has_to_be_a_number(expires: str) -> None:
    url = signed(OBJECT_URL).replace(str(int(NOON.timestamp()) + HOUR), expires)
    assert verdict(url) == "MalformedPolicy"


def _in_url(plain: Any) -> str:
    text = base64.b64encode(json.dumps(plain).encode()).decode()
    return text.translate(str.maketrans("+=/", "-_~"))
