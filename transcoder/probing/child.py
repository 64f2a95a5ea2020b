"""The process that reads an untrusted source; if it crashes, the worker survives."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from chalicelib.encoding.failures import Reason
from transcoder.errors import Refused, SourceUnreachable
from transcoder.probing.files.declared_sizes import declared_size
from transcoder.probing.files.excerpts import INCOMPLETE, WHOLE, excerpt_of, readable_excerpt
from transcoder.probing.files.following import (
    another_video,
    data_behind,
    fragments_left_out,
    pictures_left_out,
)
from transcoder.probing.files.opening import opened, recognised
from transcoder.probing.files.packed import header_blocks, require_moderate
from transcoder.probing.files.promises import broken, promised_seconds
from transcoder.probing.formats import asf
from transcoder.probing.formats.fragment_index import fragments_listed_end
from transcoder.probing.formats.ranges import reader_of
from transcoder.probing.formats.signatures import STANDING
from transcoder.probing.headers.chapters import ordered_otherwise
from transcoder.probing.headers.choice import (
    Listed,
    holds_any,
    is_sound_encrypted,
    left_out,
    lost_sounds,
    picture_of,
    sounds_of,
    text_facts,
    texts_of,
    without_empty,
)
from transcoder.probing.headers.codec_changes import (
    CodecChanges,
    before_change,
    lacking,
    require_one_codec,
)
from transcoder.probing.headers.crops import crop_of
from transcoder.probing.headers.cuts import Cuts
from transcoder.probing.headers.edits import Edits, Pause, held
from transcoder.probing.headers.other_streams import OtherStreams
from transcoder.probing.headers.programs import Programs, programs_of
from transcoder.probing.headers.streams import (
    blanked,
    listed,
    misshapen,
    picture_facts,
    recoloured,
    reordered,
    require_moving,
)
from transcoder.probing.headers.track_counts import require_few_tracks
from transcoder.probing.model import (
    RESULT,
    TIMES,
    Facts,
    PictureFacts,
    Question,
    Timeline,
    require_countable,
)
from transcoder.probing.sounds.late_sounds import with_late_sounds
from transcoder.probing.times.missing_time import MissingEnd, with_missing_time
from transcoder.probing.times.timeline import right, timeline_of, video_of
from transcoder.probing.times.untimed import MAY_BE_UNTIMED, counted_if_untimed

_HAS_BOXES, _HAS_PROGRAMS, _MATROSKA, _ASF = "mov", "mpegts", "matroska", "asf"
_WITHOUT_PICTURES = frozenset({Reason.NO_FRAMES, Reason.CORRUPT})


def answer(question: Question, folder: Path) -> None:
    """Write facts, or a refusal, to files: unlike the output of the process, they are not cut."""
    av.logging.set_level(av.logging.ERROR)
    result: Mapping[str, Any]
    try:
        facts = examined(question)
    except Refused as refusal:
        result = {"refused": refusal.reason.value, "detail": refusal.detail}
    except MemoryError:
        result = {"refused": Reason.TOO_MUCH_MEMORY.value, "detail": ""}
    except SourceUnreachable as error:
        result = {"unreachable": str(error)}
    else:
        (folder / TIMES).write_bytes(facts.timeline.ticks.tobytes())
        result = {"facts": json.loads(facts.to_json())}
    (folder / RESULT).write_text(json.dumps(result), encoding="utf-8")


def examined(question: Question) -> Facts:
    demuxer, read = recognised(question.url), reader_of(question.url)
    excerpt = excerpt_of(demuxer, read, question.size)
    try:
        return excerpt.within(_examined(excerpt.of(question), demuxer))
    except CodecChanges as change:
        excerpt = before_change(change.number, read, question.size)
        facts = _examined(excerpt.of(question), demuxer, may_change=True)
        return lacking(excerpt.within(facts), change.number, read, question.size)
    except Refused as refusal:
        excerpt = readable_excerpt(demuxer, refusal, read, question.size)
        if excerpt == WHOLE:
            raise
        return excerpt.within(_examined(excerpt.of(question), excerpt.demuxer or demuxer))


def _examined(
    question: Question,
    demuxer: str,
    *,
    follows_edits: bool = True,
    may_change: bool = False,
) -> Facts:
    _require_readable(demuxer, question)
    edits, read = _edits(demuxer, question), reader_of(question.url)
    programs = programs_of(read, question.size) if demuxer == _HAS_PROGRAMS else None
    follows_tables = bool(programs and programs.changes and _goes_on(programs, question))
    source = partial(
        opened, question.url, demuxer, follows_tables=follows_tables, follows_edits=follows_edits
    )
    with source() as container:
        streams, chosen, number = _chosen(
            container, programs, edits, question, source, may_change=may_change
        )
        picture = _picture(edits, container, video_of(container, chosen.index), question, demuxer)
        if picture.reordering == 0 and follows_edits:
            # The edit list would hide pictures that are decoded early and shown later.
            return _examined(question, demuxer, follows_edits=False)
        sounds, texts = sounds_of(streams, chosen), texts_of(streams, chosen)
        if demuxer in MAY_BE_UNTIMED:
            picture = counted_if_untimed(source, picture, has_sound=bool(sounds))
        audible = [container.streams[each.index] for each in sounds]
        pauses = _pauses(edits, container, (chosen, *sounds, *texts))
        video, sound_numbers = video_of(container, chosen.index), [each.id for each in audible]
        declared, is_lost = video.frames, holds_any(container, lost_sounds(streams, chosen))
        promised, cuts = (
            promised_seconds(container, video, audible, question),
            Cuts.of(edits, video, audible) if edits.cut([number, *sound_numbers]) else None,
        )
        others = OtherStreams(programs, number, sound_numbers, follows_tables) if programs else None
        file_notes = [
            *left_out(streams, chosen),
            *(others.notes() if others else []),
            *misshapen(video),
            *blanked(picture),
            *recoloured(picture),
            *reordered(container, picture),
            *held(pauses, picture.stream),
            *edits.speed_notes(number),
        ]
    timeline, notes = timeline_of(
        source, picture, [each.index for each in sounds], question, pauses, edits
    )
    timeline, encrypted = _scrambled(others, right(timeline, picture, pauses))
    missing_end = MissingEnd(
        promised,
        question.size,
        declared_size(question, demuxer, timeline.end_byte, has_fragments=edits.has_fragments),
    )
    timeline = with_missing_time(timeline, missing_end, demuxer, has_fragments=edits.has_fragments)
    timeline, heard, empty = without_empty(source, sounds, timeline)
    return Facts(
        demuxer=demuxer,
        picture=picture,
        timeline=timeline,
        sounds=heard,
        texts=tuple(map(text_facts, texts)),
        notes=(
            *file_notes,
            *encrypted,
            *empty,
            *notes,
            *broken(
                timeline,
                promised,
                # What fragments promise is by their own clock.
                is_explained=bool(
                    pauses or timeline.zeros or (edits.has_fragments and timeline.clock)
                ),
                # Without an index of all fragments, the last one declares its own end alone.
                is_least=edits.has_fragments and fragments_listed_end(read) <= question.size,
            ),
            *(_fragments(question, timeline, missing_end) if edits.has_fragments else []),
            *(
                pictures_left_out(declared, timeline.hidden, len(timeline.ticks))
                or (cuts.notes(timeline) if cuts else [])
            ),
            *(
                another_video(question.url, question.size, timeline.end_byte, demuxer)
                or data_behind(question.size, timeline)
            ),
            *(_chapters(question, timeline) if demuxer == _MATROSKA else []),
        ),
        follows_tables=follows_tables,
        is_sound_encrypted=is_sound_encrypted(streams, chosen),
        is_sound_lost=is_lost,
        pauses=tuple((index, pause.begin) for index, pause in pauses.items()),
    )


def _chosen(
    container: InputContainer,
    programs: Programs | None,
    edits: Edits,
    question: Question,
    source: Callable[..., AbstractContextManager[InputContainer]],
    *,
    may_change: bool,
) -> tuple[Sequence[Listed], Listed, int]:
    """Return all streams, the one with the picture, and the number of that in the file."""
    streams = _streams(container, programs, edits)
    chosen = picture_of(streams, question)
    number = container.streams[chosen.index].id
    if programs:
        if not may_change:
            require_one_codec(programs.tables, number)
        streams = with_late_sounds(streams, chosen, question.url, source)
    return streams, chosen, number


def _streams(
    container: InputContainer, programs: Programs | None, edits: Edits
) -> Sequence[Listed]:
    if programs:
        return listed(container, programs.of_streams, programs.scrambled.encryptions)
    return listed(container, {}, edits.encryptions)


def _fragments(question: Question, timeline: Timeline, missing_end: MissingEnd) -> list[str]:
    is_cut = missing_end.bytes and not timeline.zeros
    left_out = fragments_left_out(reader_of(question.url), timeline)
    return [*left_out, *([INCOMPLETE] if is_cut else [])]


def _scrambled(others: OtherStreams | None, timeline: Timeline) -> tuple[Timeline, list[str]]:
    if not others:
        return timeline, []
    scrambled = others.programs.scrambled.with_gaps_of(timeline)
    timeline = others.damaging(scrambled.damaging(timeline, others.picture, others.sounds))
    return timeline, scrambled.notes(others.picture, others.sounds)


def _chapters(question: Question, timeline: Timeline) -> list[str]:
    return ordered_otherwise(question.url, question.size, timeline.pictures_end)


def _require_readable(demuxer: str, question: Question) -> None:
    require_few_tracks(demuxer, question)
    if demuxer == _ASF:
        asf.refuse_encrypted(reader_of(question.url))
    if demuxer in STANDING:
        with opened(question.url, demuxer) as container:
            require_moving(container)


def _picture(
    edits: Edits, container: InputContainer, stream: VideoStream, question: Question, demuxer: str
) -> PictureFacts:
    require_countable(len(stream.index_entries))
    number = container.streams.video.index(stream)
    crop = crop_of(question.url, question.size, number) if demuxer == _MATROSKA else (0, 0)
    try:
        return edits.aperture_of(stream.id).of(picture_facts(container, stream, crop))
    except Refused as refusal:
        # Only now, because a header may name another file although the media are in this one.
        if refusal.reason in _WITHOUT_PICTURES:
            edits.require_media(stream.id)
        raise


def _edits(demuxer: str, question: Question) -> Edits:
    if demuxer != _HAS_BOXES:
        return Edits()
    for excerpt in header_blocks(question.url, question.size):
        require_moderate(excerpt)
    return Edits.of(reader_of(question.url), question.size)


def _pauses(edits: Edits, container: InputContainer, tracks: Sequence[Listed]) -> dict[int, Pause]:
    numbers = {each.index: container.streams[each.index].id for each in tracks}
    edits.refuse_pauses(numbers.values())
    known = {index: edits.pause_of(number) for index, number in numbers.items()}
    return {index: pause for index, pause in known.items() if pause}


def _goes_on(programs: Programs, question: Question) -> bool:
    """Whether the program with the video stream continues in other streams."""
    with opened(question.url, _HAS_PROGRAMS, follows_tables=True) as container:
        streams = _streams(container, programs, Edits())
        return programs.goes_on(container.streams[picture_of(streams, question).index].id)
