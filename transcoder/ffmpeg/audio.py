"""The FFmpeg command for a sound track: once for the whole video, in exactly so many samples."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from chalicelib.catalogue.asset import AUDIO_FRAME, AUDIO_RATE, AudioTrack
from chalicelib.encoding.plan import Plan
from transcoder.ffmpeg.chunk import ANONYMOUS, TALKATIVE
from transcoder.ffmpeg.hearing import GAP_SECONDS, PADDING_SAMPLES, breaks_printed
from transcoder.ffmpeg.opening import opened
from transcoder.ffmpeg.program import ffmpeg

# A true peak may be higher than any sample, and lossy coding adds to it.
_PEAK = 0.84  # -1.5 dB
# Between two graphs FFmpeg drops what has a time below 0, so there everything is so much later.
_LATER_SECONDS = 1_000_000
_EVEN = f"aformat=sample_fmts=fltp:sample_rates={AUDIO_RATE}:channel_layouts=stereo"


def made_track(track: AudioTrack) -> str:
    """Where the encoder writes; what is delivered is cut out of it."""
    return f"making/audio-{track.number}.mp4"


def loudness_command(
    plan: Plan, track: AudioTrack, address: str, *, excerpts: Sequence[tuple[Fraction, int]]
) -> tuple[str, ...]:
    """Measure the loudness of excerpts, each a beginning and a number of seconds."""
    inputs = [
        option
        for begin, seconds in excerpts
        for option in (
            # Where nobody can search for a time, all of it is the only excerpt.
            *(_excerpt(begin, seconds) if plan.picture.is_searchable else ()),
            *("-threads", "1", *_opened(plan, track, address)),
        )
    ]
    return (
        ffmpeg(),
        *TALKATIVE,
        *inputs,
        *("-max_error_rate", "1", *_measured(track, len(excerpts))),
        *("-map", "[measured]", *ANONYMOUS, "-f", "null", "-"),
    )


def _opened(plan: Plan, track: AudioTrack, address: str) -> tuple[str, ...]:
    times = plan.sound_times(track)
    # A time that is counted on from the one before is right as long as all frames last as long.
    stored_only = track.stream if times and times.changes_rate else None
    return opened(plan.picture, address, stored_only=stored_only)


def _measured(track: AudioTrack, count: int) -> Iterator[str]:
    if count == 1:
        yield from _evened(track)
        yield from ("-filter_complex", "[even]ebur128=framelog=quiet[measured]")
        return
    chains = "".join(f"[{n}:{track.stream}]{_EVEN}[part{n}];" for n in range(count))
    parts = "".join(f"[part{n}]" for n in range(count))
    graph = f"{chains}{parts}concat=n={count}:v=0:a=1,ebur128=framelog=quiet[measured]"
    yield from ("-filter_complex", graph)


def _excerpt(begin: Fraction, seconds: int) -> tuple[str, ...]:
    # An excerpt in which the sound changes its channels or its rate is measured until then.
    sought = ("-seek_timestamp", "1", "-ss", f"{float(begin):.3f}")
    return ("-drop_changed", "1", *sought, "-t", str(seconds))


def _evened(track: AudioTrack, more: str = "") -> tuple[str, str]:
    """Make one kind of sound of whatever comes.

    FFmpeg builds this graph anew where the source changes its channels or its rate, while the one
    behind it goes on counting. That one never sees the end: it waits for more, or is cut off.
    """
    return ("-filter_complex", f"[0:{track.stream}]{_EVEN}{more}[even]")


def audio_command(
    plan: Plan, track: AudioTrack, address: str, *, gain_db: float, keeps_format: bool = False
) -> tuple[str, ...]:
    """Encode the track; `keeps_format` drops what has other channels or another rate."""
    return (
        ffmpeg(),
        *TALKATIVE,
        # A sample's time is the one in the file, as it is with pictures.
        "-copyts",
        *("-threads", "1"),
        *(("-drop_changed", "1") if keeps_format else ()),
        *_opened(plan, track, address),
        *("-max_error_rate", "1"),
        *_evened(track, f",{_later(plan)},apad=packet_size={PADDING_SAMPLES}"),
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
    # Silence where there is nothing, from the very beginning; what is before it is cut.
    yield f"aresample={AUDIO_RATE}:async=1:min_hard_comp={GAP_SECONDS}:first_pts=0"
    yield f"volume={gain_db:.2f}dB"
    # "latency" gives back the time it looks ahead; "level" would undo the gain.
    yield f"alimiter=limit={_PEAK}:level=false:latency=true"
    yield _no_longer(plan)
    yield _no_shorter(plan)
    yield "ebur128=framelog=quiet"
    yield "aformat=sample_fmts=fltp:channel_layouts=stereo"


def _later(plan: Plan) -> str:
    # The film begins with its first picture, or with sound that comes long before it.
    later = _LATER_SECONDS - plan.picture.start
    return f"asetpts=PTS+round({later.numerator}/{later.denominator}/TB)"


def _no_longer(plan: Plan) -> str:
    """As long as the picture."""
    return f"atrim=end_sample={plan.asset.samples}"


def _no_shorter(plan: Plan) -> str:
    """Silence until the last frame of AAC is full."""
    return f"apad=whole_len={plan.asset.audio_frames * AUDIO_FRAME}"


def _output(track: AudioTrack) -> Iterator[str]:
    yield from ("-map", "[sound]", *ANONYMOUS)
    yield from ("-c:a", "aac", "-b:a", f"{track.bitrate_kbps}k", "-threads", "1")
    yield from ("-flags", "+bitexact", "-use_editlist", "0")
    # Each frame of AAC can be read as soon as it is made.
    yield from ("-movflags", "+empty_moov+default_base_moof+skip_trailer", "-frag_duration", "1")
    yield from ("-flush_packets", "1", "-f", "mp4", made_track(track))
