"""Open an untrusted file with the demuxer of its signature, without following references."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import av
from av.container import Flags, InputContainer
from av.packet import Packet
from av.stream import Stream

from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused, SourceUnreachable
from transcoder.ffmpeg.opening import HAS_EDITS, protocols
from transcoder.probing.formats import h263
from transcoder.probing.formats.ranges import TIMEOUT_SECONDS, content, is_remote
from transcoder.probing.formats.signatures import (
    HEAD_BYTES,
    begins_with_zeros,
    demuxer_of,
    described,
    has_packets_twice,
    is_something_else,
    is_sound_alone,
    tag_bytes,
)

# They store some times, from which libavformat derives the others. Where only decode times are
# stored, libavformat guesses presentation times, but differently from decoders.
_SPARSELY_TIMED = frozenset({"mpegts", "mpeg"})
# After a change of streams, the last packet of each old stream comes at the end of the file.
_MAY_HOLD_BACK = "mpegts"
# Of its parts, libavformat reads no more after the first that is no picture.
_MULTIPART, _SOUND_INSIDE, _MULTIPART_BYTES = "mpjpeg", b"\ncontent-type: audio/", 1024**2
_NETWORK = (
    av.HTTPError,
    av.ConnectionRefusedError,
    av.ConnectionResetError,
    av.TimeoutError,
    av.ExitError,
)


def recognised(url: str) -> str:
    """Return the demuxer for the source at a URL or path; refuse files that are no video."""
    head = content(url, count=HEAD_BYTES)
    if demuxer := demuxer_of(head):
        if demuxer == _MAY_HOLD_BACK and has_packets_twice(head):
            raise Refused(Reason.UNSUPPORTED_FORMAT, Finding.TWICE)
        if demuxer == _MULTIPART and _SOUND_INSIDE in content(url, count=_MULTIPART_BYTES).lower():
            raise Refused(Reason.UNSUPPORTED_FORMAT, Finding.SOUND_BETWEEN)
        return demuxer
    if begins_with_zeros(head):
        raise Refused(Reason.CORRUPT, Finding.ZEROS)
    if (behind := tag_bytes(head)) and demuxer_of(content(url, begin=behind, count=HEAD_BYTES)):
        raise Refused(Reason.UNSUPPORTED_FORMAT, Finding.TAGGED)
    if is_sound_alone(head):
        raise Refused(Reason.AUDIO_ONLY)
    reason = Reason.NOT_VIDEO if is_something_else(head) else Reason.UNSUPPORTED_FORMAT
    raise Refused(reason, described(head))


@contextmanager
def opened(
    url: str,
    demuxer: str,
    *,
    corrects_overflow: bool = True,
    follows_tables: bool = False,
    follows_edits: bool = True,
    follows_index: bool = False,
) -> Iterator[InputContainer]:
    try:
        container = av.open(
            url,
            "r",
            format=demuxer,
            options={
                "format_whitelist": demuxer,
                "protocol_whitelist": protocols(url),
                # Reference movies refer to other files.
                "enable_drefs": "0",
                "use_absolute_path": "0",
                # In file order: a truncated audio track does not end the video.
                "interleaved_read": "0",
                "correct_ts_overflow": str(int(corrects_overflow)),
                # Of an AVI, packets are read where its index lists them.
                **({"fflags": "+sortdts"} if follows_index else {}),
                **({"merge_pmt_versions": "1"} if follows_tables else {}),
                # Without it an edit list shifts the start only and hides nothing.
                **({} if follows_edits or demuxer != HAS_EDITS else {"advanced_editlist": "0"}),
                "rw_timeout": str(TIMEOUT_SECONDS * 1_000_000),
            },
            metadata_errors="replace",
        )
    except av.FFmpegError as error:
        raise _translated(error, url) from None
    if demuxer not in _SPARSELY_TIMED:
        container.flags &= ~Flags.gen_pts.value  # type: ignore[operator]
    with container:
        try:
            yield container
        except av.FFmpegError as error:
            raise _translated(error, url) from None


def packets(
    container: InputContainer, streams: Iterable[Stream], late: "Late | None" = None
) -> "Iterator[Packet[Stream]]":
    """Yield packets with content, in file order if the container has one."""
    chosen, late = tuple(streams), late or Late()
    mislabelled = {each.index for each in chosen if _codec_of(each) == h263.CODEC}
    is_in_order = container.format.name != _MAY_HOLD_BACK
    # Errors that mean the end: PyAV raises `IndexError` after streams that appear late, as in
    # broadcasts; libavformat returns EPERM for a few containers, and PATCHWELCOME if an Ogg
    # continues with another video.
    with suppress(IndexError, av.PermissionError, av.PatchWelcomeError):
        while True:
            try:
                for packet in container.demux(chosen):
                    if packet.size and (is_in_order or not late.is_one(packet)):
                        if packet.stream_index in mislabelled:
                            packet.is_keyframe &= not h263.refers(bytes(packet))
                        yield packet
            except av.BlockingIOError:
                # libavformat skipped bytes without packets; demuxing continues after them.
                continue
            return


def _codec_of(stream: Stream) -> str:
    # Without a decoder `codec_context` is None, contrary to its type.
    context = getattr(stream, "codec_context", None)
    return context.codec.canonical_name if context else ""


@dataclass(slots=True)
class Late:
    """Recognises held-back packets, which come after packets with a later position."""

    positions: dict[int, int] = field(default_factory=dict)
    is_late: dict[int, bool] = field(default_factory=dict)
    # How many of each stream there were.
    counts: Counter[int] = field(default_factory=Counter)

    def is_one(self, packet: "Packet[Stream]") -> bool:
        stream, position = packet.stream_index, packet.pos or 0
        newest = self.positions.get(stream, 0)
        # Packets from the middle of a PES packet have no position.
        if position > 0:
            self.is_late[stream] = position < newest
            self.positions[stream] = max(position, newest)
        is_one = self.is_late.get(stream, False)
        self.counts[stream] += is_one
        return is_one


def _translated(error: av.FFmpegError, url: str) -> Exception:
    if isinstance(error, (av.FileNotFoundError, av.HTTPNotFoundError)):
        return Refused(Reason.SOURCE_GONE)
    # PyAV raises a plain `OSError` for a broken connection.
    if is_remote(url) and (isinstance(error, _NETWORK) or type(error) is av.OSError):
        return SourceUnreachable(type(error).__name__)
    if isinstance(error, av.MemoryError):
        return Refused(Reason.TOO_MUCH_MEMORY)
    # The file has the signature of a video.
    return Refused(Reason.CORRUPT)
