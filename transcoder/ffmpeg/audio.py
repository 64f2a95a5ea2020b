"""How FFmpeg is asked for a sound track: once for the whole title, in exactly so many samples."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from chalicelib.catalogue.asset import AUDIO_FRAME, AUDIO_RATE, AudioTrack
from chalicelib.transcoding.plan import Plan
from transcoder.ffmpeg.chunk import ANONYMOUS, TALKATIVE
from transcoder.ffmpeg.opening import opened
from transcoder.ffmpeg.program import ffmpeg

# A true peak may be higher than any sample, and lossy coding adds to it.
_PEAK = 0.84  # -1.5 dB
# Timestamps may be off by so much before a gap is filled or an overlap cut.
_GAP_SECONDS = 0.02


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
            *("-threads", "1", *opened(plan.picture, address)),
        )
    ]
    even = f"aresample={AUDIO_RATE},aformat=channel_layouts=stereo"
    chains = [f"[{n}:{track.stream}]{even}[part{n}];" for n in range(len(excerpts))]
    parts = "".join(f"[part{n}]" for n in range(len(excerpts)))
    graph = f"{''.join(chains)}{parts}concat=n={len(excerpts)}:v=0:a=1,ebur128=framelog=quiet"
    return (
        ffmpeg(),
        *TALKATIVE,
        *inputs,
        *("-max_error_rate", "1", "-filter_complex", f"{graph}[measured]"),
        *("-map", "[measured]", "-f", "null", "-"),
    )


def _excerpt(begin: Fraction, seconds: int) -> tuple[str, ...]:
    return ("-seek_timestamp", "1", "-ss", f"{float(begin):.3f}", "-t", str(seconds))


def audio_command(
    plan: Plan, track: AudioTrack, address: str, *, gain_db: float
) -> tuple[str, ...]:
    return (
        ffmpeg(),
        *TALKATIVE,
        # A sample's time is the one in the file, as it is with pictures.
        "-copyts",
        *("-threads", "1"),
        # A track that changes its channels half-way must not begin to count anew: from there on
        # it is silent.
        *("-drop_changed", "1"),
        *opened(plan.picture, address),
        *("-max_error_rate", "1"),
        *("-filter_complex", f"[0:{track.stream}]{','.join(_heard(plan, gain_db))}[sound]"),
        *_output(track),
    )


def silence_command(plan: Plan, track: AudioTrack) -> tuple[str, ...]:
    return (
        ffmpeg(),
        *TALKATIVE,
        *("-f", "lavfi", "-i", f"anullsrc=r={AUDIO_RATE}:cl=stereo"),
        *("-filter_complex", f"[0:0]{','.join(_whole(plan))}[sound]"),
        *_output(track),
    )


def _heard(plan: Plan, gain_db: float) -> Iterator[str]:
    start = plan.picture.start
    # The title begins with its first picture.
    yield f"asetpts=PTS-round({start.numerator}/{start.denominator}/TB)"
    # Silence where there is nothing, from the very beginning; what is before it is cut.
    yield f"aresample={AUDIO_RATE}:async=1:min_hard_comp={_GAP_SECONDS}:first_pts=0"
    yield "aformat=sample_fmts=fltp:channel_layouts=stereo"
    yield f"volume={gain_db:.2f}dB"
    # "latency" gives back the time it looks ahead; "level" would undo the gain.
    yield f"alimiter=limit={_PEAK}:level=false:latency=true"
    yield from _whole(plan)
    yield "ebur128=framelog=quiet"
    yield "aformat=sample_fmts=fltp:channel_layouts=stereo"


def _whole(plan: Plan) -> Iterator[str]:
    """As long as the picture, then silence until the last frame of AAC is full."""
    yield f"atrim=end_sample={plan.asset.samples}"
    yield f"apad=whole_len={plan.asset.audio_frames * AUDIO_FRAME}"


def _output(track: AudioTrack) -> Iterator[str]:
    yield from ("-map", "[sound]", *ANONYMOUS)
    yield from ("-c:a", "aac", "-b:a", f"{track.bitrate_kbps}k", "-threads", "1")
    yield from ("-flags", "+bitexact", "-use_editlist", "0")
    # Each frame of AAC can be read as soon as it is made.
    yield from ("-movflags", "+empty_moov+default_base_moof+skip_trailer", "-frag_duration", "1")
    yield from ("-flush_packets", "1", "-f", "mp4", made_track(track))
