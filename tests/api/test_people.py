"""People over HTTP: names, numbers, pages, refusals, and who sees whom."""

from urllib.parse import quote

import pytest

from chalicelib.api.core import people
from chalicelib.catalogue.model import Card
from chalicelib.catalogue.search import LONGEST_QUERY
from tests.api.spending import documented, measured, row
from tests.api.test_search import put
from tests.browser import Browser
from tests.fakes.clock import HandClock

LANG = {"name": "Fritz Lang", "slug": "fritz-lang", "videos": 2}
VARDA = {"name": "Agnès Varda", "slug": "agnès-varda", "videos": 1}


@pytest.fixture(autouse=True)
def _catalogue(signed_in: Browser, clock: HandClock) -> None:  # noqa: ARG001 - begins it
    names = ("Fritz Lang", "Agnès Varda", "Fritz Lang", "")
    put(clock, *(Card("Metropolis", director=each) for each in names))


def test_people_are_listed_by_name_with_their_videos(signed_in: Browser) -> None:
    answer = signed_in.get("/people/")
    assert answer.json == {"results": [VARDA, LANG], "next": None}
    again = signed_in.get("/people/", if_none_match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_the_beginnings_of_a_name_lead_to_it(signed_in: Browser) -> None:
    assert signed_in.get("/people/?q=agnes").json["results"] == [VARDA]
    assert signed_in.get("/people/?q=lang%20f").json["results"] == [LANG]
    assert signed_in.get("/people/?q=ang").json["results"] == []


def test_all_are_listed_a_page_at_a_time(signed_in: Browser) -> None:
    first = signed_in.get("/people/?limit=1").json
    assert first["results"] == [VARDA]
    rest = signed_in.get(f"/people/?limit=1&after={quote(first['next'])}").json
    assert rest == {"results": [LANG], "next": None}


def test_what_no_answer_has_is_refused(signed_in: Browser) -> None:
    answer = signed_in.get("/people/?after=Fritz%20Lang")
    assert (answer.status, answer.json) == (400, {"after": ["Take this from `next` of a list."]})
    answer = signed_in.get(f"/people/?q={'x' * (LONGEST_QUERY + 1)}")
    assert (answer.status, answer.json) == (400, {"q": ["Send at most 200 characters."]})


def test_a_profile_sees_people_of_videos_within_its_age_limit(
    signed_in: Browser, clock: HandClock
) -> None:
    put(clock, Card("M", director="Fritz Lang", age_rating=6))
    kids = signed_in.post("/profiles/", {"name": "Kids", "age_limit": 6}).json["id"]
    listed = signed_in.get(f"/people/?profile={kids}").json["results"]
    assert listed == [{**LANG, "videos": 1}]


def test_names_are_html_unless_plain_text_is_requested(
    signed_in: Browser, clock: HandClock
) -> None:
    put(clock, Card("M", director="Tom & Jerry"))
    assert signed_in.get("/people/?q=tom").json["results"][0]["name"] == "Tom &amp; Jerry"
    plain = signed_in.get("/people/?q=tom&text=plain").json["results"]
    assert plain[0]["name"] == "Tom & Jerry"


def test_it_makes_no_call(signed_in: Browser) -> None:
    signed_in.get("/people/")  # polls the catalogue and the revocations
    with measured() as spent:
        signed_in.get("/people/?q=la")
    [operation] = people.api.operations
    served = "official", f"GET /api{operation.path}"
    assert row(served, spent) == row(served, documented()[served])
    assert not spent.calls
