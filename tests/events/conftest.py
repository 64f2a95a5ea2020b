"""The fixtures of the API tests serve the events too: the same app, the same account."""

from tests.api.conftest import (
    admin,
    browser,
    clock,
    gateway,
    guard,
    member,
    post,
    signed_in,
    studio,
)

__all__ = [
    "admin",
    "browser",
    "clock",
    "gateway",
    "guard",
    "member",
    "post",
    "signed_in",
    "studio",
]
