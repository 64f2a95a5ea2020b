"""Fixtures: those of the API tests, and our API as a backend that plays requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from chalicelib.accounts.session import SessionId
from chalicelib.accounts.tokens import Identity
from chalicelib.catalogue.model import Card
from chalicelib.wiring import accounts, catalogue
from infra.local.gateway import Gateway, HttpRequest
from tests.api.conftest import (
    Post,
    browser,
    clock,
    encoder,
    gateway,
    guard,
    links_of_make_run,
    member,
    post,
    signed_in,
)
from tests.api.encoder import Encoder
from tests.dialects.playing import Answer, Sent, read
from tests.dialects.request import ADA, PASSWORD, ROOT, Preparation
from tests.fakes.clock import HandClock

__all__ = [
    "browser", "clock", "encoder", "gateway", "guard", "links_of_make_run", "member", "post",
    "signed_in",
]  # fmt: skip

_BROWSER = {"Origin": "http://localhost:4200", "Accept-Language": "en", "User-Agent": "Firefox"}


@dataclass(frozen=True, slots=True)
class OurPlayer:
    """Our API, called by a page of these dialects."""

    gateway: Gateway
    post: Post
    clock: HandClock
    encoder: Encoder

    def send(self, sent: Sent) -> Answer:
        headers = [*(_BROWSER | dict(sent.headers)).items()]
        answer = self.gateway.handle(HttpRequest(sent.method, sent.path, headers, sent.body))
        answered = {name.lower(): value for name, value in answer.headers}
        content_type = answered.get("content-type", "")
        return Answer(
            answer.status,
            content_type,
            read(content_type, answer.body),
            answered.get("www-authenticate", ""),
            answered.get("location", ""),
        )

    def prepare(self, preparation: Preparation, _known: Mapping[str, str]) -> Mapping[str, str]:
        match preparation:
            case Preparation.ADMINISTRATOR:
                accounts.administration().ensure_admin(email=ROOT, password=PASSWORD)
            case Preparation.VIDEO | Preparation.TRAILER:
                return self._video(is_trailer=preparation is Preparation.TRAILER)
            case Preparation.EXPIRY:
                self.clock.advance(days=400)
            case Preparation.DEACTIVATION:
                self._deactivate()
        return {}

    def mails(self) -> Sequence[str]:
        self.post.deliver()
        bodies = (mail.get_body(("plain",)) for mail in self.post.sent())
        return [body.get_content() for body in bodies if body is not None]

    def _video(self, *, is_trailer: bool) -> Mapping[str, str]:
        curation = catalogue.curation()
        category = curation.categories.add("Drama")
        card = Card("Metropolis", "A city.", category.name, is_trailer)
        video = curation.change(self.encoder.video().id, lambda _: card)
        return {"video": str(video.id), "category": str(category.id)}

    def _deactivate(self) -> None:
        administration = accounts.administration()
        administrator = administration.ensure_admin(email=ROOT, password=PASSWORD)
        [account] = administration.by_email(ADA)
        administration.change(
            Identity(administrator.id, SessionId("")), account.id, is_active=False
        )


@pytest.fixture(autouse=True)
def _links(links_of_make_run: None) -> None:
    """Mails lead to the pages of each client."""


@pytest.fixture
def player(gateway: Gateway, post: Post, clock: HandClock, encoder: Encoder) -> OurPlayer:
    return OurPlayer(gateway, post, clock, encoder)
