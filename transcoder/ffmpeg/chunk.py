"""How FFmpeg is asked for a chunk: one process, decoded once, all rungs at once."""

from collections.abc import Iterator
from fractions import Fraction

from chalicelib.catalogue.asset import Asset, Rung
from chalicelib.encoding.plan import Chunk, Plan
from transcoder.ffmpeg import graph
from transcoder.ffmpeg.opening import opened
from transcoder.ffmpeg.program import ffmpeg

PRESET = "fast"
# The lines that are read: one per picture, and how the decoder fared.
TALKATIVE = ("-nostdin", "-hide_banner", "-nostats", "-y", "-loglevel", "verbose")
# No dates, no versions, no names of programs; nothing carried over from the source, whose tags
# would be in the log once more.
ANONYMOUS = ("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact")

# FFmpeg's own decoder of VP8 makes other pictures of the same damaged data in each run; its decoder
# of VP9 says nothing of damage, while libvpx refuses it.
_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}


def made_rung(rung: Rung) -> str:
    """Where the encoder writes; what is delivered is cut out of it."""
    return f"making/{rung.name}.mp4"


def tile(segment: int) -> str:
    return f"tiles/{segment:05d}.jpg"


def chunk_command(
    plan: Plan,
    chunk: Chunk,
    address: str,
    *,
    seek: Fraction | None,
    position: int = 0,
    is_over: bool = False,
) -> tuple[str, ...]:
    """Decode from a keyframe before `seek` on, or from the very beginning of what is opened."""
    return (
        ffmpeg(),
        *TALKATIVE,
        # Marks complaints, of whatever part they come from.
        *("-loglevel", "level+verbose"),
        # Says when a picture leaves the decoder, and so which one it called damaged.
        "-debug_ts",
        # A picture's time is the one in the file, wherever decoding began.
        "-copyts",
        *(_sought(seek) if seek is not None else ()),
        # One thread: with several, what is made of damaged data depends on their race.
        *("-threads", "1", *_decoder(plan.picture.codec)),
        # A source that changes its size half-way must not begin to count anew.
        *("-reinit_filter", "0"),
        *opened(plan.picture, address, position=position, shortest=1 / plan.asset.grid.rate),
        # Some damage is no reason to give up; it is counted.
        *("-max_error_rate", "1"),
        *("-filter_complex", graph.of_source(plan, chunk, is_over=is_over)),
        *_outputs(plan.asset, chunk),
        *(_watched() if graph.is_last(plan, chunk) else ()),
    )


def black_command(plan: Plan, chunk: Chunk) -> tuple[str, ...]:
    return (
        ffmpeg(),
        *TALKATIVE,
        *("-f", "lavfi", "-i", graph.black(plan)),
        *("-filter_complex", graph.of_black(plan, chunk)),
        *_outputs(plan.asset, chunk),
    )


def _decoder(codec: str) -> Iterator[str]:
    if codec in _DECODERS:
        yield from ("-c:v", _DECODERS[codec])


def _sought(seek: Fraction) -> Iterator[str]:
    # Times of the source as they are, not counted from its beginning.
    yield from ("-seek_timestamp", "1", "-ss", f"{float(seek):.6f}")
    # The graph drops what is too early: it must see the picture that is on screen at the cut.
    yield "-noaccurate_seek"


def _watched() -> Iterator[str]:
    yield from ("-map", graph.BEYOND, "-fps_mode", "passthrough", *ANONYMOUS)
    yield from ("-c:v", "wrapped_avframe", "-f", "null", "-")


def _outputs(asset: Asset, chunk: Chunk) -> Iterator[str]:
    for position, rung in enumerate(asset.rungs):
        yield from ("-map", graph.label(position), *_encoder(asset, rung))
        yield from ("-frames:v", str(chunk.frames), "-fps_mode", "passthrough", *ANONYMOUS)
        yield from (*_wrapped(asset), made_rung(rung))
    if asset.storyboard:
        yield from ("-map", graph.TILES, "-frames:v", str(chunk.segments))
        yield from ("-fps_mode", "passthrough", *ANONYMOUS)
        yield from ("-c:v", "mjpeg", "-q:v", "4", "-threads", "1", "-flags", "+bitexact")
        yield from ("-f", "image2", "-start_number", str(chunk.first_segment), "tiles/%05d.jpg")


def _encoder(asset: Asset, rung: Rung) -> Iterator[str]:
    yield from ("-c:v", "libx264", "-preset", PRESET)
    yield from ("-profile:v", "high", "-level:v", rung.level)
    yield from ("-crf", str(rung.crf))
    yield from ("-maxrate", f"{rung.maxrate_kbps}k", "-bufsize", f"{rung.bufsize_kbps}k")
    # With more threads the result depends on how many; the rungs run side by side anyway.
    yield from ("-threads", "1", "-flags", "+bitexact")
    yield from ("-x264-params", ":".join(_x264(asset.grid.frames_per_gop)))
    # SEI: the encoder's settings, and captions that no playlist mentions.
    yield from ("-bsf:v", "filter_units=remove_types=6")


def _x264(frames_per_gop: int) -> Iterator[str]:
    # A keyframe every so many frames, nowhere else, and nothing refers across it.
    yield from (f"keyint={frames_per_gop}", f"min-keyint={frames_per_gop}")
    yield from ("scenecut=0", "open-gop=0")
    # The buffer is as full at the start of each chunk as it is on average in a long run.
    yield "vbv-init=0.5"
    # Headers follow from the settings alone, so that chunks share one init segment.
    yield "stitchable=1"
    # The same bytes on a processor with other instructions.
    yield "cpu-independent=1"


def _wrapped(asset: Asset) -> Iterator[str]:
    yield from ("-video_track_timescale", str(asset.grid.timescale))
    # Fragments can be read without an index; no edit list, because many players ignore it.
    yield from ("-movflags", "+empty_moov+default_base_moof+frag_keyframe+skip_trailer")
    yield from ("-use_editlist", "0", "-f", "mp4")
