"""Probe a source, and refuse it or plan its encode, once for all tasks."""

from fractions import Fraction

from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.failures import Finding, Reason
from chalicelib.encoding.model import Source
from chalicelib.encoding.plan import Picture, Plan
from transcoder.errors import Refused
from transcoder.ffmpeg.graph import QUARTER_TURNS
from transcoder.planning import costs, grids
from transcoder.planning.frames import Frame, frame_of
from transcoder.planning.grids import expected_pictures
from transcoder.planning.ladder import Size, rungs_for, storyboard_of
from transcoder.planning.notes import notes_of
from transcoder.planning.rates import frame_rate_of
from transcoder.planning.tracks import audio_tracks, for_some, subtitle_tracks
from transcoder.probing import probe
from transcoder.probing.model import Facts, PictureFacts, Question
from transcoder.refusals import too_large, too_long
from transcoder.sandbox import memory
from transcoder.sandbox.runner import Sandbox
from transcoder.settings import SourceLimits, TranscoderSettings

_HALF = Fraction(1, 2)
_SUBRIP = "subrip"
# Three centuries; FFmpeg counts microseconds in 63 bits.
_LATEST_SECONDS = 10_000_000_000


def make_plan(
    video_id: VideoId,
    revision: Revision,
    source: Source,
    url: str,
    *,
    sandbox: Sandbox,
    settings: TranscoderSettings,
) -> Plan:
    """Raise `Refused` if the source cannot be encoded or is beyond the limits."""
    limits = settings.limits
    if source.size == 0:
        raise Refused(Reason.EMPTY)
    if source.size > limits.size_bytes:
        raise too_large(limits.size_bytes)
    facts = probe(
        _question(source, url, limits),
        sandbox=sandbox,
        cpu_seconds=limits.probe_seconds,
        memory_bytes=memory.of_probe(settings.memory_bytes),
    )
    return plan_of(video_id, revision, source, facts, settings=settings)


def plan_of(
    video_id: VideoId,
    revision: Revision,
    source: Source,
    facts: Facts,
    *,
    settings: TranscoderSettings,
) -> Plan:
    rate = frame_rate_of(facts.timeline, facts.picture.declared_rate)
    layout = grids.grid_layout(facts.timeline, rate)
    grid, limits = layout.grid, settings.limits
    if abs(layout.start) > _LATEST_SECONDS:
        raise Refused(Reason.CORRUPT, Finding.IMPOSSIBLE_TIMES)
    if grid.duration > limits.seconds:
        raise too_long(limits.seconds)
    frame = frame_of(facts.picture, facts.timeline, limits)
    size = displayed(frame.picture)
    picture, rungs = _picture(facts, layout, frame), rungs_for(size, grid.rate)
    cost = costs.estimate(picture, grid, rungs, per_hour=settings.dollars_per_cpu_hour)
    costs.require_within(limits, cost)
    is_read_from_start = not picture.is_searchable and not facts.timeline.keys
    per_chunk = grids.segments_per_chunk(grid, is_read_from_start=is_read_from_start)
    zeros = tuple((begin - layout.start, end - layout.start) for begin, end in facts.timeline.zeros)
    expected = expected_pictures(facts.timeline, picture, layout, per_chunk)
    plan = Plan(
        video_id=video_id,
        revision=revision,
        source=source,
        picture=picture,
        asset=Asset(
            container=settings.container,
            grid=grid,
            rungs=rungs,
            audio=audio_tracks(facts.sounds),
            subtitles=subtitle_tracks(facts.texts),
            storyboard=storyboard_of(size) if settings.makes_storyboard else None,
        ),
        segments_per_chunk=per_chunk,
        seeks=grids.seeks(facts.timeline, rate, layout, per_chunk),
        positions=grids.positions(facts.timeline, layout, per_chunk),
        expected=expected,
        sounds=facts.timeline.sounds,
        for_some=for_some(facts.sounds),
        texts_for_some=tuple(each.stream for each in facts.texts if each.is_for_some),
        is_sound_encrypted=facts.is_sound_encrypted,
        is_sound_lost=facts.is_sound_lost,
        subrip=tuple(each.stream for each in facts.texts if each.codec == _SUBRIP),
        zeros=zeros,
        notes=(
            *facts.notes,
            *frame.notes,
            *notes_of(
                picture, rate, facts.timeline, layout, zeros, displaced=expected.displaced or 0
            ),
            *layout.notes,
        ),
        estimated_cpu_seconds=round(cost.cpu_seconds, 1),
        estimated_dollars=round(cost.dollars, 4),
    )
    memory.require_enough(plan, settings.memory_bytes)
    return plan


def displayed(picture: PictureFacts) -> Size:
    """Return the size as people see it: square pixels, upright."""
    columns, rows = picture.crop
    width, height = picture.width - columns, picture.height - rows - picture.blanking
    if picture.pixel_aspect <= _HALF:
        # Such as fields: all columns are kept.
        height = round(height / picture.pixel_aspect)
    else:
        width = max(1, round(width * picture.pixel_aspect))
    return Size(height, width) if picture.rotation in QUARTER_TURNS else Size(width, height)


def _question(source: Source, url: str, limits: SourceLimits) -> Question:
    return Question(
        url=url,
        size=source.size,
        most_seconds=limits.seconds,
        most_streams=limits.streams,
        long_side=limits.long_side,
        short_side=limits.short_side,
    )


def _picture(facts: Facts, layout: grids.GridLayout, frame: Frame) -> Picture:
    seen, (width, height) = frame.picture, frame.largest
    is_turned, tick = seen.rotation in QUARTER_TURNS, facts.timeline.tick
    return Picture(
        demuxer=facts.demuxer,
        stream=seen.stream,
        codec=seen.codec,
        width=width,
        height=height,
        start=layout.start,
        frames=len(facts.timeline.ticks),
        rotation=seen.rotation,
        # In the shape of the video, if that of the largest picture is another one.
        pixel_aspect=seen.pixel_aspect * Fraction(seen.width * height, seen.height * width),
        is_interlaced=seen.is_interlaced,
        transfer=seen.transfer,
        pixel_format=seen.pixel_format,
        matrix=seen.matrix,
        counted_rate=seen.counted_rate,
        clock=facts.timeline.clock,
        lead_frames=layout.lead_frames,
        is_ordered=facts.timeline.is_ordered and not seen.has_false_keys,
        follows_tables=facts.follows_tables,
        follows_index=facts.timeline.follows_index,
        reordering=seen.reordering,
        shapes=tuple(
            (since * tick, 1 / shape if is_turned else shape) for since, shape in frame.shapes
        ),
        pauses=facts.pauses,
        excerpt=facts.excerpt,
        crop=seen.crop,
        blanking=seen.blanking,
        is_stereo_repeated=seen.is_stereo_repeated,
        container_matrix=seen.container_matrix,
        container_range=seen.container_range,
        below_zero=facts.timeline.below_zero,
    )
