"""The fixtures of the API tests serve the events too: the same app, the same account."""

from tests.api.conftest import (
    admin,
    browser,
    clock,
    encoder,
    gateway,
    guard,
    member,
    post,
    signed_in,
)

__all__ = [
    "admin",
    "browser",
    "clock",
    "encoder",
    "gateway",
    "guard",
    "member",
    "post",
    "signed_in",
]
