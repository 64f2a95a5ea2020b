"""The FFmpeg command for one chunk: decode once, encode every rung."""

from collections.abc import Iterator
from fractions import Fraction

from chalicelib.catalogue.asset import Asset, Rung
from chalicelib.encoding.plan import Chunk, Plan
from transcoder.ffmpeg import graph
from transcoder.ffmpeg.opening import ffmpeg, opened

PRESET = "fast"
# Log level with the lines that are parsed: one per picture, and totals of the decoder.
TALKATIVE = ("-nostdin", "-hide_banner", "-nostats", "-y", "-loglevel", "verbose")
# No dates, versions or program names, and no metadata of the source, whose tags would be logged
# again.
ANONYMOUS = ("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact")

# FFmpeg's own VP8 decoder is not deterministic on damaged data; its VP9 decoder does not report
# damage, which libvpx refuses.
_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}


# The folder of the files that the encoder writes.
ENCODED = "encoded"


def rung_file(rung: Rung) -> str:
    """The file of the encoder, from which segments are cut."""
    return f"{ENCODED}/{rung.name}.mp4"


def tile(segment: int) -> str:
    return f"tiles/{segment:05d}.jpg"


def chunk_command(
    plan: Plan,
    chunk: Chunk,
    url: str,
    *,
    seek: Fraction | None,
    position: int = 0,
    is_over: bool = False,
) -> tuple[str, ...]:
    """Decode from a keyframe before `seek`, or from the start of the input."""
    return (
        ffmpeg(),
        *TALKATIVE,
        # Marks the level of each line, so that complaints of every component are recognised.
        *("-loglevel", "level+verbose"),
        # Logs each picture that leaves the decoder, and whether it is damaged.
        "-debug_ts",
        # Times are those of the file, wherever decoding starts.
        "-copyts",
        *(_sought(seek) if seek is not None else ()),
        # One thread: with several, the result of damaged data depends on timing.
        *("-threads", "1"),
        *(("-c:v", decoder) if (decoder := _DECODERS.get(plan.picture.codec)) else ()),
        # A change of size in the source must not restart the count of frames.
        *("-reinit_filter", "0"),
        *opened(plan.picture, url, position=position, shortest=1 / plan.asset.grid.rate),
        # Damage does not end the run; it is counted.
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


def _sought(seek: Fraction) -> Iterator[str]:
    # Times of the source, unchanged.
    yield from ("-seek_timestamp", "1", "-ss", f"{float(seek):.6f}")
    # The graph drops earlier frames: it needs the picture that is visible at the cut.
    yield "-noaccurate_seek"


def _watched() -> Iterator[str]:
    yield from ("-map", graph.BEYOND, "-fps_mode", "passthrough", *ANONYMOUS)
    yield from ("-c:v", "wrapped_avframe", "-f", "null", "-")


def _outputs(asset: Asset, chunk: Chunk) -> Iterator[str]:
    for position, rung in enumerate(asset.rungs):
        yield from ("-map", graph.label(position), *encoder(asset, rung))
        yield from ("-frames:v", str(chunk.frames), "-fps_mode", "passthrough", *ANONYMOUS)
        yield from (*_wrapped(asset), rung_file(rung))
    if asset.storyboard:
        yield from ("-map", graph.TILES, "-frames:v", str(chunk.segments))
        yield from ("-fps_mode", "passthrough", *ANONYMOUS)
        yield from ("-c:v", "mjpeg", "-q:v", "4", "-threads", "1", "-flags", "+bitexact")
        yield from ("-f", "image2", "-start_number", str(chunk.first_segment), "tiles/%05d.jpg")


def encoder(asset: Asset, rung: Rung) -> Iterator[str]:
    yield from ("-c:v", "libx264", "-preset", PRESET)
    yield from ("-profile:v", "high", "-level:v", rung.level)
    yield from ("-crf", str(rung.crf))
    yield from ("-maxrate", f"{rung.maxrate_kbps}k", "-bufsize", f"{rung.bufsize_kbps}k")
    # With more threads the result depends on their number; rungs run in parallel anyway.
    yield from ("-threads", "1", "-flags", "+bitexact")
    yield from ("-x264-params", ":".join(_x264(asset.grid.frames_per_gop)))
    # SEI: settings of the encoder, and captions that no playlist names.
    yield from ("-bsf:v", "filter_units=remove_types=6")


def _x264(frames_per_gop: int) -> Iterator[str]:
    # Closed GOPs of constant length.
    yield from (f"keyint={frames_per_gop}", f"min-keyint={frames_per_gop}")
    yield from ("scenecut=0", "open-gop=0")
    # Each chunk starts with the average fill of the buffer.
    yield "vbv-init=0.5"
    # Headers depend on settings only, so that all chunks share one init segment.
    yield "stitchable=1"
    # The same bytes on every processor.
    yield "cpu-independent=1"


def _wrapped(asset: Asset) -> Iterator[str]:
    yield from ("-video_track_timescale", str(asset.grid.timescale))
    # Fragments are readable without an index; no edit list, which many players ignore.
    yield from ("-movflags", "+empty_moov+default_base_moof+frag_keyframe+skip_trailer")
    yield from ("-use_editlist", "0", "-f", "mp4")
