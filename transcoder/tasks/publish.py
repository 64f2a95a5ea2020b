"""Prove what was made, and show it: the last step, which exactly one caller takes."""

import json
from dataclasses import replace

from chalicelib.catalogue import media_keys
from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.damage import WHOLE, Decodable
from chalicelib.transcoding.messages import Task
from chalicelib.transcoding.model import Encode, EncodeOver, Reason, Stage
from chalicelib.transcoding.plan import Plan
from transcoder.errors import Refused
from transcoder.ffmpeg.chunk import tile
from transcoder.outputs import objects
from transcoder.outputs.iframes import make_iframe_index
from transcoder.outputs.mp4 import MP4_NAME
from transcoder.outputs.storyboard import make_sheets
from transcoder.proof.damage_limit import ACCEPTABLE, AUDIBLE, DECODABLE, DamageLimit
from transcoder.proof.model import Proof
from transcoder.proof.percents import rough_percent
from transcoder.proof.proving import prove
from transcoder.proof.rendered import playlists_are_right
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import Studio
from transcoder.tasks.revision_store import Workshop
from transcoder.worker import Answer


def run(studio: Studio, task: Task, sandbox: Sandbox) -> Answer:
    plan = studio.plan(task)
    try:
        encode = studio.conversions.checking(task.video_id, task.revision)
    except EncodeOver:
        # Asked a second time because the first answer was lost, perhaps with all that follows.
        encode = studio.conversions.encodes.get(task.video_id, task.revision)
        if encode.stage is not Stage.DONE:
            raise
        return _published(studio, encode, plan.asset, encode.decodable or WHOLE)
    proof = _proof(studio.workshop(task), plan, _limit(studio, encode), sandbox)
    report = media_keys.conformance_report(task.video_id, task.revision)
    studio.media.write(report, proof.to_json())
    if not proof.ok and ACCEPTABLE.issuperset(proof.failed):
        studio.conversions.damaged(encode, proof.asset, decodable=proof.decodable)
        raise Refused(Reason.DAMAGED, _damage(proof))
    if not proof.ok:
        raise Refused(Reason.NOT_PROVEN, f"({', '.join(proof.failed)})")
    return _published(studio, encode, proof.asset, proof.decodable)


def _damage(proof: Proof) -> str:
    pictures = rough_percent(proof.decodable.pictures)
    sound = rough_percent(proof.decodable.sound)
    if AUDIBLE not in proof.failed:
        return f"Only {pictures}% of its pictures can be read."
    if DECODABLE not in proof.failed:
        return f"Only {sound}% of its sound can be read."
    return f"Only {pictures}% of its pictures and {sound}% of its sound can be read."


def _limit(studio: Studio, encode: Encode) -> DamageLimit:
    return DamageLimit(studio.settings.least_decodable_percent / 100, encode.accepted)


def _published(studio: Studio, encode: Encode, asset: Asset, decodable: Decodable) -> Answer:
    makes_mp4 = studio.settings.makes_mp4
    studio.conversions.publish(
        encode.video_id,
        encode.revision,
        asset,
        decodable=decodable,
        is_damage_accepted=_limit(studio, encode).is_accepted(decodable),
        mp4_name=MP4_NAME if makes_mp4 else "",
    )
    return {"mp4": list(range(len(asset.rungs))) if makes_mp4 else []}


def _proof(workshop: Workshop, plan: Plan, limit: DamageLimit, sandbox: Sandbox) -> Proof:
    _finish(workshop, plan, sandbox)
    reports = workshop.reports(objects.expected_reports(plan))
    asset = objects.finished(plan, reports)
    heads = {name: workshop.content(name) for name in objects.head_names(asset)}
    proof = prove(plan, reports, listed=workshop.listed(), heads=heads, limit=limit)
    lengths = json.loads(workshop.content(media_keys.iframe_index()) or "{}")
    return replace(proof, checks=(*proof.checks, playlists_are_right(proof.asset, lengths)))


def _finish(workshop: Workshop, plan: Plan, sandbox: Sandbox) -> None:
    """Make what needs all chunks: the sheets of the storyboard, the index of key frames."""
    workshop.keep_older_pictures()
    if plan.asset.storyboard:
        tiles = [tile(number) for number in range(plan.asset.grid.segments)]
        workshop.fetch_aside(tiles, sandbox.folder)
        sheets = make_sheets(plan, sandbox.folder, sandbox=sandbox)
        workshop.deliver(sheets.pieces, sandbox.folder)
        workshop.keep_report(objects.STORYBOARD, sheets)
    chunks = workshop.reports(map(objects.chunk_report, range(plan.chunk_count)))
    index = make_iframe_index(plan, chunks.values(), sandbox=sandbox)
    workshop.deliver(index.pieces, sandbox.folder)
    workshop.keep_report(objects.IFRAMES, index)
