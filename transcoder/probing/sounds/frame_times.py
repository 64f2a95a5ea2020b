"""MP3 in an AVI whose times follow its bytes, although its bit rate is not the declared one."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count

from av.audio.codeccontext import AudioCodecContext
from av.packet import Packet
from av.stream import Stream

from chalicelib.encoding.plan import SoundTimes
from transcoder.probing.sounds.gaps import GAP_SECONDS

_DEMUXER = "avi"
# Each of their frames has a header and lasts as long as the others.
_FRAMED = frozenset({"mp2", "mp3"})


def may_count_bytes(sound: Stream) -> bool:
    """Whether an index of this track would not show that its times are wrong."""
    return FrameTimes.of(sound) is not None


@dataclass(slots=True)
class FrameTimes:
    """Compares the times of packets with their bytes and with their number."""

    tick: Fraction
    frame_seconds: Fraction
    frames: int = 0
    _bytes: int = 0
    _position: int | None = None
    # Time, bytes before, and number of each packet that begins a chunk of the container.
    _times: "array[int]" = field(default_factory=lambda: array("q"))
    _sizes: "array[int]" = field(default_factory=lambda: array("q"))
    _numbers: "array[int]" = field(default_factory=lambda: array("q"))

    @classmethod
    def of(cls, sound: Stream) -> "FrameTimes | None":
        """None if the codec or the container is another one."""
        context = getattr(sound, "codec_context", None)
        if sound.container.format.name != _DEMUXER or not isinstance(context, AudioCodecContext):
            return None
        if context.codec.canonical_name not in _FRAMED or not context.sample_rate:
            return None
        seconds = Fraction(context.frame_size or 0, context.sample_rate)
        return cls(sound.time_base or Fraction(1), seconds) if seconds else None

    def see(self, packet: "Packet[Stream]") -> None:
        if packet.pts is not None and packet.pos not in (None, self._position):
            self._position = packet.pos
            self._times.append(packet.pts)
            self._sizes.append(self._bytes)
            self._numbers.append(self.frames)
        self._bytes += packet.size
        self.frames += 1

    @property
    def are_wrong(self) -> bool:
        """Whether times follow the bytes, and not the frames, of which each lasts as long."""
        if len(self._times) <= 1 or self._times[-1] <= self._times[0]:
            return False
        by_bytes = Fraction(self._times[-1] - self._times[0], self._sizes[-1] - self._sizes[0])
        apart = self._most_apart(self._numbers, self.frame_seconds / self.tick)
        return apart > GAP_SECONDS and 2 * self._most_apart(self._sizes, by_bytes) < apart

    def _most_apart(self, of: "array[int]", ticks_each: Fraction) -> Fraction:
        """Most seconds between the times and those of packets that last `ticks_each`."""
        first, each = self._times[0] - of[0] * float(ticks_each), float(ticks_each)
        apart = (
            abs(time - first - number * each) for time, number in zip(self._times, of, strict=True)
        )
        return Fraction(max(apart)) * self.tick

    def right(self, times: SoundTimes) -> SoundTimes:
        """The times of a track by the number of its frames."""
        lasting = self.frames * self.frame_seconds
        return replace(
            times,
            ends=times.begins + lasting,
            missing=Fraction(0),
            gaps=(),
            lasting=lasting,
            counted_seconds=self.frame_seconds,
        )


def frame_notes(sounds: Iterable[SoundTimes | None]) -> Iterator[str]:
    # People count from 1.
    for number, times in zip(count(1), sounds, strict=False):
        if times and times.counted_seconds:
            yield (
                f"Sound track {number}: the header of the file declares a wrong bit rate, and its"
                " times are wrong; its frames were counted instead."
            )
