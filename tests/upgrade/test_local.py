"""`.local/` of an earlier version, and `make run` of this one."""

from collections.abc import Iterator

import pytest

from tests.browser import Browser
from tests.integration.films import Films
from tests.integration.supervised import REPOSITORY, Place
from tests.integration.wire import Address
from tests.upgrade import clock
from tests.upgrade.recording import LOCAL, Recording, ports_of, unpack, versions
from tests.upgrade.stories import (
    PATIENCE_SECONDS,
    Upgraded,
    test_a_link_mailed_before_activates_the_account,
    test_a_link_mailed_before_resets_the_password,
    test_a_password_signs_in,
    test_a_session_goes_on,
    test_an_api_token_is_good,
    test_an_encode_that_was_under_way_goes_on,
    test_newcomers_sign_up,
    test_the_list_is_what_it_was,
    test_what_was_published_plays,
)

__all__ = [
    "test_a_link_mailed_before_activates_the_account",
    "test_a_link_mailed_before_resets_the_password",
    "test_a_password_signs_in",
    "test_a_session_goes_on",
    "test_an_api_token_is_good",
    "test_an_encode_that_was_under_way_goes_on",
    "test_newcomers_sign_up",
    "test_the_list_is_what_it_was",
    "test_what_was_published_plays",
]


pytestmark = pytest.mark.skipif(
    not clock.CAN_BE_SET_BACK, reason="libfaketime is there for Linux on x86-64 only"
)


@pytest.fixture(scope="module", params=versions(LOCAL))
def upgraded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Upgraded]:
    version: str = request.param
    data = tmp_path_factory.mktemp("upgraded") / "data"
    told = Recording.load(version, LOCAL)
    moved = clock.shortly_after(told.moment)
    place = Place.at(data, root=REPOSITORY, program="tests.upgrade.start", WORKERS="2", **moved)
    unpack(version, LOCAL, data, ports_of(place.settings))
    with place.running() as run:
        films = Films(run, Address(run.settings.edge_port), PATIENCE_SECONDS)
        yield Upgraded(films, told, run)


def test_an_upload_that_the_emulator_forgot_is_said_to_be_gone(upgraded: Upgraded) -> None:
    admin: Browser = upgraded.films.admin
    path = f"/uploads/{upgraded.told.upload['id']}/"
    answer = admin.get(path)
    assert 400 <= answer.status < 500, answer
    assert admin.delete(path).status == 200
    assert admin.get("/uploads/").json["results"] == []
