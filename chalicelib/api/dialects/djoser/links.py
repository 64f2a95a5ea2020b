"""Activation links of the backend of djoser, which lead to the page that confirms the address."""

from dataclasses import replace

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.dialect import DJOSER
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Reply
from chalicelib.api.request import Call
from chalicelib.wiring import stage

# Mails of that backend name its host, without the prefix of the API.
api = Api(replace(DJOSER, url_prefix=""), Blueprint(__name__))


@api.get("/activate/{uid}/{token}", access=Access.PUBLIC, success=302)
def activate(call: Call[NoBody], uid: str, token: str) -> Reply[None]:  # noqa: ARG001
    """Redirect to the page that confirms the address, whether or not the link is valid.

    The request itself confirms nothing, because programs that examine mails open links.
    """
    url = stage.settings().mail_links.activation_url(DJOSER.name, uid=uid, token=token)
    return Reply(None, headers={"Location": url})
