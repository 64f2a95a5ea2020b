"""Size and length of a file as its container declares them; its end may be missing."""

from collections.abc import Callable, Iterator

from transcoder.probing.files.following import fragments_end
from transcoder.probing.formats import asf, ebml
from transcoder.probing.formats.fragment_index import fragments_listed_end
from transcoder.probing.formats.ranges import content, reader_of
from transcoder.probing.model import Question

Read = Callable[[int, int], bytes]
# Elements of Matroska.
_INFO, _DURATION = 0x1549A966, 0x4489
# Identifier and size of a chunk of RIFF, and most chunks of a file.
_RIFF, _CHUNK_HEADER, _MOST_CHUNKS = b"RIFF", 8, 1000
# How far before the end of the last packet its cluster may begin.
_CLUSTER_BYTES = 16 * 1024**2
# The first partition of an MXF: its key, whose last bytes vary, and the position of the footer.
_PARTITION, _KEY_BYTES = bytes.fromhex("060e2b34020501010d010201"), 16
_PACK_BYTES, _LONG_FORM, _FOOTER_AT = 64, 0x80, 24


def declared_size(question: Question, demuxer: str, end_byte: int, *, has_fragments: bool) -> int:
    """Return 0 if it is unknown; `end_byte` is the end of the last packet."""
    read, size = reader_of(question.url), question.size
    match demuxer:
        case "mov" if has_fragments:
            return max(fragments_listed_end(read), fragments_end(read, size, end_byte))
        case "matroska":
            return _of_matroska(question, end_byte)
        case "avi":
            return max(_riff_ends(read, size), default=0)
        case "asf":
            return asf.size_of(read)
        case "mxf":
            return _of_mxf(read)
        case _:
            return 0


def has_duration(question: Question) -> bool:
    """Whether a Matroska declares how long it is: if not, libavformat guesses by a bit rate."""
    url, size = question.url, question.size
    heads = ebml.before_clusters(url, ebml.segment_begin(url, size), size)
    info = next((each for each in heads if each.kind == _INFO), None)
    return bool(info and any(ebml.elements(ebml.inside(url, info), _DURATION)))


def _of_matroska(question: Question, end_byte: int) -> int:
    url, size = question.url, question.size
    segment = next((each for each in ebml.on_top(url, 0, size) if each.kind == ebml.SEGMENT), None)
    if segment and segment.end < ebml.UNKNOWN:
        return segment.end
    # Only a recording that was never finalised has no size.
    before = max(0, end_byte - _CLUSTER_BYTES)
    at = content(url, begin=before, count=end_byte - before).rfind(ebml.CLUSTER.to_bytes(4))
    cluster = next(ebml.on_top(url, before + at, size), None) if at >= 0 else None
    return cluster.end if cluster and cluster.end < ebml.UNKNOWN else 0


def _riff_ends(read: Read, size: int) -> Iterator[int]:
    """Yield the end of each chunk on top; large files have several."""
    at = 0
    for _ in range(_MOST_CHUNKS):
        head = read(at, _CHUNK_HEADER) if at < size else b""
        if not head.startswith(_RIFF) or len(head) < _CHUNK_HEADER:
            return
        length = int.from_bytes(head[len(_RIFF) :], "little")
        at += _CHUNK_HEADER + length + length % 2
        yield at


def _of_mxf(read: Read) -> int:
    """Return the position of its footer, 0 if it was not known yet."""
    pack = read(0, _PACK_BYTES)
    if not pack.startswith(_PARTITION) or len(pack) < _PACK_BYTES:
        return 0
    length = pack[_KEY_BYTES]
    begin = _KEY_BYTES + 1 + (length - _LONG_FORM if length > _LONG_FORM else 0)
    return int.from_bytes(pack[begin + _FOOTER_AT :][:8])
