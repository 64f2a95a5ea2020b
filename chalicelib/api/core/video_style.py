"""The parameters of a request that say which videos its answer holds, and in which style."""

from chalicelib.api.body import NoBody
from chalicelib.api.core.chosen_profile import PROFILE
from chalicelib.api.core.text_form import TEXT_FORM
from chalicelib.api.core.video_shapes import Style
from chalicelib.api.operation import Query
from chalicelib.api.request import Call
from chalicelib.catalogue.audience import Audience
from chalicelib.wiring import accounts, stage

_AUDIENCES = {
    "": Audience.VIEWERS,
    "playable": Audience.EARLY_VIEWERS,
    "drafts": Audience.ADMINISTRATORS,
}
STYLE = {
    "include": Query(
        "`playable`: also videos that are playable during their encode. "
        "`drafts`: all videos, for administrators.",
        options=[*filter(None, _AUDIENCES)],
    ),
    **TEXT_FORM,
    **PROFILE,
}


def style_of(call: Call[NoBody]) -> Style:
    audience = call.query_option("include", _AUDIENCES)
    if audience is Audience.ADMINISTRATORS:
        accounts.administration().require_admin(call.identity)
    is_plain, language = call.text_is_plain, call.visitor.language
    if audience is Audience.ADMINISTRATORS:
        return Style.for_administrators(language, is_plain=is_plain)
    return Style(audience, language, is_plain, stage.settings().media_url)
