"""Facts about a finished encode: its plan, its reports, and the objects in the bucket."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Asset, AudioTrack, Rung
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.reports import OutputFile, Report
from transcoder.boxes.init import Init
from transcoder.outputs import objects
from transcoder.proof.heads import head_of

_MISSING = OutputFile("", size=0, md5="")


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
