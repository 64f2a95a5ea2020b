"""The password policy and its messages."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.model import WeakPassword
from chalicelib.accounts.password_policy import canonical_password, is_guessable, require_strong
from tests.builders.accounts import ADA, PASSWORD

TOO_SHORT = "Use at least 8 characters."
TOO_COMMON = "This password is too common."
ONLY_DIGITS = "Do not use digits only."
ONE_CHARACTER = "Use more than one character."
EASY = "This password is too easy to guess."
THE_ADDRESS = "Use something other than your e-mail address."


def problems(password: str, *, email: str = ADA) -> list[str]:
    with pytest.raises(WeakPassword) as refusal:
        require_strong(password, email=email)
    assert list(refusal.value.fields) == ["password"]
    return list(refusal.value.fields["password"])


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "8 chars!",
        "  spaced otters  ",
        "Zwölf Boxkämpfer",
        "李小龍李小龍李小",
        "\N{SNOWMAN}\N{SNOWMAN}\N{SNOWMAN}\N{SNOWMAN}\N{COMET}\N{COMET}\N{COMET}\N{COMET}",
        "x" * 7 + "y",
        "correct horse" * 70,
    ],
)
def test_a_strong_password_comes_back_as_it_was_typed(password: str) -> None:
    assert require_strong(password, email=ADA) == password


@pytest.mark.parametrize("password", ["", "a", "7 chars", "ü" * 3 + "abcd"])
def test_seven_characters_are_too_few(password: str) -> None:
    assert TOO_SHORT in problems(password)


@pytest.mark.parametrize("password", ["password", "PassWord", "12345678", "iloveyou", "trustno1"])
def test_a_common_password_is_refused_in_any_case(password: str) -> None:
    assert TOO_COMMON in problems(password)


@pytest.mark.parametrize("password", ["5839201746", "٥٨٣٩٢٠١٧٤٦", "５８３９２０１７４６"])  # noqa: RUF001
def test_digits_of_any_script_are_not_enough(password: str) -> None:
    assert problems(password) == [ONLY_DIGITS]


@pytest.mark.parametrize("password", ["ßßßßßßßß", "xXxXxXxXx"])
def test_one_repeated_character_is_not_enough(password: str) -> None:
    assert ONE_CHARACTER in problems(password)


@pytest.mark.parametrize(
    "password", ["adalovelace@example.com", "AdaLovelace@Example.com", "adalovelace", "AdaLovelace"]
)
def test_the_address_is_no_password(password: str) -> None:
    assert problems(password, email="adalovelace@example.com") == [THE_ADDRESS]


@pytest.mark.parametrize(
    "password",
    ["videoflix", "Videoflix1", "VIDEOFLIX2026!", "v1de0fl1x", "MyVideoflix", "netflix-1234"],
)
def test_the_name_of_the_site_is_no_password_whatever_is_added(password: str) -> None:
    assert problems(password) == [EASY]


@pytest.mark.parametrize(
    "password",
    ["summer2026", "Summer-2026!", "Winter26", "Herbst2026", "März2026!", "monday1234", "2026Juli"],
)
def test_a_season_a_month_or_a_day_with_a_year_is_easy_to_guess(password: str) -> None:
    assert EASY in problems(password)


@pytest.mark.parametrize(
    "password", ["AdaLovelace1!", "lovelace1815", "4daL0velace", "Analytical99"]
)
def test_parts_of_the_address_are_easy_to_guess(password: str) -> None:
    assert problems(password, email="ada.lovelace@analytical.example") == [EASY]


@pytest.mark.parametrize(
    "password", ["dragon1234", "!!monkey2026", "Passw0rd2026!", "hallo12345!", "videoflixdragon"]
)
def test_a_common_word_stays_guessable_with_usual_additions(password: str) -> None:
    assert problems(password) == [EASY]


@pytest.mark.parametrize(
    "password",
    [
        "video killed the radio star",
        "summer of the dragonfly",
        "monkey dragon",
        "dragon-48162342",
        "Tr0ub4dor&3",
        "kR8#pLw2",
    ],
)
def test_common_words_are_accepted_in_a_passphrase(password: str) -> None:
    assert require_strong(password, email=ADA) == password


@pytest.mark.parametrize(
    "worst", ["a1" * 5_000, "videoflix" * 1_200, "@0" * 5_000, "20" * 5_000, "a" * 10_000]
)
def test_checking_a_long_password_takes_linear_time(worst: str) -> None:
    def seconds(password: str) -> float:
        started = time.process_time()
        is_guessable(password, email="a.b." * 60 + "a@example.com", common=frozenset())
        return time.process_time() - started

    short = min(seconds(worst[:1_000]) for _ in range(5))
    long = min(seconds(worst) for _ in range(5))
    assert long < 40 * short, f"ten times the length takes {long / short:.0f} times as long"


def test_a_password_may_contain_the_address() -> None:
    assert require_strong(f"certainly not {ADA}", email=ADA) == f"certainly not {ADA}"


def test_all_problems_are_reported_at_once() -> None:
    assert problems("1111111") == [TOO_SHORT, ONLY_DIGITS, ONE_CHARACTER]


def test_the_problem_is_reported_for_the_sent_field() -> None:
    with pytest.raises(WeakPassword) as refusal:
        require_strong("short", email=ADA, field="new_password")
    assert refusal.value.fields == {"new_password": [TOO_SHORT]}


def test_a_refusal_does_not_repeat_the_password() -> None:
    with pytest.raises(WeakPassword) as refusal:
        require_strong("hunter2", email=ADA)
    assert "hunter2" not in f"{refusal.value} {refusal.value.fields}"


def test_two_unicode_forms_are_one_password() -> None:
    composed, decomposed = "pass-w\u00f6rt", "pass-wo\u0308rt"
    assert composed != decomposed
    assert require_strong(decomposed, email=ADA) == require_strong(composed, email=ADA) == composed


def test_characters_count_as_a_reader_counts_them() -> None:
    assert TOO_SHORT in problems("u\u0308" * 6 + "a")


def test_different_passwords_stay_different() -> None:
    look_alikes = [
        "\N{KELVIN SIGN}ate's 18 otters",
        "Kate's 18 otters",
        "ﬁrst 18 otters",
        "first 18 otters",
        "first 18 otters ",
    ]
    assert len({require_strong(each, email=ADA) for each in look_alikes}) == 4


@given(st.text())
def test_the_canonical_password_is_its_own(password: str) -> None:
    canonical = canonical_password(password)
    assert canonical_password(canonical) == canonical
