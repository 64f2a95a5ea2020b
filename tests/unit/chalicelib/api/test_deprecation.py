"""How an operation is deprecated: the notice it gives, and its headers by two RFCs."""

from datetime import date, timedelta

import pytest

from chalicelib.api.deprecation import LEAST_NOTICE, Deprecation

SINCE = date(2026, 11, 27)
YEAR_LATER = date(2027, 11, 27)


def test_the_headers_have_the_forms_of_their_rfcs() -> None:
    headers = Deprecation(SINCE, YEAR_LATER).headers({})
    assert headers == {
        "Deprecation": "@1795737600",
        "Sunset": "Sat, 27 Nov 2027 00:00:00 GMT",
        "Link": '</api/docs/>; rel="deprecation"; type="text/html"',
    }


def test_other_headers_and_links_stay() -> None:
    others = {"ETag": '"a"', "Link": '</api/video/?after=1>; rel="next"'}
    headers = Deprecation(SINCE, YEAR_LATER).headers(others)
    assert headers["ETag"] == '"a"'
    assert headers["Link"].startswith(others["Link"] + ", <")


def test_a_deprecated_operation_answers_for_a_year() -> None:
    assert Deprecation(SINCE, SINCE + LEAST_NOTICE).sunset == YEAR_LATER
    with pytest.raises(ValueError, match="365 days"):
        Deprecation(SINCE, SINCE + LEAST_NOTICE - timedelta(days=1))


def test_the_sentence_names_the_dates_and_the_replacement() -> None:
    sentence = "Deprecated since 2026-11-27, answers until 2027-11-27 at least."
    assert Deprecation(SINCE, YEAR_LATER).sentence == sentence
    assert Deprecation(SINCE, YEAR_LATER, instead="GET /api/video/").sentence == (
        f"{sentence} Use `GET /api/video/`."
    )
