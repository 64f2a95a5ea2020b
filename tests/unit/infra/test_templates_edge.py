"""CloudFront is told to do what the edge at home does."""

from typing import Any

import pytest

from chalicelib.api import cors as api_cors
from chalicelib.api.outcome import SECURITY_HEADERS
from chalicelib.catalogue.media_keys import WITHDRAWALS
from infra.local.edge import app, cors, pages
from tests.unit.infra.templates import TEMPLATES, filled, statements

_EDGE = TEMPLATES["edge"]["Resources"]
_CONFIG = _EDGE["Edge"]["Properties"]["DistributionConfig"]
_ORIGIN = "https://page.example"
_ALLOWED = frozenset({_ORIGIN})


def behaviour(pattern: str) -> tuple[str, dict[str, Any]]:
    """Return under which condition there is such a behaviour, and the behaviour."""
    for each in _CONFIG["CacheBehaviors"]:
        condition, found, _ = each.get("Fn::If", ("", each, None))
        if found["PathPattern"] == pattern:
            return condition, found
    raise AssertionError(pattern)


def policy(name: str) -> dict[str, Any]:
    found: dict[str, Any] = _EDGE[name]["Properties"]["ResponseHeadersPolicyConfig"]
    return found


def as_set(text: str) -> set[str]:
    return {each.strip().lower() for each in text.split(",")}


def items(config: dict[str, Any], name: str) -> set[str]:
    return {each.lower() for each in config[f"AccessControl{name}"]["Items"]}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("MediaHeaders", {**cors.headers(_ORIGIN, _ALLOWED), **cors.preflight(_ORIGIN, _ALLOWED)}),
        (
            "PictureHeaders",
            {**cors.headers(_ORIGIN, _ALLOWED), **cors.preflight(_ORIGIN, _ALLOWED)},
        ),
        ("ApiHeaders", api_cors.preflight_headers(_ORIGIN, _ALLOWED)),
    ],
)
def test_pages_may_read_what_they_may_read_at_home(name: str, told: dict[str, str]) -> None:
    config = policy(name)["CorsConfig"]
    assert config["AccessControlAllowCredentials"] is True
    assert config["AccessControlAllowOrigins"] == {"Items": {"Ref": "PageOrigins"}}
    assert items(config, "AllowHeaders") == as_set(told["Access-Control-Allow-Headers"])
    assert items(config, "ExposeHeaders") == as_set(told["Access-Control-Expose-Headers"])
    assert config["AccessControlMaxAgeSec"] == int(told["Access-Control-Max-Age"])
    assert items(config, "AllowMethods") >= as_set(told["Access-Control-Allow-Methods"])


def test_what_the_api_says_of_who_may_read_is_never_overwritten() -> None:
    assert policy("ApiHeaders")["CorsConfig"]["OriginOverride"] is False


def test_the_page_may_load_what_it_may_load_at_home() -> None:
    told = policy("PageHeaders")["SecurityHeadersConfig"]["ContentSecurityPolicy"]
    text = filled(told["ContentSecurityPolicy"], Media=" https://films.example")
    bucket = "https://videoflix-dev-uploads-123456789012.s3.eu-central-1.amazonaws.com"
    assert text == pages.policy("https://films.example", bucket)


def test_without_a_key_there_is_no_place_for_media_and_with_one_it_is_locked() -> None:
    condition, media = behaviour("/media/*")
    assert condition == "HasKeys"
    assert media["TrustedKeyGroups"] == [{"Ref": "Viewers"}]
    assert [
        key["Fn::If"][1] for key in _EDGE["Viewers"]["Properties"]["KeyGroupConfig"]["Items"]
    ] == [
        {"Ref": "KeyA"},
        {"Ref": "KeyB"},
    ]


def test_players_and_programs_are_never_redirected() -> None:
    for pattern in ("/media/*", "/api/*"):
        assert behaviour(pattern)[1]["ViewerProtocolPolicy"] == "https-only"


def test_nothing_of_an_answer_of_the_api_is_kept_and_nothing_of_a_request_is_dropped() -> None:
    _, api = behaviour("/api/*")
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert api["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"} < set(api["AllowedMethods"])


def test_media_are_kept_once_whoever_asks_for_them() -> None:
    config = _EDGE["ForEver"]["Properties"]["CachePolicyConfig"]
    asked = config["ParametersInCacheKeyAndForwardedToOrigin"]
    assert asked["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert asked["EnableAcceptEncodingGzip"] is asked["EnableAcceptEncodingBrotli"] is False


def test_pictures_are_kept_no_longer_than_at_home_whatever_the_object_says() -> None:
    _, pictures = behaviour("/images/*")
    assert pictures["CachePolicyId"] == {"Ref": "ForADay"}
    assert pictures["ResponseHeadersPolicyId"] == {"Ref": "PictureHeaders"}
    assert _EDGE["ForADay"]["Properties"]["CachePolicyConfig"]["MaxTTL"] == 86400
    headers = policy("PictureHeaders")["CustomHeadersConfig"]["Items"]
    custom = {each["Header"]: each for each in headers}
    assert custom["Cache-Control"]["Value"] == app._PICTURES
    assert custom["Cache-Control"]["Override"] is True


def test_every_withdrawal_is_heard_of_as_every_arrival_is() -> None:
    resources = TEMPLATES["media"]["Resources"]
    [told] = resources["Media"]["Properties"]["NotificationConfiguration"]["QueueConfigurations"]
    assert told["Queue"] == {"Fn::GetAtt": ["Arrivals", "Arn"]}
    [rule] = told["Filter"]["S3Key"]["Rules"]
    assert rule == {"Name": "prefix", "Value": WITHDRAWALS}
    policy_of_queue = resources["ArrivalsFromUploads"]["Properties"]["PolicyDocument"]
    [allowed] = [each for each in statements(policy_of_queue) if each["Effect"] == "Allow"]
    senders = {each["Fn::Sub"] for each in allowed["Condition"]["ArnEquals"]["aws:SourceArn"]}
    assert senders == {
        "arn:${AWS::Partition}:s3:::${Prefix}-uploads-${AWS::AccountId}",
        "arn:${AWS::Partition}:s3:::${Prefix}-media-${AWS::AccountId}",
    }
    # Or the queue would refuse what the bucket is told to send as soon as it is made.
    assert resources["Media"]["DependsOn"] == "ArrivalsFromUploads"


def test_the_edge_may_read_only_what_viewers_may_see() -> None:
    media = TEMPLATES["media"]["Resources"]["MediaOverTlsOnly"]["Properties"]
    [allowed] = [each for each in statements(media["PolicyDocument"]) if each["Effect"] == "Allow"]
    below = [each["Fn::Sub"] for each in allowed["Resource"] if "Fn::Sub" in each]
    assert below == ["${Media.Arn}/media/*", "${Media.Arn}/images/*"]
    patterns = [each.get("Fn::If", [0, each])[1] for each in _CONFIG["CacheBehaviors"]]
    served = {each["PathPattern"] for each in patterns if each["TargetOriginId"] == "media"}
    assert served == {"/media/*", "/images/*"}


def test_the_api_is_told_who_calls_in_a_header_that_only_the_edge_can_name() -> None:
    [association] = behaviour("/api/*")[1]["FunctionAssociations"]
    assert association["FunctionARN"] == {"Fn::GetAtt": ["TellWhoCalls", "FunctionARN"]}
    code = _EDGE["TellWhoCalls"]["Properties"]["FunctionCode"]
    told = TEMPLATES["edge"]["Outputs"]["ClientAddressHeader"]["Value"]
    assert code["Fn::Sub"][1] == told["Fn::Sub"][1]
    header = filled(told, Id="5b1e")
    assert f'headers["{header}"]' in filled(code, Id="5b1e")


@pytest.mark.parametrize("name", ["ApiHeaders", "MediaHeaders", "PageHeaders"])
def test_browsers_use_nothing_but_https_below_the_domain_as_well(name: str) -> None:
    told = policy(name)["SecurityHeadersConfig"]["StrictTransportSecurity"]
    assert told["IncludeSubdomains"] == {"Fn::If": ["ForSubdomains", True, False]}
    assert (told["AccessControlMaxAgeSec"], told["Override"]) == (31_536_000, True)
    assert TEMPLATES["edge"]["Parameters"]["HstsSubdomains"]["Default"] == "on"


def test_with_a_domain_of_ones_own_nothing_below_tls_1_2_is_spoken() -> None:
    condition, own, default = _CONFIG["ViewerCertificate"]["Fn::If"]
    assert (condition, own["MinimumProtocolVersion"]) == ("HasDomain", "TLSv1.2_2021")
    assert default == {"CloudFrontDefaultCertificate": True}, "which takes no lowest version"
    origins = [each.get("Fn::If", ["", each])[1] for each in _CONFIG["Origins"]]
    [api] = [each["CustomOriginConfig"] for each in origins if "CustomOriginConfig" in each]
    assert (api["OriginProtocolPolicy"], api["OriginSSLProtocols"]) == ("https-only", ["TLSv1.2"])


def test_answers_in_place_of_the_api_are_no_more_a_page_than_its_own() -> None:
    told = policy("ApiHeaders")["SecurityHeadersConfig"]
    csp, referrer = told["ContentSecurityPolicy"], told["ReferrerPolicy"]
    assert {
        "Content-Security-Policy": csp["ContentSecurityPolicy"],
        "Referrer-Policy": referrer["ReferrerPolicy"],
        "X-Content-Type-Options": "nosniff",
    } == SECURITY_HEADERS
    assert csp["Override"] is referrer["Override"] is told["ContentTypeOptions"]["Override"] is True
