"""One sound track: what its packets promise of the film, and what was decoded of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from chalicelib.catalogue.asset import AUDIO_RATE, AudioTrack
from chalicelib.encoding.plan import Plan, SoundTimes
from chalicelib.encoding.reports import Report, SoundEvidence
from transcoder.outputs.objects import audio_report
from transcoder.proof.evidence import Evidence

# What encoders put in front and at the end, a frame or two of any codec.
TOLERATED_SECONDS = Fraction(1, 10)
# A decoder that fails over a packet may need a few more until it is in step again.
_PACKETS_PER_FAILURE = 3
# So many packets wait for the decoder and its filters, at most.
_IN_FLIGHT = 40
_RATE = re.compile(r"([1-9]\d{0,8}) Hz ")
_NEARLY_ALL = Fraction(99, 100)
# No clock is off by more: sound of 44.1 kHz that is said to be of 48 leaves a twelfth.
_CLOCK_SHARE = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class TrackSound:
    plan: Plan
    track: AudioTrack
    # None in plans of before.
    times: SoundTimes | None
    report: Report
    heard: SoundEvidence

    @property
    def label(self) -> str:
        return f"audio {self.track.number}"

    @property
    def begins(self) -> Fraction:
        """Where the source has its first sound, in seconds of the film."""
        return (self.times.begins if self.times else Fraction(0)) - self.plan.picture.start

    @property
    def ends(self) -> Fraction:
        """Where the source has its last sound, or the film ends."""
        if self.times is None:
            return self.duration
        return min(self.times.ends - self.plan.picture.start, self.duration)

    @property
    def duration(self) -> Fraction:
        return self.plan.asset.grid.duration

    @property
    def expected_seconds(self) -> Fraction:
        return self.ends - max(self.begins, Fraction(0))

    @property
    def heard_seconds(self) -> Fraction:
        """For how long something was decoded of what is expected."""
        # Damaged packets leave gaps that are shorter than those of a clock, and many of them.
        silent = Fraction(self.heard.silent_samples, AUDIO_RATE)
        lasted = min(self.ended, self.ends) - max(self.begun, Fraction(0)) - silent
        return max(lasted, Fraction(0))

    @property
    def missing_seconds(self) -> Fraction:
        """For how long the source has no packets within the film.

        Where plans know the sum alone, some of it may lie outside of the film.
        """
        if self.times is None:
            return Fraction(0)
        if self.times.is_each_gap_known:
            return min(self._gaps_within, self.expected_seconds)
        known, unheard = self.times.missing, self.expected_seconds - self.heard_seconds
        given = self.heard_seconds / (1 - min(self._undecodable_share, _NEARLY_ALL))
        inside = max(known - self._outside_seconds, self.expected_seconds - given)
        return max(min(known, unheard, inside), Fraction(0))

    @property
    def _gaps(self) -> list[tuple[Fraction, Fraction]]:
        start = self.plan.picture.start
        return [(a - start, b - start) for a, b in self.times.gaps] if self.times else []

    @property
    def _gaps_within(self) -> Fraction:
        """How much of the gaps lies within the film."""
        return _common_seconds(self._gaps, max(self.begins, Fraction(0)), self.ends)

    @property
    def misplaced_seconds(self) -> Fraction:
        """Silence where the source has packets, as far as both are known one by one."""
        if self.times is None or not self.times.is_each_gap_known:
            return Fraction(0)
        apart = Fraction(0)
        for begin, end in self.heard.silences:
            first, last = Fraction(begin, AUDIO_RATE), Fraction(end, AUDIO_RATE)
            unexplained = last - first - _common_seconds(self._gaps, first, last)
            apart += unexplained if unexplained > TOLERATED_SECONDS else 0
        return apart

    @property
    def _outside_seconds(self) -> Fraction:
        """For how long the track lasts before the film begins and after it ends."""
        if self.times is None:
            return Fraction(0)
        after = self.times.ends - self.plan.picture.start - self.duration
        return max(-self.begins, Fraction(0)) + max(after, Fraction(0))

    @property
    def _undecodable_share(self) -> Fraction:
        return Fraction(self.heard.undecodable_packets, max(1, self.heard.packets))

    @property
    def begun(self) -> Fraction:
        return Fraction(self.heard.begins or 0, AUDIO_RATE)

    @property
    def ended(self) -> Fraction:
        return self.duration if self.heard.ends is None else Fraction(self.heard.ends, AUDIO_RATE)

    @property
    def silent_seconds(self) -> Fraction:
        """Silence that was filled in, without what sets a slow or fast clock right."""
        # Some of it may come after the film.
        return min(self._long_silence, self.expected_seconds)

    @property
    def _long_silence(self) -> Fraction:
        heard = self.heard
        lengths = [end - begin for begin, end in heard.silences]
        if sum(lengths) < heard.silent_samples:
            count = max(1, heard.silence_count)
            lengths = [heard.silent_samples // count] * count
        limit = TOLERATED_SECONDS * AUDIO_RATE
        return Fraction(sum(each for each in lengths if each > limit), AUDIO_RATE)

    @property
    def _short_silence(self) -> Fraction:
        """What is filled in a little at a time, without what is cut next to it."""
        if self.heard.lost_samples is not None:
            return Fraction(self.heard.lost_samples, AUDIO_RATE)
        apart = Fraction(self.heard.silent_samples - self.heard.cut_samples, AUDIO_RATE)
        return max(apart - self._long_silence, Fraction(0))

    @property
    def unheard_seconds(self) -> Fraction:
        """How much did not come of what is expected: at its beginning, at its end and within."""
        late = self.begun - max(self.begins, Fraction(0))
        missed = max(late, Fraction(0)) + max(self.ends - self.ended, Fraction(0))
        silent = self._long_silence + self._short_silence
        return min(missed + silent, self.expected_seconds)

    @property
    def explained_seconds(self) -> Fraction:
        """For how long damage explains at most that nothing is heard."""
        times = self.times
        if times is None:
            return Fraction(0)
        return max(self.lost_share * (times.ends - times.begins), self._undelivered_seconds)

    @property
    def _undelivered_seconds(self) -> Fraction:
        """How much less the decoder made than its packets last, whether it complained or not."""
        times, heard = self.times, self.heard
        rate = _RATE.match(heard.formats[0]) if heard.format_count == 1 else None
        if times is None or rate is None or not 0 < heard.packets <= times.packets:
            return Fraction(0)
        read = heard.packets - (_IN_FLIGHT if heard.ends is None else 0)
        lasting = (times.ends - times.begins - times.missing) * read / times.packets
        if heard.undecodable_packets:
            # A parser makes one packet of several in which it sees no frame.
            lasting = max(lasting, self.ends - self.begins - times.missing)
        return max(lasting - Fraction(heard.decoded_samples, int(rate[1])), Fraction(0))

    @property
    def unheard_before_seconds(self) -> Fraction:
        """How much later it begins than in the source, without what is missing there."""
        return self.begun - self.begins - _common_seconds(self._gaps, self.begins, self.begun)

    @property
    def unheard_after_seconds(self) -> Fraction:
        return self.ends - self.ended - _common_seconds(self._gaps, self.ended, self.ends)

    @property
    def is_unheard(self) -> bool:
        """Whether more did not come than is missing, damaged, or usual with a clock."""
        clock = min(self._short_silence, self.expected_seconds * _CLOCK_SHARE)
        reasons = self.missing_seconds + self.explained_seconds + clock
        # For its beginning, its end, and within.
        return self.unheard_seconds > reasons + 3 * TOLERATED_SECONDS

    @property
    def lost_share(self) -> Fraction:
        """Of all that the decoder was given, which share it could not make sound of, at most."""
        heard = self.heard
        if not heard.packets:
            return Fraction(0)
        in_silence = heard.packets - self.report.decoded_frames
        if heard.ends is None:
            # At the end of the film some are left that were read already.
            in_silence -= _IN_FLIGHT
        failed = max(heard.undecodable_packets, in_silence)
        return Fraction(failed * _PACKETS_PER_FAILURE, heard.packets)

    @property
    def audible(self) -> float:
        """Which share of the sound of the source can be heard; all of it if nothing is damaged."""
        if not self.explained_seconds:
            return 1.0
        if self.heard.begins is None:
            return 0.0
        if self.times is None or self.expected_seconds <= TOLERATED_SECONDS:
            return 1.0
        if self.begun >= self.ends:
            return 0.0
        expected = self.expected_seconds - self.missing_seconds
        if expected <= TOLERATED_SECONDS:
            return 1.0
        lost = expected - self.heard_seconds
        # What damage does not explain was lost on our way, which is another check.
        is_damage = TOLERATED_SECONDS < lost <= self.explained_seconds + TOLERATED_SECONDS
        return float(1 - lost / expected) if is_damage else 1.0


def _common_seconds(
    gaps: Sequence[tuple[Fraction, Fraction]], begin: Fraction, end: Fraction
) -> Fraction:
    return sum((max(min(b, end) - max(a, begin), Fraction(0)) for a, b in gaps), Fraction(0))


def tracks_of(evidence: Evidence) -> Iterator[TrackSound]:
    """Each track whose report holds evidence, which those of before do not."""
    plan = evidence.plan
    times = [*plan.sounds, *[None] * len(plan.asset.audio)]
    for track, known in zip(plan.asset.audio, times, strict=False):
        report = evidence.reports.get(audio_report(track.number))
        if report is not None and report.sound is not None:
            yield TrackSound(plan, track, known, report, report.sound)
