"""Memory limits of each kind of program: by the size of pictures, never by their number.

The kernel limits address space; a machine needs the part of it that is resident. docs/limits.md has
measurements of both.
"""

import os

import av

from chalicelib.catalogue.asset import Rung
from chalicelib.encoding.failures import Reason
from chalicelib.encoding.plan import Picture, Plan
from transcoder.errors import Refused

MEBIBYTE, GIBIBYTE = 1024**2, 1024**3
# Libraries, and the stacks of the threads that every program has.
_PROGRAM_BYTES = 448 * MEBIBYTE
# FFmpeg starts threads for each processor, up to a maximum. Their stacks count even if they are
# unused.
_PROCESSOR_BYTES = 56 * MEBIBYTE
_MOST_PROCESSORS = 16
# Per encoder: its stacks, and all that does not depend on the size of the picture.
_ENCODER_BYTES = 48 * MEBIBYTE
# An encoder keeps about forty pictures for look-ahead and reference, each also in half size.
_ENCODED_PIXEL_BYTES = 180
# Reference pictures of the decoder, and pictures between decoder and encoders.
_DECODED_PICTURES = 24
# Four bytes per colour in each filter of the tone mapping.
_LIGHT_PIXEL_BYTES = 12 * 6
# The pixel format of every rung.
_FINISHED_PIXELS = "yuv420p"
# For an unknown pixel format, as in plans of earlier versions.
_UNKNOWN_PIXEL_BITS = 32
# Eight candidates in colour, and as many between the filters.
_STILL_PIXEL_BYTES = 3 * 16
# Each task reads the index of the source. Ten hours of 60 pictures a second take 116 MiB.
_INDEX_BYTES = 512 * MEBIBYTE
# The probe keeps a few pictures of the largest size, and the times of all pictures.
_PROBE_BYTES = 3072 * MEBIBYTE
MOST_PICTURES = 12 * 3600 * 120
# The worker itself: code, clients, and segments while it cuts them. Measured: at most 173 MiB.
WORKER_BYTES = 256 * MEBIBYTE
# Resident memory of any program: code and stacks that are used.
_RESIDENT_BYTES = 96 * MEBIBYTE
# Index of a source, per packet: 57 in ten hours of 60 pictures a second, up to 50 in an hour of
# eight audio tracks.
_INDEXED_PACKET_BYTES = 64
# AAC at 48 kHz, per track.
_SOUND_PACKETS_PER_SECOND = 47


def of_program() -> int:
    """Return the memory of a program that reads a source without decoding pictures."""
    return _PROGRAM_BYTES + _INDEX_BYTES + _processors() * _PROCESSOR_BYTES


def _processors() -> int:
    """Return the number of processors for which FFmpeg starts threads."""
    return min(os.cpu_count() or 1, _MOST_PROCESSORS)


def of_chunk(plan: Plan) -> int:
    """Return the memory to decode a chunk once and encode every rung."""
    rungs = plan.asset.rungs
    light = min(_pixels(plan.picture), rungs[0].width * rungs[0].height)
    return (
        of_program()
        + _of_decoder(plan.picture)
        + light * (_LIGHT_PIXEL_BYTES if plan.picture.is_bright else 0)
        + sum(map(_of_encoder, rungs))
    )


def of_scaling(source: Rung, rung: Rung) -> int:
    """Return the memory to decode the finished video of one rung and encode a smaller one."""
    decoded = source.width * source.height * pixel_bits(_FINISHED_PIXELS) // 8 * _DECODED_PICTURES
    return of_program() + decoded + _of_encoder(rung)


def resident_of_chunk(plan: Plan) -> int:
    """Return the resident memory of a chunk: without reserves and unused stacks."""
    pixels = of_chunk(plan) - of_program() - len(plan.asset.rungs) * _ENCODER_BYTES
    index = min(_packets(plan) * _INDEXED_PACKET_BYTES, _INDEX_BYTES)
    return _RESIDENT_BYTES + index + pixels


def _packets(plan: Plan) -> int:
    asset = plan.asset
    sound = len(asset.audio) * int(asset.grid.duration) * _SOUND_PACKETS_PER_SECOND
    return plan.picture.frames + sound


def of_stills(plan: Plan, *, largest: tuple[int, int]) -> int:
    """Return the memory to decode, and to write a few still pictures of this size."""
    width, height = largest
    light = _LIGHT_PIXEL_BYTES if plan.picture.is_bright else 0
    return of_program() + _of_decoder(plan.picture) + width * height * (light + _STILL_PIXEL_BYTES)


def of_probe(machine_bytes: int) -> int:
    """Return the memory limit of the probe."""
    return max(_PROGRAM_BYTES, min(_PROBE_BYTES, machine_bytes - WORKER_BYTES))


def require_enough(plan: Plan, machine_bytes: int) -> None:
    """Raise `Refused` if the machine has too little memory for a chunk."""
    needed = resident_of_chunk(plan) + WORKER_BYTES
    if needed > machine_bytes:
        raise Refused(
            Reason.TOO_MUCH_MEMORY,
            f"It would take {needed / GIBIBYTE:.1f} GiB; {machine_bytes / GIBIBYTE:.1f} are there.",
        )


def pixel_bits(name: str) -> int:
    """Return the bits per decoded pixel of a format."""
    try:
        return av.VideoFormat(name).padded_bits_per_pixel
    except ValueError:
        return _UNKNOWN_PIXEL_BITS


def _of_decoder(picture: Picture) -> int:
    return _pixels(picture) * pixel_bits(picture.pixel_format) // 8 * _DECODED_PICTURES


def _of_encoder(rung: Rung) -> int:
    return _ENCODER_BYTES + rung.width * rung.height * _ENCODED_PIXEL_BYTES


def _pixels(picture: Picture) -> int:
    return picture.width * picture.height
