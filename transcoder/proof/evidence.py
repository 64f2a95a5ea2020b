"""Facts about a finished encode: its plan, its reports, and the objects in the bucket."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import av

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import TS_CLOCK, Asset, AudioTrack, Container, Rung
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.task_reports import OutputFile, Report
from transcoder.boxes.box import Init, read_init
from transcoder.outputs import objects

_MISSING = OutputFile("", size=0, md5="")
_SPS = b"\x00\x00\x01\x67"
_AAC_LC = "mp4a.40.2"


@dataclass(frozen=True)
class Evidence:
    plan: Plan
    # By the names that `objects.expected_reports` lists.
    reports: Mapping[str, Report]
    # Size and MD5 of the objects in the bucket, by key.
    listed: Mapping[str, tuple[int, str]]
    # Content of the objects that `objects.head_names` lists.
    heads: Mapping[str, bytes]

    @cached_property
    def asset(self) -> Asset:
        """The planned asset without tracks that came out empty."""
        return objects.finished(self.plan, self.reports)

    @cached_property
    def files(self) -> Mapping[str, OutputFile]:
        """By name; of an init segment, which every chunk writes, the first."""
        by_name: dict[str, OutputFile] = {}
        for name in sorted(self.reports):
            for file in self.reports[name].files:
                by_name.setdefault(file.name, file)
        return by_name

    def video(self, rung: Rung) -> list[OutputFile]:
        """One file per segment; an empty one for a segment that no report names."""
        return [
            self._file_or_missing(
                object_keys.video_segment(rung.name, number, self.asset.container)
            )
            for number in range(self.asset.grid.segments)
        ]

    def audio(self, track: AudioTrack) -> list[OutputFile]:
        return [
            self._file_or_missing(
                object_keys.audio_segment(track.number, number, self.asset.container)
            )
            for number in range(self.asset.audio_segments)
        ]

    @cached_property
    def video_heads(self) -> Mapping[Rung, Init | None]:
        return {
            rung: self._head(next(objects.pictures_of(self.asset, rung)))
            for rung in self.asset.rungs
        }

    @cached_property
    def audio_heads(self) -> Mapping[AudioTrack, Init | None]:
        return {
            track: self._head(next(objects.sounds_of(self.asset, track)))
            for track in self.asset.audio
        }

    @property
    def tracks(self) -> list[tuple[Rung | AudioTrack, Init | None]]:
        return [*self.video_heads.items(), *self.audio_heads.items()]

    def _head(self, name: str) -> Init | None:
        data = self.heads.get(name)
        return head_of(self.asset.container, data) if data else None

    def _file_or_missing(self, name: str) -> OutputFile:
        return self.files.get(name, _MISSING)


def head_of(container: Container, data: bytes) -> Init | None:
    """Read an init segment, or the first segment of MPEG-TS; None if it cannot be read."""
    try:
        return read_init(data) if container is Container.FMP4 else _read_ts(data)
    except (ValueError, LookupError, StopIteration, av.FFmpegError):
        return None


def _read_ts(data: bytes) -> Init | None:
    with av.open(io.BytesIO(data), format="mpegts") as opened:
        stream = opened.streams[0]
        if isinstance(stream, av.AudioStream):
            return Init(TS_CLOCK, _AAC_LC if stream.profile == "LC" else "", False)
        if not isinstance(stream, av.VideoStream):
            return None
        _, separator, sps = (stream.codec_context.extradata or b"").partition(_SPS)
        codecs = f"avc1.{sps[:3].hex()}" if separator else ""
        return Init(TS_CLOCK, codecs, has_edit_list=False, width=stream.width, height=stream.height)
