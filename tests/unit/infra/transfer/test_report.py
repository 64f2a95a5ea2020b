"""The report counts, then names each problem with its reason."""

import pytest

from infra.transfer.report import MOST_NAMED, TransferReport
from infra.transfer.result import Result


def test_a_report_names_counts_fields_and_problems() -> None:
    report = TransferReport()
    report.count("accounts", "imported")
    report.count("accounts", "imported")
    report.not_mapped("shop.order")
    report.not_mapped("auth.user", "phone")
    report.made_again("catalogue.video", "thumbnail")
    report.leave_out("auth.user", "adress")
    report.problem("auth.user 7", "Without a valid e-mail address")
    assert report.as_text() == (
        "accounts            2 imported\n"
        "\n"
        "Made again from the files, and so not imported:\n"
        "  catalogue.video.thumbnail: 1\n"
        "\n"
        "Known, without a place here, and so not imported:\n"
        "  auth.user.adress: 1\n"
        "\n"
        "Not mapped, and so not imported (map them, or name them under ignored):\n"
        "  auth.user.phone: 1\n"
        "  shop.order: 1\n"
        "\n"
        "Without a valid e-mail address:\n"
        "  auth.user 7"
    )
    assert report.has_problems
    assert report.as_json() == {
        "counts": {"accounts": {"imported": 2}},
        "problems": [
            {"reason": "Without a valid e-mail address", "objects": ["auth.user 7"], "more": 0}
        ],
        "notes": [],
        "made_again": [{"model": "catalogue.video", "field": "thumbnail", "count": 1}],
        "left_out": [{"model": "auth.user", "field": "adress", "count": 1}],
        "not_mapped": [
            {"model": "auth.user", "field": "phone", "count": 1},
            {"model": "shop.order", "field": "", "count": 1},
        ],
        "other_fields": {},
    }


def test_what_is_not_imported_for_its_id_is_named() -> None:
    report = TransferReport()
    report.count_added("videos", Result.IMPORTED, "7")
    assert not report.has_problems
    report.count_added("videos", Result.REFUSED, "8")
    assert report.problems == {"Not imported, for their ids are in use": ["videos: 8"]}
    assert report.counts == {("videos", "imported"): 1, ("videos", Result.REFUSED): 1}


def test_what_is_not_mapped_is_a_problem_until_it_is_ignored() -> None:
    report = TransferReport()
    report.made_again("catalogue.video", "thumbnail")
    report.leave_out("auth.user", "adress")
    assert not report.has_problems
    report.not_mapped("shop.order")
    assert report.has_problems


def test_many_problems_of_a_reason_are_counted() -> None:
    report = TransferReport()
    for number in range(MOST_NAMED + 1500):
        report.problem(f"auth.user {number}", "Without a valid e-mail address")
    assert report.as_text().endswith(f"auth.user {MOST_NAMED - 1}\n  and 1,500 more")


def test_many_fields_are_counted() -> None:
    report = TransferReport()
    for number in range(MOST_NAMED + 1500):
        report.not_mapped("shop.video", f"{number:04}")
        report.not_mapped("shop.video", "0000")
        report.made_again("shop.video", f"hls_{number}")
        report.leave_out(f"shop{number}.user", "phone")
    for fields in (report.unmapped, report.remade, report.left_out):
        assert len(fields) == MOST_NAMED
    assert report.others == dict.fromkeys(("not_mapped", "made_again", "left_out"), 1500)
    assert report.unmapped["shop.video", "0000"] == MOST_NAMED + 1501
    assert "  and 1,500 more, of other fields" in report.as_text()
    assert report.as_json()["other_fields"]["not_mapped"] == 1500


def test_long_names_are_cut() -> None:
    report = TransferReport()
    report.not_mapped("x" * 10**6, "y" * 10**6)
    report.problem("z" * 10**6, "Without a valid e-mail address")
    assert len(report.as_text()) < 1000


def test_problems_of_an_import_that_was_interrupted_are_named_by_its_repetition() -> None:
    left = TransferReport()
    left.problem("auth.user 7", "Without a password")
    whole, rest = TransferReport(), TransferReport()
    for report in (whole, rest):
        report.count_added("accounts", Result.PRESENT, "ada", is_recognised=True)
        report.take_problems(left, are_earlier=True)
    assert (whole.has_problems, whole.as_json()["problems"]) == (False, [])
    assert "a dry run names those" in whole.as_text()
    rest.count("progress", Result.IMPORTED)
    [problem] = rest.as_json()["problems"]
    assert problem["reason"].startswith("Here already, from an import that may have been inter")
    assert problem["reason"].endswith(": Without a password")
    assert "\n  auth.user 7" in rest.as_text()
    assert (rest.has_problems, rest.notes) == (True, [])


def test_an_empty_report_says_so() -> None:
    assert TransferReport().as_text() == "There was nothing to import."
    assert not TransferReport().has_problems


@pytest.mark.parametrize(
    ("kinds", "is_noted"),
    [
        ({"imported": False}, False),
        ({"here already, and unchanged": True}, False),
        ({"here already, and unchanged": False, "imported": False}, False),
        ({"here already, and unchanged": True, "imported": False}, True),
        ({"here already, and unchanged": True, "imported under another id": False}, True),
        ({"here already, under another address": True, "imported": False}, True),
    ],
)
def test_a_repeated_import_says_that_deleted_accounts_come_back(
    kinds: dict[str, bool], *, is_noted: bool
) -> None:
    report = TransferReport()
    for result, is_recognised in kinds.items():
        report.count_added("accounts", Result(result), "ada", is_recognised=is_recognised)
    assert ("deleted here" in report.as_text()) is is_noted
    assert bool(report.as_json()["notes"]) is is_noted
    assert not report.has_problems
