"""Fixtures: those of the API tests."""

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
