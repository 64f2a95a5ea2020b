"""CloudFront is configured like the local edge."""

from typing import Any

import pytest

from chalicelib.api import cors as api_cors
from chalicelib.api.outcome import SECURITY_HEADERS
from chalicelib.catalogue.object_keys import WITHDRAWALS
from infra.local.edge import app, pages
from tests.unit.infra.templates.reading import TEMPLATES, filled, statements

_EDGE = TEMPLATES["edge"]["Resources"]
_CONFIG = _EDGE["Edge"]["Properties"]["DistributionConfig"]
_ORIGIN = "https://page.example"
_ALLOWED = frozenset({_ORIGIN})


def behaviour(pattern: str) -> tuple[str, dict[str, Any]]:
    """Return the condition of a cache behaviour, and the behaviour."""
    for each in _CONFIG["CacheBehaviors"]:
        condition, properties, _ = each.get("Fn::If", ("", each, None))
        if properties["PathPattern"] == pattern:
            return condition, properties
    raise AssertionError(pattern)


def policy(name: str) -> dict[str, Any]:
    config: dict[str, Any] = _EDGE[name]["Properties"]["ResponseHeadersPolicyConfig"]
    return config


def as_set(text: str) -> set[str]:
    return {each.strip().lower() for each in text.split(",")}


def items(config: dict[str, Any], name: str) -> set[str]:
    return {each.lower() for each in config[f"AccessControl{name}"]["Items"]}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "MediaHeaders",
            {**app.cors_headers(_ORIGIN, _ALLOWED), **app.preflight_headers(_ORIGIN, _ALLOWED)},
        ),
        (
            "PictureHeaders",
            {**app.cors_headers(_ORIGIN, _ALLOWED), **app.preflight_headers(_ORIGIN, _ALLOWED)},
        ),
        ("ApiHeaders", api_cors.preflight_headers(_ORIGIN, _ALLOWED)),
    ],
)
def test_cors_is_the_same_as_on_the_local_edge(name: str, expected: dict[str, str]) -> None:
    config = policy(name)["CorsConfig"]
    assert config["AccessControlAllowCredentials"] is True
    assert config["AccessControlAllowOrigins"] == {"Items": {"Ref": "PageOrigins"}}
    assert items(config, "AllowHeaders") == as_set(expected["Access-Control-Allow-Headers"])
    assert items(config, "ExposeHeaders") == as_set(expected["Access-Control-Expose-Headers"])
    assert config["AccessControlMaxAgeSec"] == int(expected["Access-Control-Max-Age"])
    assert items(config, "AllowMethods") >= as_set(expected["Access-Control-Allow-Methods"])


@pytest.mark.parametrize("name", ["MediaHeaders", "PictureHeaders"])
def test_media_may_be_asked_for_with_the_headers_of_the_api(name: str) -> None:
    allowed = items(policy(name)["CorsConfig"], "AllowHeaders")
    assert {"authorization", "x-profile-token", "range"} <= allowed


@pytest.mark.parametrize("name", ["ForEver", "ForADay"])
def test_headers_of_viewers_make_no_other_cache_entry(name: str) -> None:
    config = _EDGE[name]["Properties"]["CachePolicyConfig"]
    cache_key = config["ParametersInCacheKeyAndForwardedToOrigin"]
    assert cache_key["HeadersConfig"] == {"HeaderBehavior": "none"}
    assert _EDGE["BucketAccess"]["Properties"]["OriginAccessControlConfig"]["SigningBehavior"] == (
        "always"
    ), "an Authorization of a viewer never reaches the bucket"


def test_cors_headers_of_the_api_are_never_overwritten() -> None:
    assert policy("ApiHeaders")["CorsConfig"]["OriginOverride"] is False


def test_the_content_security_policy_is_the_local_edges() -> None:
    config = policy("PageHeaders")["SecurityHeadersConfig"]["ContentSecurityPolicy"]
    text = filled(config["ContentSecurityPolicy"], Media=" https://media.example")
    bucket = "https://videoflix-dev-uploads-123456789012.s3.eu-central-1.amazonaws.com"
    assert text == pages.policy("https://media.example", bucket)


def test_media_are_served_only_with_a_key_and_only_signed() -> None:
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


def test_the_api_is_not_cached_and_gets_requests_unchanged() -> None:
    _, api = behaviour("/api/*")
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert api["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"} < set(api["AllowedMethods"])


def test_the_api_answers_old_links_of_mails_beside_its_prefix() -> None:
    condition, links = behaviour("/activate/*")
    assert (condition, links["TargetOriginId"]) == ("HasApi", "api")
    assert links["AllowedMethods"] == ["GET", "HEAD"]
    same = ("CachePolicyId", "OriginRequestPolicyId", "FunctionAssociations")
    assert [links[name] for name in same] == [behaviour("/api/*")[1][name] for name in same]


def test_media_have_one_cache_entry_for_all_viewers() -> None:
    config = _EDGE["ForEver"]["Properties"]["CachePolicyConfig"]
    cache_key = config["ParametersInCacheKeyAndForwardedToOrigin"]
    assert cache_key["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert cache_key["EnableAcceptEncodingGzip"] is cache_key["EnableAcceptEncodingBrotli"] is False


def test_pictures_are_cached_as_long_as_by_the_local_edge() -> None:
    _, pictures = behaviour("/images/*")
    assert pictures["CachePolicyId"] == {"Ref": "ForADay"}
    assert pictures["ResponseHeadersPolicyId"] == {"Ref": "PictureHeaders"}
    assert _EDGE["ForADay"]["Properties"]["CachePolicyConfig"]["MaxTTL"] == 86400
    headers = policy("PictureHeaders")["CustomHeadersConfig"]["Items"]
    custom = {each["Header"]: each for each in headers}
    assert custom["Cache-Control"]["Value"] == app._PICTURES
    assert custom["Cache-Control"]["Override"] is True


def test_withdrawals_send_notifications_as_uploads_do() -> None:
    resources = TEMPLATES["media"]["Resources"]
    [config] = resources["Media"]["Properties"]["NotificationConfiguration"]["QueueConfigurations"]
    assert config["Queue"] == {"Fn::GetAtt": ["Arrivals", "Arn"]}
    [rule] = config["Filter"]["S3Key"]["Rules"]
    assert rule == {"Name": "prefix", "Value": WITHDRAWALS}
    policy_of_queue = resources["ArrivalsFromUploads"]["Properties"]["PolicyDocument"]
    [allowed] = [each for each in statements(policy_of_queue) if each["Effect"] == "Allow"]
    senders = {each["Fn::Sub"] for each in allowed["Condition"]["ArnEquals"]["aws:SourceArn"]}
    assert senders == {
        "arn:${AWS::Partition}:s3:::${Prefix}-uploads-${AWS::AccountId}",
        "arn:${AWS::Partition}:s3:::${Prefix}-media-${AWS::AccountId}",
    }
    # Otherwise the queue would refuse the bucket's first notification.
    assert resources["Media"]["DependsOn"] == "ArrivalsFromUploads"


def test_the_edge_may_read_only_media_and_images() -> None:
    media = TEMPLATES["media"]["Resources"]["MediaOverTlsOnly"]["Properties"]
    [allowed] = [each for each in statements(media["PolicyDocument"]) if each["Effect"] == "Allow"]
    below = [each["Fn::Sub"] for each in allowed["Resource"] if "Fn::Sub" in each]
    assert below == ["${Media.Arn}/media/*", "${Media.Arn}/images/*"]
    patterns = [each.get("Fn::If", [0, each])[1] for each in _CONFIG["CacheBehaviors"]]
    served = {each["PathPattern"] for each in patterns if each["TargetOriginId"] == "media"}
    assert served == {"/media/*", "/images/*"}


def test_the_api_gets_the_clients_address_in_a_header_with_a_secret_name() -> None:
    [association] = behaviour("/api/*")[1]["FunctionAssociations"]
    assert association["FunctionARN"] == {"Fn::GetAtt": ["TellWhoCalls", "FunctionARN"]}
    code = _EDGE["TellWhoCalls"]["Properties"]["FunctionCode"]
    output = TEMPLATES["edge"]["Outputs"]["ClientAddressHeader"]["Value"]
    assert code["Fn::Sub"][1] == output["Fn::Sub"][1]
    header = filled(output, Id="5b1e")
    assert f'headers["{header}"]' in filled(code, Id="5b1e")


@pytest.mark.parametrize("name", ["ApiHeaders", "MediaHeaders", "PageHeaders"])
def test_hsts_includes_subdomains(name: str) -> None:
    config = policy(name)["SecurityHeadersConfig"]["StrictTransportSecurity"]
    assert config["IncludeSubdomains"] == {"Fn::If": ["ForSubdomains", True, False]}
    assert (config["AccessControlMaxAgeSec"], config["Override"]) == (31_536_000, True)
    assert TEMPLATES["edge"]["Parameters"]["HstsSubdomains"]["Default"] == "on"


def test_a_custom_domain_requires_tls_1_2() -> None:
    condition, own, default = _CONFIG["ViewerCertificate"]["Fn::If"]
    assert (condition, own["MinimumProtocolVersion"]) == ("HasDomain", "TLSv1.2_2021")
    assert default == {"CloudFrontDefaultCertificate": True}, "which takes no lowest version"
    origins = [each.get("Fn::If", ["", each])[1] for each in _CONFIG["Origins"]]
    [api] = [each["CustomOriginConfig"] for each in origins if "CustomOriginConfig" in each]
    assert (api["OriginProtocolPolicy"], api["OriginSSLProtocols"]) == ("https-only", ["TLSv1.2"])


def test_answers_of_api_gateway_itself_have_the_apis_security_headers() -> None:
    config = policy("ApiHeaders")["SecurityHeadersConfig"]
    csp, referrer = config["ContentSecurityPolicy"], config["ReferrerPolicy"]
    assert {
        "Content-Security-Policy": csp["ContentSecurityPolicy"],
        "Referrer-Policy": referrer["ReferrerPolicy"],
        "X-Content-Type-Options": "nosniff",
    } == SECURITY_HEADERS
    assert referrer["Override"] is config["ContentTypeOptions"]["Override"] is True
    assert csp["Override"] is False, "the reference page has a policy of its own"
