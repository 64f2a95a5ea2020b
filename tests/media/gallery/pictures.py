"""Turned, stretched, tiny, huge and coloured pictures, and those that change on the way."""

from fractions import Fraction

from chalicelib.encoding.failures import Reason
from tests.media.gallery.model import Entry, Family, Master
from tests.media.gallery.surgery import clean_within, cropped_by, laid_by, turned
from tests.media.gallery.writing import AAC, ANYTHING, H264, of, silent

clip, refused = of(Family.PICTURE)
_BOTH = f"{H264} {AAC}"
_X264 = "-c:v libx264 -preset veryfast -crf 18"
_QUIET = silent()
_PQ = "color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc"
_HLG = _PQ.replace("smpte2084", "arib-std-b67")
_PLAIN_X265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none"
_X265 = f"{_PLAIN_X265} -pix_fmt yuv420p10le"
_BRIGHTNESS = (
    "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"
    ":max-cll=1000,400"
)
_NOTED = ("have high dynamic range (HDR)",)
_HDR = {"master": _QUIET, "most_different": ANYTHING}
_ODD = Master(width=191, height=111, sound=Fraction(0))


def _sized(width: int, height: int, frames: int = 25) -> Master:
    return Master(width=width, height=height, frames=frames, sound=Fraction(0))


def _tags(name: str) -> str:
    return f"-colorspace {name} -color_primaries {name} -color_trc {name}"


ENTRIES: tuple[Entry, ...] = (
    clip("turned_90", "filmed upright", "mp4", f"-vf transpose=cclock {_BOTH}", change=turned(90)),
    clip("turned_180", "filmed upside down", "mp4", f"-vf hflip,vflip {_BOTH}",
         change=turned(180)),
    clip("turned_270", "filmed upright, the other way", "mov", f"-vf transpose=clock {_BOTH}",
         change=turned(270)),
    clip("turned_by_zeros", "a matrix of zeros", "mp4", _BOTH, change=laid_by([0] * 9),
         finding="47"),
    clip("wide_pixels", "pixels twice as wide as high", "mp4",
         f"-vf scale=96:112,setsar=2/1 {_BOTH}"),
    clip("tall_pixels", "pixels twice as high as wide", "mkv",
         f"-vf scale=192:56,setsar=1/2 {_BOTH}"),
    clip("absurd_pixels", "pixels twenty times as wide as high", "mp4",
         f"-vf setsar=20/1 {_BOTH}", finding="46", has_shape=False, most_different=10,
         notes=("Pixels are said to be 20 times as wide as high",)),
    clip("odd_size_vp8", "191x111 in VP8", "webm",
         "-c:v libvpx -deadline good -cpu-used 4 -b:v 1M", master=_ODD),
    clip("odd_size_ffv1", "191x111 in FFV1", "mkv", "-c:v ffv1", master=_ODD),
    clip("odd_size_444", "191x111 in H.264 4:4:4", "mp4", f"{_X264} -pix_fmt yuv444p", master=_ODD),
    clip("two_pixels", "2x2", "mkv", "-vf scale=2:2:flags=area -c:v ffv1", master=_QUIET,
         numbers=None, most_different=16),
    clip("one_pixel", "1x1", "avi", "-vf scale=1:1:flags=area -c:v rawvideo -pix_fmt bgr24",
         master=_QUIET, numbers=None),
    clip("sixteen_pixels", "16x16", "mp4", f"-vf scale=16:16:flags=area {_X264} -pix_fmt yuv420p",
         master=_QUIET, numbers=None, most_different=16),
    clip("tall", "48x640", "mp4", _BOTH, master=_sized(48, 640), most_different=12),
    clip("wide", "1280x48", "mp4", _BOTH, master=_sized(1280, 48), most_different=12),
    clip("square_as_imx", "720x512 in MPEG-2 4:2:2, square pixels", "ts",
         "-c:v mpeg2video -q:v 3 -pix_fmt yuv422p", master=_sized(720, 512)),
    clip("portrait_hd", "a telephone held upright", "mp4", f"{_BOTH} {_tags('bt709')}",
         master=_sized(720, 1280)),
    clip("cinema", "1920x800", "mp4", f"{_BOTH} {_tags('bt709')}", master=_sized(1920, 800, 10)),
    clip("uhd", "3840x2160", "mp4", f"{_BOTH} {_tags('bt709')}", master=_sized(3840, 2160, 3)),
    clip("8k", "7680x4320", "mp4", f"{_BOTH} {_tags('bt709')}", master=_sized(7680, 4320, 2),
         finding="46"),
    refused("too_many_pixels", "10000x100", "mkv", Reason.TOO_MANY_PIXELS,
            options="-vf scale=10000:100 -c:v ffv1", master=_sized(192, 112, 2),
            policy="larger than this site allows"),
    clip("hdr_pq", "HDR of PQ", "mp4",
         f"-vf hue=s=0,setparams={_PQ} {_X265} -color_primaries bt2020 -color_trc smpte2084 "
         "-colorspace bt2020nc -tag:v hvc1", notes=_NOTED, **_HDR),
    clip("hdr_hlg", "HDR of HLG", "mp4",
         f"-vf hue=s=0,setparams={_HLG} {_X265} -color_primaries bt2020 -color_trc arib-std-b67 "
         "-colorspace bt2020nc -tag:v hvc1", notes=_NOTED, **_HDR),
    clip("hdr_mastered", "HDR of PQ with the brightness of its screen, in two chunks", "mp4",
         f"-vf hue=s=0,setparams={_PQ} {_PLAIN_X265}:repeat-headers=1:{_BRIGHTNESS} "
         f"-pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 "
         "-colorspace bt2020nc -tag:v hvc1", master=silent(Master(frames=175)),
         most_different=ANYTHING, notes=_NOTED),
    clip("sdr_mastered", "the same brightness in a film without HDR", "mp4",
         f"{_PLAIN_X265}:repeat-headers=1:{_BRIGHTNESS} -pix_fmt yuv420p -tag:v hvc1",
         master=Master(frames=175)),
    clip("bt2020_sdr", "wide colours without HDR", "mkv",
         f"-vf scale=out_color_matrix=bt2020 {_X265} -color_primaries bt2020 "
         "-color_trc bt2020-10 -colorspace bt2020nc", **_HDR),
    clip("full_range", "full range, tagged", "mp4",
         f"-vf scale=out_range=pc {_X264} -pix_fmt yuvj420p", master=_QUIET),
    clip("full_range_vp9", "full range in VP9", "webm",
         "-vf scale=out_range=pc -color_range pc -c:v libvpx-vp9 -deadline good -cpu-used 5 "
         "-b:v 1M", master=_QUIET),
    clip("bt601", "BT.601, tagged", "mp4", f"{_X264} -pix_fmt yuv420p {_tags('smpte170m')}",
         master=_QUIET),
    clip("bt709", "BT.709, tagged", "mp4",
         f"-vf scale=out_color_matrix=bt709 {_X264} -pix_fmt yuv420p {_tags('bt709')}",
         master=_QUIET),
    clip("bt709_hd_untagged", "HD without tags", "mkv",
         f"-vf scale=out_color_matrix=bt709 {_X264} -pix_fmt yuv420p",
         master=_sized(1280, 720, 10), most_different=ANYTHING),
    clip("sixteen_bits", "16 bits in FFV1", "mkv", "-c:v ffv1 -pix_fmt yuv420p16le",
         master=_QUIET),
    clip("rgb_16", "RGB in 16 bits", "mkv", "-c:v ffv1 -pix_fmt gbrp16le", master=_QUIET),
    clip("grey_16", "grey in 16 bits", "mkv", "-c:v ffv1 -pix_fmt gray16le", master=_QUIET),
    clip("black_and_white", "one bit a pixel", "nut", "-c:v rawvideo -pix_fmt monob",
         master=_QUIET, most_different=ANYTHING),
    clip("palette", "256 colours", "nut", "-c:v rawvideo -pix_fmt bgr8",
         master=_QUIET, most_different=ANYTHING),
    clip("fifteen_bits", "RGB in 15 bits", "avi", "-c:v rawvideo -pix_fmt rgb555le",
         master=_QUIET),
    clip("alpha_qtrle", "an alpha channel in QuickTime Animation", "mov",
         "-vf format=argb -c:v qtrle", master=_QUIET),
    clip("alpha_vp9", "an alpha channel in VP9", "webm",
         "-vf format=yuva420p -c:v libvpx-vp9 -deadline good -cpu-used 5 -b:v 1M",
         master=_QUIET),
    clip("alpha_ffv1", "an alpha channel in FFV1", "mkv", "-c:v ffv1 -pix_fmt bgra",
         master=_QUIET),
    clip("part_small", "a recording of 192x112", "ts",
         f"{H264} -c:a mp2 -output_ts_offset 10"),
    clip("part_large_later", "one that goes on at 384x224", "ts",
         f"-vf scale=384:224 {H264} -c:a mp2 -output_ts_offset 13"),
    clip("part_wide_later", "one that goes on at 16:9", "ts",
         f"-vf scale=320:112,setsar=1 {H264} -c:a mp2 -output_ts_offset 13"),
    clip("size_changes", "the size doubles on the way", "ts",
         parts=("part_small", "part_large_later"), seconds=Fraction(6),
         numbers=tuple(range(75)) * 2, beeps=(0, 1, 2, 3, 4, 5)),
    clip("shape_changes", "the shape changes on the way", "ts",
         parts=("part_small", "part_wide_later"), seconds=Fraction(6), numbers=None,
         is_judged=False, beeps=(0, 1, 2, 3, 4, 5), finding="59",
         notes=("Its pictures change their shape on the way",)),
    clip("cover_first", "a cover before the film", "mp4",
         f"-f lavfi -i color=red:s=640x640:r=1:d=1 -map 1:v -map 0:v -map 0:a {_BOTH} "
         "-c:v:0 mjpeg -disposition:v:0 attached_pic"),
    clip("two_pictures", "a small picture before the film", "mkv",
         "-f lavfi -i color=red:s=96x54:r=25:d=3 -map 1:v -map 0:v -map 0:a "
         f"{_BOTH} -disposition:v 0", video=1),
    clip("cropped", "a picture that is cropped by its stream", "mp4",
         f"-vf pad=208:128 {_X264} -pix_fmt yuv420p "
         "-bsf:v h264_metadata=crop_right=16:crop_bottom=16",
         master=_QUIET),
    clip("clean_aperture", "an MP4 that says that half of its picture is clean", "mp4",
         f"{_BOTH} -movflags +faststart", change=clean_within(96, 112), finding="48"),
    clip("pixel_crop", "a Matroska that crops its picture", "mkv",
         f"-vf pad=256:128:40:8:red {_X264} -pix_fmt yuv420p {AAC} -color_range tv "
         f"{_tags('smpte170m')}", change=cropped_by(40, 8, 24, 8), is_judged=False),
    clip("side_by_side", "two views side by side, declared by Matroska and H.264", "mkv",
         f"{_X264} -pix_fmt yuv420p -x264-params frame-packing=3 {AAC} "
         "-metadata:s:v stereo_mode=left_right", finding="67"),
    *(clip(f"noise_{name}", f"noise in {name}", "mkv",
           f"-vf noise=alls=100:allf=t -pix_fmt yuv420p -c:v {codec}", master=_QUIET,
           numbers=None, most_different=50, is_slow=name != "vp9")
      for name, codec in (("vp9", "libvpx-vp9 -cpu-used 5 -b:v 0 -crf 20"),
                          ("av1", "libsvtav1 -preset 10 -crf 30"),
                          ("hevc", "libx265 -preset fast -crf 20 -x265-params log-level=none"))),
    clip("noise", "pictures that cannot be compressed", "mkv",
         f"-vf noise=alls=30:allf=t {_X264} -pix_fmt yuv420p", master=_QUIET, most_different=10),
)  # fmt: skip
