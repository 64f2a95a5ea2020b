"""One kind of picture and sound in every container, and those that are read without one."""

from fractions import Fraction

from chalicelib.encoding.failures import Finding, Reason
from tests.media.gallery.model import Entry, Family, Master
from tests.media.gallery.program_streams import with_repeated_fields, without_picture_times
from tests.media.gallery.surgery import led_by, sound_unmarked, with_sound_part
from tests.media.gallery.writing import AAC, ANYTHING, H264, MPEG2, of, silent

clip, refused = of(Family.CONTAINERS)
_BOTH = f"{H264} {AAC}"
_MPEG4 = "-c:v mpeg4 -q:v 3 -bf 2"
_DV = "-vf scale=720:576,setsar=16/15 -pix_fmt yuv420p -c:v dvvideo -ar 48000 -ac 2"
_DV_SIZE = "720x576 as DV wants it"
_VP8 = "-c:v libvpx -deadline good -cpu-used 4 -b:v 1M"
_BEHIND = "Behind the video the file holds another one"
_COUNTED = "It stores no times; 25 pictures a second are shown."
# What stores no times is counted differently by every reader; each picture once is right.
_BARE = {"master": silent(), "notes": (_COUNTED,), "is_judged": False, "finding": "44"}
_OF_30 = Master(rate=Fraction(30), frames=60, sound=Fraction(0))
_PULLED_DOWN = Master(rate=Fraction(24_000, 1001), frames=72, height=96, sound=Fraction(0))

ENTRIES: tuple[Entry, ...] = (
    clip("mp4", "MP4 with its index at the end", "mp4", _BOTH, finding="12"),
    clip("mp4_faststart", "MP4 with its index first", "mp4", f"{_BOTH} -movflags +faststart"),
    clip("mp4_fragmented", "a fragment for each key picture", "mp4",
         f"{_BOTH} -g 25 -movflags +frag_keyframe+empty_moov"),
    clip("mp4_fragment_per_picture", "a fragment for each picture", "mp4",
         f"{H264} -movflags +frag_every_frame+empty_moov+default_base_moof", master=silent()),
    clip("mp4_dash", "fragments with an index of segments", "mp4",
         f"{_BOTH} -g 25 -movflags +dash+global_sidx+frag_keyframe"),
    clip("cmaf", "fragments as CMAF has them", "mp4",
         f"{_BOTH} -g 25 -movflags +cmaf+frag_keyframe+delay_moov"),
    clip("smooth_streaming", "ISMV of Smooth Streaming", "ismv", f"{_BOTH} -g 25"),
    *(clip(f"mp4_behind_{kind}", f"an MP4 that begins with a box of kind {kind}", "mp4",
           parts=("mp4_faststart",), change=led_by(kind.encode()), finding="49")
      for kind in ("uuid", "free", "skip", "wide")),
    clip("mov", "QuickTime", "mov", f"{H264} -c:a pcm_s16le"),
    clip("m4v_ipod", "M4V as iPods want it", "m4v", f"{_BOTH} -f ipod"),
    clip("f4v", "MP4 of Flash", "f4v", _BOTH),
    clip("psp", "MP4 of a PSP", "mp4", f"{_BOTH} -f psp"),
    clip("3gp", "3GP of old telephones", "3gp",
         f"-vf scale=176:144,setsar=1 -c:v h263 -q:v 3 {AAC}"),
    clip("3g2", "3G2 with MPEG-4", "3g2", f"{_MPEG4} {AAC}"),
    clip("mkv", "Matroska", "mkv", _BOTH),
    clip("mkv_live", "Matroska that knows no length and no index", "mkv", f"{_BOTH} -live 1"),
    clip("mkv_small_clusters", "a cluster for each picture", "mkv",
         f"{_BOTH} -cluster_time_limit 20"),
    clip("mkv_cues_first", "Matroska with its index first", "mkv",
         f"{_BOTH} -cues_to_front 1 -reserve_index_space 4096"),
    clip("webm", "WebM", "webm", f"{_VP8} -c:a libopus"),
    clip("avi", "AVI", "avi", f"{_MPEG4} -bf 0 -c:a libmp3lame"),
    clip("avi_b_pictures", "MPEG-4 with B-pictures in an AVI", "avi", f"{_MPEG4} -c:a libmp3lame"),
    clip("avi_pcm", "AVI with PCM sound, as cameras write it", "avi",
         "-c:v mjpeg -q:v 3 -c:a pcm_s16le", finding="36"),
    clip("avi_pcm_mono", "AVI with 8 bits of one channel", "avi",
         "-c:v mjpeg -q:v 3 -c:a pcm_u8 -ac 1 -ar 11025", finding="36"),
    clip("avi_unmarked_sound", "AVI whose index marks no sound, as GStreamer writes it", "avi",
         parts=("avi_pcm",), change=sound_unmarked, finding="72"),
    clip("ts", "MPEG-TS", "ts", _BOTH),
    clip("m2ts", "MPEG-TS of Blu-ray, 192 bytes a packet", "m2ts", f"{H264} -c:a ac3"),
    clip("ts_latm", "MPEG-TS with AAC in LATM", "ts", f"{_BOTH} -mpegts_flags +latm"),
    clip("mpg", "MPEG-1 system stream", "mpg", "-c:v mpeg1video -q:v 2 -c:a mp2"),
    clip("ps_mpeg2", "MPEG-2 program stream", "mpg", f"{MPEG2} -c:a mp2 -f svcd"),
    clip("vob", "VOB of a DVD", "vob", f"{MPEG2} -bf 2 -c:a ac3"),
    clip("vob_cut", "a VOB that begins in the middle of a pack", "vob", parts=("vob",),
         change=lambda data: data[len(data) // 3 + 1 :], numbers=None, seconds=Fraction(2),
         tolerance=Fraction(1, 2), beeps=None, is_judged=False, finding="49"),
    clip("ps_without_times", "a program stream that says nowhere when pictures come", "mpg",
         f"{MPEG2} -bf 2 -f svcd", change=without_picture_times, **{**_BARE, "finding": "73"}),
    clip("pulled_down_fields", "pictures that say which fields are repeated", "m2v",
         f"{MPEG2} -bf 0 -vf settb=1001/30000,setpts=N -r 30000/1001",
         change=with_repeated_fields, is_judged=False, master=_PULLED_DOWN, finding="79"),
    clip("ps_repeated_fields_without_times", "the same in a program stream without times", "mpg",
         "-c copy -f svcd", source="pulled_down_fields", change=without_picture_times,
         master=_PULLED_DOWN, is_judged=False, finding="74",
         notes=("It stores no times; 23.976 pictures a second are shown.",)),
    refused("ps_without_times_of_pictures", "one that says when its sound comes alone", "mpg",
            Reason.UNSUPPORTED_FORMAT, parts=("ps_mpeg2",), change=without_picture_times,
            detail=Finding.UNTIMED, policy="nothing says how picture and sound go together"),
    clip("ps_h264", "H.264 in a program stream", "vob", f"{H264} -c:a ac3", finding="51"),
    clip("ts_two_programs", "a program with the film behind another one", "ts",
         "-f lavfi -i color=red:s=96x54:r=25:d=3 -f lavfi -i sine=f=3000:d=3 "
         f"-map 1:v -map 2:a -map 0:v -map 0:a {_BOTH} "
         "-program program_num=1:st=0:st=1 -program program_num=2:st=2:st=3",
         video=1, audio=1, finding="50"),
    clip("flv", "Flash Video with H.264", "flv", _BOTH),
    clip("asf", "ASF", "asf", "-c:v msmpeg4 -q:v 3 -c:a wmav2"),
    clip("wmv", "WMV as Windows Media wrote it", "wmv", "-c:v wmv2 -q:v 3 -c:a wmav2"),
    clip("ogv", "Ogg with Theora and Vorbis", "ogv", "-c:v libtheora -q:v 8 -c:a libvorbis"),
    clip("mxf", "MXF with MPEG-2 and PCM", "mxf", f"{MPEG2} -c:a pcm_s16le"),
    clip("mxf_opatom", "MXF of an editing room, picture alone", "mxf",
         "-vf scale=1280:720 -an -c:v dnxhd -b:v 75M -pix_fmt yuv422p -f mxf_opatom",
         master=silent(), most_different=ANYTHING),
    clip("gxf", "GXF of broadcasters", "gxf", options=
         "-vf scale=720:576 -c:v mpeg2video -q:v 2 -c:a pcm_s16le -ac 1"),
    clip("nut", "NUT", "nut", _BOTH, finding="44"),
    clip("ivf", "IVF with VP8", "ivf", _VP8, master=silent(), finding="44"),
    clip("ivf_twice", "two IVF one after the other", "ivf", parts=("ivf", "ivf"), master=silent(),
         is_judged=False, notes=(_BEHIND,)),
    clip("avi_twice", "two AVI one after the other", "avi", parts=("avi", "avi"), is_judged=False,
         notes=(_BEHIND,)),
    clip("avi_twice_without_index", "two AVI one after the other, the first without an index",
         "avi", parts=("avi_without_index", "avi"), numbers=(*range(75), *range(75)),
         seconds=Fraction(6), beeps=None, is_judged=False, tolerance=Fraction(1, 5)),
    clip("avi_twice_without_length", "two AVI one after the other, the first with a length of 0",
         "avi", parts=("avi",), change=lambda data: data[:4] + bytes(4) + data[8:] + data,
         numbers=(*range(75), *range(75)), seconds=Fraction(6), beeps=None, is_judged=False,
         tolerance=Fraction(1, 5)),
    clip("avi_twice_aligned", "two AVI with zeros in between", "avi", parts=("avi",),
         change=lambda data: data + bytes(2048) + data, is_judged=False, notes=(_BEHIND,)),
    clip("y4m", "YUV4MPEG, nothing compressed", "y4m", "", master=silent(), finding="44"),
    clip("gif", "a GIF that moves", "gif", "-vf split[a][b];[a]palettegen[p];[b][p]paletteuse",
         master=silent(), finding="44"),
    clip("apng", "a PNG that moves", "apng", "", master=silent(), finding="44"),
    clip("dv", "raw DV of a camcorder", "dv", _DV, finding="44"),
    clip("dv_america", "raw DV of an American camcorder", "dv", "-vf scale=720:480,setsar=8/9 "
         "-r 30000/1001 -pix_fmt yuv411p -c:v dvvideo -ar 48000 -ac 2", numbers=None, rate=None),
    clip("dv_of_both", "one television system after the other", "dv", parts=("dv", "dv_america"),
         is_judged=False, notes=(_BEHIND,)),
    clip("dv_in_avi", "DV in an AVI", "avi", f"{_DV} -c:a pcm_s16le"),
    clip("dv_in_mov", "DV in QuickTime", "mov", f"{_DV} -c:a pcm_s16le"),
    clip("h264_bare", "H.264 without a container", "h264", f"{H264} -bf 3", **_BARE),
    clip("hevc_bare", "HEVC without a container", "hevc",
         "-c:v libx265 -preset ultrafast -x265-params log-level=none", **_BARE),
    clip("m2v", "MPEG-2 without a container", "m2v", f"{MPEG2} -bf 2", **_BARE),
    *(clip(f"{suffix}_of_30", f"{what} of 30 pictures a second", suffix, options,
           **{**_BARE, "master": _OF_30, "finding": f"80{suffix}",
              "notes": ("It stores no times; 30 pictures a second are shown.",)})
      for suffix, what, options in (("h264", "H.264", H264), ("m2v", "MPEG-2", MPEG2))),
    clip("m1v", "MPEG-1 without a container", "m1v", "-c:v mpeg1video -q:v 2", **_BARE),
    clip("m4v_bare", "MPEG-4 without a container", "m4v", f"{_MPEG4} -f m4v", **_BARE),
    clip("obu", "AV1 without a container", "obu",
         "-c:v libsvtav1 -preset 12 -crf 20", **_BARE),
    clip("mjpeg_bare", "JPEGs one after the other", "mjpeg", "-c:v mjpeg -q:v 3",
         master=silent()),
    clip("multipart_jpegs", "JPEGs as a web camera sends them", "mjpg", "-c:v mjpeg -q:v 3 "
         "-f mpjpeg", master=silent(), is_judged=False, notes=(_COUNTED,), finding="57"),
    refused("multipart_jpegs_and_sound", "the same with sound in between", "mjpg",
            Reason.UNSUPPORTED_FORMAT, parts=("multipart_jpegs",), detail=Finding.SOUND_BETWEEN,
            change=with_sound_part, policy="libavformat stops at the first sound"),
    clip("amv", "AMV of small players", "amv", "-vf scale=160:120,setsar=1 -c:v amv -strict -1 "
         "-c:a adpcm_ima_amv -ar 22050 -ac 1 -block_size 882", finding="57"),
    clip("h263_bare", "H.263 without a container", "h263",
         "-vf scale=176:144 -c:v h263 -q:v 3", master=silent(), is_judged=False),
    clip("dnxhd_bare", "DNxHD without a container", "dnxhd",
         "-vf scale=1280:720 -c:v dnxhd -b:v 75M -pix_fmt yuv422p", master=silent(),
         most_different=ANYTHING),
    clip("roq", "ROQ of games", "roq", "-vf scale=128:128 -r 30 -c:v roqvideo -c:a roq_dpcm "
         "-ar 22050", rate=30, numbers=None),
    refused("realmedia", "RealMedia", "rm", Reason.UNSUPPORTED_FORMAT,
            options="-vf scale=176:144 -c:v rv20 -q:v 3 -c:a ac3", detail=Finding.REAL_MEDIA,
            policy="named as not accepted"),
    refused("webp_animated", "a WebP that moves", "webp", Reason.UNSUPPORTED_FORMAT,
            options="-lossless 1 -loop 0", master=silent(), detail=Finding.WEBP,
            policy="named as not accepted"),
    refused("wtv", "a recording of Windows TV", "wtv", Reason.UNSUPPORTED_FORMAT,
            options=f"{MPEG2} -c:a mp2", detail=Finding.WINDOWS_TV,
            policy="named as not accepted"),
    refused("swf", "Flash", "swf", Reason.UNSUPPORTED_FORMAT,
            options="-c:v flv -q:v 3 -c:a libmp3lame -ar 44100", detail=Finding.FLASH,
            policy="named as not accepted"),
)  # fmt: skip
