"""Dialect `prefixed`: operations of the core API at other paths."""

from typing import NoReturn

from chalice.app import Blueprint

from chalicelib.accounts.model import BadLink
from chalicelib.api.body import NoBody
from chalicelib.api.core import passwords, registration, sessions
from chalicelib.api.dialect import PREFIXED
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.request import Call

api = Api(PREFIXED, Blueprint(__name__))

_LINK = "{uid}/{token}"

api.repeat("POST", "/register", at="/auth/register", of=registration.api)
api.repeat("POST", "/login", at="/auth/login", of=sessions.api)
api.repeat("POST", "/logout", at="/auth/logout", of=sessions.api)
api.repeat("POST", "/token/refresh", at="/auth/token/refresh", of=sessions.api)
api.repeat("POST", "/password_reset", at="/passwort_reset", of=passwords.api)
api.repeat("POST", f"/password_confirm/{_LINK}", at=f"/passwort_confirm/{_LINK}", of=passwords.api)


@api.get("/activate/{uid}", access=Access.PUBLIC)
def activate(call: Call[NoBody], uid: str) -> NoReturn:  # noqa: ARG001 - as every view
    """Always 400: only the link in the mail holds the token."""
    raise BadLink("Please open the link in the mail.")
