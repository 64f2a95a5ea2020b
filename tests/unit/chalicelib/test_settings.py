"""A deployment that forgot something, or misspelled it, hears of it by name at the start."""

from collections.abc import Mapping

import pytest

from chalicelib.mail_links import MailLinks, MailLinkTable
from chalicelib.settings import BadSetting, MissingSetting, Settings

COMPLETE = {
    "STAGE": "production",
    "ACCOUNTS_TABLE": "videoflix-accounts",
    "CATALOGUE_TABLE": "videoflix-catalogue",
    "VIEWING_TABLE": "videoflix-viewing",
    "UPLOADS_BUCKET": "videoflix-uploads",
    "MEDIA_BUCKET": "videoflix-media",
    "MEDIA_URL": "https://videoflix.example/",
    "MEDIA_KEYS_SECRET": "videoflix/media-keys",
    "PIPELINE_ARN": "arn:aws:states:eu-central-1:123456789012:stateMachine:videoflix",
    "MAIL_QUEUE_URL": "https://sqs.example/mail",
    "CHANGES_QUEUE_URL": "https://sqs.example/changes",
    "WORK_QUEUE_URL": "https://sqs.example/work",
    "MAIL_SENDER": "noreply@videoflix.example",
    "SIGNING_KEYS_SECRET": "videoflix/signing-keys",
    "ALLOWED_ORIGINS": "https://videoflix.example",
    "MAIL_LINK_OFFICIAL_ACTIVATION": "https://videoflix.example/activate?uid={uid}&token={token}",
    "MAIL_LINK_OFFICIAL_RESET": "https://videoflix.example/reset?uid={uid}&token={token}",
}
LINKS = ["MAIL_LINK_OFFICIAL_ACTIVATION", "MAIL_LINK_OFFICIAL_RESET"]
OPTIONAL = {
    "UPLOAD_LARGEST_BYTES": "1000",
    "UPLOAD_QUOTA_BYTES": "5000",
    "COOKIE_SAMESITE": "None",
    "COOKIE_DOMAIN": "videoflix.example",
    "CLIENT_ADDRESS_HEADER": "x-client-address",
    "MAIL_CONFIGURATION_SET": "videoflix-mail",
    "UPLOADS_URL": "https://uploads.videoflix.example/",
    "PLAIN_TEXT_ORIGINS": "https://videoflix.example",
    "MAIL_LINKS": "djoser * /activate/{uid}/{token} /reset/{uid}/{token}",
    "EDGE_DISTRIBUTION": "E2EXAMPLE",
    "CONTINUE_FROM_PERCENT": "0",
    "CONTINUE_UNTIL_PERCENT": "100",
    "TRASH_DAYS": "7",
}


def settings(**changes: str) -> Settings:
    return Settings.from_environment({**COMPLETE, **changes})


def without(name: str) -> Mapping[str, str]:
    return {key: value for key, value in COMPLETE.items() if key != name}


def test_what_is_set_is_what_is_read() -> None:
    read = Settings.from_environment({**COMPLETE, **OPTIONAL})
    assert read == Settings(
        stage="production",
        accounts_table="videoflix-accounts",
        catalogue_table="videoflix-catalogue",
        viewing_table="videoflix-viewing",
        uploads_bucket="videoflix-uploads",
        media_bucket="videoflix-media",
        media_url="https://videoflix.example",
        media_signing_keys_secret="videoflix/media-keys",
        pipeline_arn="arn:aws:states:eu-central-1:123456789012:stateMachine:videoflix",
        upload_largest_bytes=1_000,
        upload_quota_bytes=5_000,
        mail_queue_url="https://sqs.example/mail",
        changes_queue_url="https://sqs.example/changes",
        work_queue_url="https://sqs.example/work",
        mail_sender="noreply@videoflix.example",
        mail_configuration_set="videoflix-mail",
        signing_keys_secret="videoflix/signing-keys",
        allowed_origins=frozenset({"https://videoflix.example"}),
        mail_links=MailLinkTable.parse(
            "djoser * /activate/{uid}/{token} /reset/{uid}/{token}",
            page_url="https://videoflix.example",
            official=MailLinks(
                activation="https://videoflix.example/activate?uid={uid}&token={token}",
                reset="https://videoflix.example/reset?uid={uid}&token={token}",
            ),
        ),
        cookie_samesite="None",
        cookie_domain="videoflix.example",
        client_address_header="x-client-address",
        uploads_url="https://uploads.videoflix.example",
        edge_distribution="E2EXAMPLE",
        plain_text_origins=frozenset({"https://videoflix.example"}),
        continue_percents=(0, 100),
        trash_days=7,
    )


def test_what_may_be_left_out_has_the_safe_default() -> None:
    read = settings()
    assert (read.cookie_samesite, read.cookie_domain) == ("Lax", "")
    assert read.uploads_url == ""
    assert read.plain_text_origins == frozenset()
    assert (read.client_address_header, read.edge_distribution) == ("", "")
    assert (read.upload_largest_bytes, read.upload_quota_bytes) == (50 * 10**9, 200 * 10**9)
    assert read.continue_percents == (5, 90)
    assert read.trash_days == 30


SCALING = {
    "CREW_CLUSTER": "transcoders",
    "CREW_TASK_DEFINITION": "transcoder",
    "CREW_SUBNETS": "subnet-1, subnet-2",
    "CREW_SECURITY_GROUP": "sg-1",
}


def test_without_a_cluster_nothing_is_scaled() -> None:
    assert settings().scaling is None
    assert settings(CREW_SECURITY_GROUP="sg-1", CREW_CLUSTER="").scaling is None


def test_with_a_cluster_a_few_transcoders_are_started() -> None:
    scaling = settings(**SCALING).scaling
    assert scaling
    assert scaling.subnets == ("subnet-1", "subnet-2")
    assert (scaling.most, scaling.uses_on_demand) == (4, True)
    more = settings(**SCALING, CREW_MOST="20", CREW_ON_DEMAND="0").scaling
    assert more
    assert (more.most, more.uses_on_demand) == (20, False)


@pytest.mark.parametrize("name", [name for name in SCALING if name != "CREW_CLUSTER"])
def test_a_missing_setting_of_scaling_is_named(name: str) -> None:
    with pytest.raises(MissingSetting, match=f"'{name}'"):
        settings(**{key: value for key, value in SCALING.items() if key != name})


@pytest.mark.parametrize("wrong", ["0", "-1", "50 GB", "", "²"])
def test_a_number_of_bytes_is_a_whole_number(wrong: str) -> None:
    with pytest.raises(BadSetting, match="UPLOAD_LARGEST_BYTES"):
        settings(UPLOAD_LARGEST_BYTES=wrong)


@pytest.mark.parametrize("wrong", ["-1", "101", "5 %", "0.05", "", "\N{ARABIC-INDIC DIGIT FIVE}"])
@pytest.mark.parametrize("name", ["CONTINUE_FROM_PERCENT", "CONTINUE_UNTIL_PERCENT"])
def test_a_share_is_a_whole_number_of_percent(name: str, wrong: str) -> None:
    with pytest.raises(BadSetting, match=name):
        settings(**{name: wrong})


def test_a_video_is_continued_between_two_different_shares() -> None:
    with pytest.raises(BadSetting, match="must be less than"):
        settings(CONTINUE_FROM_PERCENT="90")


@pytest.mark.parametrize("name", [name for name in COMPLETE if name not in LINKS])
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(MissingSetting, match=f"'{name}'"):
        Settings.from_environment(without(name))


def test_another_address_is_confirmed_on_our_own_page() -> None:
    assert settings().email_change_link == "https://videoflix.example/#/email/{uid}/{token}"


def test_settings_of_others_are_ignored() -> None:
    assert settings(AWS_REGION="eu-central-1", stage="other") == settings()


@pytest.mark.parametrize(
    ("stage", "is_local"), [("local", True), ("production", False), ("Local", False), ("", False)]
)
def test_only_the_stage_called_local_is_local(stage: str, is_local: bool) -> None:
    assert settings(STAGE=stage).is_local is is_local


@pytest.mark.parametrize(
    ("listed", "origins"),
    [
        ("https://a.example", {"https://a.example"}),
        (" https://a.example ,https://b.example,", {"https://a.example", "https://b.example"}),
        ("http://127.0.0.1:5500,http://[::1]:80", {"http://127.0.0.1:5500", "http://[::1]:80"}),
        ("", set()),
    ],
)
def test_origins_are_listed_with_commas(listed: str, origins: set[str]) -> None:
    assert settings(ALLOWED_ORIGINS=listed).allowed_origins == origins


@pytest.mark.parametrize(
    "wrong",
    [
        "*",
        "null",
        "videoflix.example",
        "//videoflix.example",
        "https://",
        "https://videoflix.example/",
        "https://videoflix.example/app",
        "https://videoflix.example?page=1",
        "https://a.example https://b.example",
        "https://VideoFlix.example",
    ],
)
@pytest.mark.parametrize("name", ["ALLOWED_ORIGINS", "PLAIN_TEXT_ORIGINS"])
def test_an_origin_no_browser_would_send_is_refused(name: str, wrong: str) -> None:
    with pytest.raises(BadSetting, match=rf"^{name}: .*not of the form"):
        settings(**{name: f"https://good.example,{wrong}"})


@pytest.mark.parametrize(
    "template",
    [
        "https://videoflix.example/{uid}/{token}",
        "https://videoflix.example/#/reset/{uid}/{token}/",
        "https://videoflix.example/?next=%2F&token={token}&uid={uid}&{{}}",
    ],
)
def test_a_link_may_hold_uid_and_token_wherever_it_likes(template: str) -> None:
    links = settings(MAIL_LINK_OFFICIAL_RESET=template).mail_links
    assert links.links("official", "https://app.example").reset == template


@pytest.mark.parametrize("name", LINKS)
def test_an_official_link_that_is_not_set_is_that_of_our_own_page(name: str) -> None:
    for read in (Settings.from_environment(without(name)), settings(**{name: ""})):
        links = read.mail_links.links("official", "https://app.example")
        path = "activate" if name == LINKS[0] else "reset"
        own = f"https://videoflix.example/#/{path}/{{uid}}/{{token}}"
        assert own == (links.activation if name == LINKS[0] else links.reset)


def test_a_wrong_row_of_the_links_is_named() -> None:
    with pytest.raises(BadSetting, match=r"^MAIL_LINKS, row 1: write dialects, origins, "):
        settings(MAIL_LINKS="djoser https://videoflix.example")


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize(
    "wrong",
    [
        "https://videoflix.example/{uid}/{token}/{email}",
        "https://videoflix.example/{uid}/{}",
        "https://videoflix.example/{0}/{1}",
        "https://videoflix.example/{uid}/{token",
        "https://videoflix.example/{uid}/token}",
        "https://videoflix.example/{uid.name}/{token}",
        "https://videoflix.example/{uid[name]}/{token}",
    ],
)
def test_a_link_with_anything_else_in_braces_is_refused(name: str, wrong: str) -> None:
    with pytest.raises(BadSetting, match=f"^{name} "):
        settings(**{name: wrong})


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize(
    "wrong",
    [
        "https://videoflix.example/reset",
        "https://videoflix.example/?uid={uid}",
        "https://videoflix.example/?token={token}",
    ],
)
def test_a_link_that_would_open_nothing_is_refused(name: str, wrong: str) -> None:
    with pytest.raises(BadSetting, match=f"^{name} "):
        settings(**{name: wrong})


@pytest.mark.parametrize(
    ("written", "meant"), [("Lax", "Lax"), ("lax", "Lax"), ("NONE", "None"), ("strict", "Strict")]
)
def test_same_site_is_read_in_any_case(written: str, meant: str) -> None:
    assert settings(COOKIE_SAMESITE=written).cookie_samesite == meant


@pytest.mark.parametrize("wrong", ["", "no", "Lax; Secure", "Lax "])
def test_any_other_same_site_is_refused(wrong: str) -> None:
    with pytest.raises(BadSetting, match=r"^COOKIE_SAMESITE "):
        settings(COOKIE_SAMESITE=wrong)
