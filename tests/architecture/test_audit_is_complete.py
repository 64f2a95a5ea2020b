"""No endpoint changes anything without a line in the audit trail, or a reason."""

from chalicelib.api.audit_rules import AUDITED, NOT_AUDITED
from chalicelib.api.endpoint import EVERY_API


def test_every_endpoint_that_changes_something_is_recorded_or_says_why_not() -> None:
    import app  # noqa: F401 - registers them all

    every = {each.audit_key for api in EVERY_API for each in api.operations}
    changing = {key for key in every if key[0] != "GET"}
    assert AUDITED.keys() & NOT_AUDITED.keys() == set()
    unnamed = changing - AUDITED.keys() - NOT_AUDITED.keys()
    assert unnamed == set(), "add them to AUDITED, or to NOT_AUDITED with the reason"
    assert {*AUDITED, *NOT_AUDITED} - every == set(), "of endpoints that are gone"
    assert all(len(reason) > 10 for reason in NOT_AUDITED.values())


def test_two_endpoints_share_a_rule_only_if_they_do_the_same() -> None:
    import app  # noqa: F401 - registers them all

    views: dict[tuple[str, str], set[object]] = {}
    for each in (each for api in EVERY_API for each in api.operations):
        views.setdefault(each.audit_key, set()).add(each.view)
    assert [key for key in AUDITED if len(views[key]) != 1] == []
