"""Every codec of sound, every layout and rate, and sound that does not lie under the picture."""

from fractions import Fraction
from pathlib import Path

from chalicelib.encoding.failures import Reason
from tests.media.gallery.constant_rates import declared_constant
from tests.media.gallery.files import master_of, run
from tests.media.gallery.model import Entry, Family, Master
from tests.media.gallery.writing import AAC, H264, of
from transcoder.ffmpeg.opening import ffmpeg as own_build

clip, refused = of(Family.AUDIO)
_TWICE = tuple(range(75)) * 2
_SIX_BEEPS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
_SURROUND, _TRUEHD = Master(channels="5.1"), ("-c:a", "truehd", "-strict", "-2")
_PART = {"suffix": "ts"}
_UNMIXED = "its channels cannot be mixed; only the first ones are heard."
_ONE = "its channels cannot be mixed; only the first one is heard."
_SIXTEEN = "|".join("0" * 16)
# Of 200 pictures.
_PICTURES_PAUSE = "noise=drop=between(n\\,50\\,149)"
_SOUND_PAUSES = "noise=drop=between(pts*tb\\,1.99\\,5.99)"
_LATE = (("aac", "AAC"), ("mp2", "MP2"), ("ac3", "AC-3"))
_PARTS = "Its clock starts again"


def _sound(name: str, what: str, options: str, suffix: str = "mkv", **facts: object) -> Entry:
    return clip(f"sound_{name}", what, suffix, f"{H264} {options}", **facts)


def _constant(name: str, what: str, bytes_a_second: int) -> Entry:
    return _sound(name, what, "-bf 0 -c:a libmp3lame -q:a 2", "avi", finding=f"byte times {name}",
                  change=declared_constant(bytes_a_second), is_judged=False,
                  notes=("its frames were counted",))  # fmt: skip


def _channels(layout: str, codec: str, suffix: str = "mkv") -> Entry:
    return _sound(f"{codec}_{layout.replace('.', '')}", f"{layout} in {codec}", f"-c:a {codec}"
                  " -strict -2", suffix, master=Master(channels=layout))  # fmt: skip


def _truehd_of_today(path: Path) -> None:
    source = str(master_of(_SURROUND, path.parent))
    run(["-i", source, *H264.split(), *_TRUEHD, str(path)], program=own_build())


def _joined(name: str, what: str, first: str, second: str, **facts: object) -> Entry:
    return clip(name, what, "ts", parts=(first, second), finding=name[-3:],
                seconds=Fraction(6), numbers=_TWICE, beeps=_SIX_BEEPS, **facts)  # fmt: skip


# The second of two recordings goes on where the first ends; neither begins below zero.
_FIRST, _LATER = "-output_ts_offset 10", "-output_ts_offset 13"

ENTRIES: tuple[Entry, ...] = (
    _sound("aac_8k", "AAC, 8 kHz", "-c:a aac -ar 8000 -ac 1", "mp4"),
    _sound("aac_96k", "AAC, 96 kHz", "-c:a aac -ar 96000", "mp4"),
    _sound("aac_in_avi", "AAC in an AVI", "-c:a aac -bf 0", "avi"),
    _sound("mp3_22k", "MP3, 22 kHz, one channel", "-c:a libmp3lame -ar 22050 -ac 1"),
    _sound("mp3_vbr_avi", "MP3 that varies, in an AVI", "-bf 0 -c:a libmp3lame -q:a 2", "avi"),
    _constant("mp3_vbr_as_constant", "MP3 that varies, declared as constant", 5_000),
    _constant("mp3_vbr_as_128k", "MP3 that varies, declared as 128 kbit/s", 16_000),
    _sound("mp2", "MP2", "-c:a mp2", "ts"),
    _sound("vorbis", "Vorbis", "-c:a libvorbis"),
    _sound("opus_in_mp4", "Opus in MP4", "-c:a libopus", "mp4"),
    _sound("opus_in_ts", "Opus in MPEG-TS", "-c:a libopus", "ts"),
    _sound("flac", "FLAC, 24 bits", "-c:a flac -sample_fmt s32"),
    _sound("flac_in_mp4", "FLAC in MP4", "-c:a flac -strict -2", "mp4"),
    _sound("alac", "ALAC", "-c:a alac", "mov"),
    _sound("tta", "TTA", "-c:a tta"),
    _sound("wavpack", "WavPack", "-c:a wavpack"),
    _sound("ac3", "AC-3", "-c:a ac3", "ts"),
    _sound("eac3", "E-AC-3", "-c:a eac3", "mp4"),
    _sound("dts", "DTS", "-c:a dca -strict -2", "ts"),
    _sound("mlp", "MLP", "-c:a mlp -strict -2", finding="41c"),
    _sound("truehd", "TrueHD, stereo", "-c:a truehd -strict -2", finding="41c"),
    _sound("truehd_m2ts", "TrueHD as on Blu-ray", "-c:a truehd -strict -2", "m2ts", finding="41c"),
    _sound("pcm_bluray", "PCM of Blu-ray", "-c:a pcm_bluray", "m2ts"),
    _sound("pcm_dvd", "PCM of a DVD", "-c:v mpeg2video -q:v 2 -c:a pcm_dvd", "vob",
           has_pitch=False),
    _sound("s302m", "PCM of broadcasters", "-c:a s302m -strict -2", "ts"),
    _sound("pcm_192k", "PCM, 192 kHz, 24 bits", "-c:a pcm_s24le -ar 192000", "mov"),
    _sound("pcm_f32", "PCM of floats", "-c:a pcm_f32le"),
    _sound("pcm_f64", "PCM of long floats", "-c:a pcm_f64le"),
    _sound("pcm_s16be", "PCM of old Macs", "-c:a pcm_s16be", "mov"),
    _sound("pcm_u8", "PCM, 8 bits", "-bf 0 -c:a pcm_u8 -ar 11025", "avi"),
    _sound("alaw", "A-law", "-c:a pcm_alaw -ar 8000 -ac 1", "mov"),
    _sound("mulaw", "mu-law", "-bf 0 -c:a pcm_mulaw -ar 8000 -ac 1", "avi"),
    _sound("adpcm_ima_qt", "ADPCM of QuickTime", "-c:a adpcm_ima_qt", "mov"),
    _sound("adpcm_ima_wav", "ADPCM of IMA", "-bf 0 -c:a adpcm_ima_wav", "avi", finding="36"),
    _sound("adpcm_ms", "ADPCM of Microsoft", "-bf 0 -c:a adpcm_ms", "avi", finding="36"),
    _sound("adpcm_swf", "ADPCM of Flash", "-c:a adpcm_swf -ar 44100", "flv"),
    _sound("nellymoser", "Nellymoser of Flash", "-c:a nellymoser -ar 44100 -ac 1", "flv",
           has_pitch=False),
    _sound("speex", "Speex", "-c:a libspeex -ar 16000 -ac 1", has_pitch=False),
    _sound("gsm_ms", "GSM in an AVI", "-bf 0 -c:a libgsm_ms -ar 8000 -ac 1", "avi"),
    _sound("g722", "G.722", "-c:a g722 -ar 16000 -ac 1", "mkv"),
    _sound("wmav2", "WMA", "-bf 0 -c:a wmav2", "asf"),
    _sound("real_144", "RealAudio 1 in Matroska", "-c:a real_144 -ar 8000 -ac 1", has_pitch=False),
    _channels("mono", "aac", "mp4"),
    _channels("5.1", "aac", "mp4"),
    _channels("7.1", "aac"),
    _channels("5.1", "ac3", "ts"),
    _channels("5.1", "eac3", "ts"),
    _channels("5.1", "dca"),
    _sound("opus_51", "5.1 in Opus", "-c:a libopus -mapping_family 1",
           master=Master(channels="5.1")),
    _channels("5.1", "flac"),
    _sound("ambisonic", "ambisonics of a 360 camera", "-c:a libopus -mapping_family 2",
           master=Master(channels="4.0"), notes=(_ONE,), is_judged=False),
    _sound("rear_pair", "a pair of channels that are not in front",
           "-af 'channelmap=0|1:channel_layout=SL+SR' -c:a pcm_s16le", "mov", notes=(_UNMIXED,),
           is_judged=False),
    _sound("nine_channels", "more channels than have a layout",
           "-af 'asplit=9[a][b][c][d][e][f][g][h][i];[a][b][c][d][e][f][g][h][i]amerge=9'"
           " -c:a pcm_s16le", master=Master(channels="mono"), notes=(_UNMIXED,),
           is_judged=False),
    _sound("sixteen_channels", "as many channels as a sound desk has, without a layout",
           f"-af 'channelmap={_SIXTEEN}:channel_layout=hexadecagonal' -c:a pcm_s16le", "mov",
           master=Master(channels="mono"),
           notes=("some of its channels (hexadecagonal) are not heard",), is_judged=False),
    refused("sound_truehd_51", "5.1 in TrueHD as FFmpeg 5.1 writes it, without restart headers",
            "mkv", Reason.DAMAGED, options=f"{H264} {' '.join(_TRUEHD)}", master=_SURROUND,
            detail="Only 0% of its sound can be read.", finding="41",
            policy="no later FFmpeg decodes it, and an administrator may accept it without sound"),
    _sound("truehd_51_of_today", "5.1 in TrueHD as the FFmpeg of the product writes it", "",
           master=_SURROUND, write=_truehd_of_today),
    _channels("7.1", "pcm_s16le", "mov"),
    _channels("5.1", "libvorbis"),
    _sound("none", "no sound at all", "-an", "mp4", master=Master(sound=Fraction(0))),
    _sound("two_languages", "two tracks", f"-map 0:v -map 0:a -map 0:a {AAC} "
           "-metadata:s:a:0 language=ger -metadata:s:a:1 language=eng", tracks=2),
    clip("second_later", "two tracks, the second begins half a second later", "mkv",
         f"-itsoffset 0.5 -i {{input}} -map 0:v -map 0:a -map 1:a {H264} {AAC}",
         seconds=Fraction(7, 2), tracks=2, beeps=None),
    _sound("shorter", "sound that ends before the picture", AAC, "mp4",
           master=Master(sound=Fraction(2))),
    _sound("longer", "sound that goes on after the picture", AAC, "mp4",
           master=Master(sound=Fraction(5)), notes=("The last picture is held",)),
    _sound("of_one_picture", "30 s of sound with one picture", AAC, "mp4",
           master=Master(frames=1, sound=Fraction(30)), finding="cover", rate=None,
           notes=("It holds one picture.", "The last picture is held")),
    clip("sound_pauses_mp4", "an MP4 that pauses for 4 s, in picture and sound", "mp4",
         f"{H264} -bf 0 -g 25 -sc_threshold 0 {AAC}"
         f" -bsf:v '{_PICTURES_PAUSE}' -bsf:a '{_SOUND_PAUSES}'",
         finding="pause",
         master=Master(frames=200), numbers=(*range(50), *range(150, 200)),
         beeps=(0.0, 1.0, 2.0, 6.0, 7.0),
         notes=("Where sound is missing in the source, 100 pictures",)),
    clip("sound_later", "sound that begins 1.5 s after the picture", "mkv",
         f"-itsoffset 1.5 -i {{input}} -map 0:v -map 1:a {H264} {AAC}", seconds=Fraction(9, 2),
         beeps=(1.5, 2.5, 3.5)),
    clip("sound_earlier_41d", "a picture that begins 1.5 s after the sound", "mkv",
         f"-itsoffset 1.5 -i {{input}} -map 1:v -map 0:a {H264} {AAC}", seconds=Fraction(9, 2),
         begins_with_sound=True, finding="41d", tolerance=Fraction(2, 25)),
    clip("sound_earlier_ts", "a recording whose picture begins 0.1 s after the sound", "ts",
         f"-itsoffset 0.1 -i {{input}} -map 1:v -map 0:a {H264} {AAC}", beeps=(0.9, 1.9)),
    _sound("gap", "sound with a hole of a second",
           "-af 'aselect=not(between(t\\,0.5\\,1.5))' -c:a ac3", beeps=(0.0, 2.0)),
    clip("part_48k", "a recording at 48 kHz",
         options=f"{H264} -c:a mp2 -ar 48000 {_FIRST}", **_PART),
    clip("part_44k", "one that goes on at 44.1 kHz",
         options=f"{H264} -c:a mp2 -ar 44100 {_LATER}", **_PART),
    clip("part_stereo", "a recording in stereo", options=f"{H264} -c:a ac3 {_FIRST}", **_PART),
    clip("part_stereo_later", "one that goes on in stereo",
         options=f"{H264} -c:a ac3 {_LATER}", **_PART),
    clip("part_surround", "a recording in 5.1", options=f"{H264} -c:a ac3 -ac 6 {_FIRST}", **_PART),
    clip("part_surround_later", "one that goes on in 5.1",
         options=f"{H264} -c:a ac3 -ac 6 {_LATER}", **_PART),
    clip("part_mono", "a recording in mono", options=f"{H264} -c:a aac -ac 1 {_FIRST}", **_PART),
    clip("part_stereo_aac_later", "one that goes on in stereo",
         options=f"{H264} -c:a aac -ac 2 {_LATER}", **_PART),
    _joined("rate_changes_41a", "48 kHz, then 44.1", "part_48k", "part_44k", is_judged=False),
    _joined("stereo_then_surround_41b", "stereo, then 5.1", "part_stereo", "part_surround_later"),
    _joined("surround_then_stereo_41b", "5.1, then stereo", "part_surround", "part_stereo_later"),
    _joined("mono_then_stereo_41b", "mono, then stereo", "part_mono", "part_stereo_aac_later"),
    *(clip(f"ts_from_3_{codec}", f"a recording with {what} from 3 s on", "ts",
           f"{H264} -bf 0 -c:a {codec} -output_ts_offset 3") for codec, what in _LATE),
    *(clip(f"sound_after_3_{codec}", f"one whose tables name {what} after 3 s", "ts",
           parts=("ts_from_0", f"ts_from_3_{codec}"), seconds=Fraction(6), numbers=_TWICE,
           beeps=(3.0, 4.0, 5.0), finding=f"75{codec}",
           notes=("Sound track 1: it begins after 3.0 s; it is silent until then.",))
      for codec, what in _LATE),
    clip("rate_and_clock_change", "44.1 kHz after 48, and the clock starts again", "ts",
         parts=("part_44k", "part_48k"), finding="41a",
         seconds=Fraction(6), numbers=_TWICE, beeps=_SIX_BEEPS, notes=(_PARTS,), is_judged=False),
)  # fmt: skip
