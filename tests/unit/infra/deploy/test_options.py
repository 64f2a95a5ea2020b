"""Options of a deploy are complete, or refused before anything is changed."""

from pathlib import Path

import pytest

from infra.deploy.options import NAMES, DeployOptions
from infra.deploy.stages import DEV, PROD, STAGES, stage_named
from infra.terminal import Refusal

REPOSITORY = Path(__file__).parents[4]
OPTIONS = {
    "MAIL_SENDER": "Videoflix <noreply@example.com>",
    "ALLOWED_ORIGINS": "https://app.example.com, https://www.example.com",
    "ALARM_EMAIL": "ada@example.com",
}


def test_required_options_are_enough(tmp_path: Path) -> None:
    options = DeployOptions.load(tmp_path, PROD, OPTIONS)
    assert options.mail_identity == "noreply@example.com"
    assert options.origins == ("https://app.example.com", "https://www.example.com")
    assert options.activation_link == (
        "https://app.example.com/pages/auth/activate.html?uid={uid}&token={token}"
    )
    assert (options.transcoders, options.has_firewall) == (PROD.transcoders, False)


def test_without_a_frontend_links_lead_to_the_page_that_is_deployed(tmp_path: Path) -> None:
    options = DeployOptions.load(tmp_path, PROD, {**OPTIONS, "ALLOWED_ORIGINS": "none"})
    assert (options.origins, options.activation_link, options.reset_link) == ((), "", "")


def test_links_by_dialect_and_page_are_passed_on(tmp_path: Path) -> None:
    links = "djoser *,https://app.example.com /a/{uid}/{token} /r/{uid}/{token}"
    options = DeployOptions.load(tmp_path, PROD, {**OPTIONS, "MAIL_LINKS": links})
    assert options.api["MAIL_LINKS"] == links


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"MAIL_SENDER": ""}, "MAIL_SENDER is not set"),
        ({"MAIL_SENDER": "noreply"}, "MAIL_SENDER must hold"),
        ({"MAIL_IDENTITY": "other.example"}, "MAIL_IDENTITY must be"),
        ({"ALLOWED_ORIGINS": ""}, "ALLOWED_ORIGINS is not set"),
        ({"ALLOWED_ORIGINS": "app.example.com"}, "ALLOWED_ORIGINS: 'app.example.com'"),
        (
            {"PLAIN_TEXT_ORIGINS": "https://app.example.com,https://other.example"},
            "PLAIN_TEXT_ORIGINS: 'https://other.example' is none of ALLOWED_ORIGINS",
        ),
        (
            {"MAIL_LINKS": "djoser https://other.example /a/{uid}/{token} /r/{uid}/{token}"},
            "MAIL_LINKS: 'https://other.example' is none of ALLOWED_ORIGINS",
        ),
        (
            {"MAIL_LINKS": "simplejwt * /a/{uid}/{token} /r/{uid}/{token}"},
            "MAIL_LINKS, row 1: simp",
        ),
        ({"ALLOWED_ORIGINS": "capacitor://localhost"}, "ALLOWED_ORIGINS: 'capacitor://"),
        ({"ALARM_EMAIL": ""}, "ALARM_EMAIL is not set"),
        ({"DOMAIN_NAME": "film.example.com"}, "belong together"),
        (
            {
                "DOMAIN_NAME": "film.example.com",
                "CERTIFICATE_ARN": "arn:aws:acm:eu-central-1:123456789012:certificate/1",
            },
            "us-east-1",
        ),
        ({"MAX_TRANSCODERS": "0"}, "MAX_TRANSCODERS must be"),
        ({"MAX_TRANSCODERS": "many"}, "MAX_TRANSCODERS must be"),
        ({"BUDGET_DOLLARS": "-1"}, "BUDGET_DOLLARS must be"),
        ({"UPLOAD_QUOTA_BYTES": "abc"}, "UPLOAD_QUOTA_BYTES must be"),
        ({"COOKIE_SAMESITE": "sometimes"}, "COOKIE_SAMESITE must be one of Lax, None, Strict"),
        ({"CREW_ON_DEMAND": "no"}, "ON_DEMAND must be one of 0, 1"),
        ({"MP4_FILES_120P": "yes"}, "MP4_FILES_120P must be one of 0, 1"),
        ({"FIREWALL": "yes"}, "FIREWALL must be"),
        ({"LEAST_DECODABLE_PERCENT": "101"}, "LEAST_DECODABLE_PERCENT must be"),
        ({"CONTINUE_FROM_PERCENT": "101"}, "CONTINUE_FROM_PERCENT must be"),
        ({"TRASH_DAYS": "0.5"}, "TRASH_DAYS must be"),
        ({"CONTINUE_UNTIL_PERCENT": "0.9"}, "CONTINUE_UNTIL_PERCENT must be"),
        ({"LEAST_DECODABLE_PERCENT": "0.8"}, "LEAST_DECODABLE_PERCENT must be"),
    ],
)
def test_an_invalid_option_is_named(tmp_path: Path, changes: dict[str, str], refused: str) -> None:
    with pytest.raises(Refusal, match=refused):
        DeployOptions.load(tmp_path, PROD, {**OPTIONS, **changes})


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        DeployOptions.load(tmp_path, PROD, {})
    for name in ("MAIL_SENDER", "ALLOWED_ORIGINS", "ALARM_EMAIL"):
        assert name in str(refused.value)


def test_the_stage_s_own_file_beats_the_common_one_and_the_environment_beats_both(
    tmp_path: Path,
) -> None:
    (tmp_path / "deploy.env").write_text("MAX_TRANSCODERS=3\nBUDGET_DOLLARS=3\nFIREWALL=on\n")
    (tmp_path / "deploy.dev.env").write_text("MAX_TRANSCODERS=4\nBUDGET_DOLLARS=4\n")
    options = DeployOptions.load(tmp_path, DEV, {**OPTIONS, "MAX_TRANSCODERS": "5"})
    assert (options.transcoders, options.budget_dollars, options.has_firewall) == (5, 4, True)


def test_an_unknown_option_is_refused(tmp_path: Path) -> None:
    (tmp_path / "deploy.env").write_text("MAX_TRANSCODER=3\n")
    with pytest.raises(Refusal, match="MAX_TRANSCODER is no setting of a deploy"):
        DeployOptions.load(tmp_path, DEV, OPTIONS)


def test_the_template_explains_every_setting_and_no_other() -> None:
    lines = (REPOSITORY / "deploy.env.template").read_text().splitlines()
    explained = [line.lstrip("#").partition("=")[0] for line in lines if "=" in line]
    assert sorted(name for name in explained if name.isupper()) == sorted(NAMES)


def test_prod_is_the_protected_stage() -> None:
    assert [stage.name for stage in STAGES.values() if stage.is_protected] == ["prod"]
    with pytest.raises(Refusal, match="there are dev and prod"):
        stage_named("test")
