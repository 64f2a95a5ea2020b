"""Rules that the media of a video must meet to be published: one function each."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import AUDIO_FRAME, TS_CLOCK, Asset, Container
from chalicelib.encoding.chunks import CHUNK
from transcoder.outputs import objects
from transcoder.outputs.files import md5_of
from transcoder.outputs.storyboard import iframe_index
from transcoder.proof.evidence import SOUND_FRAME_SECONDS, Evidence, TrackEvidence
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
                if task.startswith(CHUNK)
            }
            faults += [f"{rung.name}: {len(checksums)} different"] if len(checksums) != 1 else []
    return compared("inits_identical", expected="one per size", faults=faults)


def pictures_are_as_many_as_planned(evidence: Evidence) -> Check:
    grid = evidence.asset.grid
    return compared(
        "picture_frames",
        expected=f"{grid.frames} in {grid.segments} segments of each size",
        faults=_miscounts(evidence.pictures),
    )


def sound_is_as_long_as_planned(evidence: Evidence) -> Check:
    asset = evidence.asset
    return compared(
        "audio_frames",
        expected=f"{asset.audio_frames} for {asset.samples} samples of each track",
        faults=_miscounts(evidence.sounds),
    )


def pictures_follow_without_a_gap(evidence: Evidence) -> Check:
    faults = _gaps(evidence.pictures, evidence.asset)
    return compared("picture_times", expected="each begins where the last one ends", faults=faults)


def sound_follows_without_a_gap(evidence: Evidence) -> Check:
    faults = _gaps(evidence.sounds, evidence.asset)
    return compared("audio_times", expected="each begins where the last one ends", faults=faults)


def frames_last_equally_long(evidence: Evidence) -> Check:
    """Otherwise tools misread rate and duration; MPEG-TS stores times only."""
    asset, faults = evidence.asset, list[str]()
    if asset.container is Container.FMP4 and asset.delay_frames:
        faults = [
            f"{file.name}: not {ticks}"
            for tracks, ticks in (
                (evidence.pictures, asset.grid.ticks_per_frame),
                (evidence.sounds, AUDIO_FRAME),
            )
            for track in tracks
            for file in track.files
            if file.frame_ticks != ticks
        ]
    return compared("frame_durations", expected="all the same", faults=faults)


def sound_and_picture_end_together(evidence: Evidence) -> Check:
    """Within one frame of AAC, counted in the segments, not in the plan."""
    faults = []
    for track in evidence.sounds:
        apart = max(abs(track.duration - rung.duration) for rung in evidence.pictures)
        if apart > SOUND_FRAME_SECONDS:
            faults.append(f"{track.label}: {float(apart * 1000):.0f} ms apart")
    return compared("same_duration", expected="at most 21.3 ms apart", faults=faults)


def segments_begin_with_a_key_frame(evidence: Evidence) -> Check:
    faults = [
        f"{segment.name} does not"
        for rung in evidence.pictures
        for segment in rung.files
        if not 0 < segment.iframe_bytes <= segment.size
    ]
    return compared("key_frames", expected="first in every segment", faults=faults)


def no_segment_is_too_long(evidence: Evidence) -> Check:
    target = objects.target_seconds(evidence.asset)
    longest = max(max(track.seconds) for track in evidence.tracks)
    return Check(
        "segment_length",
        longest <= target + _TOLERATED_SECONDS,
        expected=f"at most {target} s and a half",
        measured=f"{float(longest):.3f} s",
    )


def codecs_are_as_announced(evidence: Evidence) -> Check:
    faults = [
        f"{each.track.name}: {each.head.codecs if each.head else 'unreadable'}"
        for each in evidence.tracks
        if each.head is None or each.head.codecs != each.track.codecs
    ]
    announced = ", ".join(sorted({each.track.codecs for each in evidence.tracks}))
    return compared("codecs", expected=announced, faults=faults)


def sizes_are_as_announced(evidence: Evidence) -> Check:
    faults = [
        f"{rung.name}: {head.width}x{head.height}"
        for rung, each in zip(evidence.asset.rungs, evidence.pictures, strict=True)
        if (head := each.head) and (head.width, head.height) != (rung.width, rung.height)
    ]
    announced = ", ".join(f"{rung.width}x{rung.height}" for rung in evidence.asset.rungs)
    return compared("resolutions", expected=announced, faults=faults)


def there_are_no_edit_lists(evidence: Evidence) -> Check:
    """Many players ignore edit lists and would shift the picture against the sound."""
    faults = [
        f"{each.track.name} has one"
        for each in evidence.tracks
        if each.head and each.head.has_edit_list
    ]
    return compared("edit_lists", expected="none", faults=faults)


def frame_rate_is_moderate(evidence: Evidence) -> Check:
    rate = evidence.asset.grid.rate
    return Check(
        "frame_rate",
        rate <= MOST_FRAMES_PER_SECOND,
        expected=f"at most {MOST_FRAMES_PER_SECOND}",
        measured=f"{float(rate):.3f}".rstrip("0").rstrip("."),
    )


def iframe_index_is_right(evidence: Evidence) -> Check:
    file = evidence.files.get(object_keys.iframe_index())
    right = md5_of(iframe_index(evidence.plan, evidence.reports.values()).encode())
    faults = [] if file is None or file.md5 == right else ["it says something else"]
    return compared("iframe_index", expected="as measured", faults=faults)


def _miscounts(tracks: Sequence[TrackEvidence]) -> list[str]:
    return [
        f"{track.label}, segment {number}: {file.frames} instead of {count}"
        for track in tracks
        for number, (file, count) in enumerate(zip(track.files, track.planned_frames, strict=True))
        if file.frames != count
    ]


def _gaps(tracks: Sequence[TrackEvidence], asset: Asset) -> list[str]:
    """MPEG-TS rounds to its clock, which wraps around after 26 hours."""
    is_ts = asset.container is Container.TS
    faults = []
    for track in tracks:
        timescale = track.head.timescale if track.head else TS_CLOCK
        delay = round(asset.begins * timescale)
        begins = zip(track.files, track.planned_begins, strict=True)
        for number, (file, begin) in enumerate(begins):
            off = file.decode_time - delay - begin * timescale
            if is_ts:
                off = (off + _TS_TURN // 2) % _TS_TURN - _TS_TURN // 2
            if abs(off) > is_ts:
                seconds = f"{float(off / timescale):.6f}"
                faults.append(f"{track.label}, segment {number}: off by {seconds} s")
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
