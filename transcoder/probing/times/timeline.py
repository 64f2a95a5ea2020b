"""Which way of reading the times of pictures is exact for a source, and the fastest."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import replace

from av.container import InputContainer
from av.video.stream import VideoStream

from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused, SourceUnreachable
from transcoder.probing.formats.h264 import indexed_refresh
from transcoder.probing.formats.ranges import reader_of
from transcoder.probing.headers.edits import Edits, Pause
from transcoder.probing.model import PictureFacts, Question, Timeline
from transcoder.probing.pictures.shapes import may_change
from transcoder.probing.times.all_packets import IndexListsMore, from_packets
from transcoder.probing.times.below_zero import below_zero
from transcoder.probing.times.clocks import clock_of
from transcoder.probing.times.corrections import Corrections
from transcoder.probing.times.counting import from_count
from transcoder.probing.times.index import from_index
from transcoder.probing.times.packet_order import ClockJumps


def right(timeline: Timeline, picture: PictureFacts, pauses: Mapping[int, Pause]) -> Timeline:
    """Correct begin and end, which packets alone do not say."""
    if picture.first_displayed is not None:
        timeline = timeline.beginning(picture.first_displayed).earlier(picture.reordering or 0)
    if pause := pauses.get(picture.stream):
        return timeline.lasting_until(pause.end)
    return timeline


def timeline_of(
    source: Callable[..., AbstractContextManager[InputContainer]],
    picture: PictureFacts,
    sounds: list[int],
    question: Question,
    pauses: Mapping[int, Pause],
    edits: Edits,
) -> tuple[Timeline, list[str]]:
    """Read picture times by the fastest method that is exact for this source."""
    is_late = picture.first_displayed is not None
    with source() as container:
        video = video_of(container, picture.stream)
        if picture.counted_rate:
            return from_count(container, video, picture.counted_rate, question)
        audible = [container.streams[index] for index in sounds]
        read = reader_of(question.url)
        # An index does not contain pauses or changes of shape.
        is_same = not (pauses or edits.changes(video.id) or may_change(video, read))
        if is_same and (
            timeline := from_index(container, video, audible, question, is_late=is_late)
        ):
            return replace(timeline, refresh=indexed_refresh(video, read)), []
        below = below_zero(container, video, audible)
    known = Corrections(
        pauses,
        picture.first_refreshed,
        is_late=is_late,
        below_zero=below,
        has_fragments=edits.has_fragments,
    )
    try:
        with suppress(ClockJumps), source() as container:
            return _from_packets(container, picture, sounds, question, known)
    except IndexListsMore:
        with source(follows_index=True) as container:
            known = replace(known, follows_index=True)
            return _from_packets(container, picture, sounds, question, known)
    if below:
        raise Refused(Reason.UNSUPPORTED_FORMAT, Finding.BELOW_ZERO)
    with source(corrects_overflow=False) as container:
        video = video_of(container, picture.stream)
        audible = [container.streams[index] for index in sounds]
        clock = clock_of(container, video, audible, has_fragments=edits.has_fragments)
    with source(corrects_overflow=not clock) as container:
        known = replace(known, pauses={}, clock=clock, follows_index=False)
        return _from_packets(container, picture, sounds, question, known)


def _from_packets(
    container: InputContainer,
    picture: PictureFacts,
    sounds: list[int],
    question: Question,
    known: Corrections,
) -> tuple[Timeline, list[str]]:
    audible = [container.streams[index] for index in sounds]
    return from_packets(container, video_of(container, picture.stream), audible, question, known)


def video_of(container: InputContainer, index: int) -> VideoStream:
    stream = container.streams[index]
    # A source that changes meanwhile may have other streams when it is opened again.
    if not isinstance(stream, VideoStream):
        raise SourceUnreachable("it changed while it was read")
    return stream
