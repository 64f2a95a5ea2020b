"""A source whose sound is mostly broken: refused, accepted, or published without that track."""

from pathlib import Path
from typing import Any

import av
import pytest

from chalicelib.encoding.model import Encode
from tests.builders import clips
from tests.media.in_memory_transcoder import InMemoryTranscoder
from tests.media.test_damaged_sources import notes
from transcoder.errors import Refused, WrongResult


def with_broken_sound(folder: Path, *, whole_tracks: int = 0) -> bytes:
    """A source whose last sound track has noise in nearly every packet."""
    path, noisy, whole = folder / "film.mkv", folder / "noisy.mka", folder / "whole.mkv"
    plain = str(clips.get("plain").path)
    clips.ffmpeg("-i", plain, "-c:v", "copy", "-c:a", "flac", whole)
    clips.ffmpeg("-i", whole, "-map", "0:a", "-c", "copy", "-bsf:a", "noise=amount=1", noisy)
    tracks = [each for _ in range(whole_tracks) for each in ("-map", "0:a")]
    clips.ffmpeg("-i", whole, "-i", noisy, "-map", "0:v", *tracks, "-map", "1:a", "-c", "copy",
                 "-disposition:a", "0", path)  # fmt: skip
    return path.read_bytes()


def with_sound_after_its_end(folder: Path, source: bytes) -> bytes:
    """The source, and a second of sound that can be decoded, long after its last picture."""
    before, after = folder / "before.mkv", folder / "after.mkv"
    before.write_bytes(source)
    with (
        av.open(before) as broken,
        av.open(folder / "whole.mkv") as whole,
        av.open(after, "w") as output,
    ):
        into = {each.index: output.add_stream_from_template(each) for each in broken.streams}
        for packet in broken.demux():
            if packet.dts is not None:
                packet.stream = into[packet.stream.index]
                output.mux(packet)
        for heard in whole.demux(whole.streams.audio[0]):
            if heard.dts is not None and heard.dts * heard.time_base < 1:
                heard.pts = heard.dts = heard.dts + int(40 / heard.time_base)
                heard.stream = output.streams.audio[-1]
                output.mux(heard)
    return after.read_bytes()


def with_packets_of_zeros(folder: Path, codec: str) -> bytes:
    """Three of four packets are still packets of their codec, and are shorter."""
    whole, tone = folder / "whole.mkv", "sine=f=440:r=48000:d=13"
    clips.ffmpeg("-i", clips.get("plain").path, "-f", "lavfi", "-i", tone, "-map", "0:v",
                 "-map", "1", "-c:v", "copy", "-c:a", codec, whole)  # fmt: skip
    data = bytearray(whole.read_bytes())
    with av.open(whole) as container:
        for number, packet in enumerate(container.demux(container.streams.audio[0])):
            if packet.size and packet.pos and number % 4:
                at = data.index(bytes(packet), packet.pos)
                data[at : at + packet.size] = bytes(packet.size)
    return bytes(data)


def with_a_run_of_zeros(folder: Path) -> bytes:
    """E-AC-3 in an MP4, of which a parser makes one packet wherever it holds no frame."""
    whole, tone = folder / "whole.mp4", "sine=f=440:r=48000:d=13"
    clips.ffmpeg("-i", clips.get("plain").path, "-f", "lavfi", "-i", tone, "-map", "0:v",
                 "-map", "1", "-c:v", "copy", "-c:a", "eac3", whole)  # fmt: skip
    data = bytearray(whole.read_bytes())
    with av.open(whole) as container:
        entries = container.streams.audio[0].index_entries
        for each in list(entries)[: len(entries) // 3]:
            data[each.pos : each.pos + each.size] = bytes(each.size)
    return bytes(data)


def _bits(*numbers: tuple[int, int]) -> str:
    """Write numbers, each with as many bits as it takes."""
    return "".join(f"{number:0{bits}b}" for number, bits in numbers)


def _with_42_channels(frame: bytes) -> bytes:
    """Put in front of a frame of AAC that it has 15 pairs of channels and 12 single ones."""
    said = _bits((5, 3), (0, 4), (1, 2), (3, 4), (15, 4), (12, 4), (0, 4), (0, 9), (0, 3))
    said += "".join(_bits((1, 1), (number, 4)) for number in range(15))
    said += _bits(*((number, 5) for number in range(12)))
    said += "0" * (-len(said) % 8) + _bits((0, 8), *((each, 8) for each in frame))
    return int(said, 2).to_bytes(len(said) // 8)


def with_frames_of_42_channels(folder: Path) -> bytes:
    """AAC of which a few frames, between 2 and 4 s, claim channels nothing can be made of."""
    whole, path, tone = folder / "whole.mkv", folder / "claims.mkv", "sine=f=440:r=48000:d=13"
    clips.ffmpeg("-i", clips.get("plain").path, "-f", "lavfi", "-i", tone, "-map", "0:v",
                 "-map", "1", "-c:v", "copy", "-c:a", "aac", "-ac", "2", whole)  # fmt: skip
    with av.open(whole) as source, av.open(path, "w") as output:
        into = {each.index: output.add_stream_from_template(each) for each in source.streams}
        for packet in source.demux():
            if packet.dts is None:
                continue
            written: av.Packet[Any] = packet
            if packet.stream.type == "audio" and 2 < packet.dts * packet.time_base < 4:
                written = av.Packet(_with_42_channels(bytes(packet)))
                written.pts, written.dts = packet.pts, packet.dts
                written.duration, written.time_base = packet.duration, packet.time_base
            written.stream = into[packet.stream.index]
            output.mux(written)
    return path.read_bytes()


def refused(transcoder: InMemoryTranscoder, source: bytes) -> Encode:
    encode = transcoder.receive(source)
    with pytest.raises(Refused, match="damaged") as refusal:
        transcoder.make(encode)
    assert refusal.value.detail.endswith("% of its sound can be read.")
    return transcoder.fail(encode, refusal.value)


def test_a_source_whose_only_sound_is_broken_is_published_when_that_is_accepted(
    transcoder: InMemoryTranscoder, tmp_path: Path
) -> None:
    encode = refused(transcoder, with_broken_sound(tmp_path))
    assert encode.decodable
    assert encode.decodable.pictures == 1
    assert encode.decodable.sound < 0.5
    transcoder.make(transcoder.accept(encode))
    media = transcoder.videos.get(encode.video_id).media
    assert media
    assert (media.decodable, media.is_damage_accepted) == (encode.decodable, True)
    assert "Accepted with its damage." in notes(transcoder, encode)


@pytest.mark.parametrize("codec", ["libopus", "libvorbis"])
def test_packets_that_decode_to_less_than_they_last_are_damage(
    transcoder: InMemoryTranscoder, tmp_path: Path, codec: str
) -> None:
    encode = refused(transcoder, with_packets_of_zeros(tmp_path, codec))
    assert encode.decodable
    assert encode.decodable.sound < 0.8
    assert not any("cannot be decoded" in note for note in notes(transcoder, encode))


def test_packets_that_are_read_as_one_are_damage(
    transcoder: InMemoryTranscoder, tmp_path: Path
) -> None:
    encode = refused(transcoder, with_a_run_of_zeros(tmp_path))
    assert encode.decodable
    assert encode.decodable.sound == pytest.approx(2 / 3, abs=0.02)


def test_frames_that_claim_channels_nothing_can_be_made_of_are_damage(
    transcoder: InMemoryTranscoder, tmp_path: Path
) -> None:
    source = with_frames_of_42_channels(tmp_path)
    try:
        encode = refused(transcoder, source)
    except WrongResult:
        # On a busy machine FFmpeg may end early and say nothing; such a task is tried again.
        encode = refused(transcoder, source)
    # Its decoder goes on with those channels.
    assert encode.decodable
    assert encode.decodable.sound == pytest.approx(2 / 13, abs=0.02)
    assert "Sound track 1: it ends 11.0 s before the film." in notes(transcoder, encode)


def test_sound_after_the_picture_does_not_hide_that_there_is_none_before(
    transcoder: InMemoryTranscoder, tmp_path: Path
) -> None:
    encode = refused(transcoder, with_sound_after_its_end(tmp_path, with_broken_sound(tmp_path)))
    assert encode.decodable
    assert encode.decodable.sound == 0


def test_a_broken_track_beside_a_whole_one_is_left_out(
    transcoder: InMemoryTranscoder, tmp_path: Path
) -> None:
    encode = transcoder.receive(with_broken_sound(tmp_path, whole_tracks=1))
    transcoder.make(encode)
    made = transcoder.encodes.get(encode.video_id, encode.revision)
    assert made.asset
    assert [track.number for track in made.asset.audio] == [0]
    assert "Sound track 2: most of it cannot be decoded; it was left out." in notes(
        transcoder, encode
    )
    assert made.decodable
    assert made.decodable.sound == 1
