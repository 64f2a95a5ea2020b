"""Files that are not what they say, say what is not so, or hold no video at all."""

import io
import struct
import zipfile
import zlib
from fractions import Fraction
from pathlib import Path

from chalicelib.encoding.failures import Finding, Reason
from tests.media import forgeries
from tests.media.gallery.model import Entry, Family, Master
from tests.media.gallery.surgery import (
    counting,
    edited,
    flagged_as_keys,
    last_lasting,
    pictures_stamped_zero,
    scaled,
    scrambled,
    sized,
    slowed,
    tagged,
    with_packets_twice,
    without,
)
from tests.media.gallery.writing import AAC, H264, of, silent

clip, refused = of(Family.LIES)
_DAYS_30 = 30 * 86_400
_KEYS = ("-encryption_scheme cenc-aes-ctr -encryption_key 76a6c65c5ea762046bd749a2e632ccbb"
         f" -encryption_kid {'a7' * 16}")  # fmt: skip
# A last picture that is said to stand for ever stands for ten seconds at most.
_HELD = {
    "seconds": Fraction(8), "tolerance": Fraction(6), "numbers": None, "is_judged": False,
    "beeps": None, "finding": "35", "is_slow": True,
}  # fmt: skip
# Three chunks, with a key picture now and then.
_LONG = Master(frames=350)
_FEW_KEYS = "-g 110 -sc_threshold 1000000000 -q:v 3"
_STILL = {"policy": "a still picture", "detail": Finding.STILL}


def _no_video(name: str, what: str, suffix: str, content: bytes, detail: str = "") -> Entry:
    return refused(name, what, suffix, Reason.NOT_VIDEO, content=content, detail=detail)


def _archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("film.mp4"), b"\0" * 5000)
    return packed.getvalue()


def _still(name: str, what: str, suffix: str, options: str) -> Entry:
    return refused(name, what, suffix, Reason.NOT_VIDEO, options=f"-frames:v 1 {options}",
                   master=silent(), **_STILL)  # fmt: skip


def _sound(name: str, what: str, suffix: str, options: str) -> Entry:
    return refused(name, what, suffix, Reason.AUDIO_ONLY, options=f"-vn {options}")


def _fragments_alone(data: bytes) -> bytes:
    """Leave out the header of a fragmented MP4, as if one segment were saved."""
    return data[data.index(b"moof") - 4 :]


_ASF_CODECS = bytes.fromhex("4052d1861d31d011a3a400a0c90348f6")
_ASF_ENCRYPTION = bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e")
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'

ENTRIES: tuple[Entry, ...] = (
    refused("empty", "nothing at all", "mp4", Reason.EMPTY, parts=("one_byte",),
            change=lambda _: b""),
    refused("one_byte", "one byte", "mp4", Reason.UNSUPPORTED_FORMAT, content=b"\0"),
    _no_video("text_named_mp4", "a letter", "mp4", b"Dear Sir or Madam,\n" * 100),
    _no_video("html", "a page", "mp4", b"<!DOCTYPE html><html><body>404</body></html>"),
    _no_video("svg", "a drawing", "mp4", _SVG),
    _no_video("playlist", "a playlist of HLS", "mp4", forgeries.playlist("file:///etc/passwd"),
              Finding.PLAYLIST),
    _no_video("playlist_remote", "a playlist of a server", "ts",
              forgeries.playlist("http://169.254.169.254/latest"), Finding.PLAYLIST),
    _no_video("concat_script", "a script of FFmpeg", "mp4",
              forgeries.concat_script("/etc/passwd"), Finding.PLAYLIST),
    _no_video("dash_manifest", "a manifest of DASH", "mpd",
              b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>'),
    _no_video("session_description", "a description of RTP", "sdp",
              forgeries.session_description(5004)),
    _no_video("subtitles", "subtitles", "srt", b"1\n00:00:01,000 --> 00:00:02,000\nHello\n"),
    _no_video("zip", "an archive", "mp4", _archive(), Finding.ARCHIVE),
    _no_video("gzip", "a packed file", "mp4", b"\x1f\x8b\x08" + zlib.compress(bytes(5000)),
              Finding.ARCHIVE),
    _no_video("pdf", "a document", "mp4", b"%PDF-1.7\n" + bytes(500), Finding.DOCUMENT),
    _no_video("heic", "a still picture of a telephone", "heic",
              b"\0\0\0\x18ftypheic" + bytes(500), Finding.STILL),
    refused("zeros", "nothing but zeros", "mp4", Reason.CORRUPT, content=bytes(100_000),
            detail=Finding.ZEROS),
    refused("ts_packets_twice", "a TS of which two receivers wrote each packet", "ts",
            Reason.UNSUPPORTED_FORMAT, parts=("ts",), change=with_packets_twice,
            detail=Finding.TWICE, policy="decoders take each packet for a lost one"),
    refused("program", "a program", "mp4", Reason.UNSUPPORTED_FORMAT,
            content=b"MZ\x90\0" + bytes(500)),
    _still("jpeg", "a photo", "jpg", "-c:v mjpeg"),
    _still("png", "a PNG", "png", "-c:v png"),
    _still("bmp", "a BMP", "bmp", "-c:v bmp"),
    _still("webp", "a WebP", "webp", "-c:v libwebp"),
    _still("gif_of_one", "a GIF that does not move", "gif", ""),
    _sound("wav", "a WAV", "wav", "-c:a pcm_s16le"),
    _sound("mp3", "an MP3", "mp3", "-c:a libmp3lame"),
    _sound("flac", "a FLAC", "flac", "-c:a flac"),
    _sound("adts", "an AAC", "aac", "-c:a aac"),
    _sound("m4a", "an M4A", "m4a", "-c:a aac"),
    _sound("ogg", "an Ogg with sound alone", "ogg", "-c:a libvorbis"),
    _sound("wma", "a WMA", "wma", "-c:a wmav2"),
    _sound("mka", "a Matroska with sound alone", "mka", "-c:a flac"),
    refused("m4a_with_cover", "a song with its cover", "m4a", Reason.AUDIO_ONLY,
            options="-f lavfi -i color=red:s=64x64:r=1:d=1 -map 0:a -map 1:v -c:a aac -c:v mjpeg "
            "-disposition:v attached_pic", policy="a cover is no film"),
    refused("encrypted", "an encrypted MP4", "mp4", Reason.ENCRYPTED,
            options=f"{H264} {AAC} {_KEYS}", detail=Finding.COMMON_ENCRYPTION,
            policy="its keys are elsewhere"),
    refused("encrypted_by_a_shop", "a film as a shop of 2006 sold it", "m4v", Reason.ENCRYPTED,
            parts=("mp4",), change=lambda data: data.replace(b"avc1", b"drmi", 2),
            detail=Finding.FAIRPLAY, policy="its keys are elsewhere"),
    refused("encrypted_wmv", "a film as a shop of 2003 sold it", "wmv", Reason.ENCRYPTED,
            parts=("wmv",), change=lambda data: data.replace(_ASF_CODECS, _ASF_ENCRYPTION, 1),
            detail=Finding.WINDOWS_MEDIA, policy="its keys are elsewhere"),
    refused("unreadable_sound", "an MP4 whose sound is of an unknown kind", "mp4",
            Reason.DAMAGED, parts=("mp4",), detail="None of its sound can be read",
            change=lambda data: data.replace(b"mp4a", b"xxxx").replace(b"esds", b"free"),
            policy="an administrator may accept it without sound"),
    refused("encrypted_sound", "an MP4 of which the sound alone is encrypted", "mp4",
            Reason.DAMAGED, parts=("mp4",), detail="Its sound is encrypted",
            change=lambda data: data.replace(b"mp4a", b"enca", 1), finding="60",
            policy="an administrator accepts a video without its sound"),
    clip("ts_named_mp4", "a TS with another name", "mp4", parts=("ts",)),
    clip("mp4_named_avi", "an MP4 with another name", "avi", parts=("mp4",)),
    clip("mkv_named_txt", "a Matroska with another name", "txt", parts=("mkv",)),
    clip("claims_30_days", "headers that promise 30 days", "mp4", parts=("mp4",), finding="34",
         change=lambda data: forgeries.lasting(data, _DAYS_30)),
    clip("mkv_claims_a_minute", "a Matroska whose header claims a minute", "mkv", parts=("mkv",),
         change=forgeries.claiming_a_minute, notes=("The file promises 60 s; 3 s",)),
    clip("last_picture_2_days", "an index whose last picture and tone last for two days", "mp4",
         parts=("mp4",), change=last_lasting(_DAYS_30), **_HELD),
    clip("last_picture_an_hour", "an index whose last picture and tone last an hour", "mp4",
         parts=("mp4",), change=last_lasting(3600), **_HELD),
    clip("compressed_header", "a compressed header of old QuickTime", "mov", parts=("mov",),
         change=lambda data: forgeries.with_packed_header(data, unpacked=500_000), finding="46"),
    refused("header_bomb", "a header that unpacks to 64 MB", "mov", Reason.UNSUPPORTED_FORMAT,
            parts=("mov",), detail=Finding.BOMB, finding="46", policy="a bomb",
            change=lambda data: forgeries.with_packed_header(data, unpacked=64_000_000)),
    refused("reference_movie", "a film whose media lie in another file", "mov", Reason.NO_FRAMES,
            parts=("mov",), detail=Finding.ELSEWHERE,
            change=lambda data: forgeries.referring(data, Path("/etc/passwd"))),
    clip("names_another_file", "a film that calls its own media those of another file", "mov",
         parts=("mov",), change=forgeries.naming_another_file),
    refused("reference_movie_by_url", "a film whose media lie behind a URL", "mov",
            Reason.NO_FRAMES, parts=("mov",), detail=Finding.ELSEWHERE,
            change=lambda data: forgeries.naming_another_file(without(b"mdat")(data))),
    refused("empty_index_first", "an empty index in front of the true one", "mp4",
            Reason.NO_FRAMES, parts=("header_alone", "mp4"), detail=Finding.EMPTY_INDEX),
    refused("media_of_zeros", "a film of zeros", "mov", Reason.NO_FRAMES,
            Reason.CORRUPT, parts=("mp4",), change=forgeries.without_media),
    refused("edit_list_beyond_end", "an edit list that begins after the end", "mp4",
            Reason.NO_FRAMES, Reason.CORRUPT, parts=("mp4",), change=edited(2**30)),
    clip("other_size_in_track", "a track header of 16x16", "mp4", parts=("mp4",),
         change=sized(16, 16), numbers=None, is_judged=False),
    refused("two_billion_samples", "an index that promises two billion pictures", "mp4",
            Reason.CORRUPT, Reason.NO_FRAMES, parts=("mp4",),
            change=counting(b"stsz", 2**31 - 1, at=8)),
    refused("two_billion_times", "a table of two billion times", "mp4", Reason.CORRUPT,
            Reason.NO_FRAMES, Reason.TOO_MUCH_MEMORY, parts=("mp4",),
            change=counting(b"stts", 2**31 - 1)),
    refused("no_time_scale", "a time scale of zero", "mp4", Reason.CORRUPT, parts=("mp4",),
            change=scaled(0), detail=Finding.NO_CLOCK, finding="55"),
    refused("flv_of_one_time", "an FLV that stamps each picture with 0", "flv", Reason.CORRUPT,
            parts=("flv",), change=pictures_stamped_zero, detail=Finding.ONE_TIME,
            policy="one picture is all there would be"),
    refused("scrambled_ts", "a recording of pay television", "ts", Reason.ENCRYPTED, parts=("ts",),
            change=scrambled(0), policy="its keys are elsewhere"),
    refused("scrambled_rest_ts", "the same, with a beginning that is free", "ts", Reason.DAMAGED,
            parts=("ts",), change=scrambled(0.4), policy="an administrator accepts a part"),
    refused("segment_alone", "a fragment without its header", "mp4", Reason.CORRUPT,
            Reason.NO_FRAMES, Reason.UNSUPPORTED_FORMAT, parts=("mp4_fragmented",),
            change=_fragments_alone),
    refused("header_alone", "the header of a fragmented MP4", "mp4", Reason.NO_FRAMES,
            parts=("mp4_fragmented",), change=forgeries.header_only),
    clip("avi_of_1000", "an AVI that promises 1000 pictures a second", "avi", parts=("avi",),
         change=lambda data: forgeries.with_avi_rate(data, 1000), numbers=None,
         is_judged=False, beeps=None, rate=None, tolerance=Fraction(3)),
    clip("avi_of_keys", "an AVI whose index calls each picture a key one", "avi",
         f"-c:v mpeg4 {_FEW_KEYS} -c:a pcm_s16le", master=_LONG, change=flagged_as_keys,
         finding="63"),
    clip("avi_of_keys_wmv2", "the same of WMV 8", "avi", f"-c:v wmv2 {_FEW_KEYS} -c:a pcm_s16le",
         master=_LONG, change=flagged_as_keys),
    clip("mkv_of_keys", "a Matroska that calls each picture a key one", "mkv", "-c copy",
         master=_LONG, source="avi_of_keys_wmv2"),
    clip("mkv_of_long_pictures", "a Matroska whose pictures should last 4 s each", "mkv",
         parts=("mkv",), change=lambda data: forgeries.with_frames_lasting(data, 4_000_000_000),
         # The last one does: other decoders make 174 pictures of it.
         seconds=Fraction(174, 25)),
    refused("too_many_streams", "twenty tracks", "mkv", Reason.TOO_MANY_STREAMS,
            options=f"{'-map 0:a ' * 20} -map 0:v {H264} -c:a mp2",
            policy="more tracks than this site allows"),
    clip("pictures_a_thousand_times_as_long", "an index whose pictures last 40 s each", "mp4",
         f"{H264} -g 25", master=silent(), change=slowed(1000), numbers=(0,), rate=None,
         seconds=Fraction(10), is_judged=False, finding="78",
         notes=("The file counts 75 pictures; one is shown.",)),
    refused("tag_before_mp4", "an MP4 behind the tag of a sound file", "mp4",
            Reason.UNSUPPORTED_FORMAT, parts=("mp4",), change=tagged, detail=Finding.TAGGED),
    clip("photograph_first", "a photograph of a telephone, with the seconds around it", "jpg",
         parts=("jpeg", "mp4"), is_judged=False,
         notes=("In front of the video the file holds a still picture",)),
    clip("ftyp_unknown", "an MP4 of an unknown brand", "mp4", parts=("mp4",),
         change=lambda data: data.replace(b"isom", b"zzzz", 1)),
    clip("much_behind", "an MP4 with many more bytes behind its end than in it", "mp4",
         parts=("mp4",), change=lambda data: data + b"\x5a" * 9_000_000,
         notes=("% of the file lies behind the end of the video",)),
    clip("huge_free_box", "an MP4 whose last box promises more than is there", "mp4",
         parts=("mp4",), change=lambda data: data + struct.pack(">I4s", 2**31, b"free")),
)  # fmt: skip
