"""The fixtures of the API tests serve the events too: the same app, the same account."""

from tests.api.conftest import browser, clock, gateway, member, post

__all__ = ["browser", "clock", "gateway", "member", "post"]
