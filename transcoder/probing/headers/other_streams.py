"""What of a transport stream is lost because it goes on in other streams."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from transcoder.probing.headers.programs import Programs
from transcoder.probing.model import Timeline


@dataclass(frozen=True, slots=True)
class OtherStreams:
    programs: Programs
    # PIDs of the picture and of the sounds.
    picture: int
    sounds: Sequence[int]
    # Whether streams that continue them are shown.
    follows_tables: bool

    def notes(self) -> Iterator[str]:
        if self.follows_tables:
            yield (
                "Its streams change on the way; what follows is shown as one with what was before."
            )
        if share := self._share_behind:
            yield (
                f"About {_percent(share)}% of the file, at its end, are other streams, which are"
                " not shown; send them as a file of their own."
            )
        codecs = self.programs.in_other_codecs(self.sounds)
        # People count from 1.
        for number, sound in enumerate(self.sounds, 1):
            if sound in codecs:
                yield (
                    f"Sound track {number} changes its codec: about {_percent(codecs[sound])}% of"
                    " it are not heard."
                )

    def damaging(self, timeline: Timeline) -> Timeline:
        """Count what is lost as damage: no decoder sees it, so none reports it."""
        lost = round(self._share_behind * len(timeline.ticks))
        codecs = self.programs.in_other_codecs(self.sounds)
        heard = zip(timeline.sounds, self.sounds, strict=False)
        return replace(
            timeline,
            damaged=timeline.damaged + lost,
            sounds=tuple(
                times and replace(times, cut_off=codecs.get(number, times.cut_off))
                for times, number in heard
            ),
        )

    @property
    def _share_behind(self) -> float:
        return self.programs.share_behind(self.picture, follows_tables=self.follows_tables)


def _percent(share: float | Fraction) -> int:
    return max(1, round(share * 100))
