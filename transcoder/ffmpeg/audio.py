"""The FFmpeg command for an audio track: the whole video at once, with an exact sample count."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from chalicelib.catalogue.asset import AUDIO_FRAME, AUDIO_RATE, AudioTrack
from chalicelib.encoding.plan import Plan
from transcoder.ffmpeg.chunk import ANONYMOUS, ENCODED, TALKATIVE
from transcoder.ffmpeg.hearing import GAP_SECONDS, PADDING_SAMPLES, breaks_printed
from transcoder.ffmpeg.opening import ffmpeg, opened

# Headroom: a true peak may exceed every sample, and lossy coding raises it.
_PEAK = 0.84  # -1.5 dB
# Between two graphs FFmpeg drops negative times, so times are shifted by this much there.
_LATER_SECONDS = 1_000_000
_EVEN = f"aformat=sample_fmts=fltp:sample_rates={AUDIO_RATE}:channel_layouts=stereo"


def track_file(track: AudioTrack) -> str:
    """The file of the encoder, from which segments are cut."""
    return f"{ENCODED}/audio-{track.number}.mp4"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a track needs before it can be converted."""

    # Drops what has other channels or another rate than the beginning.
    keeps_format: bool = False
    # Channels that stereo is made of, if FFmpeg cannot mix all.
    channels: tuple[int, ...] = ()

    @property
    def filters(self) -> str:
        chosen = "|".join(map(str, self.channels))
        return f"channelmap=map={chosen}:channel_layout=stereo," if chosen else ""


def first_channels(layout: str) -> tuple[int, int]:
    """Return the channels for stereo of a layout which FFmpeg cannot mix.

    Ambisonics begin with a channel of all directions.
    """
    return (0, 0) if "ambisonic" in layout else (0, 1)


def loudness_command(
    plan: Plan,
    track: AudioTrack,
    url: str,
    *,
    excerpts: Sequence[tuple[Fraction, int]],
    correction: Correction,
) -> tuple[str, ...]:
    """Measure the loudness of excerpts, each given by begin and duration in seconds."""
    inputs = [
        option
        for begin, seconds in excerpts
        for option in (
            # Without seeking, the whole track is the only excerpt.
            *(_excerpt(begin, seconds) if is_searchable(plan, track) else ()),
            *("-threads", "1", *_opened(plan, track, url)),
        )
    ]
    return (
        ffmpeg(),
        *TALKATIVE,
        *inputs,
        *("-max_error_rate", "1", *_measured(plan, track, len(excerpts), correction.filters)),
        *("-map", "[measured]", *ANONYMOUS, "-f", "null", "-"),
    )


def _opened(plan: Plan, track: AudioTrack, url: str) -> tuple[str, ...]:
    times = plan.sound_times(track)
    # Times that libavformat derives are right only while all frames are equally long.
    stored_only = track.stream if times and times.changes_rate else None
    counted = _counted(track.stream, times.counted_seconds) if times else ()
    return (*counted, *opened(plan.picture, url, stored_only=stored_only))


def _counted(stream: int, seconds: Fraction) -> Iterator[str]:
    """Count the packets of a stream, each of which lasts so long, whatever their times say."""
    if seconds:
        time = f"STARTPTS+round(N*({seconds.numerator}/{seconds.denominator})/TB)"
        yield from (f"-bsf:{stream}", f"setts=pts='{time}':dts='{time}'")


def is_searchable(plan: Plan, track: AudioTrack) -> bool:
    """Whether seeking to a time of this track is possible."""
    times = plan.sound_times(track)
    return plan.picture.is_searchable and not (times and times.counted_seconds)


def _measured(plan: Plan, track: AudioTrack, count: int, filters: str) -> Iterator[str]:
    if count == 1:
        yield from _evened(plan, track, filters)
        yield from ("-filter_complex", "[even]ebur128=framelog=quiet[measured]")
        return
    even = f"{filters}{_even(plan, track)}"
    chains = "".join(f"[{n}:{track.stream}]{even}[part{n}];" for n in range(count))
    labels = "".join(f"[part{n}]" for n in range(count))
    graph = f"{chains}{labels}concat=n={count}:v=0:a=1,ebur128=framelog=quiet[measured]"
    yield from ("-filter_complex", graph)


def _excerpt(begin: Fraction, seconds: int) -> tuple[str, ...]:
    # If channels or sample rate change in an excerpt, only the part before it is measured.
    sought = ("-seek_timestamp", "1", "-ss", f"{float(begin):.3f}")
    return ("-drop_changed", "1", *sought, "-t", str(seconds))


def _evened(plan: Plan, track: AudioTrack, filters: str, more: str = "") -> tuple[str, str]:
    """Convert any source to one audio format, in a graph of its own.

    FFmpeg rebuilds this graph when channels or sample rate change, while the graph after it keeps
    its state. That one receives no end of stream: it waits, or is cut off.
    """
    return ("-filter_complex", f"[0:{track.stream}]{filters}{_even(plan, track)}{more}[even]")


def _even(plan: Plan, track: AudioTrack) -> str:
    times = plan.sound_times(track)
    if times is None or not times.rate:
        return _EVEN
    # `asetrate` changes times as well.
    return f"asetpts=PTS*{times.rate}/SR,asetrate={times.rate},{_EVEN}"


def audio_command(
    plan: Plan,
    track: AudioTrack,
    url: str,
    *,
    gain_db: float,
    correction: Correction,
) -> tuple[str, ...]:
    later = f",{_later(plan)},{_padded(plan, track)}"
    return (
        ffmpeg(),
        *TALKATIVE,
        # Times are those of the file, as for pictures.
        "-copyts",
        *("-threads", "1"),
        *(("-drop_changed", "1") if correction.keeps_format else ()),
        *_opened(plan, track, url),
        *("-max_error_rate", "1"),
        *_evened(plan, track, correction.filters, later),
        *("-filter_complex", f"[even]{','.join(_heard(plan, gain_db))}[sound]"),
        *_output(track),
    )


def silence_command(plan: Plan, track: AudioTrack) -> tuple[str, ...]:
    return (
        ffmpeg(),
        *TALKATIVE,
        *("-f", "lavfi", "-i", f"anullsrc=r={AUDIO_RATE}:cl=stereo"),
        *("-filter_complex", f"[0:0]{_no_longer(plan)},{_no_shorter(plan)}[sound]"),
        *_output(track),
    )


def _heard(plan: Plan, gain_db: float) -> Iterator[str]:
    yield breaks_printed(AUDIO_RATE, earlier=_LATER_SECONDS * AUDIO_RATE)
    # Fills gaps with silence, from 0 on; earlier sound is cut.
    yield f"aresample={AUDIO_RATE}:async=1:min_hard_comp={GAP_SECONDS}:first_pts=0"
    yield f"volume={gain_db:.2f}dB"
    # "latency" compensates for the look-ahead; "level" would undo the gain.
    yield f"alimiter=limit={_PEAK}:level=false:latency=true"
    yield _no_longer(plan)
    yield _no_shorter(plan)
    yield "ebur128=framelog=quiet"
    yield "aformat=sample_fmts=fltp:channel_layouts=stereo"


def _later(plan: Plan) -> str:
    # The video begins with its first picture, or with sound that starts long before it.
    later = _LATER_SECONDS - plan.picture.start
    return f"asetpts=PTS+round({later.numerator}/{later.denominator}/TB)"


def _padded(plan: Plan, track: AudioTrack) -> str:
    """Pad with silence to the end of the video, and no further: times may be beyond all numbers."""
    times = plan.sound_times(track)
    before = max(Fraction(0), plan.picture.start - times.begins) if times else Fraction(0)
    count = plan.asset.audio_frames * AUDIO_FRAME + round(before * AUDIO_RATE) + PADDING_SAMPLES
    return f"apad=packet_size={PADDING_SAMPLES}:pad_len={count}"


def _no_longer(plan: Plan) -> str:
    """Cut to the duration of the pictures."""
    return f"atrim=end_sample={plan.asset.samples}"


def _no_shorter(plan: Plan) -> str:
    """Pad with silence up to a full last AAC frame."""
    return f"apad=whole_len={plan.asset.audio_frames * AUDIO_FRAME}"


def _output(track: AudioTrack) -> Iterator[str]:
    yield from ("-map", "[sound]", *ANONYMOUS)
    yield from ("-c:a", "aac", "-b:a", f"{track.bitrate_kbps}k", "-threads", "1")
    yield from ("-flags", "+bitexact", "-use_editlist", "0")
    # Each AAC frame is readable as soon as it is written.
    yield from ("-movflags", "+empty_moov+default_base_moof+skip_trailer", "-frag_duration", "1")
    yield from ("-flush_packets", "1", "-f", "mp4", track_file(track))
