"""What no request can bring about is prepared for ours as it is for the originals."""

import pytest

from chalicelib.wiring import catalogue
from tests.api.conftest import sign_in
from tests.browser import Browser
from tests.builders.catalogue import every_entry
from tests.dialects.conftest import OurPlayer
from tests.dialects.playing import Play
from tests.dialects.request import ADA, PASSWORD, ROOT, Preparation, Request
from tests.fakes.clock import HandClock

SIGN_UP = {"email": ADA, "password": PASSWORD, "confirmed_password": PASSWORD}
TABLE = {
    "register": Request("register", "POST", "/api/register/", SIGN_UP),
    "login": Request("login", "POST", "/api/login/", {"email": ADA, "password": PASSWORD}),
}


def test_the_administrator_can_sign_in(player: OurPlayer) -> None:
    player.prepare(Preparation.ADMINISTRATOR, {})
    browser = Browser(player.gateway)
    assert sign_in(browser, ROOT, PASSWORD).status == 200
    assert browser.get("/admin/accounts/").status == 200


@pytest.mark.parametrize("preparation", [Preparation.VIDEO, Preparation.TRAILER])
def test_the_video_is_listed_in_its_category(player: OurPlayer, preparation: Preparation) -> None:
    known = player.prepare(preparation, {})
    snapshot = catalogue.catalogue_cache().snapshot()
    [entry], [category] = every_entry(catalogue.catalogue_cache()), snapshot.categories
    video = entry.video
    assert known == {"video": str(video.id), "category": str(category.id)}
    assert (video.card.title, video.card.category) == ("Metropolis", "Drama")
    assert video.card.is_trailer is (preparation is Preparation.TRAILER)
    assert video.is_published


def test_tokens_are_over_after_the_expiry(player: OurPlayer, clock: HandClock) -> None:
    before = clock.now()
    player.prepare(Preparation.EXPIRY, {})
    assert (clock.now() - before).days >= 366


def test_a_deactivated_account_cannot_sign_in(player: OurPlayer) -> None:
    play = Play(player, TABLE)
    play.play(TABLE["register"])
    player.prepare(Preparation.DEACTIVATION, {})
    assert play.play(TABLE["login"]).status == 400
