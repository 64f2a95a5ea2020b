"""What lies in the media bucket, and the keys under which it lies there."""

import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import (
    Asset,
    AudioTrack,
    Container,
    Grid,
    Rung,
    Storyboard,
    SubtitleTrack,
)
from chalicelib.catalogue.damage import Decodable
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.model import Source
from chalicelib.encoding.picture_evidence import (
    DeliveredPictures,
    Excused,
    ExpectedPictures,
    StandIn,
)
from chalicelib.encoding.plan import RIGHT, BelowZero, Picture, Plan, SoundTimes, SourceClock
from chalicelib.encoding.task_reports import OutputFile, Report, SoundEvidence
from chalicelib.ingest.source_keys import sidecar_key, upload_key
from chalicelib.playback import renditions
from chalicelib.playback.playlists import PlaylistFrame, Urls, media
from tests.formats.form import Format
from transcoder.outputs import objects
from transcoder.proof.model import Check, Proof

VIDEO, REVISION = VideoId(8_589_934_599), Revision(3)
SOURCE = Source(
    f"uploads/{VIDEO}/0123456789abcdef0123456789abcdef/source.mp4", "e" * 32, 123_456_789
)
ASSET = Asset(
    container=Container.TS,
    grid=Grid(Fraction(24_000, 1001), frames=1750, frames_per_gop=48, gops_per_segment=4),
    rungs=(
        Rung("720p", 1280, 720, "3.1", 23, 4000, 8000, peak=4_300_000, average=2_900_000),
        Rung("480p", 854, 480, "3.0", 23, 1750, 3500, peak=2_050_000, average=1_600_000),
    ),
    audio=(
        AudioTrack(
            1,
            2,
            "de",
            "Deutsch",
            is_default=True,
            bitrate_kbps=160,
            peak=171_000,
            average=159_000,
            codecs="mp4a.40.5",
            is_for_some=True,
        ),
    ),
    subtitles=(
        SubtitleTrack(
            1,
            -1,
            "en",
            "English",
            is_default=True,
            is_forced=True,
            sidecar_key="inbox/Film.en.srt",
            is_for_deaf=True,
        ),
    ),
    storyboard=Storyboard(160, 88, columns=8, rows=6),
    has_iframes=True,
    subtitle_segment_seconds=30,
    delay_frames=1,
)
# Of the time before assets said which tracks are for some viewers.
THIRD_ASSET = replace(
    ASSET,
    audio=tuple(replace(each, is_for_some=False) for each in ASSET.audio),
    subtitles=tuple(replace(each, is_for_deaf=False) for each in ASSET.subtitles),
)
# Of the time before assets held these numbers.
SECOND_ASSET = replace(THIRD_ASSET, delay_frames=0)
FIRST_ASSET = replace(
    SECOND_ASSET, grid=replace(ASSET.grid, gops_per_segment=3), subtitle_segment_seconds=60
)
PLAN = Plan(
    video_id=VIDEO,
    revision=REVISION,
    source=SOURCE,
    picture=Picture(
        demuxer="mov",
        stream=1,
        codec="h264",
        width=1440,
        height=1080,
        start=Fraction(1, 3),
        frames=1750,
        rotation=90,
        pixel_aspect=Fraction(4, 3),
        is_interlaced=True,
        transfer="smpte2084",
        pixel_format="yuv420p10le",
        matrix="bt2020nc",
        counted_rate=Fraction(24_000, 1001),
        clock=SourceClock(((4096, Fraction(13, 3)),), ((188, 376),), undecodable=((4096, 4284),)),
        lead_frames=36,
        is_ordered=False,
        follows_tables=True,
        follows_index=True,
        reordering=Fraction(2, 25),
        shapes=((Fraction(10), Fraction(16, 9)),),
        pauses=((2, Fraction(60)),),
        excerpt=(28, 4_194_304),
        crop=(16, 8),
        blanking=32,
        is_stereo_repeated=True,
        container_matrix="bt2020nc",
        container_range="pc",
        below_zero=(BelowZero(0, 16_449, -18, is_counted=True),),
    ),
    asset=ASSET,
    segments_per_chunk=2,
    seeks=(Fraction(1, 3), Fraction(19, 3)),
    positions=(0, 4096),
    sounds=(
        SoundTimes(
            Fraction(-7, 6),
            Fraction(70),
            Fraction(3, 2),
            gaps=((Fraction(2), Fraction(3)), (Fraction(10, 3), Fraction(23, 6))),
            changes_rate=True,
            packets=3287,
            rate=48_000,
            scrambled=Fraction(1, 3),
            cut_off=Fraction(1, 20),
            lasting=Fraction(137, 2),
            counted_seconds=Fraction(8, 375),
        ),
    ),
    for_some=(0,),
    texts_for_some=(4,),
    is_sound_encrypted=True,
    is_sound_lost=True,
    subrip=(3,),
    zeros=((Fraction(3, 2), Fraction(9, 2)),),
    notes=("A cover picture was left out.",),
    expected=ExpectedPictures(
        (300, 1450),
        first_frame=36,
        last_frame=1749,
        longest_hold=7,
        damaged=3,
        before=17,
        overlapping=5,
        suspect=(0, 24),
        displaced=9,
        missing=2,
    ),
    estimated_cpu_seconds=61.5,
    estimated_dollars=0.25,
)
assert PLAN.expected
# Of the time before a plan said that the packets of a sound are counted.
NINETEENTH_PLAN = replace(
    PLAN,
    sounds=tuple(each and replace(each, counted_seconds=Fraction(0)) for each in PLAN.sounds),
)
# Of the time before assets said which tracks are for some viewers, and a plan how many pictures are
# not in the file.
EIGHTEENTH_PLAN = replace(
    NINETEENTH_PLAN, asset=THIRD_ASSET, expected=replace(PLAN.expected, missing=0)
)
assert EIGHTEENTH_PLAN.expected
# Of the time before a plan said which first times of an Ogg are below zero.
SEVENTEENTH_PLAN = replace(EIGHTEENTH_PLAN, picture=replace(EIGHTEENTH_PLAN.picture, below_zero=()))
# Of the time before a plan said how long the packets of a sound last by their codec, and which
# subtitles are for some viewers alone.
SIXTEENTH_PLAN = replace(
    SEVENTEENTH_PLAN,
    sounds=tuple(each and replace(each, lasting=Fraction(0)) for each in NINETEENTH_PLAN.sounds),
    texts_for_some=(),
)
# Of the time before a plan said which share of a sound is behind the end of the file.
FIFTEENTH_PLAN = replace(
    SIXTEENTH_PLAN,
    sounds=tuple(each and replace(each, cut_off=Fraction(0)) for each in SIXTEENTH_PLAN.sounds),
)
# Of the time before a plan said how many pictures share the frames of others.
FOURTEENTH_PLAN = replace(
    FIFTEENTH_PLAN, expected=replace(EIGHTEENTH_PLAN.expected, displaced=None)
)
# Of the time before a plan said where the source has zeros, and that it is read by its index.
THIRTEENTH_PLAN = replace(
    FOURTEENTH_PLAN, picture=replace(FOURTEENTH_PLAN.picture, follows_index=False), zeros=()
)
# Of the time before a plan said whether sound is lost.
ELEVENTH_PLAN = replace(THIRTEENTH_PLAN, is_sound_lost=False)
# Of the time before a plan said whether all of its sound is encrypted, and which colours only its
# container declares.
TWELFTH_PLAN = replace(
    ELEVENTH_PLAN,
    picture=replace(ELEVENTH_PLAN.picture, container_matrix="", container_range=""),
    is_sound_encrypted=False,
)
# Of the time before a plan said which share of its sound is scrambled, or whether all of it is,
# which subtitles are in SubRip, which rows are none of the picture, and which colours only its
# container declares.
TENTH_PLAN = replace(
    ELEVENTH_PLAN,
    picture=replace(ELEVENTH_PLAN.picture, blanking=0, container_matrix="", container_range=""),
    sounds=tuple(each and replace(each, scrambled=Fraction(0)) for each in ELEVENTH_PLAN.sounds),
    subrip=(),
    is_sound_encrypted=False,
    is_sound_lost=False,
)
# Of the time before a plan said which audio tracks are for some viewers alone, and that
# stereoscopic pictures are declared twice.
NINTH_PLAN = replace(
    TENTH_PLAN,
    picture=replace(TENTH_PLAN.picture, is_stereo_repeated=False),
    for_some=(),
)
# Of the time before a plan said which sample rate sound without a header has.
EIGHTH_PLAN = replace(
    NINTH_PLAN, sounds=tuple(each and replace(each, rate=0) for each in NINTH_PLAN.sounds)
)
assert EIGHTH_PLAN.expected
# Of the time before a plan said which part of the source holds the video, which part of its
# pictures is shown, and which pictures may refer to missing ones.
SEVENTH_PLAN = replace(
    EIGHTH_PLAN,
    picture=replace(EIGHTH_PLAN.picture, excerpt=(0, 0), crop=(0, 0)),
    expected=replace(EIGHTH_PLAN.expected, suspect=()),
)
assert SEVENTH_PLAN.expected
# Of the time before a plan said where sound is missing, of how many packets it is, and whether its
# rate changes; that shapes change, that times are those of decoding, and how many pictures have
# times of others.
SIXTH_PLAN = replace(
    SEVENTH_PLAN,
    picture=replace(SEVENTH_PLAN.picture, reordering=None, shapes=(), pauses=()),
    sounds=(SoundTimes(Fraction(-7, 6), Fraction(70), Fraction(3, 2)),),
    expected=replace(SEVENTH_PLAN.expected, overlapping=0),
)
assert SIXTH_PLAN.expected
# Of the time before a plan said how many pictures an edit list hides at the beginning.
FIFTH_PLAN = replace(SIXTH_PLAN, expected=replace(SIXTH_PLAN.expected, before=0))
# Of the time before edit lists could go back, and before other streams could follow.
FOURTH_PLAN = replace(
    FIFTH_PLAN, picture=replace(FIFTH_PLAN.picture, is_ordered=True, follows_tables=False)
)
# Of the time before a plan said what the decoder is to deliver, when sound is heard, for how long
# pictures are held for it, and which pictures nothing can be made of.
THIRD_PLAN = replace(
    FOURTH_PLAN,
    expected=None,
    picture=replace(
        FOURTH_PLAN.picture,
        lead_frames=0,
        clock=replace(FOURTH_PLAN.picture.clock, undecodable=()),
    ),
    sounds=(),
)
# Of the time before pictures could be counted, clocks set right, and media began after a delay.
SECOND_PLAN = replace(
    THIRD_PLAN,
    asset=SECOND_ASSET,
    picture=replace(THIRD_PLAN.picture, counted_rate=Fraction(0), clock=RIGHT),
    positions=(),
)
FIRST_PLAN = replace(SECOND_PLAN, asset=FIRST_ASSET)
OUTPUT_FILE = OutputFile("video/720p/00000.ts", 12_345, "d" * 32, 144, 133, 4567, frame_ticks=1001)
DELIVERED = DeliveredPictures(
    count=144,
    first_frame=150,
    last_frame=293,
    longest_hold=2,
    damaged=3,
    affected=21,
    errors=5,
    discarded=1,
    stand_in=StandIn.HELD,
    before=4,
    beyond=6,
    furthest_frame=299,
    out_of_order=2,
    excused=Excused(frames=30, count=28, begin=True, end=True, longest_hold=1),
    displayed=141,
)
SOUND = SoundEvidence(
    begins=-240,
    ends=3_360_000,
    silences=((48_000, 96_000),),
    silence_count=1,
    silent_samples=48_000,
    lost_samples=960,
    cut_samples=1008,
    packets=3300,
    undecodable_packets=3,
    decoded_samples=3_312_000,
    formats=("48000 Hz stereo", "48000 Hz 5.1(side)"),
    format_count=2,
)
REPORT = Report(
    files=(OUTPUT_FILE,),
    decoded_frames=144,
    errors=2,
    measures={"loudness": -23.5},
    notes=("The sound was quiet.",),
    delivered=DELIVERED,
    sound=SOUND,
)
# Of the time before a report said how many pictures are shown.
FIFTH_REPORT = replace(REPORT, delivered=replace(DELIVERED, displayed=None))
# Of the time before a report said which short silences no cut explains, and how many pictures came
# after later ones.
FOURTH_REPORT = replace(
    REPORT,
    delivered=replace(DELIVERED, out_of_order=0, displayed=None),
    sound=replace(SOUND, lost_samples=None),
)
# Of the time before a report said which losses a complaint excuses.
THIRD_REPORT = replace(
    REPORT,
    delivered=replace(DELIVERED, excused=None, out_of_order=0, displayed=None),
    sound=replace(SOUND, format_count=0, lost_samples=None),
)
# Of the time before a report said what the decoder had delivered.
SECOND_REPORT = replace(REPORT, delivered=None, sound=None)
FIRST_REPORT = replace(SECOND_REPORT, files=(replace(OUTPUT_FILE, frame_ticks=0),))
PROOF = Proof(
    checks=(Check("picture_frames", ok=True, expected="1750", measured="1750"),),
    asset=ASSET,
    notes=("A cover picture was left out.",),
    measures={"frames": 1750.0},
    decodable=Decodable(0.99, 0.95),
)
IFRAMES = {"720p": [4567, 4321], "480p": [2345, 2123]}


def _with_playlists(*assets: Asset) -> Any:
    return [{"asset": each.to_json(), "playlists": playlists(each)} for each in assets]


def playlists(asset: Asset) -> dict[str, str]:
    """The playlists of an asset, which follow from its numbers."""
    frames = {
        each: PlaylistFrame(
            target_seconds=renditions.target_seconds(asset, each),
            init=renditions.init_of(asset, each),
            is_complete=True,
        )
        for each in _renditions(asset)
    }
    return {
        str(each): media(
            list(renditions.segments(asset, each, ready=1000, iframes=IFRAMES.get(each.of, ()))),
            frame,
            Urls("", ""),
        )
        for each, frame in frames.items()
    }


def _renditions(asset: Asset) -> Iterator[renditions.Rendition]:
    for rung in asset.rungs:
        yield renditions.of_rung(rung)
        yield renditions.iframes_of(rung)
    yield from map(renditions.of_audio, asset.audio)
    yield from map(renditions.of_subtitles, asset.subtitles)


def _keys() -> dict[str, object]:
    return {
        "kinds": list(object_keys.KINDS),
        "placeholder": object_keys.PLACEHOLDER,
        "folder": object_keys.folder(VIDEO, REVISION),
        "video_init": object_keys.video_init("720p"),
        "video_segment": object_keys.video_segment("720p", 7, Container.FMP4),
        "video_segment_ts": object_keys.video_segment("720p", 123_456, Container.TS),
        "audio_init": object_keys.audio_init(1),
        "audio_segment": object_keys.audio_segment(1, 7, Container.FMP4),
        "subtitle_segment": object_keys.subtitle_segment(1, 7),
        "storyboard_sheet": object_keys.storyboard_sheet(7),
        "iframe_index": object_keys.iframe_index(),
        "mp4": object_keys.mp4("video"),
        "mp4_of_a_rung": object_keys.mp4("video", "720p"),
        "image": object_keys.image(VIDEO, REVISION, "thumbnail"),
        "workshop": object_keys.private_folder(VIDEO, REVISION),
        "conformance_report": object_keys.conformance_report(VIDEO, REVISION),
        "upload": upload_key(VIDEO, "0123456789abcdef0123456789abcdef", "Film.MP4"),
        "sidecar": sidecar_key(VIDEO, "de", "srt"),
        "chunk_report": objects.chunk_report(7),
        "audio_report": objects.audio_report(1),
        "subtitles_report": objects.subtitles_report(1),
        "other_reports": [objects.PICTURES, objects.STORYBOARD, objects.IFRAMES],
    }


def _dumped(plain: Any) -> str:
    return json.dumps(plain)


FORMATS = (
    Format(
        "asset",
        ASSET.to_json,
        Asset.from_json,
        ASSET,
        older={1: FIRST_ASSET, 2: SECOND_ASSET, 3: THIRD_ASSET},
    ),
    Format(
        "plan",
        lambda: json.loads(PLAN.to_json()),
        lambda plain: Plan.from_json(_dumped(plain)),
        PLAN,
        older={
            1: FIRST_PLAN,
            2: SECOND_PLAN,
            3: THIRD_PLAN,
            4: FOURTH_PLAN,
            5: FIFTH_PLAN,
            6: SIXTH_PLAN,
            7: SEVENTH_PLAN,
            8: EIGHTH_PLAN,
            9: NINTH_PLAN,
            10: TENTH_PLAN,
            11: ELEVENTH_PLAN,
            12: TWELFTH_PLAN,
            13: THIRTEENTH_PLAN,
            14: FOURTEENTH_PLAN,
            15: FIFTEENTH_PLAN,
            16: SIXTEENTH_PLAN,
            17: SEVENTEENTH_PLAN,
            18: EIGHTEENTH_PLAN,
            19: NINETEENTH_PLAN,
        },
    ),
    Format(
        "report",
        lambda: json.loads(REPORT.to_json()),
        lambda plain: Report.from_json(_dumped(plain)),
        REPORT,
        older={
            1: FIRST_REPORT,
            2: SECOND_REPORT,
            3: THIRD_REPORT,
            4: FOURTH_REPORT,
            5: FIFTH_REPORT,
        },
    ),
    # Read by people and by programs of operators, never by ours.
    Format(
        "conformance",
        lambda: json.loads(PROOF.to_json()),
        lambda plain: (plain["ok"], plain["checks"][0]["name"], plain["measures"]["frames"]),
        (True, "picture_frames", 1750.0),
    ),
    Format("object_keys", _keys, lambda plain: plain, _keys()),
    Format(
        "playlists",
        lambda: _with_playlists(ASSET, replace(ASSET, container=Container.FMP4)),
        lambda plain: [
            playlists(Asset.from_json(each["asset"])) == each["playlists"] for each in plain
        ],
        [True, True],
    ),
)
