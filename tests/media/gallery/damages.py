"""What accidents leave: broken off, zeroed, flipped, lost, and with something else around it."""

from fractions import Fraction

from chalicelib.encoding.failures import Reason
from tests.media.gallery.model import Entry, Family, Master
from tests.media.gallery.surgery import (
    before,
    behind,
    cut,
    first_picture_wiped,
    flipped,
    without,
    without_cluster,
    without_packets,
    zeroed,
)
from tests.media.gallery.writing import AAC, H264, of, silent

clip, refused = of(Family.DAMAGE)
_HALF = {
    "change": cut(0.5), "numbers": None, "seconds": Fraction(3, 2), "tolerance": Fraction(3, 4),
    "is_damaged": True, "beeps": None, "has_pitch": False,
}  # fmt: skip
_DAMAGED = {
    "numbers": None, "is_damaged": True, "beeps": None, "has_pitch": False,
    "tolerance": Fraction(1, 5),
}  # fmt: skip
# What the header claims, and what the file shows to be behind its end.
_CLAIMED, _CUT_OFF = ("are there.",), (" s; the rest is missing.",)
_SIX_SECONDS = Master(frames=150)
_H263 = "-vf scale=176:144 -c:v h263 -q:v 3"
# Large, with key pictures every half second.
_LARGE = "-vf noise=alls=9:allf=t -c:v libx264 -preset veryfast -pix_fmt yuv420p -qp 4 -bf 3 -g 12"
_LARGE_HEVC = "-c:v libx265 -preset ultrafast -x265-params log-level=none:qp=4:keyint=12"
_WITHOUT_FIRST = "-bsf:v noise=drop=not(n)"
_CUT = (
    ("mp4", "an MP4 with its index first", f"{H264} {AAC} -movflags +faststart", 95),
    ("mkv", "a Matroska", f"{H264} {AAC}", 95),
    # The last twentieth is its index.
    ("avi", "an AVI", "-c:v mpeg4 -q:v 3 -c:a libmp3lame", 90),
)
_BARE = (("h264", "H.264", _LARGE), ("hevc", "HEVC", _LARGE_HEVC))


def _broken(name: str, what: str, suffix: str, part: str, **facts: object) -> Entry:
    return clip(f"half_{name}", f"half of {what}", suffix, parts=(part,), **{**_HALF, **facts})


def _hurt(name: str, what: str, suffix: str, part: str, **facts: object) -> Entry:
    return clip(name, what, suffix, parts=(part,), **{**_DAMAGED, **facts})


def _halved(name: str, what: str, suffix: str, **facts: object) -> Entry:
    return refused(f"half_{name}", f"half of {what}", suffix, Reason.DAMAGED, parts=(name,),
                   change=cut(0.5), policy="an administrator accepts a part", **facts)  # fmt: skip


ENTRIES: tuple[Entry, ...] = (
    _halved("mp4_faststart", "an MP4 with its index first", "mp4", finding="37"),
    _halved("mp4_fragmented", "a fragmented MP4", "mp4"),
    _halved("mkv", "a Matroska", "mkv"),
    _halved("webm", "a WebM", "webm"),
    clip("cluster_lost", "a Matroska without some tenths of a second", "mkv",
         f"{H264} -bf 0 -g 18 -sc_threshold 0 {AAC} -cluster_time_limit 700",
         change=without_cluster(1), numbers=None, beeps=(0.0, 2.0), finding="85",
         notes=("Where sound is missing in the source, 18 pictures are missing as well.",
                "Sound track 1: 0.7 s are missing in the source")),
    _halved("avi", "an AVI", "avi"),
    _broken("ts", "a TS", "ts", "ts"),
    _broken("mpg", "a program stream", "mpg", "mpg", tolerance=Fraction(1)),
    _broken("flv", "an FLV", "flv", "flv", notes=_CLAIMED),
    _broken("ogv", "an Ogg", "ogv", "ogv"),
    _halved("wmv", "a WMV", "wmv"),
    _halved("mxf", "an MXF", "mxf"),
    _broken("nut", "a NUT", "nut", "nut"),
    _broken("dv", "a raw DV", "dv", "dv"),
    _broken("h264_bare", "a bare H.264", "h264", "h264_bare", tracks=0),
    _broken("m2v", "a bare MPEG-2", "m2v", "m2v", tracks=0),
    *(clip(f"{suffix}_whole", f"six seconds of {what}", suffix, options, master=_SIX_SECONDS)
      for suffix, what, options, _ in _CUT),
    *(refused(f"{suffix}_60_percent", f"60 % of {what}", suffix, Reason.DAMAGED,
              parts=(f"{suffix}_whole",), change=cut(0.6), detail="% of its pictures and ",
              policy="an administrator accepts a part") for suffix, what, _, _ in _CUT),
    *(_hurt(f"{suffix}_{percent}_percent", f"{percent} % of {what}", suffix, f"{suffix}_whole",
            change=cut(percent / 100), seconds=Fraction(11, 2), tolerance=Fraction(2, 5),
            notes=_CUT_OFF) for suffix, what, _, percent in _CUT),
    refused("half_mp4", "half of an MP4 whose index is at the end", "mp4", Reason.CORRUPT,
            parts=("mp4",), change=cut(0.5)),
    clip("cut_fragment", "a fragmented MP4 that is cut in the header of a fragment", "mp4",
         parts=("fragments_of_each_second",),
         change=lambda data: data[: data.index(b"moof", len(data) * 3 // 5) + 20],
         numbers=tuple(range(48)), seconds=Fraction(48, 25), beeps=(0, 1), is_judged=False,
         notes=("The file breaks off or is damaged",)),
    refused("without_index", "an MP4 without its index", "mp4", Reason.CORRUPT, parts=("mp4",),
            change=without(b"moov")),
    refused("without_media", "an MP4 of which only the index is left", "mp4", Reason.CORRUPT,
            Reason.NO_FRAMES, parts=("mp4",), change=without(b"mdat")),
    refused("head_alone", "the first 200 bytes of an MP4", "mp4", Reason.CORRUPT,
            Reason.NO_FRAMES, parts=("mp4_faststart",), change=lambda data: data[:200]),
    _hurt("zeroed_middle_mp4", "an MP4 with a zeroed middle", "mp4", "mp4_faststart",
          change=zeroed(0.5, 0.54), finding="43"),
    _hurt("zeroed_middle_mkv", "a Matroska with a zeroed middle", "mkv", "mkv_small_clusters",
          change=zeroed(0.5, 0.54), finding="43"),
    _hurt("zeroed_middle_ts", "a TS with a zeroed middle", "ts", "ts", change=zeroed(0.5, 0.54),
          finding="43"),
    *(refused(f"hole_{part}", f"zeros for more than a third of {what}", suffix, Reason.DAMAGED,
              parts=(part,), change=zeroed(0.4, 0.78), policy="an administrator accepts a part")
      for part, what, suffix in (("mkv_small_clusters", "a Matroska", "mkv"), ("ts", "a TS", "ts"),
                                 ("flv", "an FLV", "flv"))),
    *(refused(f"zeros_from_the_middle_{part}", f"zeros in the second half of {what}", suffix,
              Reason.DAMAGED, parts=(part,), change=zeroed(0.5, 1),
              policy="an administrator accepts a part")
      for part, what, suffix in (("mkv_small_clusters", "a Matroska", "mkv"), ("ts", "a TS", "ts"),
                                 ("flv", "an FLV", "flv"), ("avi", "an AVI", "avi"),
                                 ("mp4_faststart", "an MP4", "mp4"),
                                 ("fragments_of_each_second", "a fragmented MP4", "mp4"))),
    refused("hole_fragments", "zeros between the fragments of an MP4", "mp4", Reason.DAMAGED,
            parts=("fragments_of_each_second",), change=zeroed(0.4, 0.75),
            policy="players read no further, and an administrator accepts a part"),
    # Other decoders read it in file order, and show what follows too early.
    *(_hurt(f"hole_{part}", f"zeros for a tenth of {what}", "avi", part, is_judged=False,
            change=zeroed(0.5, 0.6), notes=("The file has zeros between",))
      for part, what in (("avi", "an AVI"), ("avi_pcm", "an AVI with PCM sound"))),
    *(clip(f"{codec}_bare_large", f"a large bare {what}", codec, options, master=silent(),
           is_judged=False) for codec, what, options in _BARE),
    *(_hurt(f"hole_{codec}_bare", f"zeros for a tenth of a bare {what}", codec,
            f"{codec}_bare_large", change=zeroed(0.5, 0.6), is_judged=False, tracks=0,
            tolerance=Fraction(1), notes=("The file has zeros at",)) for codec, what, _ in _BARE),
    *(refused(f"hole_large_{codec}_bare", f"zeros for more than a third of a bare {what}", codec,
              Reason.DAMAGED, parts=(f"{codec}_bare_large",), change=zeroed(0.4, 0.78),
              policy="an administrator accepts a part") for codec, what, _ in _BARE),
    *(refused(f"zeros_from_the_middle_{codec}_bare", f"zeros in the second half of a bare {what}",
              codec, Reason.DAMAGED, parts=(f"{codec}_bare_large",), change=zeroed(0.5, 1),
              policy="an administrator accepts a part") for codec, what, _ in _BARE),
    # The index of these is wrong then, as libavformat counts its positions.
    clip("avi_pcm_first_lost", "an AVI of JPEG without its first picture", "avi",
         parts=("avi_pcm",), change=first_picture_wiped, numbers=tuple(range(1, 75)),
         seconds=Fraction(74, 25), beeps=None,
         notes=("Missing is one picture that the index lists",)),
    # One picture too early: docs/limits.md.
    _hurt("avi_first_key_lost", "an AVI with B-pictures without its first key picture", "avi",
          "avi_b_pictures", change=first_picture_wiped, seconds=Fraction(65, 25), is_judged=False,
          notes=("Missing is one picture that the index lists", "not shown are 9 pictures")),
    clip("xvid_packed_first_key_lost", "two pictures of Xvid in a packet, and no first key one",
         "avi", f"-c copy {_WITHOUT_FIRST}", source="mpeg4_xvid_packed", numbers=None, beeps=None,
         is_judged=False, tolerance=Fraction(1, 4), notes=("not shown are 11 pictures",)),
    _hurt("zeros_after_ts", "a TS with zeros at its end", "ts", "ts",
          change=lambda data: data + bytes(6000), notes=("The file has zeros from",)),
    _hurt("lost_packets_ts", "a TS of which 0.5 % of the packets are lost", "ts", "ts",
          change=without_packets(0.005), finding="43"),
    _hurt("lost_packets_mpeg2", "an MPEG-2 recording with lost packets", "ts", "interlaced_mpeg2",
          change=without_packets(0.005), finding="43"),
    _hurt("flipped_mp4", "an MP4 with flipped bits", "mp4", "mp4", finding="43",
          change=flipped(0.0001, begin=0.1, end=0.9)),
    _hurt("flipped_mkv", "a Matroska with flipped bits", "mkv", "mkv_small_clusters", finding="43",
          change=flipped(0.0001)),
    _hurt("flipped_ts", "a TS with flipped bits", "ts", "ts", change=flipped(0.0001), finding="43"),
    # No decoder complains of damaged VP8; FFmpeg's own shows something else with each number of
    # threads. The 22 pictures that libvpx shows broken are shown, and the report vouches for none.
    _hurt("flipped_vp8", "VP8 with flipped bits", "ivf", "ivf", change=flipped(0.0005),
          tracks=0, finding="42", decoder="libvpx",
          notes=("In this codec not all damage can be measured",
                 "Times were wrong in one place")),
    # FFmpeg's own decoder shows 55 of 75 pictures otherwise than they were and says nothing; libvpx
    # refuses 59, that of Debian as well.
    refused("flipped_vp9", "VP9 with flipped bits", "webm", Reason.DAMAGED, parts=("vp9",),
            change=flipped(0.0005), finding="42"),
    _hurt("flipped_hevc", "HEVC with flipped bits", "mkv", "hevc_10", change=flipped(0.0002),
          finding="43"),
    _hurt("flipped_mpeg4", "MPEG-4 with flipped bits", "avi", "avi",
          change=flipped(0.0001, begin=0.2, end=0.9), finding="43"),
    _hurt("flipped_mjpeg", "JPEG pictures with flipped bits", "mov", "mjpeg",
          change=flipped(0.00002, end=0.9), finding="43"),
    _hurt("flipped_theora", "Theora with flipped bits", "ogv", "ogv", change=flipped(0.0001),
          finding="43"),
    _hurt("one_lost_picture", "a Matroska with one broken picture", "mkv", "mkv_small_clusters",
          change=zeroed(0.7, 0.703)),
    clip("junk_before_ts", "a TS behind something else", "ts", parts=("ts",), change=behind(1000),
         finding="44"),
    clip("junk_after_mp4", "an MP4 with something else at its end", "mp4", parts=("mp4",),
         change=before(5000)),
    clip("junk_after_mkv", "a Matroska with something else at its end", "mkv", parts=("mkv",),
         change=before(5000)),
    clip("junk_after_avi", "an AVI with something else at its end", "avi", parts=("avi",),
         change=before(5000)),
    clip("avi_without_index", "an AVI that has lost its index", "avi", parts=("avi",),
         change=lambda data: data[: data.rindex(b"idx1")]),
    clip("mkv_without_index", "a Matroska that has lost its index", "mkv", parts=("mkv",),
         change=lambda data: data.replace(b"\x1c\x53\xbb\x6b", b"\x1c\x53\xbb\x6c")),
    # FFmpeg and VLC keep the sound that comes before the first key picture, which is the 24th.
    clip("begins_inside_packet", "a TS that begins inside a packet", "ts", parts=("ts_short_gop",),
         change=lambda data: data[len(data) // 4 :], seconds=Fraction(67, 25),
         numbers=tuple(range(24, 75)), beeps=None, begins_with_sound=True,
         notes=("The sound begins 0.6 s before the picture, which is held until then.",)),
    clip("ts_short_gop", "a TS with a key picture every half second", "ts",
         "-c:v libx264 -preset veryfast -crf 20 -pix_fmt yuv420p -g 12 -c:a aac -b:a 96k"),
    clip("h263_cut", "a bare H.263 that begins between two key pictures", "h263",
         f"{_H263} {_WITHOUT_FIRST}", master=silent(), numbers=tuple(range(12, 75)),
         seconds=Fraction(63, 25), is_judged=False, notes=("not shown are 11 pictures",)),
    *(clip(f"h263_without_key_{suffix}", "H.263 without its only key picture", suffix,
           f"{_H263} -g 300 {_WITHOUT_FIRST}", master=silent(), is_judged=False,
           **{**_DAMAGED, "notes": ("Damage may be seen in 100%",)})
      for suffix in ("h263", "mkv", "3gp")),
    refused("random_bytes", "random bytes", "mp4", Reason.UNSUPPORTED_FORMAT, Reason.CORRUPT,
            content=b"\0\x01\x02\x03" + flipped(1, begin=0)(bytes(50_000))),
)  # fmt: skip
