"""E-mail addresses, ids and the life cycle of an account."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.accounts.model import (
    AccountStatus,
    StaleAccount,
    account_id_at,
    canonical_email,
)
from chalicelib.errors import InvalidInput
from tests.builders.accounts import an_account
from tests.cpu import cpu_seconds, seconds_to_read

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST_MOMENT = datetime(2024, 1, 1)  # noqa: DTZ001 - hypothesis adds the time zone
LAST_MOMENT = datetime(2093, 1, 1)  # noqa: DTZ001 - hypothesis adds the time zone
LARGEST_IN_JAVASCRIPT = 2**53 - 1

moments = st.datetimes(FIRST_MOMENT, LAST_MOMENT, timezones=st.just(UTC))
entropies = st.integers(0, 2**32 - 1)
statuses = st.sampled_from(AccountStatus)


@pytest.mark.parametrize(
    "spelling",
    [
        "ada@example.com",
        "ADA@Example.COM",
        "  ada@example.com\t",
        "ada@example.com\r\n",
        "ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ",  # noqa: RUF001 - full-width letters
        "ⓐda@example.com",
        "𝐚𝐝𝐚@example.com",  # noqa: RUF001 - mathematical letters
        "ªda@example.com",
    ],
)
def test_one_mailbox_has_one_spelling(spelling: str) -> None:
    assert canonical_email(spelling) == "ada@example.com"


@pytest.mark.parametrize(
    ("spelling", "email"),
    [
        ("\N{KELVIN SIGN}ate@example.com", "kate@example.com"),
        ("\N{LATIN SMALL LIGATURE FF}@example.com", "ff@example.com"),
        ("\N{LATIN SMALL LETTER LONG S}@example.com", "s@example.com"),
    ],
)
def test_compatible_unicode_characters_are_one_address(spelling: str, email: str) -> None:
    assert canonical_email(spelling) == email


@pytest.mark.parametrize(
    "address",
    [
        "a@b.co",
        "first.last+tag@sub.domain.example",
        "o'neil@example.com",
        "!#$%&'*+/=?^_`{|}~-@example.com",
        "1@2.example",
        "ada@xn--bcher-kva.example",
        "ada@example.xn--p1ai",
        "ada@a-b.example",
    ],
)
def test_addresses_in_use_are_accepted_as_they_are(address: str) -> None:
    assert canonical_email(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "ada",
        "ada@",
        "@example.com",
        "ada@example",
        "ada@localhost",
        "ada@127.0.0.1",
        "ada@[127.0.0.1]",
        "ada@example.c",
        "ada@example.1com",
        "ada@example.com.",
        "ada@.example.com",
        "ada@example..com",
        "ada@-example.com",
        "ada@example-.com",
        "ada@exam_ple.com",
        ".ada@example.com",
        "ada.@example.com",
        "a..da@example.com",
        "ada@grace@example.com",
        '"ada"@example.com',
        "ada(comment)@example.com",
        "Ada <ada@example.com>",
        "ada@example.com, eve@example.com",
        "ada@example.com;eve@example.com",
        "mailto:ada@example.com",
        "a da@example.com",
        "ada@exa mple.com",
        "ada\N{NO-BREAK SPACE}@example.com",
        "ada\N{SOFT HYPHEN}@example.com",
        "ada\N{ZERO WIDTH SPACE}@example.com",
        "\N{RIGHT-TO-LEFT OVERRIDE}ada@example.com",
        "ada\0@example.com",
        "ada@example.com\0",
        "\ud800@example.com",
        "İ@example.com",
        "=?x?q?y?=@example.com",
        "a=?utf-8?q?y?=b@example.com",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        canonical_email(address)
    assert refusal.value.fields == {"email": ["Enter a valid e-mail address."]}


@pytest.mark.parametrize(
    "unseen",
    [
        0x00AD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        0x2060,
        *range(0x2066, 0x206A),
        0xFEFF,
    ],
    ids=hex,
)
@pytest.mark.parametrize("address", ["{}ada@example.com", "a{}da@example.com", "ada@exa{}mple.com"])
def test_an_address_hides_no_character(address: str, unseen: int) -> None:
    with pytest.raises(InvalidInput):
        canonical_email(address.format(chr(unseen)))


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\N{LINE SEPARATOR}", "\x85", "\x0b"])
def test_an_address_cannot_carry_a_second_line(line_break: str) -> None:
    with pytest.raises(InvalidInput):
        canonical_email(f"ada@example.com{line_break}Bcc: eve@example.com")
    with pytest.raises(InvalidInput):
        canonical_email(f"ada{line_break}@example.com")


@pytest.mark.parametrize("address", ["müller@example.com", "ada@bücher.example", "李@example.com"])
def test_an_international_address_is_refused_rather_than_changed(address: str) -> None:
    with pytest.raises(InvalidInput):
        canonical_email(address)


@pytest.mark.parametrize(
    "hostile",
    [
        "=?a" * 330 + "@c.de",
        "=?" + "?" * 80 + "@c.de",
        "=?a\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 250 + "@c.de",
        "=\N{DOUBLE QUESTION MARK}" * 120 + "@c.de",
        "a." * 5000 + "@c.de",
        "a@" + "a-." * 3000,
        "a" + "\N{COMBINING GREEK YPOGEGRAMMENI}" * 5000 + "\N{COMBINING GRAVE ACCENT}" * 5000,
        " " * 10_000 + "a",
    ],
    ids=["words", "marks", "ligatures", "doubles", "dots", "dashes", "accents", "blanks"],
)
def test_checking_an_address_takes_linear_time(hostile: str) -> None:
    def look() -> None:
        with pytest.raises(InvalidInput):
            canonical_email(hostile)

    assert cpu_seconds(look) < 10 * seconds_to_read(10_000)


def of_length(local: int, whole: int) -> str:
    labels = "d" * 63 + "." + "d" * 63 + "."
    address = "l" * local + "@" + labels
    rest = whole - len(address) - len(".com")
    return f"{address}{'d' * rest}.com"


def test_an_address_of_the_longest_length_is_accepted() -> None:
    assert len(canonical_email(of_length(64, 254))) == 254


@pytest.mark.parametrize(("local", "whole"), [(65, 254), (64, 255), (64, 1000)])
def test_a_longer_address_is_refused(local: int, whole: int) -> None:
    with pytest.raises(InvalidInput):
        canonical_email(of_length(local, whole))


def test_the_length_counts_after_normalization() -> None:
    unfolds_to_eighteen = "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}"
    with pytest.raises(InvalidInput):
        canonical_email("ﬃ" * 22 + "@example.com")
    with pytest.raises(InvalidInput):
        canonical_email(unfolds_to_eighteen * 1000 + "@example.com")


@pytest.mark.parametrize("domain", ["{}.com", "sub.{}.com", "example.{}"])
def test_a_label_of_the_domain_has_at_most_63_characters(domain: str) -> None:
    longest = "ada@" + domain.format("d" * 63)
    assert canonical_email(longest) == longest
    with pytest.raises(InvalidInput):
        canonical_email("ada@" + domain.format("d" * 64))


def test_a_refusal_does_not_repeat_the_address() -> None:
    with pytest.raises(InvalidInput) as refusal:
        canonical_email("<script>@example.com")
    assert "script" not in f"{refusal.value} {refusal.value.fields}"


def accepted(text: str) -> str | None:
    try:
        return canonical_email(text)
    except InvalidInput:
        return None


@given(st.text(st.characters(categories=["L", "N", "P", "Z", "C"])) | st.emails())
@example("ada@example.com\n")
@example("ADA@EXAMPLE.COM")
def test_an_accepted_address_is_ascii_on_one_line_and_stays_as_it_is(text: str) -> None:
    email = accepted(text)
    assert email is None or (email.isascii() and email.isprintable() and " " not in email)
    assert email is None or canonical_email(email) == email


@given(moments, entropies)
def test_an_id_fits_into_a_number_of_javascript(moment: datetime, entropy: int) -> None:
    assert 0 <= account_id_at(moment, entropy=entropy) <= LARGEST_IN_JAVASCRIPT


@given(moments, st.integers(1, 10**9), entropies, entropies)
@example(datetime(2038, 4, 7, 12, 34, 23, 797_000, tzinfo=UTC), 1, 2**32 - 1, 0)
def test_of_two_accounts_the_later_has_the_larger_id(
    moment: datetime, milliseconds_later: int, entropy: int, other_entropy: int
) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    later = moment + timedelta(milliseconds=milliseconds_later)
    assert account_id_at(moment, entropy=entropy) < account_id_at(later, entropy=other_entropy)


def test_an_id_does_not_depend_on_the_time_zone() -> None:
    in_tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    assert account_id_at(in_tokyo, entropy=5) == account_id_at(NOW, entropy=5)


def test_ids_of_one_moment_differ_by_their_entropy() -> None:
    assert len({account_id_at(NOW, entropy=each) for each in range(4096)}) == 4096


@pytest.mark.parametrize("before", AccountStatus)
@pytest.mark.parametrize("after", AccountStatus)
def test_the_life_cycle_is_this_table(before: AccountStatus, after: AccountStatus) -> None:
    account = an_account(NOW, status=before, expires_at=NOW)
    allowed = {"pending": "active deactivated", "active": "deactivated", "deactivated": "active"}
    if before is after:
        assert account.moved_to(after) is account
    elif after in allowed[before].split():
        moved = account.moved_to(after)
        assert (moved.status, moved.expires_at) == (after, None)
    else:
        with pytest.raises(StaleAccount):
            account.moved_to(after)


@given(st.lists(statuses))
def test_no_account_becomes_pending_again(path: list[AccountStatus]) -> None:
    account = an_account(NOW, status=AccountStatus.PENDING, expires_at=NOW)
    for status in path:
        before = account
        try:
            account = account.moved_to(status)
        except StaleAccount:
            assert status is AccountStatus.PENDING
        assert account.is_pending is (account.expires_at is not None)
        assert before.is_pending or not account.is_pending


def test_an_account_shows_no_password_hash() -> None:
    assert "the hash" not in repr(an_account(NOW, password_hash="the hash"))
