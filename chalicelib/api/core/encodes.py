"""Endpoints for encodes: progress, cancel, retry, accept damage, and the proof."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import REQUIRED, NoBody, percentage, whole
from chalicelib.api.core.chosen_profile import PROFILE, age_limit_of
from chalicelib.api.core.video_lookup import (
    is_administrator,
    require_administrator,
    to_video_id,
)
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.reply import Detail, Prerendered, Reply
from chalicelib.api.report_values import translated_values
from chalicelib.api.request import Call
from chalicelib.api.translation import translated
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.damage import Damage
from chalicelib.catalogue.model import Revision, Video
from chalicelib.clock import LARGEST_ID
from chalicelib.encoding.checks import TEXTS
from chalicelib.encoding.failures import Reason
from chalicelib.encoding.model import Step
from chalicelib.encoding.progress import BEFORE_UPLOAD, DELAYS, Delay, EncodeProgress
from chalicelib.errors import InvalidInput
from chalicelib.language import Language
from chalicelib.wiring import catalogue, encoding, stage

api = Api(OFFICIAL, Blueprint(__name__))


@dataclass(frozen=True, slots=True)
class AcceptedDamage:
    revision: int = whole(largest=LARGEST_ID)
    # What was looked at; another attempt may have found something else since.
    percent: float | None = percentage(required=False)
    sound_percent: float | None = percentage(required=False)

    @property
    def looked_at(self) -> Damage | None:
        """Return both percents or None; raise `InvalidInput` if one is missing."""
        if self.percent is None and self.sound_percent is None:
            return None
        if self.percent is None:
            raise InvalidInput(fields={"percent": [REQUIRED]})
        if self.sound_percent is None:
            raise InvalidInput(fields={"sound_percent": [REQUIRED]})
        return Damage(self.percent, self.sound_percent)


class ShownFailure(TypedDict):
    code: Annotated[str, Reason]
    text: str


class ShownDelay(TypedDict):
    code: Annotated[str, Delay]
    text: str


class ShownProgress(TypedDict):
    stage: Annotated[str, (*Step, BEFORE_UPLOAD)]
    percent: int
    text: str
    playable: bool
    eta_seconds: int | None
    # Why `eta_seconds` has grown, or is unknown although the encode goes on.
    delay: ShownDelay | None
    chunks_done: int
    chunks_planned: int
    failure: ShownFailure | None
    # For administrators, until viewers see the media: what was repaired, left out or is damaged.
    notes: list[str]


class CheckShape(TypedDict):
    name: Annotated[str, (*TEXTS,)]
    text: str
    ok: bool
    expected: str
    measured: str


class ConformanceReport(TypedDict):
    ok: bool
    checks: list[CheckShape]
    # What was repaired, left out or is damaged.
    notes: list[str]
    measures: dict[str, float]


@api.get("/video/{video_id}/progress", access=Access.SIGNED_IN, query=PROFILE)
def show_progress(call: Call[NoBody], video_id: str) -> Reply[ShownProgress]:
    """Progress of the encode: step, percent and remaining time.

    Of a source that replaces another, administrators get the progress; viewers, who play the
    media of the other, get `done`. Notes of a published video are in its `conformance` alone.
    """
    video = catalogue.curation().get(to_video_id(video_id))
    is_for_viewers, inspection = _is_seen(call, video), encoding.inspection()
    if not is_for_viewers:
        require_administrator(call)
    elif video.is_being_replaced:
        is_for_viewers = not is_administrator(call)
    progress = inspection.progress(video, is_for_viewers=is_for_viewers)
    language = call.visitor.language
    is_checked = progress.step in (Step.DONE, Step.FAILED)
    notes = inspection.notes(video) if is_checked and not is_for_viewers else ()
    fields = _progress_fields(progress, language, is_playable=video.is_playable)
    fields["notes"] = [translated(note, language) for note in notes]
    return Reply(fields, is_translated=True)


@api.post("/video/{video_id}/cancel", NoBody, access=Access.ADMIN)
def cancel(_call: Call[NoBody], video_id: str) -> Detail:
    """Cancel the encode; finished segments stay for a retry."""
    encoding.control().cancel(_video(video_id))
    return {"detail": "Encoding was cancelled."}


@api.post("/video/{video_id}/retry", NoBody, access=Access.ADMIN)
def retry(_call: Call[NoBody], video_id: str) -> Detail:
    """Retry the encode from the step that failed."""
    encoding.control().retry(_video_in_use(video_id))
    return {"detail": "Encoding goes on."}


@api.post("/video/{video_id}/accept", AcceptedDamage, access=Access.ADMIN)
def accept(call: Call[AcceptedDamage], video_id: str) -> Detail:
    """Publish a revision that was refused for its damage, without encoding it again; idempotent.

    The revision is the one in `damage` of the video; `master.m3u8` plays it. It is kept for six
    days. Send both percents of `damage`: it is 409 if another attempt found others since.
    """
    sent = call.body
    video = _video_in_use(video_id)
    encoding.control().accept(video, Revision(sent.revision), looked_at=sent.looked_at)
    return {"detail": "The damage is accepted."}


@api.get(
    "/video/{video_id}/conformance",
    access=Access.ADMIN,
    query={
        "revision": Query(
            "That of the newest attempt, also if another revision is published.",
            largest=LARGEST_ID,
        )
    },
)
def conformance(call: Call[NoBody], video_id: str) -> Prerendered[ConformanceReport]:
    """The proof: what was checked and measured before the video was published.

    It is that of the published media, else that of the newest attempt, if this was refused as
    `damaged` or `not_proven`. Without a report it is 404, and `detail` says why: nothing was
    checked yet, or the encode failed before, with its reason.
    """
    number = call.query_number("revision", largest=LARGEST_ID)
    revision = Revision(number) if number else None
    report = encoding.inspection().conformance_report(_video(video_id), revision)
    proof = json.loads(report)
    language = call.visitor.language
    return Prerendered.of(
        {
            "ok": proof["ok"],
            "checks": [_check(check, language) for check in proof.get("checks", ())],
            "notes": [translated(note, language) for note in proof.get("notes", ())],
            "measures": proof.get("measures", {}),
        },
        {"Content-Language": language.value},
    )


def _check(check: Mapping[str, Any], language: Language) -> CheckShape:
    name = check["name"]
    return {
        "name": name,
        # Other versions have other checks.
        "text": translated(TEXTS.get(name, name), language),
        "ok": check["ok"],
        "expected": translated_values(check["expected"], language),
        "measured": translated_values(check["measured"], language),
    }


def _video(video_id: str) -> Video:
    return catalogue.curation().get(to_video_id(video_id))


def _video_in_use(video_id: str) -> Video:
    return catalogue.curation().in_use(to_video_id(video_id))


def _progress_fields(
    progress: EncodeProgress, language: Language, *, is_playable: bool
) -> ShownProgress:
    failure, delay = progress.failure, progress.delay
    return {
        "stage": progress.step,
        "percent": progress.percent,
        "text": translated(progress.text, language),
        "playable": is_playable,
        "eta_seconds": progress.eta_seconds,
        "delay": {"code": delay.value, "text": translated(DELAYS[delay], language)}
        if delay
        else None,
        "chunks_done": progress.chunks_done,
        "chunks_planned": progress.chunks_planned,
        "failure": {"code": failure.code, "text": translated(failure.text, language)}
        if failure
        else None,
        "notes": [],
    }


def _is_seen(call: Call[NoBody], video: Video) -> bool:
    """Return whether viewers play the video; the limit is asked for only if it decides."""
    is_open = Audience.EARLY_VIEWERS.sees(video, at=stage.clock().now())
    return is_open and video.card.is_within(age_limit_of(call))
