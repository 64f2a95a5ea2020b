"""Languages of errors and mails over HTTP."""

import pytest

from chalicelib.wiring import accounts
from infra.local.gateway import Gateway
from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in
from tests.api.encoder import Encoder
from tests.browser import Answer, Browser
from tests.builders.assets import asset

GERMAN = "de-DE,de;q=0.9,en;q=0.8"


def language_of(answer: Answer) -> tuple[str, str]:
    return answer.headers.get("content-language", ""), answer.headers["vary"]


def test_an_error_is_in_the_language_of_the_browser(browser: Browser) -> None:
    browser.language = GERMAN
    answer = browser.get("/user/")
    assert (answer.status, answer.json) == (401, {"detail": "Bitte melde dich an."})
    assert language_of(answer) == ("de", "Origin, Accept-Language")


@pytest.mark.parametrize("language", ["", "en", "tlh", "xx;q=1"])
def test_an_error_is_english_for_all_other_languages(browser: Browser, language: str) -> None:
    browser.language = language
    answer = browser.get("/user/")
    assert answer.json == {"detail": "Please sign in."}
    assert language_of(answer) == ("en", "Origin, Accept-Language")


def test_problems_of_fields_are_german_under_the_same_names(browser: Browser) -> None:
    browser.language = GERMAN
    sent = {"email": "ada", "password": "1234567", "confirmed_password": "7654321"}
    assert browser.post("/register/", sent).json == {
        "email": ["Bitte eine gültige E-Mail-Adresse angeben."],
        "password": [
            "Bitte mindestens 8 Zeichen verwenden.",
            "Bitte nicht nur Ziffern verwenden.",
        ],
        "confirmed_password": ["Die Passwörter stimmen nicht überein."],
    }


def test_errors_of_use_cases_are_german_too(member: Browser) -> None:
    member.language = GERMAN
    assert sign_in(member, password="wrong password").json == {
        "detail": "Mit diesen Daten ist keine Anmeldung möglich."
    }
    assert member.get("/nothing/").json == {"detail": "Unter dieser Adresse gibt es nichts."}
    assert member.send("POST", "/login/", b"{").json == {"detail": "Das ist kein gültiges JSON."}


def test_an_internal_error_is_german_too(
    signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in.language = GERMAN
    monkeypatch.setattr(accounts, "account_details", lambda: None)
    answer = signed_in.get("/user/")
    assert (answer.status, answer.json["detail"][:11]) == (500, "Bei uns ist")


def test_the_sentence_of_a_success_is_german_too(signed_in: Browser) -> None:
    signed_in.language = GERMAN
    answer = signed_in.post("/logout/")
    assert answer.json["detail"].startswith("Abmeldung erfolgreich!")
    assert language_of(answer) == ("de", "Origin, Accept-Language")


def test_a_list_has_no_content_language(signed_in: Browser) -> None:
    assert "content-language" not in signed_in.get("/video/").headers
    assert "content-language" not in signed_in.get("/user/").headers


def test_encode_progress_is_german_too(admin: Browser, encoder: Encoder) -> None:
    admin.language = GERMAN
    video = encoder.video_in_encode(asset(seconds=60))
    answer = admin.get(f"/video/{video.id}/progress/")
    assert answer.json["text"] == "Wartet auf einen freien Transcoder."
    assert language_of(answer) == ("de", "Origin, Accept-Language")


@pytest.mark.parametrize(("profile", "header"), [("de", "en"), ("en", "de"), ("de", "de")])
def test_the_language_of_the_account_is_the_language_of_its_mails(
    signed_in: Browser, post: Post, profile: str, header: str
) -> None:
    assert signed_in.patch("/user/", {"language": profile}).json["language"] == profile
    Browser(signed_in.server, language=header).post("/password_reset/", {"email": ADDRESS})
    assert language_of_mail(post) == profile


def test_the_mail_about_a_changed_password_is_in_the_language_of_the_account(
    signed_in: Browser, post: Post
) -> None:
    signed_in.patch("/user/", {"language": "de"})
    new = {"current_password": PASSWORD, "new_password": "a better horse ran"}
    sent = {**new, "confirm_password": new["new_password"]}
    assert signed_in.post("/user/password/", sent).status == 200
    assert language_of_mail(post) == "de"


def test_before_activation_mails_are_in_the_language_of_the_browser(
    gateway: Gateway, post: Post
) -> None:
    new = {"email": ADDRESS, "password": PASSWORD, "confirmed_password": PASSWORD}
    for language in ("de", "en"):
        Browser(gateway, language=language).post("/register/", new)
        assert language_of_mail(post) == language


def language_of_mail(post: Post) -> str:
    mail = post.newest()
    assert mail is not None
    page = mail.get_body(("html",))
    assert page is not None
    return "de" if 'lang="de"' in page.get_content() else "en"
