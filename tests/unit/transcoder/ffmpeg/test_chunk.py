"""What FFmpeg is asked for follows from the plan alone."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from chalicelib.catalogue.asset import Asset
from chalicelib.encoding.plan import Plan, SoundTimes
from tests.builders.clips import Clip
from tests.builders.plans import a_plan
from transcoder.ffmpeg.audio import Correction, audio_command, loudness_command
from transcoder.ffmpeg.chunk import black_command, chunk_command
from transcoder.ffmpeg.log import Observer
from transcoder.ffmpeg.phases import Log
from transcoder.outputs import loudness

CLIP = Clip("film", rate=Fraction(24_000, 1001), frames=312)


def asked(plan: Plan, number: int = 1, *, url: str = "film.mp4") -> tuple[str, ...]:
    chunk = plan.chunk(number)
    return chunk_command(plan, chunk, url, seek=chunk.seek)


def values(command: tuple[str, ...], option: str) -> list[str]:
    return [value for name, value in pairwise(command) if name == option]


def graph(command: tuple[str, ...]) -> str:
    (graph,) = values(command, "-filter_complex")
    return graph


def with_asset(plan: Plan, **changes: Any) -> Plan:
    asset: Asset = replace(plan.asset, **changes)
    return replace(plan, asset=asset)


def test_the_source_is_decoded_once_for_all_rungs() -> None:
    command = asked(a_plan(CLIP))
    assert command.count("-i") == 1
    assert values(command, "-c:v") == ["libx264", "libx264", "mjpeg"]
    assert graph(command).count("split=3") == 1


def test_each_rung_gets_exactly_the_frames_of_the_chunk() -> None:
    plan = a_plan(CLIP)
    assert values(asked(plan), "-frames:v") == ["48", "48", "1"]
    assert values(asked(plan, 6), "-frames:v") == ["24", "24", "1"]


def test_nothing_depends_on_the_machine_or_the_day() -> None:
    command = asked(a_plan(CLIP))
    assert set(values(command, "-threads")) == {"1"}
    assert all("cpu-independent=1" in each for each in values(command, "-x264-params"))
    assert "bitexact" in graph(command)
    assert values(command, "-map_metadata") == ["-1"] * 3


def test_chunks_are_asked_for_in_the_same_words_but_for_their_position() -> None:
    plan = a_plan(CLIP)
    first, second = (values(asked(plan, number), "-x264-params") for number in (0, 3))
    assert first == second
    assert "stitchable=1" in first[0]


def test_only_one_demuxer_and_only_the_protocols_it_takes_may_be_used() -> None:
    local, remote = (asked(a_plan(CLIP), url=each) for each in ("a.mp4", "http://x/a"))
    assert values(local, "-protocol_whitelist") == ["file"]
    assert values(remote, "-protocol_whitelist") == ["http,tcp"]
    assert values(local, "-format_whitelist") == ["mov"]


def test_pictures_are_numbered_by_their_own_time() -> None:
    plan = a_plan(CLIP, start=Fraction(18007, 5))
    numbered = "ceil((PTS-round(18007/5/TB))*TB*24000/1001-0.4999)-48"
    assert numbered in graph(asked(plan))


def test_no_picture_is_said_to_last_less_than_a_frame() -> None:
    command = asked(a_plan(CLIP))
    assert values(command, "-bsf:0") == [
        "setts=pts=PTS:dts=DTS:duration='max(DURATION,ceil(1001/24000/TB))'"
    ]


def test_of_many_pictures_per_frame_the_one_at_its_beginning_is_taken() -> None:
    assert "-0.2)-" in graph(asked(a_plan(Clip("fast", rate=Fraction(120), frames=840))))


def test_only_interlaced_pictures_are_deinterlaced() -> None:
    assert "bwdif" not in graph(asked(a_plan(CLIP)))
    interlaced = graph(asked(a_plan(CLIP, is_interlaced=True)))
    size = f"{CLIP.width}:{CLIP.height}"
    assert interlaced.startswith(f"[0:0]scale={size}:interl=1,bwdif=mode=send_frame")


def test_pictures_of_another_shape_have_bars_from_their_time_on() -> None:
    shapes = ((Fraction(7), Fraction(1)),)
    plan = a_plan(CLIP, start=Fraction(1), shapes=shapes)
    rung, first = plan.asset.rungs[0], Fraction(1, 2) / plan.asset.grid.rate
    for number in (0, 1):
        begin = plan.asset.grid.seconds(plan.chunk(number).first_frame)
        later = f"if(gte(t,{float(6 - begin - first):.6f}),{rung.height},{rung.width})"
        assert f"w='{later}'" in graph(asked(plan, number))
        assert f"pad={rung.width}:{rung.height}:-1:-1:eval=frame" in graph(asked(plan, number))
    assert ",pad=" not in graph(asked(a_plan(CLIP)))


def test_what_gives_only_times_of_decoding_is_timed_as_it_leaves_the_decoder() -> None:
    plan = a_plan(CLIP, reordering=Fraction(2, 25))
    (filters,) = values(asked(plan), "-bsf:0")
    assert "pts=NOPTS:dts='DTS-round(2/25/TB)'" in filters
    assert "-advanced_editlist" not in asked(plan)
    assert values(asked(a_plan(CLIP, reordering=Fraction(0))), "-advanced_editlist") == ["0"]
    # Other demuxers have no such option.
    avi = a_plan(CLIP, demuxer="avi", reordering=Fraction(0))
    assert "-advanced_editlist" not in asked(avi)


def test_packets_in_the_pause_of_a_stream_are_dropped() -> None:
    plan = a_plan(CLIP, pauses=((0, Fraction(9)), (1, Fraction(8))))
    (picture,), (sound,) = values(asked(plan), "-bsf:0"), values(asked(plan), "-bsf:1")
    assert "gte(pts*tb,8.999500)" in picture
    assert "gte(pts*tb,7.999500)" in sound
    assert not plan.picture.is_searchable


def test_high_dynamic_range_is_brought_down_and_nothing_else_is() -> None:
    assert "tonemap" not in graph(asked(a_plan(CLIP, transfer="bt709")))
    assert "color_trc=arib-std-b67" in graph(asked(a_plan(CLIP, transfer="arib-std-b67")))


def test_pictures_of_high_dynamic_range_keep_their_range_unless_the_container_alone_has_one() -> (
    None
):
    labels = "]setparams={}colorspace=bt2020nc:color_primaries=bt2020:color_trc=smpte2084,"
    bright = a_plan(CLIP, transfer="smpte2084", matrix="bt2020c")
    assert labels.format("") in graph(asked(bright))
    full = a_plan(CLIP, transfer="smpte2084", container_range="pc")
    assert labels.format("range=pc:") in graph(asked(full))


def test_only_untold_colours_of_high_definition_are_guessed() -> None:
    guess = "]setparams=colorspace=bt709,"
    assert guess in graph(asked(a_plan(CLIP, width=1280, height=720)))
    assert guess not in graph(asked(a_plan(CLIP, width=1280, height=720, matrix="smpte170m")))
    assert guess not in graph(asked(a_plan(CLIP)))


def test_colours_that_the_container_alone_declares_are_followed() -> None:
    plan = a_plan(CLIP, width=1280, height=720, container_matrix="fcc", container_range="pc")
    assert "]setparams=range=pc:colorspace=fcc," in graph(asked(plan))
    # `scale` fails on it.
    assert "]zscale=m=bt709," in graph(asked(a_plan(CLIP, matrix="ycgco")))


def test_without_a_storyboard_there_are_no_tiles() -> None:
    command = asked(with_asset(a_plan(CLIP), storyboard=None))
    assert not any("tile" in each for each in command)


def test_black_is_made_without_opening_the_source() -> None:
    plan = a_plan(CLIP)
    command = black_command(plan, plan.chunk(1))
    assert values(command, "-i") == ["color=c=black:s=320x180:r=24000/1001"]
    assert values(command, "-frames:v") == values(asked(plan), "-frames:v")


def test_sound_is_aligned_to_the_picture_and_as_long() -> None:
    plan = a_plan(CLIP, start=Fraction(3, 2))
    command = audio_command(
        plan, plan.asset.audio[0], "a.mp4", gain_db=-3.25, correction=Correction()
    )
    even, made = values(command, "-filter_complex")
    assert even.startswith("[0:1]aformat=sample_fmts=fltp:sample_rates=48000:")
    # A million seconds later, and earlier again.
    assert "asetpts=PTS+round(1999997/2/TB)," in even
    assert f"apad=packet_size=4099:pad_len={624_640 + 4099}[even]" in even
    earlier = replace(plan, sounds=(SoundTimes(Fraction(1), Fraction(14)),))
    even, _ = values(
        audio_command(
            earlier, plan.asset.audio[0], "a.mp4", gain_db=-3.25, correction=Correction()
        ),
        "-filter_complex",
    )
    assert f":pad_len={624_640 + 24_000 + 4099}[even]" in even
    assert made.startswith("[even]asetpts='st(2,PTS-48000000000)+")
    assert "volume=-3.25dB" in made
    assert "atrim=end_sample=624624,apad=whole_len=624640" in made


def test_a_short_video_is_measured_whole_and_a_long_one_by_a_minute_of_excerpts() -> None:
    short = a_plan(CLIP)
    assert loudness.excerpts(short, short.asset.audio[0]) == [(Fraction(0), 14)]
    long = a_plan(replace(CLIP, frames=172_800), start=Fraction(2))
    excerpts = loudness.excerpts(long, long.asset.audio[0])
    assert sum(seconds for _, seconds in excerpts) == 60
    assert excerpts[0][0] > 500
    assert excerpts[-1][0] + 10 < long.asset.grid.duration - 500
    command = loudness_command(
        long, long.asset.audio[0], "a.mp4", excerpts=excerpts, correction=Correction()
    )
    assert command.count("-i") == 6


def test_loudness_is_corrected_within_reason() -> None:
    assert loudness.gain_db(-23) == 7
    assert loudness.gain_db(-60) == 12
    assert loudness.gain_db(10) == -26
    assert loudness.gain_db(-70) == loudness.gain_db(None) == 0


def printed(number: int) -> str:
    return f"[Eval @ 0x1] [info] {500_000_000_000_000 + number}.000000"


def test_the_log_tells_what_was_decoded() -> None:
    observer = Observer(frames=2)
    for number in (-1, 0, 1, 2):
        observer.read_line(printed(number))
    observer.read_line("  Input stream #0:0 (video): 9 packets read (8 bytes); 4 frames decoded; "
                  "3 decode errors; ")  # fmt: skip
    observer.read_line("[vist#0:0] corrupt decoded frame")
    assert (observer.seen, observer.decoded, observer.errors) == (2, 4, 4)
    assert not observer.began_too_late


def test_a_number_is_read_wherever_another_thread_let_it_stand() -> None:
    observer = Observer(frames=2)
    observer.read_line("[info]   Stream #0:0" + printed(0).rpartition(" ")[2])
    observer.read_line("[info]     " + printed(1).rpartition(" ")[2])
    assert observer.seen == 2


def test_a_picture_without_a_time_is_none_of_the_chunk() -> None:
    observer = Observer(frames=2, codec="h264")
    for line in ("decoder -> pts:NOPTS", "corrupt decoded frame", "decoder -> pts:1"):
        observer.read_line(line)
    observer.read_line("[Eval @ 0x1] [info] 300000000000000.000000")
    observer.read_line(printed(0))
    assert (observer.seen, observer.whole) == (1, 0)


def test_a_picture_that_left_the_decoder_damaged_is_not_whole() -> None:
    observer = Observer(frames=2)
    for position, is_damaged in enumerate((True, False, True)):
        if is_damaged:
            observer.read_line("[dec:h264 @ 0x1] corrupt decoded frame")
        observer.read_line(f"[dec:h264 @ 0x1] decoder -> pts:{position}")
    # The first one comes before the chunk begins.
    for number in (-1, 0, 1):
        observer.read_line(printed(number))
    assert (observer.seen, observer.whole, observer.errors) == (2, 1, 2)


def test_the_log_tells_a_lost_line_from_a_damaged_file() -> None:
    damaged, lost = Log(Observer()), Log(Observer())
    damaged.read_line(
        "[in#0/mov @ 0x1] Error during demuxing: Invalid data found when processing input"
    )
    lost.read_line("[in#0/mov @ 0x1] Error during demuxing: Input/output error")
    assert (damaged.is_source_lost, lost.is_source_lost) == (False, True)
