"""How segments are distributed over chunks: the first has one, so that playback begins soon."""

# Before the number in the name of a chunk's report.
CHUNK = "chunk-"


def chunk_in(name: str) -> int | None:
    """Return the number of the chunk whose report has this name; None for other reports."""
    return int(name.removeprefix(CHUNK)) if name.startswith(CHUNK) else None


def first_segment_of(chunk: int, segments_per_chunk: int) -> int:
    """Return the first segment of a chunk: chunk 0 has one, others `segments_per_chunk`."""
    return 0 if chunk == 0 else 1 + (chunk - 1) * segments_per_chunk


def chunk_of(segment: int, segments_per_chunk: int) -> int:
    return -(-segment // segments_per_chunk)


def chunk_count(segments: int, segments_per_chunk: int) -> int:
    return 1 + -(-(segments - 1) // segments_per_chunk)


def segments_in(chunks: frozenset[int], segments_per_chunk: int, total: int) -> int:
    """Return how many segments these chunks hold."""
    return sum(
        min(first_segment_of(number + 1, segments_per_chunk), total)
        - first_segment_of(number, segments_per_chunk)
        for number in chunks
    )


def ready_segments(done: frozenset[int], segments_per_chunk: int, total: int) -> int:
    """Return how many segments from the first one on can be played without a gap."""
    chunk = 0
    while chunk in done:
        chunk += 1
    return min(first_segment_of(chunk, segments_per_chunk), total)
