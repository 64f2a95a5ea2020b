"""Open a file of strangers with the one demuxer it looks like, and follow nothing it refers to."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import av
from av.container import Flags, InputContainer
from av.packet import Packet
from av.stream import Stream

from chalicelib.encoding.model import Finding, Reason
from transcoder.errors import Refused, SourceUnreachable
from transcoder.probing.ranges import TIMEOUT_SECONDS, content, is_remote
from transcoder.probing.signatures import (
    HEAD_BYTES,
    begins_with_zeros,
    demuxer_of,
    described,
    has_packets_twice,
    is_something_else,
    is_sound_alone,
)

# They store times of some pictures, from which those of the others follow. Of what stores only the
# order of decoding, libavformat would guess when it is shown, and otherwise than decoders do.
_TIMED_IN_PART = frozenset({"mpegts", "mpeg"})
# Where other streams follow, the last packet of each is held back.
_MAY_HOLD_BACK = "mpegts"
_HAS_EDITS = "mov"
_NETWORK = (
    av.HTTPError,
    av.ConnectionRefusedError,
    av.ConnectionResetError,
    av.TimeoutError,
    av.ExitError,
)


def recognised(address: str) -> str:
    """Return the demuxer for what lies at the address; refuse what is no video."""
    head = content(address, count=HEAD_BYTES)
    if demuxer := demuxer_of(head):
        if demuxer == _MAY_HOLD_BACK and has_packets_twice(head):
            raise Refused(Reason.UNSUPPORTED_FORMAT, Finding.TWICE)
        return demuxer
    if begins_with_zeros(head):
        raise Refused(Reason.CORRUPT, Finding.ZEROS)
    if is_sound_alone(head):
        raise Refused(Reason.AUDIO_ONLY)
    reason = Reason.NOT_VIDEO if is_something_else(head) else Reason.UNSUPPORTED_FORMAT
    raise Refused(reason, described(head))


@contextmanager
def opened(
    address: str,
    demuxer: str,
    *,
    corrects_overflow: bool = True,
    follows_tables: bool = False,
    follows_edits: bool = True,
) -> Iterator[InputContainer]:
    try:
        container = av.open(
            address,
            "r",
            format=demuxer,
            options={
                "format_whitelist": demuxer,
                "protocol_whitelist": _protocols(address),
                # Reference movies lead to other files.
                "enable_drefs": "0",
                "use_absolute_path": "0",
                # In the order of the file: a sound that breaks off does not end the picture.
                "interleaved_read": "0",
                "correct_ts_overflow": str(int(corrects_overflow)),
                **({"merge_pmt_versions": "1"} if follows_tables else {}),
                # Otherwise an edit list moves the beginning, and hides nothing.
                **({} if follows_edits or demuxer != _HAS_EDITS else {"advanced_editlist": "0"}),
                "rw_timeout": str(TIMEOUT_SECONDS * 1_000_000),
            },
            metadata_errors="replace",
        )
    except av.FFmpegError as error:
        raise _translated(error, address) from None
    if demuxer not in _TIMED_IN_PART:
        container.flags &= ~Flags.gen_pts.value  # type: ignore[operator]
    with container:
        try:
            yield container
        except av.FFmpegError as error:
            raise _translated(error, address) from None


def packets(container: InputContainer, streams: Iterable[Stream]) -> "Iterator[Packet[Stream]]":
    """Yield all that hold something, in the order of the file where it has one."""
    chosen, late = tuple(streams), _Late()
    is_in_order = container.format.name != _MAY_HOLD_BACK
    # At the end PyAV stumbles over streams that appeared only on the way, as in broadcasts; and of
    # a few containers libavformat says at their end that more is not permitted. Where an Ogg goes
    # on with another video, it says that it cannot follow.
    with suppress(IndexError, av.PermissionError, av.PatchWelcomeError):
        while True:
            try:
                for packet in container.demux(chosen):
                    if packet.size and (is_in_order or not late.is_one(packet)):
                        yield packet
            except av.BlockingIOError:
                # Some way without a packet was skipped, and reading goes on behind it.
                continue
            return


@dataclass(slots=True)
class _Late:
    """Recognises what comes at the end of the file, behind what followed it there."""

    places: dict[int, int] = field(default_factory=dict)
    is_late: dict[int, bool] = field(default_factory=dict)

    def is_one(self, packet: "Packet[Stream]") -> bool:
        stream, place = packet.stream_index, packet.pos or 0
        newest = self.places.get(stream, 0)
        # What comes in one piece with others has no place of its own.
        if place > 0:
            self.is_late[stream] = place < newest
            self.places[stream] = max(place, newest)
        return self.is_late.get(stream, False)


def _translated(error: av.FFmpegError, address: str) -> Exception:
    if isinstance(error, (av.FileNotFoundError, av.HTTPNotFoundError)):
        return Refused(Reason.SOURCE_GONE)
    # The plain kind is what a broken connection leaves.
    if is_remote(address) and (isinstance(error, _NETWORK) or type(error) is av.OSError):
        return SourceUnreachable(type(error).__name__)
    if isinstance(error, av.MemoryError):
        return Refused(Reason.TOO_MUCH_MEMORY)
    # It begins like a video, so it once was one.
    return Refused(Reason.CORRUPT)


def _protocols(address: str) -> str:
    return "http,tcp" if is_remote(address) else "file"
