"""Pictures that come unevenly: each is shown where there is a frame for it."""

from fractions import Fraction

from chalicelib.encoding.failures import Finding, Reason
from tests.builders.published_encodes import SYNCHRONOUS_SECONDS
from tests.media.gallery.model import Entry, Family, Master
from tests.media.gallery.repeated_fields import telecined
from tests.media.gallery.writing import AAC, H264, MPEG2, of

clip, refused = of(Family.TIME)
_SLOW = Master(rate=Fraction(24_000, 1001), frames=96, sound=Fraction(0))
_SLIDES = Master(frames=21, sound=Fraction(0))


def _at(times: str, *, clock: int = 1000, chosen: str = "") -> str:
    """Options for pictures at times of their own, in ticks of a clock."""
    return (
        f"-fps_mode passthrough -enc_time_base 1:{clock} -vf"
        f" '{chosen}settb=1/{clock},setpts={times}' {H264} -bf 0"
    )


def _shared(earlier: str) -> dict[str, str]:
    """A copy in which some pictures are so many earlier."""
    options = f"-c copy -bsf:v 'setts=ts=TS-{earlier}/25/TB'"
    return {"source": "no_b_pictures", "options": options}


_LATE = _at("40*N+7*mod(N\\,5)")
_LOSSES = _at("PTS+mod(N*13\\,9)*99", clock=90_000, chosen="select=not(eq(mod(n\\,7)\\,3)),")
ENTRIES: tuple[Entry, ...] = (
    clip("jitter_of_calls", "25 pictures a second that come up to 28 ms late, as in calls", "mkv",
         f"{_LATE} {AAC}", hidden=Fraction(14, 1000), finding="80"),
    clip("jitter_and_losses", "pictures of a telephone, each seventh of which is missing", "mp4",
         f"{_LOSSES} {AAC} -video_track_timescale 90000", finding="81",
         numbers=tuple(number for number in range(75) if number % 7 != 3)),
    clip("jitter_at_another_rate", "28 pictures a second and jitter", "mkv",
         _at("34*N+mod(N*7\\,5)*6"), master=Master(frames=60, sound=Fraction(0)), rate=None,
         seconds=Fraction(207, 100), hidden=Fraction(12, 1000)),
    # FFmpeg shows their pictures later, by the delay of the decoder; mpv does not.
    *(clip(f"h264_in_avi_{name}", f"H.264 with {what} in an AVI, and sound", "avi",
           f"{H264} {options} -c:a pcm_s16le", is_judged=False, most_apart=SYNCHRONOUS_SECONDS,
           master=Master(frames=200), finding="83")
      for name, what, options in (
          ("pyramid", "a pyramid of B-pictures", "-bf 3 -b_strategy 0"),
          ("flat", "B-pictures that no other refers to", "-bf 1 -x264-params b-pyramid=none"))),
    clip("slides_thrice", "slides of which each is stored three times", "mkv",
         _at("1000*floor(N/3)+20*mod(N\\,3)"), master=_SLIDES, rate=Fraction(5), numbers=None,
         seconds=Fraction(61, 10), tolerance=Fraction(1),
         notes=("Not shown are 7 pictures that come too soon after others.",)),
    clip("no_b_pictures", "no B-pictures", "mkv", f"{H264} -bf 0 {AAC}"),
    clip("times_shared_by_two", "each fifth picture at the time of the one before it", "mkv",
         **_shared("eq(mod(N\\,5)\\,4)"), rate=None, finding="90",
         numbers=tuple(number for number in range(75) if number % 5 != 3),
         notes=("Not shown are 15 pictures that come at the times of others.",)),
    clip("times_shared_by_four", "four pictures at each time", "flv", **_shared("mod(N\\,4)"),
         rate=Fraction(25, 4), numbers=(*range(3, 75, 4), 74), tolerance=Fraction(1, 8),
         notes=("Not shown are 56 pictures that come at the times of others.",)),
    refused("times_shared_by_five", "five pictures at each time", "mkv", Reason.CORRUPT,
            **_shared("mod(N\\,5)"), detail=Finding.ONE_TIME,
            policy="most of them are not to be seen"),
    clip("repeated_fields", "a film whose fields a television set repeats, without times", "m2v",
         f"{MPEG2} -bf 2 -g 12", master=_SLOW, change=telecined, rate=None, is_judged=False,
         seconds=Fraction(4), tolerance=Fraction(1, 4)),
    clip("repeated_fields_vob", "the same in a VOB", "vob", "-c copy", source="repeated_fields",
         before="-f mpegvideo -r 24000/1001", master=_SLOW, finding="82",
         hidden=Fraction(1, 50)),
)  # fmt: skip
