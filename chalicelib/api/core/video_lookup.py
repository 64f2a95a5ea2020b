"""The video that a request names, if its caller may see it."""

from typing import Any

from chalicelib.accounts.model import NotAnAdmin
from chalicelib.api.core.video_shapes import Style
from chalicelib.api.request import Call, whole_number
from chalicelib.catalogue.listing import Entry
from chalicelib.catalogue.model import VideoId, VideoNotFound
from chalicelib.catalogue.snapshot import Snapshot
from chalicelib.clock import LARGEST_ID
from chalicelib.wiring import accounts, catalogue


def to_video_id(text: str) -> VideoId:
    """Return the id in a path; raise `VideoNotFound` if it is none."""
    number = whole_number(text, largest=LARGEST_ID)
    if number is None:
        raise VideoNotFound
    return VideoId(number)


def find_also_draft(
    call: Call[Any], video_id: VideoId, snapshot: Snapshot, style: Style, *, age_limit: int
) -> tuple[Entry, Style]:
    """Return a video with the style in which its caller sees it; raise `VideoNotFound`.

    What the audience of the style does not see is a draft, for administrators only.
    """
    try:
        return snapshot.find(video_id, style.audience, age_limit=age_limit), style
    except VideoNotFound:
        require_administrator(call)
    entry = snapshot.entry_of(catalogue.curation().in_use(video_id))
    if not entry.video.card.is_within(age_limit):
        raise VideoNotFound
    return entry, Style.for_administrators(style.language, is_plain=style.is_plain)


def require_administrator(call: Call[Any]) -> None:
    """Raise `VideoNotFound` unless the caller is an administrator."""
    if not is_administrator(call):
        raise VideoNotFound


def is_administrator(call: Call[Any]) -> bool:
    try:
        accounts.administration().require_admin(call.identity)
    except NotAnAdmin:
        return False
    return True
