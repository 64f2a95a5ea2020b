"""Prove the media of a revision and publish it; exactly one caller succeeds."""

import json
from dataclasses import replace

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.damage import WHOLE, Decodable
from chalicelib.encoding.failures import Reason
from chalicelib.encoding.messages import MP4_ONLY_TASK, Task
from chalicelib.encoding.model import Encode, EncodeOver, Step
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.updates import PromisedFiles
from chalicelib.telemetry import log
from transcoder.errors import Refused
from transcoder.ffmpeg.chunk import tile
from transcoder.outputs import objects
from transcoder.outputs.mp4 import MP4_NAME
from transcoder.outputs.storyboard import make_iframe_index, make_sheets
from transcoder.planning.ladder import MP4_ONLY
from transcoder.proof.damage_limit import ACCEPTABLE, DamageLimit, damage_of
from transcoder.proof.model import Proof
from transcoder.proof.proving import prove
from transcoder.proof.rendered import playlists_are_right
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import TaskContext
from transcoder.tasks.revision_store import RevisionStore
from transcoder.worker import Answer

# Checks of what is stored, on which the source has no influence.
_OF_STORAGE = frozenset({"objects_exist", "objects_unchanged", "reports"})


def run(context: TaskContext, task: Task, sandbox: Sandbox) -> Answer:
    plan = context.plan(task)
    try:
        encode = context.updates.checking(task.video_id, task.revision)
    except EncodeOver:
        # The message was delivered again: the first answer was lost, or the steps after it.
        encode = context.encodes.get(task.video_id, task.revision)
        if encode.step is not Step.DONE:
            raise
        return _published(context, encode, plan.asset, encode.decodable or WHOLE)
    proof = _proof(context.store(task), plan, _limit(context, encode), sandbox)
    report = object_keys.conformance_report(task.video_id, task.revision)
    context.media.write(report, proof.to_json())
    if not proof.ok and ACCEPTABLE.issuperset(proof.failed):
        context.updates.damaged(encode, proof.asset, decodable=proof.decodable)
        raise Refused(Reason.DAMAGED, damage_of(proof, plan))
    if not proof.ok:
        log.warning("checks failed", extra={"checks": ", ".join(proof.failed)})
        raise Refused(Reason.NOT_PROVEN, _advice(proof))
    return _published(context, encode, proof.asset, proof.decodable)


def _advice(proof: Proof) -> str:
    if _OF_STORAGE.isdisjoint(proof.failed):
        return ""
    return "Some of it was lost or changed in storage: another attempt may help."


def _limit(context: TaskContext, encode: Encode) -> DamageLimit:
    return DamageLimit(context.settings.least_decodable_percent / 100, encode.accepted)


def _published(context: TaskContext, encode: Encode, asset: Asset, decodable: Decodable) -> Answer:
    settings, files, tasks = context.settings, PromisedFiles(), list[int]()
    if settings.makes_mp4:
        files, tasks = PromisedFiles(MP4_NAME), [*range(len(asset.rungs))]
        if settings.makes_mp4_120p:
            files, tasks = PromisedFiles(MP4_NAME, (MP4_ONLY.lines,)), [*tasks, MP4_ONLY_TASK]
    context.updates.publish(
        encode.video_id,
        encode.revision,
        asset,
        decodable=decodable,
        is_damage_accepted=_limit(context, encode).is_accepted(decodable),
        files=files,
    )
    return {"mp4": tasks}


def _proof(store: RevisionStore, plan: Plan, limit: DamageLimit, sandbox: Sandbox) -> Proof:
    _finish(store, plan, sandbox)
    reports = store.reports(objects.expected_reports(plan))
    asset = objects.finished(plan, reports)
    heads = {name: store.read(name) for name in objects.head_names(asset)}
    proof = prove(plan, reports, listed=store.listed(), heads=heads, limit=limit)
    lengths = json.loads(store.read(object_keys.iframe_index()) or "{}")
    return replace(proof, checks=(*proof.checks, playlists_are_right(proof.asset, lengths)))


def _finish(store: RevisionStore, plan: Plan, sandbox: Sandbox) -> None:
    """Make what needs all chunks: the storyboard sheets and the index of key frames."""
    store.copy_older_pictures()
    if plan.asset.storyboard:
        tiles = [tile(number) for number in range(plan.asset.grid.segments)]
        store.fetch(tiles, sandbox.folder)
        sheets = make_sheets(plan, sandbox.folder, sandbox=sandbox)
        store.upload([file.name for file in sheets.files], sandbox.folder)
        store.write_report(objects.STORYBOARD, sheets)
    chunks = store.reports(map(objects.chunk_report, range(plan.chunk_count)))
    index = make_iframe_index(plan, chunks.values(), sandbox=sandbox)
    store.upload([file.name for file in index.files], sandbox.folder)
    store.write_report(objects.IFRAMES, index)
