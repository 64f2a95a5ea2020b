"""Rules that the media of a video must meet to be published: one function each."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import AUDIO_FRAME, AUDIO_RATE, TS_CLOCK, Asset, Container
from chalicelib.encoding.task_reports import OutputFile
from transcoder.outputs import objects
from transcoder.outputs.files import md5_of
from transcoder.outputs.storyboard import iframe_index
from transcoder.proof.evidence import Evidence
from transcoder.proof.model import Check, compared
from transcoder.proof.playlists import MOST_FRAMES_PER_SECOND
from transcoder.proof.source_checks import sound_is_heard_where_the_source_has_it

_TOLERATED_SECONDS = Fraction(1, 2)
_TS_TURN = 1 << 33


def every_task_reported(evidence: Evidence) -> Check:
    expected = objects.expected_reports(evidence.plan)
    missing = [f"{name} is missing" for name in expected if name not in evidence.reports]
    return compared("reports", expected=f"{len(expected)} reports", faults=missing)


def every_object_exists(evidence: Evidence) -> Check:
    named = list(objects.named_objects(evidence.asset))
    missing = [
        f"{name} is missing"
        for name in named
        if objects.key_of(evidence.plan, name) not in evidence.listed
    ]
    return compared("objects_exist", expected=f"{len(named)} objects", faults=missing)


def every_object_is_what_was_measured(evidence: Evidence) -> Check:
    """Objects have the size and MD5 that their report names."""
    faults = []
    for name in objects.named_objects(evidence.asset):
        there = evidence.listed.get(objects.key_of(evidence.plan, name))
        file = evidence.files.get(name)
        if file is None:
            faults.append(f"{name} was not measured")
        elif there is not None and there != (file.size, file.md5):
            faults.append(f"{name} is another one")
    return compared("objects_unchanged", expected="size and MD5 as measured", faults=faults)


def all_chunks_share_their_inits(evidence: Evidence) -> Check:
    """Otherwise a player would reset its decoder at each chunk."""
    faults = []
    if evidence.asset.container is Container.FMP4:
        for rung in evidence.asset.rungs:
            name = object_keys.video_init(rung.name)
            checksums = {
                next((file.md5 for file in report.files if file.name == name), "none")
                for task, report in evidence.reports.items()
                if task.startswith(objects.CHUNK)
            }
            faults += [f"{rung.name}: {len(checksums)} different"] if len(checksums) != 1 else []
    return compared("inits_identical", expected="one per size", faults=faults)


def pictures_are_as_many_as_planned(evidence: Evidence) -> Check:
    grid = evidence.asset.grid
    planned = [grid.frames_of(segment) for segment in range(grid.segments)]
    faults = [
        fault
        for rung in evidence.asset.rungs
        for fault in _miscounts(rung.name, evidence.video(rung), planned)
    ]
    return compared(
        "picture_frames",
        expected=f"{grid.frames} in {grid.segments} segments of each size",
        faults=faults,
    )


def sound_is_as_long_as_planned(evidence: Evidence) -> Check:
    asset = evidence.asset
    planned = [asset.audio_frames_of(segment) for segment in range(asset.audio_segments)]
    faults = [
        fault
        for track in asset.audio
        for fault in _miscounts(f"audio {track.number}", evidence.audio(track), planned)
    ]
    return compared(
        "audio_frames",
        expected=f"{asset.audio_frames} for {asset.samples} samples of each track",
        faults=faults,
    )


def pictures_follow_without_a_gap(evidence: Evidence) -> Check:
    grid = evidence.asset.grid
    begins = [grid.seconds(number * grid.frames_per_segment) for number in range(grid.segments)]
    faults = []
    for rung, head in evidence.video_heads.items():
        times = [segment.decode_time for segment in evidence.video(rung)]
        timescale = head.timescale if head else TS_CLOCK
        faults += _gaps(rung.name, times, begins, evidence.asset, timescale)
    return compared("picture_times", expected="each begins where the last one ends", faults=faults)


def sound_follows_without_a_gap(evidence: Evidence) -> Check:
    asset = evidence.asset
    begins = [
        Fraction(asset.audio_boundary(number) * AUDIO_FRAME, AUDIO_RATE)
        for number in range(asset.audio_segments)
    ]
    faults = []
    for track, head in evidence.audio_heads.items():
        times = [segment.decode_time for segment in evidence.audio(track)]
        timescale = head.timescale if head else TS_CLOCK
        faults += _gaps(f"audio {track.number}", times, begins, asset, timescale)
    return compared("audio_times", expected="each begins where the last one ends", faults=faults)


def frames_last_equally_long(evidence: Evidence) -> Check:
    """Otherwise tools misread rate and duration; MPEG-TS stores times only."""
    asset, faults = evidence.asset, []
    if asset.container is Container.FMP4 and asset.delay_frames:
        planned = [
            *(
                (segment, asset.grid.ticks_per_frame)
                for r in asset.rungs
                for segment in evidence.video(r)
            ),
            *((segment, AUDIO_FRAME) for track in asset.audio for segment in evidence.audio(track)),
        ]
        faults = [
            f"{segment.name}: not {ticks}"
            for segment, ticks in planned
            if segment.frame_ticks != ticks
        ]
    return compared("frame_durations", expected="all the same", faults=faults)


def sound_and_picture_end_together(evidence: Evidence) -> Check:
    """Within one frame of AAC, counted in the segments, not in the plan."""
    asset = evidence.asset
    limit = Fraction(AUDIO_FRAME, AUDIO_RATE)
    picture_seconds = [
        sum(p.frames for p in evidence.video(rung)) / asset.grid.rate for rung in asset.rungs
    ]
    faults = []
    for track in asset.audio:
        heard = sum(segment.frames for segment in evidence.audio(track)) * limit
        apart = max(abs(heard - seconds) for seconds in picture_seconds)
        if apart > limit:
            faults.append(f"audio {track.number}: {float(apart * 1000):.0f} ms apart")
    return compared("same_duration", expected="at most 21.3 ms apart", faults=faults)


def segments_begin_with_a_key_frame(evidence: Evidence) -> Check:
    faults = [
        f"{segment.name} does not"
        for rung in evidence.asset.rungs
        for segment in evidence.video(rung)
        if not 0 < segment.iframe_bytes <= segment.size
    ]
    return compared("key_frames", expected="first in every segment", faults=faults)


def no_segment_is_too_long(evidence: Evidence) -> Check:
    asset = evidence.asset
    target = objects.target_seconds(asset)
    lengths = [
        *(
            segment.frames / asset.grid.rate
            for rung in asset.rungs
            for segment in evidence.video(rung)
        ),
        *(
            Fraction(segment.frames * AUDIO_FRAME, AUDIO_RATE)
            for track in asset.audio
            for segment in evidence.audio(track)
        ),
    ]
    longest = max(lengths)
    return Check(
        "segment_length",
        longest <= target + _TOLERATED_SECONDS,
        expected=f"at most {target} s and a half",
        measured=f"{float(longest):.3f} s",
    )


def codecs_are_as_announced(evidence: Evidence) -> Check:
    faults = [
        f"{track.name}: {head.codecs if head else 'unreadable'}"
        for track, head in evidence.tracks
        if head is None or head.codecs != track.codecs
    ]
    announced = ", ".join(sorted({track.codecs for track, _ in evidence.tracks}))
    return compared("codecs", expected=announced, faults=faults)


def sizes_are_as_announced(evidence: Evidence) -> Check:
    faults = [
        f"{rung.name}: {head.width}x{head.height}"
        for rung, head in evidence.video_heads.items()
        if head is not None and (head.width, head.height) != (rung.width, rung.height)
    ]
    announced = ", ".join(f"{rung.width}x{rung.height}" for rung in evidence.asset.rungs)
    return compared("resolutions", expected=announced, faults=faults)


def there_are_no_edit_lists(evidence: Evidence) -> Check:
    """Many players ignore edit lists and would shift the picture against the sound."""
    faults = [
        f"{track.name} has one" for track, head in evidence.tracks if head and head.has_edit_list
    ]
    return compared("edit_lists", expected="none", faults=faults)


def frame_rate_is_moderate(evidence: Evidence) -> Check:
    rate = evidence.asset.grid.rate
    return Check(
        "frame_rate",
        rate <= MOST_FRAMES_PER_SECOND,
        expected=f"at most {MOST_FRAMES_PER_SECOND}",
        measured=f"{float(rate):.3f}",
    )


def iframe_index_is_right(evidence: Evidence) -> Check:
    file = evidence.files.get(object_keys.iframe_index())
    right = md5_of(iframe_index(evidence.plan, evidence.reports.values()).encode())
    faults = [] if file is None or file.md5 == right else ["it says something else"]
    return compared("iframe_index", expected="as measured", faults=faults)


def _miscounts(label: str, segments: Sequence[OutputFile], planned: Sequence[int]) -> list[str]:
    return [
        f"{label}, segment {number}: {segment.frames} instead of {count}"
        for number, (segment, count) in enumerate(zip(segments, planned, strict=True))
        if segment.frames != count
    ]


def _gaps(
    label: str,
    times: Sequence[int],
    begins: Sequence[Fraction],
    asset: Asset,
    timescale: int,
) -> list[str]:
    """MPEG-TS rounds to its clock, which wraps around after 26 hours."""
    is_ts = asset.container is Container.TS
    delay = round(asset.begins * timescale)
    faults = []
    for number, (time, begin) in enumerate(zip(times, begins, strict=True)):
        off = time - delay - begin * timescale
        if is_ts:
            off = (off + _TS_TURN // 2) % _TS_TURN - _TS_TURN // 2
        if abs(off) > is_ts:
            faults.append(f"{label}, segment {number}: off by {float(off / timescale):.6f} s")
    return faults


RULES: tuple[Callable[[Evidence], Check], ...] = (
    every_task_reported,
    every_object_exists,
    every_object_is_what_was_measured,
    all_chunks_share_their_inits,
    pictures_are_as_many_as_planned,
    sound_is_as_long_as_planned,
    pictures_follow_without_a_gap,
    sound_follows_without_a_gap,
    frames_last_equally_long,
    sound_and_picture_end_together,
    segments_begin_with_a_key_frame,
    no_segment_is_too_long,
    codecs_are_as_announced,
    sizes_are_as_announced,
    there_are_no_edit_lists,
    frame_rate_is_moderate,
    iframe_index_is_right,
    sound_is_heard_where_the_source_has_it,
)
