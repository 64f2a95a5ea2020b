"""Rates, uneven pictures, clocks that start anywhere or start again, cuts and fields."""

from fractions import Fraction
from functools import partial

from chalicelib.encoding.failures import Finding, Reason
from tests.media import field_coded, forgeries
from tests.media.gallery.edit_lists import edited_to
from tests.media.gallery.fragment_times import fragments_apart
from tests.media.gallery.model import Entry, Family, Master
from tests.media.gallery.surgery import fragments_in_order, without_composition_times
from tests.media.gallery.writing import AAC, H264, MPEG2, of

clip, refused = of(Family.TIME)
_BOTH = f"{H264} {AAC}"
_UNEVEN = "-fps_mode passthrough -enc_time_base 1:1000 -vf"
_TWICE = tuple(range(75)) * 2
_PARTS = "Its clock starts again: 2 parts"
_JOINED = {
    "finding": "40", "seconds": Fraction(6), "numbers": _TWICE, "beeps": (0, 1, 2, 3, 4, 5),
    "notes": (_PARTS,), "is_judged": False,
}  # fmt: skip
# The last picture of a stream that is followed by another one comes at the end of the file.
_CHANGES = "Its streams change on the way"
_HELD_BACK = "Not shown is one picture, the last before its streams change."
_ELSEWHERE = {
    **_JOINED, "finding": "54", "numbers": _TWICE[:74] + _TWICE[75:],
    "notes": (_CHANGES, _PARTS, _HELD_BACK),
    "tolerance": Fraction(1, 10),
}  # fmt: skip
_BESIDE = (
    "-f lavfi -i color=red:s=96x54:r=25:d=3 -f lavfi -i sine=f=3000:d=3 "
    f"-map 0:v -map 0:a -map 1:v -map 2:a {_BOTH} -streamid 0:300 -streamid 1:301 "
    "-program program_num=1:st=0:st=1 -program program_num=2:st=2:st=3"
)
_FIELDS = Master(has_fields=True)
_INTERLACED = "-vf setfield=tff -flags +ilme+ildct"
_CUT = {"before": "-ss 0.7", "options": "-c copy", "source": "gop_of_two_seconds", "finding": "38"}
_SHORT = {"finding": "39"}
_EDITED = {"source": "gop_of_two_seconds", "options": "-c copy -movflags +faststart"}
_OPEN_HEVC = (
    "-c:v libx265 -preset ultrafast -an -x265-params "
    "log-level=none:bframes=4:b-adapt=0:keyint=25:min-keyint=25:open-gop=1:scenecut=0"
)
# Where an edit list goes on, FFmpeg keeps the order of decoding.
_HALF, _A_FEW = Fraction(1, 2), Fraction(1, 8)
# Their first picture lasts for a frame and a half, by the delay of the sound.
_SHORTENED = Fraction(1, 50)
# Before the next tone begins.
_ALMOST = Fraction(19, 10)


def _rate(name: str, rate: Fraction | int, *, suffix: str = "mp4", step: int = 1) -> Entry:
    """So many pictures a second, for about two seconds, of which every so manieth is kept."""
    frames = round(2 * rate) // step * step
    master = Master(rate=Fraction(rate), frames=frames)
    return clip(f"rate_{name}", f"{name} pictures a second", suffix, _BOTH, master=master,
                rate=Fraction(rate) / step, numbers=tuple(range(0, frames, step)))  # fmt: skip


def _uneven(
    name: str,
    what: str,
    times: str,
    seconds: Fraction,
    *,
    master: Master,
    **facts: object,
) -> Entry:
    """Pictures at times of their own, in milliseconds."""
    options = f"{_UNEVEN} 'settb=1/1000,setpts={times}' {H264} -bf 0"
    return clip(name, what, "mkv", options, master=master, seconds=seconds, rate=None, **facts)


def _quiet(frames: int, width: int = 192, height: int = 112) -> Master:
    return Master(frames=frames, width=width, height=height, sound=Fraction(0))


def _again(name: str, what: str, part: str, suffix: str) -> Entry:
    return clip(name, what, suffix, parts=(part, part), **_JOINED)


def _few(frames: int, suffix: str) -> Entry:
    return clip(f"pictures_{frames}_{suffix}", f"{frames} pictures and nothing else", suffix,
                f"{H264 if suffix != 'avi' else '-c:v mpeg4 -q:v 3'}",
                master=Master(frames=frames, sound=Fraction(0)), finding="39")  # fmt: skip


def _flipped(name: str, what: str, **where: int | bool) -> Entry:
    change = partial(forgeries.with_flipped_time, **where)  # type: ignore[arg-type]
    return clip(name, what, "ts", parts=("ts",), change=change, finding="40",
                notes=("Times were wrong in one place",), is_judged=False)  # fmt: skip


ENTRIES: tuple[Entry, ...] = (
    _rate("23.976", Fraction(24_000, 1001)),
    _rate("24", 24, suffix="mkv"),
    _rate("29.97", Fraction(30_000, 1001), suffix="mkv"),
    _rate("30", 30, suffix="flv"),
    _rate("48", 48),
    _rate("50", 50, suffix="ts"),
    _rate("59.94", Fraction(60_000, 1001), suffix="mkv"),
    _rate("60", 60),
    _rate("100", 100, step=2),
    _rate("120", 120, step=2),
    _rate("144", 144, suffix="mkv", step=3),
    _rate("10", 10),
    _rate("12.5", Fraction(25, 2)),
    _rate("15", 15, suffix="mkv"),
    clip("rate_1", "a picture a second", "mp4", _BOTH, master=Master(rate=Fraction(1), frames=4),
         rate=Fraction(5), finding="35"),
    clip("rate_one_half", "slides of two seconds", "mp4", _BOTH,
         master=Master(rate=Fraction(1, 2), frames=3), rate=Fraction(5), finding="35"),
    clip("delay_of_mp4", "B-pictures in an MP4 without an edit list", "mp4",
         f"{H264} -bf 3 -c:a aac -use_editlist 0"),
    *(clip(name, what, "mp4", parts=(part,), change=without_composition_times, is_judged=False,
           notes=("It says when pictures are decoded, not when they are shown",), finding="56",
           master=master)
      for name, what, part, master in (
          ("decoding_times_alone", "B-pictures without the times at which they are shown", "mp4",
           Master()),
          ("decoding_times_alone_hevc", "the same in HEVC", "hevc_in_mp4", _quiet(75)),
          ("decoding_times_alone_long", "the same in chunks", "b_pictures_of_16_seconds",
           Master(frames=400)))),
    clip("decoding_times_and_pause", "the same in an FLV in which one is shown for longer", "flv",
         source="flv", finding="92", is_judged=False, numbers=tuple(range(75)), beeps=None,
         options="-c copy -bsf:v setts=pts={0}:dts={0}".format("'DTS+gt(N\\,40)*6/TB'"),
         seconds=Fraction(9), notes=("One of its pictures is shown for 6.0 s.",)),
    clip("decoding_times_and_edits", "the same with an edit list, which allows for it", "mp4",
         parts=("mp4",), change=lambda data: data.replace(b"ctts", b"free"), is_judged=False,
         notes=("It says when pictures are decoded, not when they are shown",), finding="61"),
    clip("b_pictures_of_16_seconds", "B-pictures and key pictures every two seconds", "mp4",
         f"{_BOTH} -bf 3 -g 50", master=Master(frames=400)),
    clip("hevc_in_mp4", "HEVC with B-pictures", "mp4",
         "-c:v libx265 -preset ultrafast -x265-params log-level=none:bframes=3 -an",
         master=_quiet(75)),
    _uneven("vfr_jitter", "pictures of a telephone, which come unevenly",
            "33*N+7*mod(N\\,3)", Fraction(2), master=_quiet(60)),
    _uneven("vfr_dark", "half as many in the dark", "33*N+33*max(N-30\\,0)",
            Fraction(297, 100), master=_quiet(60), tolerance=Fraction(1, 10)),
    _uneven("vfr_slides", "slides that stand for 1, 3 and 2 s", "1000*N+2000*gt(N\\,1)",
            Fraction(5), master=_quiet(4), tolerance=Fraction(2), finding="35"),
    _uneven("held_30s_1080p", "one picture stands for 30 s at 1080 lines", "40*N+30000*gt(N\\,20)",
            Fraction(316, 10), master=_quiet(40, 1920, 1080), finding="35",
            tolerance=Fraction(1, 5)),
    _uneven("screen_recording", "pictures only where something moves",
            "40*N+1500*floor(N/10)", Fraction(61, 10), master=_quiet(40),
            tolerance=Fraction(1, 10), finding="35"),
    *(_few(frames, suffix) for frames in (1, 2, 3) for suffix in ("mp4", "mkv", "avi")),
    clip("fifth_of_a_second", "0.2 s with sound", "mp4", _BOTH, master=Master(frames=5), **_SHORT),
    clip("picture_with_sound", "one picture and 4 s of sound", "mp4",
         _BOTH,
         master=Master(frames=1, sound=Fraction(4)), rate=None, **_SHORT),
    clip("open_gop", "open GOPs in a TS", "ts",
         f"{H264} -bf 3 -x264-params open-gop=1:keyint=25:scenecut=0 {AAC}"),
    clip("open_hevc", "open GOPs in HEVC", "mp4", _OPEN_HEVC, master=_quiet(75)),
    clip("open_hevc_ts", "the same in a TS", "ts", _OPEN_HEVC, master=_quiet(75)),
    *(clip(f"begins_open_hevc_{suffix}", "HEVC that is cut where a GOP is open", suffix,
           "-c copy -copypriorss 1 -use_editlist 0", before="-ss 1.02", source="open_hevc",
           numbers=tuple(range(25, 75)), seconds=Fraction(2), beeps=None, tracks=0, finding="71",
           notes=("not shown are 4 pictures before the first",)) for suffix in ("mp4", "mov")),
    clip("open_mpeg4", "MPEG-4 with B-pictures and a key picture each second", "avi",
         "-c:v mpeg4 -q:v 3 -bf 2 -g 25 -sc_threshold 1000000000 -an", master=_quiet(75)),
    clip("open_xvid", "the same by Xvid, which puts two pictures into a packet", "avi",
         "-c:v libxvid -bf 2 -b:v 500k -g 26 -an", master=_quiet(75), is_judged=False,
         numbers=None, tolerance=Fraction(1, 4)),
    clip("open_mpeg2_avi", "MPEG-2 in an AVI", "avi",
         f"{MPEG2} -bf 2 -g 25 -sc_threshold 1000000000 -an", master=_quiet(75)),
    *(clip(f"begins_{part}", f"an AVI that is cut where a group is open: {what}", "avi",
           "-c copy", before="-ss 1.5", source=part, numbers=None, seconds=Fraction(19, 10),
           tolerance=Fraction(1, 4), beeps=None, tracks=0, finding="91", is_judged=False,
           notes=(f"The recording begins in the middle: not shown {count} before the first",))
      for part, what, count in (("open_mpeg4", "MPEG-4", "are 2 pictures"),
                                ("open_xvid", "Xvid, packed", "is one picture"),
                                ("open_mpeg2_avi", "MPEG-2", "are 2 pictures"))),
    clip("begins_open_m4v", "bare MPEG-4 that is cut where a group is open", "m4v", "-c copy",
         source="begins_open_mpeg4", numbers=None, seconds=Fraction(19, 10),
         tolerance=Fraction(1, 4), beeps=None, tracks=0, is_judged=False,
         notes=("not shown are 2 pictures before the first",)),
    clip("broken_links_hevc", "HEVC whose open GOPs were cut off from those before", "ts",
         parts=("open_hevc_ts",), numbers=None, beeps=None, tracks=0, finding="71",
         change=lambda data: data.replace(b"\0\0\1\x2a\1", b"\0\0\1\x20\1"),
         notes=("Pictures before the first key picture of a part were left out.",)),
    clip("begins_inside_hevc", "a recording in HEVC that begins between two key pictures", "ts",
         parts=("open_hevc_ts",), change=lambda data: data[len(data) // 2 // 188 * 188 :],
         numbers=tuple(range(50, 75)), seconds=Fraction(1), beeps=None, tracks=0, is_judged=False,
         notes=("not shown are 17 pictures before the first",)),
    clip("begins_open", "a recording that begins inside an open GOP", "ts", parts=("open_gop",),
         change=lambda data: data[len(data) // 3 // 188 * 188 :], numbers=None, seconds=Fraction(2),
         tolerance=Fraction(1, 2), beeps=None, is_judged=False, tracks=1),
    clip("starts_at_10_hours_ts", "a TS whose clock starts at 10 h", "ts",
         f"{_BOTH} -output_ts_offset 36000"),
    clip("starts_at_10_hours_mkv", "a Matroska whose clock starts at 10 h", "mkv",
         f"{_BOTH} -output_ts_offset 36000"),
    clip("clock_wraps", "a TS whose clock of 33 bits wraps after a second", "ts",
         f"{_BOTH} -output_ts_offset 95441"),
    clip("negative_times", "an MP4 whose first second lies before its beginning", "mp4",
         f"{H264} -bf 0 {AAC} -output_ts_offset -1 -avoid_negative_ts disabled",
         seconds=Fraction(2), numbers=None, beeps=(0, 1)),
    refused("mkv_below_zero", "a Matroska whose first second lies before its beginning", "mkv",
            Reason.UNSUPPORTED_FORMAT, detail=Finding.BELOW_ZERO, policy="FFmpeg reads no such"
            " times", options=f"{H264} -bf 0 -output_ts_offset -1 -avoid_negative_ts disabled",
            master=_quiet(75)),
    clip("times_in_mp4_below_zero", "decode times below zero", "mp4",
         f"{H264} -bf 3 {AAC} -movflags +negative_cts_offsets"),
    clip("empty_edit", "an edit list that begins with nothing", "mp4",
         f"-itsoffset 0.5 -i {{input}} -map 1:v -map 1:a {_BOTH} -fps_mode passthrough"),
    clip("edit_cuts_middle", "an edit list that leaves a second out", "mp4", **_EDITED,
         change=edited_to([(1, 0, 1), (1, 2, 1)]), seconds=Fraction(2),
         numbers=(*range(25), *range(50, 75)), beeps=(0, 1), finding="52"),
    clip("edit_cuts_into_gop", "one that goes on inside a GOP", "mp4", **_EDITED,
         change=edited_to([(1, 0, 1), (1, Fraction(8, 5), 1)]), seconds=Fraction(2),
         numbers=(*range(25), *range(40, 65)), beeps=None, tolerance=_A_FEW, finding="52"),
    clip("edit_repeats", "an edit list that shows a second twice", "mp4", **_EDITED,
         change=edited_to([(1, Fraction(2, 5), 1)] * 2), seconds=Fraction(2),
         numbers=tuple(range(10, 35)) * 2, beeps=(0.6, 1.6), finding="52"),
    clip("edit_dwells", "an edit list that stands still, which players do not", "mp4", **_EDITED,
         change=edited_to([(1, 0, 0), (2, 1, 1)], [(3, 0, 1)]),
         numbers=tuple(range(75)), tolerance=_A_FEW, finding="52"),
    refused("edit_gap", "an edit list that pauses in the middle", "mp4",
            Reason.UNSUPPORTED_FORMAT, **_EDITED, detail=Finding.GAP, finding="52",
            change=edited_to([(1, 0, 1), (1, None, 1), (1, 2, 1)]),
            policy="FFmpeg shows the beginning of the film in the gap"),
    # FFmpeg shows the beginning of the video in the gap.
    clip("edit_ends_in_gap", "sound of 1.9 s, and an edit of nothing behind it", "mp4",
         **_EDITED, change=edited_to([(3, 0, 1)], [(_ALMOST, 0, 1), (1, None, 1)]), beeps=(0, 1),
         is_judged=False, finding="65", notes=("Sound track 1: it ends 1.1 s before the film",)),
    clip("picture_ends_in_gap", "a picture of two seconds, and an edit of nothing behind it", "mp4",
         **_EDITED, change=edited_to([(2, 0, 1), (3, None, 1)], [(_ALMOST, 0, 1), (3, None, 1)]),
         beeps=(0, 1), numbers=tuple(range(50)), seconds=Fraction(5), is_judged=False,
         finding="66", notes=("Its edit list ends with a pause, in which the last picture",)),
    clip("edit_cuts", "of which an edit list leaves out the beginning", "mp4",
         **{**_EDITED, "change": edited_to([(2, 1, 1)])}, numbers=tuple(range(25, 75)),
         seconds=Fraction(2), beeps=(0, 1), notes=("Its edit list hides 25 of 75 pictures.",),
         finding="cuts"),
    clip("edit_cuts_sound", "of whose sound an edit list leaves out the beginning", "mp4",
         **{**_EDITED, "change": edited_to([(3, 0, 1)], [(2, 1, 1)])}, beeps=(0, 1),
         finding="cut sound", notes=("Sound track 1: its edit list hides 1.0 s of it.",)),
    clip("edit_gap_left_out", "a second picture, left out, that pauses in the middle", "mp4",
         source="gop_of_two_seconds",
         options="-map 0:v -map 0:a -map 0:v -c copy -disposition:v:1 0 -movflags +faststart",
         change=edited_to([(3, 0, 1)], second=[(1, 0, 1), (1, None, 1), (1, 2, 1)]),
         notes=("Stream 3 was left out: another video track.",)),
    clip("edit_before_sound", "sound of 2.5 s half a second later", "mp4", **_EDITED,
         change=edited_to([(3, 0, 1)], [(_HALF, None, 1), (Fraction(5, 2), 0, 1)]),
         beeps=(0.5, 1.5, 2.5), finding="53"),
    clip("gop_of_two_seconds", "key pictures every two seconds", "mp4", f"{_BOTH} -g 50"),
    clip("cut_inside_gop_mp4", "cut without encoding, inside a GOP", "mp4", **_CUT,
         seconds=Fraction(23, 10), numbers=None, beeps=(0.3, 1.3)),
    clip("cut_inside_gop_mov", "the same in QuickTime", "mov", **_CUT,
         seconds=Fraction(23, 10), numbers=None, beeps=(0.3, 1.3)),
    # Chromium and GStreamer begin at the cut, with the picture that is on screen there.
    clip("cut_with_fragments", "cut into fragments, of which FFmpeg 5 shows all of the GOP", "mp4",
         **{**_CUT, "options": "-c copy -movflags +frag_keyframe+empty_moov+delay_moov"},
         seconds=Fraction(58, 25), numbers=tuple(range(17, 75)), beeps=(0.32, 1.32),
         hidden=Fraction(17, 25)),
    clip("ts_an_hour_later", "a recording of an hour later", "ts",
         f"{_BOTH} -output_ts_offset 3600"),
    clip("clock_jumps_ahead", "a clock that jumps by an hour", "ts",
         parts=("ts", "ts_an_hour_later"), **_JOINED),
    _again("joined_ts", "two recordings, one after the other", "ts", "ts"),
    clip("ts_before_the_wrap", "a recording from shortly before its clock wraps", "ts",
         f"{_BOTH} -output_ts_offset 95400"),
    clip("wraps_and_starts_again", "a clock that wraps, and two more recordings behind", "ts",
         parts=("clock_wraps", "ts_an_hour_later", "ts_before_the_wrap"),
         **{**_JOINED, "finding": "wraps", "seconds": Fraction(9),
         "numbers": (*_TWICE, *range(75)), "beeps": tuple(range(9)),
         "notes": ("Its clock starts again: 3 parts",)}),
    _again("joined_mpg", "two program streams", "mpg", "mpg"),
    clip("ts_other_numbers", "a recording whose streams have other numbers", "ts",
         f"{_BOTH} -streamid 0:300 -streamid 1:301"),
    clip("ts_goes_on_elsewhere", "one that goes on by the same clock", "ts",
         f"{_BOTH} -streamid 0:300 -streamid 1:301 -output_ts_offset 3.08"),
    clip("joined_other_numbers", "two recordings whose streams have other numbers", "ts",
         parts=("ts", "ts_other_numbers"), **_ELSEWHERE),
    clip("ts_other_tables", "a recording whose tables have other numbers as well", "ts",
         f"{_BOTH} -mpegts_pmt_start_pid 5000 -streamid 0:300 -streamid 1:301", is_slow=True),
    refused("joined_other_tables", "two of which FFmpeg does not follow to the second", "ts",
            Reason.DAMAGED, parts=("ts", "ts_other_tables"),
            policy="half of it would be missing"),
    clip("ts_other_sound_number", "a recording whose sound has another number", "ts",
         f"{_BOTH} -streamid 1:301", is_slow=True),
    clip("joined_other_sound_number", "two recordings whose sound has other numbers", "ts",
         parts=("ts", "ts_other_sound_number"),
         **{**_ELSEWHERE, "finding": "sound elsewhere", "numbers": _TWICE,
            "notes": (_CHANGES, _PARTS)}),
    refused("joined_other_program", "two recordings of other programs", "ts", Reason.DAMAGED,
            parts=("ts", "ts_other_program"), finding="program",
            policy="half of it would be missing"),
    clip("ts_other_program", "a recording of another program", "ts",
         f"{_BOTH} -mpegts_service_id 7 -streamid 0:300 -streamid 1:301", is_slow=True),
    clip("goes_on_elsewhere", "a recording that goes on in other streams", "ts",
         parts=("ts", "ts_goes_on_elsewhere"),
         **{**_ELSEWHERE, "notes": (_CHANGES, _HELD_BACK)}),
    *(clip(f"ts_beside_{number}", "the film, and another program beside it", "ts",
           f"{_BESIDE} -streamid 2:{number} -streamid 3:{number + 1} -output_ts_offset {at}")
      for number, at in ((400, 0), (500, "3.08"))),
    clip("another_goes_on_elsewhere", "one beside which another program changes", "ts",
         parts=("ts_beside_400", "ts_beside_500"),
         **{**_ELSEWHERE, "numbers": _TWICE, "notes": ()}),
    *(clip(f"ts_from_{at}", "a recording without B-pictures", "ts",
           f"{H264} -bf 0 -output_ts_offset {at}", master=_quiet(75)) for at in (0, "2.6", "2.62")),
    clip("joined_overlapping", "two of which the second begins before the first ends", "ts",
         parts=("ts_from_0", "ts_from_2.6"), seconds=Fraction(28, 5), finding="62", is_judged=False,
         numbers=(*range(74), *range(9, 75)), tracks=0, beeps=None,
         notes=("Not shown are 10 pictures that come at the times of others.",)),
    clip("joined_overlapping_between", "the same, with times between those of the first", "ts",
         parts=("ts_from_0", "ts_from_2.62"), seconds=Fraction(28, 5), finding="63",
         is_judged=False, numbers=None, tracks=0, beeps=None,
         notes=("Not shown are 9 pictures",)),
    _again("joined_mkv", "two Matroska files", "mkv", "mkv"),
    clip("ogv_of_another_number", "an Ogg whose streams have other numbers", "ogv",
         "-c:v libtheora -q:v 8 -c:a libvorbis -serial_offset 7"),
    clip("joined_ogv", "two Ogg files, of which players show the first", "ogv",
         parts=("ogv", "ogv_of_another_number"),
         notes=("Behind the video the file holds another one",),
         finding="58"),
    clip("joined_wmv", "two WMV files, of which players show the first", "wmv",
         parts=("wmv", "wmv"), notes=("Behind the video the file holds another one",),
         has_pitch=False),
    *(clip(f"joined_{part}", "two files of which players show the first", "mp4",
           parts=(part, part), notes=("Behind the video the file holds another one",),
           finding="55") for part in ("mp4", "mp4_faststart")),
    clip("fragments_of_a_second", "a fragmented MP4 of a second", "mp4",
         f"{_BOTH} -movflags +frag_keyframe+empty_moov+default_base_moof",
         master=Master(frames=25)),
    clip("joined_fragments", "three of them, of which FFmpeg shows the first", "mp4",
         parts=("fragments_of_a_second",) * 3, master=Master(frames=25), finding="55",
         notes=("The file counts 75 pictures; 25 are shown.",)),
    clip("joined_fragments_twice", "two of them", "mp4", parts=("fragments_of_a_second",) * 2,
         master=Master(frames=25), finding="84",
         notes=("Behind the video the file holds another one, which is not shown.",)),
    refused("joined_fragments_of_each_second", "three of them, of which FFmpeg skips the first"
            " seconds of all but one", "mp4", Reason.UNSUPPORTED_FORMAT, detail=Finding.SEVERAL,
            parts=("fragments_of_each_second",) * 3, policy="they cannot be told apart"),
    clip("fragments_an_hour_apart", "fragments, of which the third comes an hour later", "mp4",
         f"{_BOTH} -g 25 -movflags +frag_keyframe+empty_moov+default_base_moof",
         change=fragments_apart(3600, since=2), is_judged=False, notes=(_PARTS,),
         finding="fragments apart"),
    clip("fragments_of_picture", "a picture in fragments", "mp4",
         f"{H264} -g 25 -movflags +frag_keyframe+empty_moov+default_base_moof", master=_quiet(75),
         is_slow=True),
    refused("fragments_of_sound", "sound in fragments", "mp4", Reason.AUDIO_ONLY, options=
            f"-vn {AAC} -movflags +empty_moov+default_base_moof -frag_duration 1000000",
            is_slow=True),
    refused("fragments_apart", "the two files of a stream, one after the other", "mp4",
            Reason.UNSUPPORTED_FORMAT, parts=("fragments_of_picture", "fragments_of_sound"),
            detail=Finding.APART, policy="FFmpeg takes the sound for more pictures"),
    clip("fragments_swapped", "fragments in another order, of which FFmpeg skips some", "mp4",
         parts=("fragments_of_each_second",), change=fragments_in_order(0, 2, 1), numbers=None,
         beeps=None, rate=None, finding="64", seconds=Fraction(2),
         notes=("Its fragments are not in their order: 16 pictures are not shown.",)),
    clip("fragment_twice", "a fragment that comes twice, as after a resumed download", "mp4",
         parts=("fragments_of_each_second",), change=fragments_in_order(0, 1, 1, 2),
         numbers=tuple(range(48)), beeps=(0.0, 1.0), seconds=Fraction(48, 25), hidden=_SHORTENED),
    clip("fragments_of_each_second", "a fragmented MP4", "mp4",
         f"{H264} -bf 0 -g 25 {AAC} -movflags +frag_keyframe+empty_moov+default_base_moof",
         hidden=_SHORTENED),
    _flipped("flipped_picture_time", "one flipped bit in the time of a picture",
             stream=0xE0, number=40, bit=25, decoding=False),
    _flipped("flipped_sound_time", "one flipped bit in the time of a sound",
             stream=0xC0, number=5, bit=32, decoding=False),
    clip("interlaced_mpeg2", "fields of a TV station", "ts", f"{_INTERLACED} {MPEG2} -c:a mp2",
         master=_FIELDS),
    clip("interlaced_bottom_first", "the lower field first", "mpg",
         f"-vf setfield=bff -flags +ilme+ildct {MPEG2} -c:a mp2", master=_FIELDS),
    clip("interlaced_h264", "fields in H.264", "mp4",
         f"{_INTERLACED} {H264} -x264-params tff=1 {AAC}", master=_FIELDS),
    clip("fields_apart", "each field a picture of its own", "ts",
         write=partial(field_coded.write, frames=30), master=Master(frames=30, sound=Fraction(0))),
    clip("telecined", "film in fields of a TV station", "mpg",
         f"-vf telecine -flags +ilme+ildct {MPEG2} -c:a mp2",
         master=Master(rate=Fraction(24_000, 1001), frames=72), rate=Fraction(30_000, 1001),
         numbers=None, is_judged=False),
    clip("soft_telecined", "film that says which fields are repeated", "mpg",
         f"{MPEG2} -r 24000/1001 -c:a mp2", master=Master(rate=Fraction(24_000, 1001), frames=72)),
)  # fmt: skip
