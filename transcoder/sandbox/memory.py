"""Memory limits of each kind of program: by the size of pictures, never by their number.

The kernel limits address space; a machine needs the part of it that is resident. docs/limits.md has
measurements of both.
"""

import os
from collections.abc import Iterable

import av

from chalicelib.catalogue.asset import Rung
from chalicelib.encoding.model import Reason
from chalicelib.encoding.plan import Picture, Plan
from transcoder.errors import Refused

MEBIBYTE, GIBIBYTE = 1024**2, 1024**3
# Libraries, and the stacks of the threads that every program has.
_PROGRAM_BYTES = 448 * MEBIBYTE
# FFmpeg starts threads for each processor, of which it takes no more than so many; their stacks
# count whether they are used or not.
_PROCESSOR_BYTES = 56 * MEBIBYTE
_MOST_PROCESSORS = 16
# Of an encoder: its stacks, and what does not depend on the size of the picture.
_ENCODER_BYTES = 48 * MEBIBYTE
# An encoder keeps some forty pictures to look ahead and to refer to, with half sizes of each.
_ENCODED_PIXEL_BYTES = 180
# Pictures of the source that a decoder keeps to refer to, and those on their way to the encoders.
_DECODED_PICTURES = 24
# Four bytes for each colour, in each of the filters that bring bright light into range.
_LIGHT_PIXEL_BYTES = 12 * 6
# Of a picture whose format nothing is known about, as in plans of before.
_UNKNOWN_PIXEL_BITS = 32
# Of eight candidates in colour, and as many on their way.
_STILL_PIXEL_BYTES = 3 * 16
# The index of a source is read by each of its tasks. Ten hours of sixty pictures a second take 116.
_INDEX_BYTES = 512 * MEBIBYTE
# The probe keeps some of the largest pictures that are allowed, and the times of all of them.
_PROBE_BYTES = 3072 * MEBIBYTE
MOST_PICTURES = 12 * 3600 * 120
# What a worker holds besides the program it runs: code, clients, and segments while it cuts them.
# It took 173 at most.
WORKER_BYTES = 256 * MEBIBYTE
# Resident of any program: the code that is used, and stacks as far as they are.
_RESIDENT_BYTES = 96 * MEBIBYTE
# Of the index of a source, for each of its packets: ten hours of sixty pictures a second take 57
# each, an hour of eight sound tracks up to 50.
_INDEXED_PACKET_BYTES = 64
# Of AAC at 48 kHz, of each track.
_SOUND_PACKETS_PER_SECOND = 47


def of_program() -> int:
    """Return what a program needs that reads a source without its pictures."""
    return _PROGRAM_BYTES + _INDEX_BYTES + _processors() * _PROCESSOR_BYTES


def _processors() -> int:
    """Return how many of them a program makes threads for."""
    return min(os.cpu_count() or 1, _MOST_PROCESSORS)


def of_chunk(plan: Plan) -> int:
    """Return what decoding once and encoding every rung needs."""
    rungs = plan.asset.rungs
    light = min(_pixels(plan.picture), rungs[0].width * rungs[0].height)
    return (
        of_program()
        + _of_decoder(plan.picture)
        + light * (_LIGHT_PIXEL_BYTES if plan.picture.is_bright else 0)
        + _of_encoders(rungs)
    )


def resident_of_chunk(plan: Plan) -> int:
    """Return how much of that is memory of the machine: without spare room and unused stacks."""
    pixels = of_chunk(plan) - of_program() - len(plan.asset.rungs) * _ENCODER_BYTES
    index = min(_packets(plan) * _INDEXED_PACKET_BYTES, _INDEX_BYTES)
    return _RESIDENT_BYTES + index + pixels


def _packets(plan: Plan) -> int:
    asset = plan.asset
    sound = len(asset.audio) * int(asset.grid.duration) * _SOUND_PACKETS_PER_SECOND
    return plan.picture.frames + sound


def of_stills(plan: Plan, *, largest: tuple[int, int]) -> int:
    """Return what decoding, and a few still pictures of this size, need."""
    width, height = largest
    light = _LIGHT_PIXEL_BYTES if plan.picture.is_bright else 0
    return of_program() + _of_decoder(plan.picture) + width * height * (light + _STILL_PIXEL_BYTES)


def of_probe(machine_bytes: int) -> int:
    """Return what looking at a source may take, of which nothing is known yet."""
    return max(_PROGRAM_BYTES, min(_PROBE_BYTES, machine_bytes - WORKER_BYTES))


def require_enough(plan: Plan, machine_bytes: int) -> None:
    """Raise `Refused` if a machine with so much memory cannot encode it."""
    needed = resident_of_chunk(plan) + WORKER_BYTES
    if needed > machine_bytes:
        raise Refused(
            Reason.TOO_MUCH_MEMORY,
            f"It would take {needed / GIBIBYTE:.1f} GiB; {machine_bytes / GIBIBYTE:.1f} are there.",
        )


def pixel_bits(name: str) -> int:
    """Return how many bits a pixel of the format takes once it is decoded."""
    try:
        return av.VideoFormat(name).padded_bits_per_pixel
    except ValueError:
        return _UNKNOWN_PIXEL_BITS


def _of_decoder(picture: Picture) -> int:
    return _pixels(picture) * pixel_bits(picture.pixel_format) // 8 * _DECODED_PICTURES


def _of_encoders(rungs: Iterable[Rung]) -> int:
    return sum(_ENCODER_BYTES + rung.width * rung.height * _ENCODED_PIXEL_BYTES for rung in rungs)


def _pixels(picture: Picture) -> int:
    return picture.width * picture.height
