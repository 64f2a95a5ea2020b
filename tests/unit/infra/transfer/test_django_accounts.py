"""Users of a dump become accounts with their password, their role and their state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.accounts.model import Account, AccountId, AccountStatus
from infra.terminal import Refusal
from tests.builders.accounts import an_account
from tests.builders.dumps import DJANGO_HASH, a_progress_row, a_user, a_video_row
from tests.unit.infra.transfer.conftest import FakeStage

ADA = "ada@example.com"


def imported(stage: FakeStage, folder: Path, **fields: Any) -> Account:
    stage.import_rows(folder, [a_user(7, **fields)])
    account = stage.accounts.by_email(ADA)
    assert account is not None
    return account


def test_an_account_keeps_id_password_names_and_time(stage: FakeStage, tmp_path: Path) -> None:
    assert imported(stage, tmp_path, first_name="Ada", last_name="Lovelace") == Account(
        id=AccountId(7),
        email=ADA,
        password_hash=DJANGO_HASH,
        created_at=datetime(2023, 4, 5, 6, 7, 8, 123000, UTC),
        status=AccountStatus.ACTIVE,
        first_name="Ada",
        last_name="Lovelace",
        revision=1,
    )


@pytest.mark.parametrize(
    ("fields", "is_admin"),
    [({}, False), ({"is_staff": True}, True), ({"is_superuser": True}, True)],
)
def test_staff_become_administrators(
    stage: FakeStage, tmp_path: Path, fields: dict[str, bool], is_admin: bool
) -> None:
    assert imported(stage, tmp_path, **fields).is_admin is is_admin


def test_an_inactive_account_stays_inactive(stage: FakeStage, tmp_path: Path) -> None:
    account = imported(stage, tmp_path, is_active=False, is_verified=False)
    assert account.status is AccountStatus.DEACTIVATED


INACTIVE = {"is_active": False}
SIGNED_IN = {"last_login": "2023-05-06T07:08:09Z"}


def test_inactive_accounts_that_never_signed_in_are_listed(
    stage: FakeStage, tmp_path: Path
) -> None:
    users = [
        a_user(1, "a@example.com", **INACTIVE),
        a_user(2, "b@example.com", **INACTIVE, **SIGNED_IN),
        a_user(3, "c@example.com", **INACTIVE, is_verified=True),
        a_user(4, "d@example.com"),
    ]
    report = stage.import_rows(tmp_path, users)
    [(reason, named)] = report.problems.items()
    assert reason.startswith("Inactive, and never signed in: deactivated.")
    assert named == ["auth.user 1"]
    assert report.counts["accounts", "of them deactivated"] == 3


@pytest.mark.parametrize("name", ["7", ADA])
def test_an_operator_names_accounts_that_never_confirmed_their_address(
    stage: FakeStage, tmp_path: Path, name: str
) -> None:
    users = [a_user(7, **INACTIVE), a_user(8, "blocked@example.com", **INACTIVE)]
    report = stage.import_rows(tmp_path, users, unconfirmed=[name])
    account, blocked = stage.accounts.by_email(ADA), stage.accounts.by_email("blocked@example.com")
    assert account is not None
    assert blocked is not None
    assert (account.status, blocked.status) == (AccountStatus.PENDING, AccountStatus.DEACTIVATED)
    assert account.expires_at is not None
    assert [*report.problems.values()] == [["auth.user 8"]]
    stage.clock.advance(days=30)
    assert stage.accounts.by_email(ADA) is None, "the address is free to sign up with"


@pytest.mark.parametrize("used", [SIGNED_IN, {"is_verified": True}], ids=["signed in", "verified"])
def test_an_account_that_was_in_use_is_never_revived_by_a_mail(
    stage: FakeStage, tmp_path: Path, used: dict[str, Any]
) -> None:
    user = a_user(7, **INACTIVE, **used)
    report = stage.import_rows(tmp_path, [user], unconfirmed=["7"])
    account = stage.accounts.by_email(ADA)
    assert account is not None
    assert account.status is AccountStatus.DEACTIVATED
    [(reason, _)] = report.problems.items()
    assert reason.startswith("Named by --unconfirmed, but")


def test_an_active_account_stays_active_if_it_is_named(stage: FakeStage, tmp_path: Path) -> None:
    report = stage.import_rows(tmp_path, [a_user(7)], unconfirmed=["7"])
    account = stage.accounts.by_email(ADA)
    assert account is not None
    assert account.is_active
    assert report.has_problems


def test_an_address_that_was_never_confirmed_expires(stage: FakeStage, tmp_path: Path) -> None:
    account = imported(stage, tmp_path, is_verified=False)
    assert account.status is AccountStatus.PENDING
    assert account.expires_at is not None
    stage.clock.advance(days=30)
    assert stage.accounts.by_email(ADA) is None


@pytest.mark.parametrize(
    "hashed",
    [
        "!kfdsfj",
        "",
        "md5$a$b",
        "argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$aGFzaA",
        DJANGO_HASH.replace("$1000$", "$9000000$"),
        DJANGO_HASH.replace("$abc", "$a-c"),
    ],
)
def test_other_hashes_have_to_be_reset(stage: FakeStage, tmp_path: Path, hashed: str) -> None:
    report = stage.import_rows(tmp_path, [a_user(7, password=hashed)])
    account = stage.accounts.by_email(ADA)
    assert account is not None
    assert account.password_hash == "unusable"
    reason = "Without a password that can be checked here: it has to be reset"
    assert report.problems == {reason: ["auth.user 7"]}


def test_the_user_name_counts_where_the_address_is_empty(stage: FakeStage, tmp_path: Path) -> None:
    assert imported(stage, tmp_path, email="", username=ADA).email == ADA


@pytest.mark.parametrize("email", ["ada", "", None, "a@b", "a@example.com\n b", 7, "é@example.com"])
def test_an_invalid_address_is_reported(stage: FakeStage, tmp_path: Path, email: object) -> None:
    report = stage.import_rows(tmp_path, [a_user(7, username="", email=email)])
    assert stage.accounts.newest(limit=9) == []
    reason = "Without a valid e-mail address, and so not imported"
    assert report.problems == {reason: ["auth.user 7"]}
    assert report.counts == {("accounts", "not imported"): 1}


def test_of_addresses_that_differ_by_case_the_first_counts(
    stage: FakeStage, tmp_path: Path
) -> None:
    users = [a_user(7), a_user(8, "ADA@Example.com"), a_user(9, "grace@example.com")]
    for _ in range(2):
        report = stage.import_rows(tmp_path, users)
        reason = "Addresses that differ only by case from an earlier one: it counts"
        assert report.problems == {reason: ["auth.user 8"]}
        assert [each.id for each in stage.accounts.newest(limit=9)] == [9, 7]


@pytest.mark.parametrize("key", ["1b6f…", 2**53, -1, None])
def test_a_key_that_is_no_id_here_gets_another(
    stage: FakeStage, tmp_path: Path, key: object
) -> None:
    users = [a_user(key), a_user(key, "grace@example.com")]
    for user in users if key is None else []:
        del user["pk"]
    report = stage.import_rows(tmp_path, users)
    assert report.counts == {("accounts", "imported"): 2}
    before = stage.accounts.newest(limit=9)
    again = stage.import_rows(tmp_path, users)
    assert again.counts == {("accounts", "here already, and unchanged"): 2}
    assert stage.accounts.newest(limit=9) == before


def a_sign_up(stage: FakeStage) -> Account:
    now = stage.clock.now()
    expires_at = now + timedelta(days=3)
    pending = an_account(now, ADA, status=AccountStatus.PENDING, expires_at=expires_at)
    return stage.accounts.add(pending)


ROWS = [a_user(7, is_staff=True), a_video_row(8), a_progress_row(7, 8)]


def test_an_account_replaces_a_sign_up_that_was_never_confirmed(
    stage: FakeStage, tmp_path: Path
) -> None:
    a_sign_up(stage)
    report = stage.import_rows(tmp_path, ROWS)
    assert report.counts["accounts", "imported"] == 1
    [account] = stage.accounts.newest(limit=9)
    assert (account.id, account.password_hash, account.is_admin) == (7, DJANGO_HASH, True)
    assert {each.account_id for each in stage.viewing.viewed} == {7}


def test_of_two_unconfirmed_accounts_the_one_here_stays_without_progress(
    stage: FakeStage, tmp_path: Path
) -> None:
    here = a_sign_up(stage)
    user = a_user(7, is_staff=True, is_verified=False)
    report = stage.import_rows(tmp_path, [user, *ROWS[1:]])
    assert report.counts["accounts", "here already, and unchanged"] == 1
    assert report.counts["accounts", "of them administrators"] == 0
    assert stage.accounts.newest(limit=9) == [here]
    assert stage.viewing.viewed == {}
    reason = "Their user is not imported, or several have its key: not imported"
    assert report.problems[reason] == ["catalogue.watchprogress 1"]


def test_an_account_that_is_here_stays_as_it_is(stage: FakeStage, tmp_path: Path) -> None:
    here = stage.accounts.add(an_account(stage.clock.now(), ADA, first_name="Countess"))
    assert imported(stage, tmp_path, first_name="Ada") == here


def test_an_id_that_is_in_use_is_replaced_by_the_same_in_every_import(
    stage: FakeStage, tmp_path: Path
) -> None:
    other = an_account(stage.clock.now(), "grace@example.com")
    stage.accounts.add(replace(other, id=AccountId(7)))
    report = stage.import_rows(tmp_path, [a_user(7)])
    assert report.counts == {("accounts", "imported under another id"): 1}
    again = stage.import_rows(tmp_path, [a_user(7)])
    assert again.counts == {("accounts", "here already, and unchanged"): 1}
    assert len(stage.accounts.newest(limit=9)) == 2


def test_roles_and_states_are_counted(stage: FakeStage, tmp_path: Path) -> None:
    users = [
        a_user(1, "a@example.com", is_staff=True),
        a_user(2, "b@example.com", is_active=False),
        a_user(3, "c@example.com", is_verified=False),
    ]
    assert stage.import_rows(tmp_path, users).counts == {
        ("accounts", "imported"): 3,
        ("accounts", "of them administrators"): 1,
        ("accounts", "of them deactivated"): 1,
        ("accounts", "of them pending"): 1,
    }


@pytest.mark.parametrize("key", [7, "a-uuid"])
def test_an_account_that_moved_to_another_address_is_not_imported_again(
    stage: FakeStage, tmp_path: Path, key: object
) -> None:
    users = [a_user(key, is_staff=True)]
    stage.import_rows(tmp_path, users)
    [account] = stage.accounts.newest(limit=9)
    moved = stage.accounts.move(account, replace(account, email="new@example.com"))
    again = stage.import_rows(tmp_path, users)
    assert again.counts == {("accounts", "here already, under another address"): 1}
    assert stage.accounts.newest(limit=9) == [moved]
    other = stage.accounts.add(an_account(stage.clock.now(), ADA))
    stage.import_rows(tmp_path, [*users, a_video_row(8), a_progress_row(key, 8)])
    assert stage.accounts.by_email(ADA) == other
    assert len(stage.accounts.newest(limit=9)) == 2
    assert {each.account_id for each in stage.viewing.viewed} == {account.id}


UNDATED = [None, "2023-04-05", "2023-04-05T00:00:00Z"]


@pytest.mark.parametrize("joined", UNDATED)
def test_an_account_without_a_time_of_day_is_known_by_its_address_alone(
    stage: FakeStage, tmp_path: Path, joined: str | None
) -> None:
    users = [a_user(7, date_joined=joined)]
    stage.import_rows(tmp_path, users)
    again = stage.import_rows(tmp_path, users)
    assert again.counts == {("accounts", "here already, and unchanged"): 1}
    [account] = stage.accounts.newest(limit=9)
    stage.accounts.move(account, replace(account, email="new@example.com"))
    # Under its old address it could be another one: it comes back, as one that was deleted does.
    report = stage.import_rows(tmp_path, users)
    assert report.counts == {("accounts", "imported under another id"): 1}


@pytest.mark.parametrize("joined", UNDATED)
def test_of_two_dumps_both_accounts_of_an_id_and_a_day_are_imported(
    stage: FakeStage, tmp_path: Path, joined: str | None
) -> None:
    dumps = [[a_user(7, email, date_joined=joined)] for email in (ADA, "grace@example.com")]
    for users in (*dumps, *dumps):
        stage.import_rows(tmp_path, users)
    emails = {each.email for each in stage.accounts.newest(limit=9)}
    assert emails == {ADA, "grace@example.com"}
    assert len(stage.accounts.newest(limit=9)) == 2


@pytest.mark.parametrize("joined", UNDATED)
def test_an_address_that_another_person_has_by_now_is_not_that_of_a_user(
    stage: FakeStage, tmp_path: Path, joined: str | None
) -> None:
    rows = [a_user(7, date_joined=joined), a_video_row(8), a_progress_row(7, 8)]
    stage.import_rows(tmp_path, rows)
    [account] = stage.accounts.newest(limit=9)
    stage.accounts.move(account, replace(account, email="new@example.com"))
    other = stage.accounts.add(an_account(stage.clock.now(), ADA))
    report = stage.import_rows(tmp_path, rows)
    assert report.counts["progress", "not imported"] == 1
    assert {each.account_id for each in stage.viewing.viewed} == {account.id}
    assert stage.accounts.by_email(ADA) == other
    assert len(stage.accounts.newest(limit=9)) == 2


def test_users_of_two_models_with_one_key_and_one_time_are_two_accounts(
    stage: FakeStage, tmp_path: Path
) -> None:
    rows = [a_user(7), {**a_user(7, "grace@example.com"), "model": "shop.customuser"}]
    first, again = (stage.import_rows(tmp_path, rows) for _ in range(2))
    assert {each.email for each in stage.accounts.newest(limit=9)} == {ADA, "grace@example.com"}
    assert first.counts["accounts", "imported under another id"] == 1
    assert (first.notes, again.notes) == ([], [])
    assert again.counts == {("accounts", "here already, and unchanged"): 2}


def test_videos_of_two_models_with_one_key_and_one_time_are_two_videos(
    stage: FakeStage, tmp_path: Path
) -> None:
    rows = [a_video_row(7), {**a_video_row(7), "model": "shop.movie"}]
    stage.import_rows(tmp_path, rows)
    again = stage.import_rows(tmp_path, rows)
    assert again.counts["videos", "here already, and unchanged"] == 2
    assert len(stage.videos.since(None)) == 2


def test_names_whom_the_dump_does_not_have_are_refused_before_anything_is_written(
    stage: FakeStage, tmp_path: Path
) -> None:
    users = [a_user(7, **INACTIVE), a_user(8, "Blocked@Example.com", **INACTIVE)]
    with pytest.raises(Refusal, match=r"whom the dump does not have: 9, x@y\.z$"):
        stage.import_rows(tmp_path, users, unconfirmed=["9", "blocked@example.com", "7", "x@y.z"])
    assert stage.accounts.newest(limit=9) == []


def test_a_flag_that_says_nothing_is_named_once(stage: FakeStage, tmp_path: Path) -> None:
    report = stage.import_rows(tmp_path, [a_user(7, is_verified="perhaps")])
    assert [*report.problems.values()] == [["auth.user 7"]]
    assert stage.accounts.newest(limit=9)[0].is_pending


def test_the_administrator_of_the_stage_stays(stage: FakeStage, tmp_path: Path) -> None:
    admin = stage.accounts.add(an_account(stage.clock.now(), ADA, is_admin=True))
    report = stage.import_rows(tmp_path, [a_user(admin.id), a_user(2, "grace@example.com")])
    assert report.counts["accounts", "here already, and unchanged"] == 1
    assert stage.accounts.by_email(ADA) == admin
