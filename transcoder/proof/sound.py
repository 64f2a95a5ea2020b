"""One audio track: sound expected by its packets, and sound that was decoded."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from chalicelib.catalogue.asset import AUDIO_RATE, AudioTrack
from chalicelib.encoding.plan import Plan, SoundTimes
from chalicelib.encoding.task_reports import Report, SoundEvidence
from transcoder.outputs.objects import audio_report
from transcoder.proof.evidence import Evidence

# Padding of encoders at begin and end: a frame or two of any codec.
TOLERATED_SECONDS = Fraction(1, 10)
# After an error a decoder may need a few packets to resynchronize.
_PACKETS_PER_FAILURE = 3
# Most packets between demuxer and filters.
_IN_FLIGHT = 40
_RATE = re.compile(r"([1-9]\d{0,8}) Hz ")
_NEARLY_ALL = Fraction(99, 100)
# Largest error of a clock: sound of 44.1 kHz declared as 48 kHz is off by a twelfth.
_CLOCK_SHARE = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class TrackSound:
    plan: Plan
    track: AudioTrack
    times: SoundTimes
    report: Report
    heard: SoundEvidence

    @property
    def begins(self) -> Fraction:
        """Begin of the sound in the source, in seconds of the video."""
        return self.times.begins - self.plan.picture.start

    @property
    def ends(self) -> Fraction:
        """End of the sound in the source, or of the video."""
        return min(self.times.ends - self.plan.picture.start, self.duration)

    @property
    def duration(self) -> Fraction:
        return self.plan.asset.grid.duration

    @property
    def expected_seconds(self) -> Fraction:
        return self.ends - max(self.begins, Fraction(0))

    @property
    def heard_seconds(self) -> Fraction:
        """Duration of the expected sound that was decoded."""
        # All silences: damaged packets leave many gaps, each shorter than the error of a clock.
        silent = Fraction(self.heard.silent_samples, AUDIO_RATE)
        lasted = min(self.ended, self.ends) - max(self.begun, Fraction(0)) - silent
        return max(lasted, Fraction(0))

    @property
    def missing_seconds(self) -> Fraction:
        """Duration without packets in the source, within the video.

        Plans of earlier versions have the sum only, of which a part may be outside of the video.
        """
        if self.times.is_each_gap_known:
            within = _common_seconds(self._gaps, max(self.begins, Fraction(0)), self.ends)
            return min(within, self.expected_seconds)
        known, unheard = self.times.missing, self.expected_seconds - self.heard_seconds
        undecodable = Fraction(self.heard.undecodable_packets, max(1, self.heard.packets))
        decoder_seconds = self.heard_seconds / (1 - min(undecodable, _NEARLY_ALL))
        inside = max(known - self._outside_seconds, self.expected_seconds - decoder_seconds)
        return max(min(known, unheard, inside), Fraction(0))

    @property
    def _gaps(self) -> list[tuple[Fraction, Fraction]]:
        start = self.plan.picture.start
        return [(a - start, b - start) for a, b in self.times.gaps]

    @property
    def misplaced_seconds(self) -> Fraction:
        """Silence where the source has packets, if every gap is known."""
        if not self.times.is_each_gap_known:
            return Fraction(0)
        apart = Fraction(0)
        for begin, end in self.heard.silences:
            first, last = Fraction(begin, AUDIO_RATE), Fraction(end, AUDIO_RATE)
            unexplained = last - first - _common_seconds(self._gaps, first, last)
            apart += unexplained if unexplained > TOLERATED_SECONDS else 0
        return apart

    @property
    def _outside_seconds(self) -> Fraction:
        """Duration of the track before the video begins and after it ends."""
        after = self.times.ends - self.plan.picture.start - self.duration
        return max(-self.begins, Fraction(0)) + max(after, Fraction(0))

    @property
    def begun(self) -> Fraction:
        return Fraction(self.heard.begins or 0, AUDIO_RATE)

    @property
    def ended(self) -> Fraction:
        return self.duration if self.heard.ends is None else Fraction(self.heard.ends, AUDIO_RATE)

    @property
    def silent_seconds(self) -> Fraction:
        """Silence that was filled in, without corrections of a slow or fast clock."""
        # A part may be after the end of the video.
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
        """Sum of short silences, less the cuts near them."""
        if self.heard.lost_samples is not None:
            return Fraction(self.heard.lost_samples, AUDIO_RATE)
        apart = Fraction(self.heard.silent_samples - self.heard.cut_samples, AUDIO_RATE)
        return max(apart - self._long_silence, Fraction(0))

    @property
    def unheard_seconds(self) -> Fraction:
        """Duration of expected sound that is missing: at the begin, at the end and within."""
        late = self.begun - max(self.begins, Fraction(0))
        missed = max(late, Fraction(0)) + max(self.ends - self.ended, Fraction(0))
        silent = self._long_silence + self._short_silence
        return min(missed + silent, self.expected_seconds)

    @property
    def explained_seconds(self) -> Fraction:
        """Longest silence that damage explains."""
        lasting = self.times.ends - self.times.begins
        return max(self.lost_share * lasting, self._undelivered_seconds)

    @property
    def _undelivered_seconds(self) -> Fraction:
        """Duration of packets less that of decoded samples, with or without complaints."""
        times, heard = self.times, self.heard
        rate = _RATE.match(heard.formats[0]) if heard.format_count == 1 else None
        if rate is None or not 0 < heard.packets <= times.packets:
            return Fraction(0)
        read = heard.packets - (_IN_FLIGHT if heard.ends is None else 0)
        whole = times.lasting or times.ends - times.begins - times.missing
        lasting = whole * read / times.packets
        if heard.undecodable_packets:
            # A parser makes one packet of several in which it sees no frame.
            lasting = max(lasting, self.ends - self.begins - times.missing)
        return max(lasting - Fraction(heard.decoded_samples, int(rate[1])), Fraction(0))

    @property
    def _between_packets_seconds(self) -> Fraction:
        """Time between packets that is too short for gaps, as of a slow clock."""
        times = self.times
        timed = times.ends - times.begins - times.missing
        return timed - times.lasting if times.lasting else Fraction(0)

    @property
    def unheard_before_seconds(self) -> Fraction:
        """Delay of the begin against the source, without gaps of the source."""
        return self.begun - self.begins - _common_seconds(self._gaps, self.begins, self.begun)

    @property
    def unheard_after_seconds(self) -> Fraction:
        return self.ends - self.ended - _common_seconds(self._gaps, self.ended, self.ends)

    @property
    def is_unheard(self) -> bool:
        """Whether more sound is missing than gaps, damage and errors of a clock explain."""
        clock = min(self._short_silence, self.expected_seconds * _CLOCK_SHARE)
        reasons = self.missing_seconds + self.explained_seconds + clock
        # One tolerance each for begin, end and the rest.
        return self.unheard_seconds > reasons + 3 * TOLERATED_SECONDS

    @property
    def lost_share(self) -> Fraction:
        """Largest share of packets that the decoder could not decode."""
        heard = self.heard
        if not heard.packets:
            return Fraction(0)
        in_silence = heard.packets - self.report.decoded_frames
        if heard.ends is None:
            # At the end of the video, some packets are read but not decoded.
            in_silence -= _IN_FLIGHT
        failed = max(heard.undecodable_packets, in_silence)
        return Fraction(failed * _PACKETS_PER_FAILURE, heard.packets)

    @property
    def readable(self) -> float:
        """The share of the declared sound that can be heard."""
        return self.audible * float(1 - self.times.cut_off)

    @property
    def audible(self) -> float:
        """The share of the sound that is there which can be heard; 1 without damage."""
        return self._audible_of_clear * float(1 - self.times.scrambled)

    @property
    def _audible_of_clear(self) -> float:
        if not self.explained_seconds:
            return 1.0
        if self.heard.begins is None:
            return 0.0
        if self.expected_seconds <= TOLERATED_SECONDS:
            return 1.0
        if self.begun >= self.ends:
            return 0.0
        expected = self.expected_seconds - self.missing_seconds - self._between_packets_seconds
        if expected <= TOLERATED_SECONDS:
            return 1.0
        lost = expected - self.heard_seconds
        # A loss that damage does not explain is a fault of the encode, which another check reports.
        is_damage = TOLERATED_SECONDS < lost <= self.explained_seconds + TOLERATED_SECONDS
        return float(1 - lost / expected) if is_damage else 1.0


def _common_seconds(
    gaps: Sequence[tuple[Fraction, Fraction]], begin: Fraction, end: Fraction
) -> Fraction:
    return sum((max(min(b, end) - max(a, begin), Fraction(0)) for a, b in gaps), Fraction(0))


def tracks_of(evidence: Evidence) -> Iterator[TrackSound]:
    """Each track of which times and evidence are known; in earlier versions they are not."""
    plan = evidence.plan
    for track, times in zip(plan.asset.audio, plan.sounds, strict=False):
        report = evidence.reports.get(audio_report(track.number))
        if times is not None and report is not None and report.sound is not None:
            yield TrackSound(plan, track, times, report, report.sound)
