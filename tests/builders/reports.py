"""A finished encode without a single frame: plan, reports, list of objects, and heads that fit."""

import struct
from dataclasses import dataclass, field, replace
from fractions import Fraction

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
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.model import Source
from chalicelib.encoding.plan import Picture, Plan, SoundTimes
from chalicelib.encoding.task_reports import OutputFile, Report, SoundEvidence
from transcoder.outputs import objects
from transcoder.outputs.files import md5_of
from transcoder.outputs.storyboard import iframe_index
from transcoder.proof.damage_limit import DamageLimit
from transcoder.proof.model import Proof
from transcoder.proof.proving import prove

TIMESCALE = 24_000
SOUND_RATE = 48_000
# Of a sound that lasts 20 s, and that was heard from its beginning to its end.
SOUND_TIMES = SoundTimes(begins=Fraction(0), ends=Fraction(20))
SOUND_EVIDENCE = SoundEvidence(begins=0, ends=20 * SOUND_RATE, packets=1000)
LIMIT = DamageLimit(0.8)
RUNGS = (
    Rung("720p", 1280, 720, "3.1", 23, 4000, 8000),
    Rung("480p", 854, 480, "3.0", 23, 1750, 3500),
)
PLAN = Plan(
    video_id=VideoId(7),
    revision=Revision(3),
    source=Source("uploads/7/source", "etag", 1000),
    picture=Picture("mov", 0, "h264", 1280, 720, Fraction(0), frames=480),
    asset=Asset(
        container=Container.FMP4,
        grid=Grid(Fraction(24_000, 1001), frames=480, frames_per_gop=48, gops_per_segment=3),
        rungs=RUNGS,
        audio=(AudioTrack(0, 1, "de", "Deutsch", True),),
        subtitles=(SubtitleTrack(0, 2, "de", "Deutsch", False),),
        storyboard=Storyboard(160, 90),
    ),
    segments_per_chunk=2,
    notes=("A cover picture was left out.",),
)


@dataclass
class Finished:
    """Everything `prove` asks for, so that a test can break any of it."""

    plan: Plan = PLAN
    reports: dict[str, Report] = field(default_factory=dict)
    listed: dict[str, tuple[int, str]] = field(default_factory=dict)
    heads: dict[str, bytes] = field(default_factory=dict)

    def proof(self) -> Proof:
        return prove(self.plan, self.reports, listed=self.listed, heads=self.heads, limit=LIMIT)

    def change(self, report: str, name: str, **facts: int | str) -> None:
        """Change facts of one file in a report and in the list of objects."""
        entry = self.reports[report]
        files = tuple(
            replace(each, **facts) if each.name == name else each  # type: ignore[arg-type]
            for each in entry.files
        )
        self.reports[report] = replace(entry, files=files)


def finished(plan: Plan = PLAN) -> Finished:
    done = Finished(plan)
    for number in range(plan.chunk_count):
        done.reports[objects.chunk_report(number)] = _chunk(plan, number)
    for track in plan.asset.audio:
        done.reports[objects.audio_report(track.number)] = _audio(plan.asset, track)
    for subtitles in plan.asset.subtitles:
        names = [object_keys.subtitle_segment(subtitles.number, 0)]
        done.reports[objects.subtitles_report(subtitles.number)] = _plain(names)
    done.reports[objects.PICTURES] = _plain(["thumbnail.jpg", "poster.jpg", "hero.jpg"])
    done.reports[objects.STORYBOARD] = _plain([object_keys.storyboard_sheet(0)])
    text = iframe_index(plan, done.reports.values()).encode()
    index = OutputFile(object_keys.iframe_index(), len(text), md5_of(text))
    done.reports[objects.IFRAMES] = Report((index,))
    for report in done.reports.values():
        for file in report.files:
            done.listed[objects.key_of(plan, file.name)] = (file.size, file.md5)
    done.heads = {
        name: video_init(rung.width, rung.height, rung.codecs)
        for name, rung in zip(objects.head_names(plan.asset), plan.asset.rungs, strict=False)
    }
    done.heads |= {object_keys.audio_init(track.number): AUDIO_INIT for track in plan.asset.audio}
    return done


def _chunk(plan: Plan, number: int) -> Report:
    chunk, grid = plan.chunk(number), plan.asset.grid
    segments = range(chunk.first_segment, chunk.first_segment + chunk.segments)
    files = [
        OutputFile(
            object_keys.video_segment(rung.name, segment, Container.FMP4),
            size=rung.maxrate_kbps * 100 * grid.frames_of(segment) // grid.frames_per_segment * 6,
            md5=md5_of(f"{rung.name} {segment}".encode()),
            frames=grid.frames_of(segment),
            decode_time=int(
                (segment * grid.frames_per_segment + plan.asset.delay_frames)
                * TIMESCALE
                / grid.rate
            ),
            iframe_bytes=5000 + segment,
            frame_ticks=grid.ticks_per_frame if plan.asset.delay_frames else 0,
        )
        for rung in plan.asset.rungs
        for segment in segments
    ]
    names = [object_keys.video_init(rung.name) for rung in plan.asset.rungs]
    return Report((*files, *_plain(names).files), decoded_frames=chunk.frames)


def _audio(asset: Asset, track: AudioTrack) -> Report:
    files = [
        OutputFile(
            object_keys.audio_segment(track.number, segment, Container.FMP4),
            size=16_000 * asset.audio_frames_of(segment) // 47,
            md5=md5_of(f"audio {segment}".encode()),
            frames=asset.audio_frames_of(segment),
            decode_time=asset.audio_boundary(segment) * 1024 + round(asset.begins * 48_000),
            frame_ticks=1024 if asset.delay_frames else 0,
        )
        for segment in range(asset.audio_segments)
    ]
    init = _plain([object_keys.audio_init(track.number)]).files
    return Report((*files, *init), measures={"loudness": -23.0})


def _plain(names: list[str]) -> Report:
    return Report(
        tuple(OutputFile(name, size=len(name), md5=md5_of(name.encode())) for name in names)
    )


def box(kind: str, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    return struct.pack(">I4s", len(body) + 8, kind.encode()) + body


def _init(timescale: int, entry: bytes, *, edit_list: bool = False) -> bytes:
    mdhd = box("mdhd", bytes(12), struct.pack(">II", timescale, 0), bytes(4))
    stsd = box("stsd", bytes(8), entry)
    mdia = box("mdia", mdhd, box("minf", box("stbl", stsd)))
    edits = box("edts", box("elst", bytes(8))) if edit_list else b""
    return box("ftyp", b"iso6") + box("moov", box("trak", edits, mdia))


def video_init(width: int, height: int, codecs: str, *, edit_list: bool = False) -> bytes:
    avcc = box("avcC", b"\x01", bytes.fromhex(codecs.removeprefix("avc1.")), bytes(2))
    entry = box("avc1", bytes(24), struct.pack(">HH", width, height), bytes(50), avcc)
    return _init(TIMESCALE, entry, edit_list=edit_list)


_ESDS = b"\x03\x19" + bytes(3) + b"\x04\x11\x40" + bytes(12) + b"\x05\x02\x11\x90"
AUDIO_INIT = _init(48_000, box("mp4a", bytes(28), box("esds", bytes(4), _ESDS)))
