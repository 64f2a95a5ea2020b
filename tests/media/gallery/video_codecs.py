"""Every codec of pictures there is an encoder for, each in the container it lives in."""

from fractions import Fraction
from typing import Any

from chalicelib.encoding.failures import Reason
from tests.media.gallery.model import Entry, Family, Master
from tests.media.gallery.sequence_ends import dropping, ended
from tests.media.gallery.writing import AAC, ANYTHING, H264, MPEG2, of, silent

clip, refused = of(Family.CODECS)
_X264 = "-c:v libx264 -preset veryfast -crf 18"
_X265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none"
_VP9 = "-c:v libvpx-vp9 -deadline good -cpu-used 5 -b:v 1M"
_FEW_KEYS = "-c:v mpeg4 -q:v 3 -g 110 -sc_threshold 1000000000"
_EACH_SECOND = "keyint=25:min-keyint=25:scenecut=0"
_QUIET = silent()
_CHANGES = "Its picture changes its codec"
# Of 75 pictures: two are held back at each end, and the next four refer to those before it.
_ENDED: dict[str, Any] = {
    "parts": ("hevc_open_gop_mkv",), "numbers": (*range(19), *range(25, 44), *range(50, 75)),
    "notes": ("Not shown are 4 pictures before ends of parts", "before the first key picture"),
}  # fmt: skip


def _h264(name: str, what: str, options: str) -> Entry:
    return clip(f"h264_{name}", f"H.264, {what}", "mkv", f"{_X264} {options} {AAC}")


def _alone(
    name: str, what: str, suffix: str, options: str, master: Master = _QUIET, **facts: object
) -> Entry:
    return clip(name, what, suffix, options, master=master, **facts)


ENTRIES: tuple[Entry, ...] = (
    _h264("baseline", "baseline profile", "-profile:v baseline -pix_fmt yuv420p"),
    _h264("high10", "10 bits", "-pix_fmt yuv420p10le"),
    _h264("high422", "4:2:2 in 10 bits", "-pix_fmt yuv422p10le"),
    _h264("high444", "4:4:4", "-pix_fmt yuv444p"),
    _h264("lossless", "without loss", "-qp 0 -pix_fmt yuv420p"),
    _h264("grey", "brightness alone", "-pix_fmt gray"),
    _h264("slices", "four slices a picture", "-pix_fmt yuv420p -x264-params slices=4"),
    _h264("b_pyramid", "eight B-pictures in a pyramid",
          "-pix_fmt yuv420p -bf 8 -x264-params b-pyramid=normal:b-adapt=0:bframes=8"),
    _h264("intra_refresh", "hardly any key pictures",
          "-pix_fmt yuv420p -x264-params intra-refresh=1:keyint=25"),
    clip("h264_refreshed", "H.264 without key pictures, in three chunks", "mp4",
         f"{_X264} -pix_fmt yuv420p -bf 0 -x264-params intra-refresh=1:keyint=48 {AAC}",
         master=Master(frames=350), finding="63a"),
    _h264("all_intra", "key pictures alone", "-pix_fmt yuv420p -g 1"),
    clip("h264_rgb", "H.264 in RGB", "mkv", f"-c:v libx264rgb -crf 18 {AAC}"),
    clip("hevc", "HEVC", "mp4", f"{_X265} -tag:v hvc1 {AAC}"),
    clip("hevc_10", "HEVC in 10 bits", "mkv", f"{_X265} -pix_fmt yuv420p10le {AAC}"),
    clip("hevc_422_12", "HEVC 4:2:2 in 12 bits", "mkv", f"{_X265} -pix_fmt yuv422p12le {AAC}"),
    clip("hevc_444", "HEVC 4:4:4", "mkv", f"{_X265} -pix_fmt yuv444p {AAC}"),
    clip("hevc_open_gop", "HEVC with open GOPs", "ts",
         f"-c:v libx265 -preset fast -x265-params log-level=none:open-gop=1:keyint=25 {AAC}"),
    _alone("hevc_open_gop_mkv", "HEVC with open GOPs in a Matroska", "mkv",
           f"-c:v libx265 -preset fast -x265-params log-level=none:open-gop=1:{_EACH_SECOND}"),
    *(_alone(f"hevc_ended_{suffix}", f"HEVC with ends of sequences in {what}", suffix, "",
             change=ended(container), finding=f"75{suffix}", **_ENDED)
      for suffix, container, what in (("mkv", "matroska", "a Matroska"), ("mp4", "mp4", "an MP4"),
                                      ("ts", "mpegts", "a TS"))),
    _alone("hevc_ended_bitstream", "HEVC with ends of bitstreams", "mkv", "",
           change=ended("matroska", with_bitstream=True), **_ENDED),
    _alone("hevc_ended_bare", "HEVC with ends of sequences, without a container", "hevc", "",
           change=ended("hevc"), is_judged=False, seconds=Fraction(63, 25), **_ENDED),
    _alone("hevc_open_gop_long", "twelve seconds of HEVC with open GOPs", "mkv",
           f"-c:v libx265 -preset fast -x265-params log-level=none:open-gop=1:{_EACH_SECOND}",
           silent(Master(frames=300))),
    _alone("hevc_ended_late", "HEVC in an MP4 with an end of a sequence after 274 pictures", "mp4",
           "", silent(Master(frames=300)), parts=("hevc_open_gop_long",),
           change=ended("mp4", since=250), numbers=(*range(269), *range(275, 300)),
           notes=("Not shown are 2 pictures before ends of parts",)),
    _alone("hevc_closed_gop", "HEVC with closed GOPs in a Matroska", "mkv",
           f"-c:v libx265 -preset fast -x265-params log-level=none:open-gop=0:{_EACH_SECOND}"),
    _alone("hevc_closed_ended", "HEVC with closed GOPs and ends of sequences", "mkv", "",
           parts=("hevc_closed_gop",), change=ended("matroska")),
    *(_alone(f"hevc_dropping_{suffix}", f"key pictures of HEVC drop others in {what}", suffix, "",
             parts=("hevc_closed_gop",), change=dropping(container),
             numbers=(*range(23), *range(25, 48), *range(50, 75)),
             notes=("Not shown are 4 pictures before ends of parts",))
      for suffix, container, what in (("mkv", "matroska", "a Matroska"), ("mp4", "mp4", "an MP4"))),
    clip("vp9", "VP9", "webm", f"{_VP9} -c:a libopus"),
    clip("vp9_alternate", "VP9 with pictures that are not shown", "webm",
         "-c:v libvpx-vp9 -deadline good -cpu-used 5 -b:v 1M -auto-alt-ref 1 -lag-in-frames 16 "
         "-c:a libvorbis"),
    clip("vp9_10", "VP9 in 10 bits", "webm", f"{_VP9} -pix_fmt yuv420p10le -c:a libopus"),
    clip("vp9_444", "VP9 4:4:4", "webm", f"{_VP9} -pix_fmt yuv444p -c:a libopus"),
    clip("vp8_alternate", "VP8 with pictures that are not shown", "webm",
         "-c:v libvpx -deadline good -cpu-used 5 -b:v 1M -auto-alt-ref 1 -lag-in-frames 16 "
         "-c:a libvorbis"),
    clip("vp8_alpha", "VP8 with an alpha channel", "webm",
         "-c:v libvpx -deadline good -pix_fmt yuva420p -auto-alt-ref 0 -b:v 1M -c:a libopus"),
    clip("av1_svt", "AV1", "mp4", f"-c:v libsvtav1 -preset 12 -crf 20 {AAC}"),
    clip("av1_aom_10", "AV1 in 10 bits", "mkv",
         f"-c:v libaom-av1 -cpu-used 8 -usage realtime -pix_fmt yuv420p10le -b:v 1M {AAC}"),
    clip("mpeg2_422", "MPEG-2 4:2:2", "ts", f"{MPEG2} -pix_fmt yuv422p -c:a mp2"),
    clip("mpeg2_intra", "MPEG-2 key pictures alone", "mov", f"{MPEG2} -g 1 -c:a pcm_s16le"),
    clip("mpeg4_qpel", "MPEG-4 with quarter pixels", "avi",
         "-c:v mpeg4 -q:v 3 -flags +qpel -c:a libmp3lame"),
    clip("mpeg4_xvid_packed", "two pictures of Xvid in a packet, and gaps in between", "avi",
         "-c:v libxvid -bf 2 -b:v 500k -c:a libmp3lame", numbers=tuple(range(73)),
         is_judged=False, tolerance=Fraction(1, 4), finding="51"),
    clip("mpeg4_ts", "MPEG-4 in a transport stream, with a key picture now and then", "ts",
         f"{_FEW_KEYS} -bf 2 -c:a mp2", master=Master(frames=175)),
    clip("mpeg4_ps", "the same in a program stream", "mpg", _FEW_KEYS,
         master=silent(Master(frames=175))),
    clip("mpeg4_xvid", "MPEG-4 of Xvid", "avi", "-c:v libxvid -q:v 3 -c:a libmp3lame"),
    clip("msmpeg4v2", "MPEG-4 of Microsoft, second", "avi",
         "-c:v msmpeg4v2 -q:v 3 -c:a adpcm_ms"),
    clip("msmpeg4v3", "DivX 3", "avi", "-c:v msmpeg4 -q:v 3 -c:a libmp3lame"),
    clip("wmv1", "WMV 7", "asf", "-c:v wmv1 -q:v 3 -c:a wmav1"),
    clip("h261_in_avi", "H.261", "avi",
         "-vf scale=176:144,setsar=1 -c:v h261 -q:v 3 -c:a pcm_s16le"),
    clip("h263_in_avi", "H.263", "avi",
         "-vf scale=176:144,setsar=1 -c:v h263 -q:v 3 -c:a pcm_s16le"),
    clip("h263_plus", "H.263+", "mkv", "-c:v h263p -q:v 3 -c:a libmp3lame"),
    clip("flv1", "Sorenson Spark", "flv", "-c:v flv -q:v 3 -c:a libmp3lame -ar 44100"),
    _alone("flashsv", "Flash screen video", "flv", "-c:v flashsv"),
    _alone("svq1", "Sorenson Video 1", "mov", "-c:v svq1 -q:v 3"),
    _alone("cinepak", "Cinepak", "avi", "-c:v cinepak -q:v 3", most_different=ANYTHING),
    _alone("qtrle", "QuickTime Animation", "mov", "-c:v qtrle"),
    _alone("rpza", "Apple Video", "mov", "-c:v rpza", most_different=ANYTHING),
    _alone("smc", "Apple Graphics", "mov", "-c:v smc",
           most_different=ANYTHING),
    _alone("msvideo1", "Microsoft Video 1", "avi", "-c:v msvideo1", most_different=ANYTHING),
    _alone("zmbv", "a recording of DOSBox", "avi", "-c:v zmbv"),
    _alone("png_in_mov", "PNG pictures", "mov", "-c:v png"),
    _alone("zlib", "LCL ZLIB", "avi", "-c:v zlib"),
    _alone("jpeg2000", "JPEG 2000", "mkv", "-c:v jpeg2000 -q:v 3"),
    _alone("jpegls", "JPEG-LS", "avi", "-c:v jpegls"),
    clip("mjpeg", "JPEG pictures of a camera", "mov", "-c:v mjpeg -q:v 3 -c:a pcm_s16le"),
    _alone("ljpeg", "JPEG without loss", "avi", "-c:v ljpeg -pix_fmt yuvj420p -strict -1"),
    clip("prores_proxy", "ProRes Proxy", "mov", "-c:v prores_ks -profile:v 0 -c:a pcm_s24le"),
    clip("prores_4444", "ProRes 4444 with alpha", "mov",
         "-c:v prores_ks -profile:v 4 -pix_fmt yuva444p10le -c:a pcm_s16le"),
    clip("dnxhr", "DNxHR", "mov",
         "-vf scale=256:144 -c:v dnxhd -profile:v dnxhr_hq -pix_fmt yuv422p -c:a pcm_s16le"),
    clip("cineform", "CineForm", "mov", "-c:v cfhd -c:a pcm_s16le"),
    _alone("hap", "Hap", "mov", "-c:v hap", most_different=ANYTHING),
    clip("ffv1", "FFV1", "mkv", "-c:v ffv1 -level 3 -c:a flac"),
    clip("huffyuv", "HuffYUV", "avi", "-c:v huffyuv -pix_fmt yuv422p -c:a pcm_s16le"),
    _alone("ffvhuff", "HuffYUV of FFmpeg", "avi", "-c:v ffvhuff"),
    _alone("utvideo", "Ut Video", "avi", "-c:v utvideo"),
    _alone("magicyuv", "MagicYUV", "avi", "-c:v magicyuv -pix_fmt yuv420p"),
    clip("rawvideo_avi", "nothing compressed", "avi",
         "-c:v rawvideo -pix_fmt yuv420p -c:a pcm_s16le"),
    _alone("rawvideo_rgb", "nothing compressed, in RGB", "avi", "-c:v rawvideo -pix_fmt bgr24"),
    _alone("rawvideo_uyvy", "nothing compressed, 4:2:2 packed", "mov",
           "-c:v rawvideo -pix_fmt uyvy422"),
    _alone("v210", "10 bits of editing rooms", "mov", "-c:v v210"),
    _alone("r210", "10 bits in RGB", "mov", "-c:v r210"),
    _alone("snow", "Snow", "avi", "-c:v snow -q:v 3 -strict -2", most_different=ANYTHING),
    clip("dirac_vc2", "Dirac as VC-2", "mkv", "-c:v vc2 -strict -1 -pix_fmt yuv420p -c:a flac"),
    _alone("asv1", "ASUS V1", "avi", "-c:v asv1 -q:v 3", most_different=ANYTHING),
    _alone("theora_mkv", "Theora in Matroska", "mkv", "-c:v libtheora -q:v 8"),
    _alone("speedhq", "SpeedHQ of NewTek", "avi", "-c:v speedhq -q:v 3 -pix_fmt yuv422p"),
    _alone("h264_in_avi_pictures", "H.264 with B-pictures in an AVI", "avi", f"{H264} -bf 3"),
    clip("ts_mpeg2_short", "half a second of MPEG-2", "ts",
         f"{MPEG2} -c:a mp2 -output_ts_offset 3", master=Master(frames=12)),
    refused("ts_sound_alone", "a recording of sound from 3 s on", "ts", Reason.AUDIO_ONLY,
            options=f"-vn {AAC} -output_ts_offset 3"),
    clip("codec_changes", "H.264 that goes on as half a second of MPEG-2", "ts",
         parts=("ts", "ts_mpeg2_short"), is_judged=False, finding="76",
         notes=(_CHANGES, "of the pictures could not be read whole.")),
    refused("codec_changes_soon", "H.264 that goes on as MPEG-2 of the same length", "ts",
            Reason.DAMAGED, parts=("ts", "ts_mpeg2_from_3"), detail="of its pictures can be read",
            policy="an administrator accepts a part"),
    clip("ts_mpeg2_from_3", "MPEG-2 from 3 s on", "ts", f"{MPEG2} -c:a mp2 -output_ts_offset 3"),
    refused("picture_becomes_sound", "a picture whose stream goes on as sound", "ts",
            Reason.DAMAGED, parts=("ts", "ts_sound_alone"), finding="77",
            detail="of its pictures can be read", policy="an administrator accepts a part"),
    clip("hd_ladder", "720 lines, for which there are several sizes", "mp4",
         f"{H264} -colorspace bt709 -color_primaries bt709 -color_trc bt709 {AAC}",
         master=Master(width=1280, height=720, frames=50)),
    clip("sd_ladder", "480 lines", "mkv", f"{H264} {AAC}",
         master=Master(width=854, height=480, frames=50)),
)  # fmt: skip
