"""Endpoints for administrators: change many videos at once, follow it, and cancel it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody, choice, flag, texts, wholes
from chalicelib.api.core.curation import VideoChanges
from chalicelib.api.core.list_position import LIMIT, limit_in
from chalicelib.api.core.studio_filters import FILTERS, selection_of
from chalicelib.api.core.text_form import TEXT_FORM
from chalicelib.api.core.video_shapes import ListedVideo, Style
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.reply import Reply
from chalicelib.api.request import Call, whole_number
from chalicelib.api.translation import translated
from chalicelib.bulk.change import Action, Change
from chalicelib.bulk.model import (
    MOST_VIDEOS,
    BadBulkChange,
    BulkChange,
    BulkChangeNotFound,
    BulkChangeState,
)
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import LONGEST_NAME, MOST_CAST, MOST_TAGS, BulkChangeId, VideoId
from chalicelib.clock import LARGEST_ID
from chalicelib.wiring import bulk, catalogue

api = Api(OFFICIAL, Blueprint(__name__))

# Of a preview.
_FIRST = 20
_SELECT = "Send videos, a filter in the URL, or all_videos."
_OF_TRASH = "Only videos in the trash are restored: add state=trash to the filters."
_ONE_SELECTION = "Send only one of videos, a filter in the URL, and all_videos."
_QUERY: Mapping[str, Query] = {**FILTERS, **TEXT_FORM}


def _names(most: int) -> Any:
    return texts(most=most, longest=LONGEST_NAME)


@dataclass(frozen=True, slots=True)
class BulkChangeForm(VideoChanges):
    """Which videos are changed, unless a filter in the URL says so, and what is changed."""

    videos: list[int] | None = wholes(largest=LARGEST_ID, most=MOST_VIDEOS, required=False)
    all_videos: bool | None = flag()
    add_cast: tuple[str, ...] | None = _names(MOST_CAST)
    add_tags: tuple[str, ...] | None = _names(MOST_TAGS)
    remove_cast: tuple[str, ...] | None = _names(MOST_CAST)
    remove_tags: tuple[str, ...] | None = _names(MOST_TAGS)
    action: Action | None = choice(Action)

    def change(self) -> Change:
        return Change(
            self.fields_of_card(),
            add_cast=self.add_cast or (),
            add_tags=self.add_tags or (),
            remove_cast=self.remove_cast or (),
            remove_tags=self.remove_tags or (),
            is_published=self.is_published,
            action=self.action,
        )


class BulkPreview(TypedDict):
    """How many videos a bulk change would be made on, and the first of them."""

    videos: int
    first: Sequence[ListedVideo]


class ListedBulkChange(TypedDict):
    """A bulk change; `unchanged` videos were already as it makes them."""

    id: int
    state: Annotated[str, BulkChangeState]
    account_id: int
    created_at: str
    ended_at: str | None
    videos: int
    changed: int
    unchanged: int
    failed: int
    left: int
    # What it does to each video, as it was sent.
    change: dict[str, Any]


class FailureOfVideo(TypedDict):
    video: int
    # The field of the video that would be wrong; "" if it is none.
    field: str
    text: str


class BulkChangeWithFailures(ListedBulkChange):
    """A bulk change with its first failures."""

    failures: Sequence[FailureOfVideo]


class BulkChangePage(TypedDict):
    """Bulk changes, the newest first; `next` is the `before` of the following ones, if any."""

    results: Sequence[ListedBulkChange]
    next: int | None


@api.post("/studio/changes/preview", BulkChangeForm, access=Access.ADMIN, query=_QUERY)
def preview(call: Call[BulkChangeForm]) -> BulkPreview:
    """Count the videos of a bulk change and show the first of them; nothing is changed."""
    style = Style.for_administrators(call.visitor.language, is_plain=call.text_is_plain)
    snapshot, selected = catalogue.catalogue_cache().snapshot(), _selected(call)
    if isinstance(selected, Selection):
        number, first = snapshot.count(selected), snapshot.page(selected, skip=0, most=_FIRST)
    else:
        number, first = len(selected), [*filter(None, map(snapshot.entry, selected[:_FIRST]))]
    bulk.bulk_changes().require_valid(call.body.change(), number)
    fitting, _ = style.fitting(first)
    return {"videos": number, "first": [style.shape(each) for each in fitting]}


@api.post("/studio/changes", BulkChangeForm, access=Access.ADMIN, success=202, query=_QUERY)
def begin(call: Call[BulkChangeForm]) -> ListedBulkChange:
    """Begin to change all videos of a list of ids, or of a filter in the URL.

    The videos are chosen now: what is added later stays as it is.
    """
    changes, change, selected = bulk.bulk_changes(), call.body.change(), _selected(call)
    if isinstance(selected, Selection):
        snapshot = catalogue.catalogue_cache().snapshot()
        changes.require_valid(change, snapshot.count(selected))
        chosen = islice(snapshot.chosen(selected), MOST_VIDEOS + 1)
        selected = [each.video.id for each in chosen]
    return _listed(changes.begin(change, selected, by=call.identity.account_id))


@api.get(
    "/studio/changes",
    access=Access.ADMIN,
    query={"before": Query("The `next` of an earlier page.", largest=LARGEST_ID), **LIMIT},
)
def list_bulk_changes(call: Call[NoBody]) -> BulkChangePage:
    """List the bulk changes of the last days, the newest first."""
    limit, before = limit_in(call), call.query_number("before", largest=LARGEST_ID)
    before_id = BulkChangeId(before) if before else None
    recent = bulk.bulk_changes().recent(most=limit + 1, before=before_id)
    return {
        "results": [_listed(each) for each in recent[:limit]],
        "next": recent[limit - 1].id if len(recent) > limit else None,
    }


@api.get("/studio/changes/{change_id}", access=Access.ADMIN)
def show_bulk_change(call: Call[NoBody], change_id: str) -> Reply[BulkChangeWithFailures]:
    """Show how far a bulk change is, and the first videos that could not be changed."""
    changes = bulk.bulk_changes()
    bulk_change = changes.get(_id(change_id))
    language = call.visitor.language
    failures: list[FailureOfVideo] = [
        {
            "video": each.video_id,
            "field": each.field,
            "text": translated(each.text, language, is_plain=True),
        }
        for each in changes.failures(bulk_change)
    ]
    return Reply({**_listed(bulk_change), "failures": failures}, is_translated=True)


@api.post("/studio/changes/{change_id}/cancel", NoBody, access=Access.ADMIN)
def cancel_bulk_change(call: Call[NoBody], change_id: str) -> ListedBulkChange:  # noqa: ARG001
    """Cancel a bulk change; videos that are changed already stay so."""
    return _listed(bulk.bulk_changes().cancel(_id(change_id)))


def _selected(call: Call[BulkChangeForm]) -> Sequence[VideoId] | Selection:
    """Return the listed videos, each once, or the selection of the filters; there is one of both.

    Raise `InvalidInput` also for an unknown filter: without it, others would be changed.
    """
    sent: Mapping[str, str] = call.request.query_params or {}
    selection = selection_of({name: sent[name] for name in sent if name not in TEXT_FORM})
    is_filtered = any(sent.get(name) for name in FILTERS)
    ways = [bool(call.body.videos), is_filtered, bool(call.body.all_videos)]
    if not any(ways):
        raise BadBulkChange(fields={"videos": [_SELECT]})
    if sum(ways) > 1:
        raise BadBulkChange(fields={"videos": [_ONE_SELECTION]})
    if call.body.videos:
        return list(dict.fromkeys(map(VideoId, call.body.videos)))
    if call.body.action is not Action.RESTORE or selection.audience is Audience.TRASH:
        return selection
    if is_filtered:
        raise BadBulkChange(fields={"action": [_OF_TRASH]})
    return Selection(Audience.TRASH)


def _listed(bulk_change: BulkChange) -> ListedBulkChange:
    tally, ended_at = bulk_change.tally, bulk_change.ended_at
    return {
        "id": bulk_change.id,
        "state": bulk_change.state,
        "account_id": bulk_change.account_id,
        "created_at": bulk_change.created_at.isoformat(),
        "ended_at": ended_at.isoformat() if ended_at else None,
        "videos": bulk_change.videos,
        "changed": tally.changed,
        "unchanged": tally.unchanged,
        "failed": tally.failed,
        "left": bulk_change.left,
        "change": bulk_change.change.as_sent(),
    }


def _id(text: str) -> BulkChangeId:
    number = whole_number(text, largest=LARGEST_ID)
    if number is None:
        raise BulkChangeNotFound
    return BulkChangeId(number)
