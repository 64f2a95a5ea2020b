"""Make the media of a plan and upload them: chunks, audio, subtitles, pictures, MP4 files."""

from contextlib import closing

from chalicelib.encoding.messages import Task
from chalicelib.encoding.model import Encode
from chalicelib.encoding.task_reports import Report
from transcoder.ffmpeg.chunk import tile
from transcoder.outputs.audio import AudioEncoder
from transcoder.outputs.chunk import make_chunk
from transcoder.outputs.mp4 import make_mp4, segments_of
from transcoder.outputs.objects import PICTURES, audio_report, chunk_report, subtitles_report
from transcoder.outputs.pictures import make_pictures
from transcoder.outputs.subtitles import make_subtitles
from transcoder.planning.ladder import mp4_only
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import TaskContext, is_done_already
from transcoder.worker import Answer


def chunk(context: TaskContext, task: Task, sandbox: Sandbox) -> Answer:
    """Encode one chunk in every rung, upload its segments, and record that it is done."""
    name = chunk_report(task.number)
    encode = context.take(task, name)
    if is_done_already(encode, is_done=task.number in encode.chunks):
        return {}
    store, plan = context.store(task), context.plan(task)
    url, sandbox = context.sources.opened(plan.source, sandbox)
    report = make_chunk(plan, task.number, url, sandbox=sandbox)
    # Every chunk writes the same init segments, which publishing proves: one upload is enough.
    names = [file.name for file in report.files if file.frames or task.number == 0]
    if plan.asset.storyboard:
        planned = plan.chunk(task.number)
        segments = range(planned.first_segment, planned.first_segment + planned.segments)
        names += map(tile, segments)
    store.upload(names, sandbox.folder)
    # The report comes last: where it exists, all files that it names exist.
    store.write_report(name, report)
    taken = encode.taken_as(name)
    context.updates.chunk_done(task.video_id, task.revision, task.number, taken=taken)
    return {}


def audio(context: TaskContext, task: Task, sandbox: Sandbox) -> Answer:
    """Encode one whole audio track and upload its segments while the encoder runs."""
    name = audio_report(task.number)
    encode = context.take(task, name)
    if _is_done(encode, name):
        return {}
    store, plan = context.store(task), context.plan(task)
    # A second run of the encoder yields segments of the same names again.
    uploaded = set[str]()
    url, sandbox = context.sources.opened(plan.source, sandbox)
    encoder = AudioEncoder(plan, plan.asset.audio[task.number], url, sandbox)
    with closing(encoder.files()) as complete:
        for files in complete:
            store.upload([file.name for file in files], sandbox.folder)
            uploaded.update(file.name for file in files if file.frames)
            context.updates.audio_grown(task.video_id, task.revision, task.number, len(uploaded))
    return _done(context, encode, name, encoder.report)


def subtitles(context: TaskContext, task: Task, sandbox: Sandbox) -> Answer:
    """Convert one subtitle track to WebVTT segments."""
    name = subtitles_report(task.number)
    encode = context.take(task, name)
    if _is_done(encode, name):
        return {}
    plan = context.plan(task)
    track = plan.asset.subtitles[task.number]
    opened = (
        context.sources.sidecar(track.sidecar_key, sandbox)
        if track.sidecar_key
        else context.sources.opened(plan.source, sandbox)
    )
    if opened is None:
        # People count from 1.
        note = f"Subtitles {track.number + 1}: their file was deleted; they were left out."
        return _done(context, encode, name, Report((), notes=(note,)))
    url, sandbox = opened
    report = make_subtitles(plan, track, url, sandbox=sandbox)
    context.store(task).upload([file.name for file in report.files], sandbox.folder)
    return _done(context, encode, name, report)


def pictures(context: TaskContext, task: Task, sandbox: Sandbox) -> Answer:
    """Make the thumbnail, poster and hero picture of a video."""
    encode = context.take(task, PICTURES)
    if _is_done(encode, PICTURES):
        return {}
    plan = context.plan(task)
    url, sandbox = context.sources.opened(plan.source, sandbox)
    report = make_pictures(plan, url, sandbox=sandbox)
    context.store(task).upload([file.name for file in report.files], sandbox.folder)
    return _done(context, encode, PICTURES, report)


def mp4(context: TaskContext, task: Task, sandbox: Sandbox) -> Answer:
    """Make one MP4 file, for clients that do not play playlists."""
    store, encode = context.store(task), context.encodes.get(task.video_id, task.revision)
    # Published media may have another default audio track than the plan.
    asset = encode.asset or context.plan(task).asset
    rung = mp4_only(asset) if task.is_mp4_only else asset.rungs[task.number]
    store.fetch(segments_of(asset, rung), sandbox.folder)
    report = make_mp4(asset, rung, sandbox.folder, sandbox=sandbox)
    store.upload([file.name for file in report.files], sandbox.folder)
    return {}


def _is_done(encode: Encode, name: str) -> bool:
    return is_done_already(encode, is_done=name in encode.finished_tasks)


def _done(context: TaskContext, encode: Encode, name: str, report: Report) -> Answer:
    video_id, revision = encode.video_id, encode.revision
    context.store_of(video_id, revision).write_report(name, report)
    context.updates.task_done(video_id, revision, name, taken=encode.taken_as(name))
    return {}
