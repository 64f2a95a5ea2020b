"""Mapping between encodes, with their pace, and items of the catalogue table."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.adapters.dynamodb.attributes import milliseconds, moment
from chalicelib.adapters.dynamodb.catalogue_tables import EncodeItem
from chalicelib.adapters.dynamodb.video_items import video_key
from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.damage import Decodable
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.model import Encode, Source, Step, TakenTask
from chalicelib.encoding.pace import Pace

PREFIX = "ENCODE#"
# Between the name of a taken task and its time.
_AT = "@"


def encode_key(revision: Revision) -> str:
    return f"{PREFIX}{revision}"


def packed(asset: Asset) -> str:
    return json.dumps(asset.to_json(), separators=(",", ":"))


def to_item(encode: Encode) -> EncodeItem:
    return EncodeItem(
        video_key(encode.video_id),
        encode_key(encode.revision),
        source_key=encode.source.key,
        source_etag=encode.source.etag,
        source_size=encode.source.size,
        step=encode.step.value,
        begun_ms=milliseconds(encode.begun_at) if encode.begun_at else None,
        attempt=encode.attempt,
        asset=json.dumps(encode.asset.to_json()) if encode.asset else None,
        segments_per_chunk=encode.segments_per_chunk,
        chunks=set(encode.chunks) or None,
        audio_ready={str(track): count for track, count in encode.audio_ready.items()},
        finished_tasks=set(encode.finished_tasks) or None,
        planned_ms=milliseconds(encode.planned_at) if encode.planned_at else None,
        pace=pace_to_json(encode.pace) if encode.pace else None,
        pace_ms=milliseconds(encode.pace.measured_at) if encode.pace else None,
        taken=taken_to_set(encode.taken) or None,
        idle_ms=milliseconds(encode.idle_since) if encode.idle_since else None,
        decodable=encode.decodable.pictures if encode.decodable else None,
        sound_decodable=encode.decodable.sound if encode.decodable else None,
        accepted=encode.accepted.pictures if encode.accepted else None,
        accepted_sound=encode.accepted.sound if encode.accepted else None,
        was_refused=encode.was_refused or None,
    )


def to_encode(item: EncodeItem) -> Encode:
    ready: Mapping[str, Any] = item.audio_ready.attribute_values
    return Encode(
        video_id=VideoId(int(item.pk.partition("#")[2])),
        revision=Revision(int(item.sk.partition("#")[2])),
        source=Source(item.source_key, item.source_etag, int(item.source_size)),
        step=Step(item.step),
        begun_at=moment(item.begun_ms) if item.begun_ms else None,
        attempt=int(item.attempt),
        asset=Asset.from_json(json.loads(item.asset)) if item.asset else None,
        segments_per_chunk=int(item.segments_per_chunk),
        chunks=frozenset(int(number) for number in item.chunks or ()),
        audio_ready={int(track): int(count) for track, count in ready.items()},
        finished_tasks=frozenset(item.finished_tasks or ()),
        planned_at=moment(item.planned_ms) if item.planned_ms else None,
        pace=pace_from_json(item.pace) if item.pace else None,
        taken=frozenset(_taken_task(text) for text in item.taken or ()),
        idle_since=moment(item.idle_ms) if item.idle_ms else None,
        decodable=Decodable.stored(item.decodable, item.sound_decodable),
        accepted=Decodable.stored(item.accepted, item.accepted_sound),
        was_refused=_was_refused(item),
    )


def _was_refused(item: EncodeItem) -> bool:
    """Items of earlier versions lack it: there it follows from a share that is not published."""
    is_damaged = Decodable.stored(item.decodable, None) and item.step != Step.DONE.value
    return bool(item.was_refused or is_damaged or Decodable.stored(item.accepted, None))


def taken_to_set(tasks: Iterable[TakenTask]) -> set[str]:
    return {f"{task.name}{_AT}{milliseconds(task.at)}" for task in tasks}


def _taken_task(text: str) -> TakenTask:
    name, _, at = text.rpartition(_AT)
    return TakenTask(name, moment(int(at)))


def pace_to_json(pace: Pace) -> str:
    return json.dumps(
        {
            "measured_ms": milliseconds(pace.measured_at),
            "seconds": pace.seconds,
            "share": pace.share,
            "whole_seconds": pace.whole_seconds,
            "parallel": pace.parallel,
            "is_slower": pace.is_slower,
        },
        separators=(",", ":"),
    )


def pace_from_json(text: str) -> Pace:
    plain = json.loads(text)
    return Pace(
        measured_at=moment(plain["measured_ms"]),
        seconds=plain["seconds"],
        share=plain["share"],
        whole_seconds=plain["whole_seconds"],
        parallel=plain["parallel"],
        is_slower=plain["is_slower"],
    )
