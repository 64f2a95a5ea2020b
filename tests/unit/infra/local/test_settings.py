"""Settings reach the programs; a configuration of real AWS does not."""

from pathlib import Path

import pytest

from chalicelib.settings import Settings
from infra.local.settings import LocalSettings
from infra.terminal import Refusal

OUTPUTS = {
    "ACCOUNTS_TABLE": "videoflix-accounts",
    "CATALOGUE_TABLE": "videoflix-catalogue",
    "VIEWING_TABLE": "videoflix-viewing",
    "UPLOADS_BUCKET": "videoflix-uploads",
    "MEDIA_BUCKET": "videoflix-media",
    "MEDIA_KEYS_SECRET": "videoflix/media-keys",
    "PIPELINE_ARN": "arn:aws:states:eu-central-1:000000000000:stateMachine:videoflix",
    "MAIL_QUEUE_URL": "http://127.0.0.1:4566/000000000000/videoflix-mail",
    "CHANGES_QUEUE_URL": "http://127.0.0.1:4566/000000000000/videoflix-changes",
    "WORK_QUEUE_URL": "http://127.0.0.1:4566/000000000000/videoflix-work",
    "MAIL_SENDER": "noreply@videoflix.test",
    "SIGNING_KEYS_SECRET": "videoflix/signing-keys",
}


def test_the_api_needs_no_setting(tmp_path: Path) -> None:
    environment = LocalSettings.load(tmp_path, {}).environment(OUTPUTS)
    settings = Settings.from_environment(environment)
    assert settings.is_local
    assert settings.mail_sender == "Videoflix <noreply@videoflix.test>"
    assert "http://localhost:4200" in settings.allowed_origins
    assert settings.plain_text_origins == {"http://localhost:4200", "http://127.0.0.1:4200"}
    assert settings.plain_text_origins < settings.allowed_origins


@pytest.mark.parametrize(
    ("dialect", "origin", "link"),
    [
        (
            "official",
            "http://127.0.0.1:5500",
            "http://127.0.0.1:5500/pages/auth/activate.html?uid=",
        ),
        ("official", "http://localhost:4200", "http://localhost:4200/auth/activate.html?uid="),
        (
            "prefixed",
            "http://localhost:5500",
            "http://127.0.0.1:5500/pages/auth/activate.html?uid=",
        ),
        ("authemail", "http://localhost:4200", "http://localhost:4200/email-verify?code="),
        ("djoser", "http://127.0.0.1:4200", "http://127.0.0.1:4200/auth/activate/"),
        ("djoser", "http://127.0.0.1:5500", "http://127.0.0.1:8080/#/activate/"),
        ("official", "", "http://127.0.0.1:8080/#/activate/"),
    ],
)
def test_links_in_mails_lead_to_the_known_frontends_and_else_to_our_page(
    tmp_path: Path, dialect: str, origin: str, link: str
) -> None:
    environment = LocalSettings.load(tmp_path, {}).environment(OUTPUTS)
    links = Settings.from_environment(environment).mail_links.links(dialect, origin)
    assert links.activation.startswith(f"{link}{{uid}}")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("API_PORT=9000\nMAILBOX_PORT=9025\n")
    settings = LocalSettings.load(tmp_path, {"API_PORT": "9001"})
    assert (settings.api_port, settings.mailbox_port, settings.aws_port) == (9001, 9025, 4566)


def test_an_empty_setting_is_none(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("API_PORT=9000\n")
    assert LocalSettings.load(tmp_path, {"API_PORT": ""}).api_port == 9000


def test_settings_of_the_api_in_the_file_reach_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("COOKIE_SAMESITE=None\n")
    environment = LocalSettings.load(tmp_path, {}).environment(OUTPUTS)
    assert environment["COOKIE_SAMESITE"] == "None"


def test_pages_of_the_api_and_the_edge_are_always_allowed(tmp_path: Path) -> None:
    variables = {
        "API_PORT": "9001",
        "EDGE_PORT": "9080",
        "ALLOWED_ORIGINS": "https://videoflix.example,",
    }
    environment = LocalSettings.load(tmp_path, variables).environment(OUTPUTS)
    assert Settings.from_environment(environment).allowed_origins == {
        "https://videoflix.example",
        "http://127.0.0.1:9001",
        "http://localhost:9001",
        "http://127.0.0.1:9080",
        "http://localhost:9080",
    }


def test_no_configuration_of_real_aws_is_passed_on(tmp_path: Path) -> None:
    real = {
        "AWS_PROFILE": "work",
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL_DYNAMODB": "https://dynamodb.eu-central-1.amazonaws.com",
        "AWS_ENDPOINT_URL": "https://real.example",
        "AWS_CONFIG_FILE": "/home/ada/.aws/config",
        "AWS_DEFAULT_REGION": "us-east-1",
        "HTTPS_PROXY": "http://proxy.example:3128",
    }
    environment = LocalSettings.load(tmp_path, real).environment(OUTPUTS)
    assert {name: value for name, value in environment.items() if name.startswith("AWS_")} == {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_REGION": "eu-central-1",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
    }
    assert "127.0.0.1" in environment["NO_PROXY"]


def test_only_the_administrators_program_gets_the_password(tmp_path: Path) -> None:
    settings = LocalSettings.load(tmp_path, {"SUPERUSER_PASSWORD": "secret"})
    assert settings.administrator_password == "secret"
    assert "secret" not in settings.environment(OUTPUTS).values()


def test_ses_verifies_the_bare_address_of_the_sender(tmp_path: Path) -> None:
    settings = LocalSettings.load(tmp_path, {"MAIL_SENDER": "Flix <hello@flix.example>"})
    assert settings.parameters["MailSender"] == "hello@flix.example"


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"API_PORT": "many"}, "API_PORT must be a port from 1 to 65535, not 'many'."),
        ({"AWS_PORT": "65536"}, "AWS_PORT must be a port from 1 to 65535, not '65536'."),
        ({"MAILBOX_PORT": "8000"}, "MAILBOX_PORT and API_PORT must be different ports, not 8000."),
        ({"SUPERUSER_EMAIL": "admin"}, "SUPERUSER_EMAIL must hold an e-mail address, not 'admin'."),
        ({"SAMPLE_FILM": "2"}, "SAMPLE_FILM must be 0 or 1 (or no or yes), not '2'."),
        ({"MAIL_SENDER": "Flix"}, "MAIL_SENDER must hold an e-mail address, not 'Flix'."),
    ],
)
def test_an_invalid_setting_is_named(
    variables: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(Refusal) as refusal:
        LocalSettings.load(tmp_path, variables)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("No", False)]
)
def test_a_switch_has_several_spellings(value: str, expected: bool, tmp_path: Path) -> None:
    assert LocalSettings.load(tmp_path, {"SAMPLE_FILM": value}).wants_sample is expected
