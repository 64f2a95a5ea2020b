"""What the edit list of an MP4 hides, if that is more than encoders need."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from av.audio.codeccontext import AudioCodecContext
from av.stream import Stream

from transcoder.probing.headers.edits import Edits
from transcoder.probing.model import Timeline

_NOTABLE_SECONDS = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Cuts:
    # Number of pictures in the file, and seconds of them that the edit list leaves out.
    pictures: int
    cut_seconds: Fraction
    # The same of each sound; the number of packets is 0 if it is unknown.
    sounds: Sequence[tuple[int, Fraction]] = ()

    @classmethod
    def of(cls, edits: Edits, picture: Stream, sounds: Sequence[Stream]) -> "Cuts":
        heard = [(_packets(each), edits.cut_of(each.id)) for each in sounds]
        return cls(picture.frames, edits.cut_of(picture.id), heard)

    def notes(self, timeline: Timeline) -> Iterator[str]:
        displayed, hidden_seconds = len(timeline.ticks), Fraction(0)
        hidden = self.pictures - displayed
        if self.cut_seconds > _NOTABLE_SECONDS and hidden > 0 and not timeline.cut_off:
            # The header may be wrong about durations; the number of pictures is counted.
            lasting = timeline.pictures_end - timeline.start
            hidden_seconds = lasting * Fraction(hidden, displayed)
            if hidden_seconds > _NOTABLE_SECONDS:
                yield f"Its edit list hides {hidden} of {self.pictures} pictures."
        # People count from 1.
        sounds = zip(count(1), timeline.sounds, self.sounds, strict=False)
        for number, times, (packets, cut_seconds) in sounds:
            hidden = packets - times.packets if times and times.packets else 0
            if not times or times.cut_off or hidden <= 0 or cut_seconds <= _NOTABLE_SECONDS:
                continue
            seconds = (times.ends - times.begins) * Fraction(hidden, times.packets)
            # What is hidden beside hidden pictures is not missed.
            if seconds > hidden_seconds + _NOTABLE_SECONDS:
                yield f"Sound track {number}: its edit list hides {float(seconds):.1f} s of it."


def _packets(sound: Stream) -> int:
    """The number of frames in a track, unless samples are counted."""
    context = sound.codec_context
    is_framed = isinstance(context, AudioCodecContext) and (context.frame_size or 0) > 1
    return sound.frames if is_framed else 0
