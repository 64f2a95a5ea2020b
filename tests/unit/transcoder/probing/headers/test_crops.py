"""The crop of a Matroska is that of the track which libavformat numbers so."""

from pathlib import Path

from transcoder.probing.headers.crops import crop_of


def _element(kind: str, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return bytes.fromhex(kind) + (len(content) | 1 << 14).to_bytes(2) + content


def _track(left: int, *codec: bytes) -> bytes:
    video = _element("e0", _element("54cc", bytes([left])), _element("54bb", b"\2"))
    return _element("ae", _element("83", b"\1"), *codec, video)


def test_a_track_without_a_codec_which_libavformat_skips_is_not_counted(tmp_path: Path) -> None:
    path, codec = tmp_path / "source.mkv", _element("86", b"V_VP8")
    tracks = _element("1654ae6b", _track(8), _track(16, codec), _track(24, codec))
    path.write_bytes(_element("18538067", tracks))
    crops = [crop_of(str(path), path.stat().st_size, number) for number in range(3)]
    assert crops == [(16, 2), (24, 2), (0, 0)]
