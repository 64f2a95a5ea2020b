"""A short film out of nothing but FFmpeg's own sources: four scenes, a tune, two subtitles."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg

SECONDS = 24
SIZE = "1280x720"
RATE = 25

_SCENE_SECONDS = 7
_FADE_SECONDS = 4 / 3  # four scenes that overlap three times last 24 s
_CHORD_SECONDS = SECONDS // 4

# Small pictures made large: as pretty, for a tenth of the work.
_FRAMES = f"r={RATE}"
_NOISE = f"perlin=s=160x90:{_FRAMES}:octaves=3:persistence=0.55:random_mode=seed"
_LARGE = f"vignette=angle=PI/5,scale={SIZE.replace('x', ':')}:flags=bicubic,setsar=1"
_COLOURS = "c0=0x0b1030:c1=0x5b2a86:c2=0xff5c4d:c3=0xffc15e:c4=0x2ec4b6:c5=0x0b1030"
_FAN = (
    f"gradients=s=320x180:{_FRAMES}:d={_SCENE_SECONDS}:n=6:{_COLOURS}"
    ":x0=160:y0=90:x1=0:y1=60:seed=3:speed=0.012:type=spiral"
)
_CLOUDS = (
    f"{_NOISE}:xscale=4.4:yscale=8:tscale=0.35:seed=7,trim=duration={_SCENE_SECONDS}"
    ",format=yuv444p,eq=contrast=1.5,pseudocolor=preset=magma"
)
_NORTHERN_LIGHTS = (
    f"{_NOISE}:xscale=9:yscale=1.6:tscale=0.5:seed=21,trim=duration={_SCENE_SECONDS}"
    ",format=yuv444p,eq=contrast=1.7:brightness=-0.08,pseudocolor=preset=viridis"
)
_GAME_OF_LIFE = (
    f"life=s=160x90:{_FRAMES}:mold=6:ratio=0.12:seed=11"
    ":life_color=0xffe3a3:death_color=0xd1344b:mold_color=0x10142e"
    f",trim=duration={_SCENE_SECONDS},format=gbrp,scale=320:180:flags=neighbor"
    ",gblur=sigma=1.2,lagfun=decay=0.9"
)
_SCENES = (_FAN, _CLOUDS, _NORTHERN_LIGHTS, _GAME_OF_LIFE)
_PASSAGES = ("fade", "circleopen", "dissolve")

# A minor, F, C, G: three voices in hertz, and a bass.
_CHORDS = (
    (220.00, 261.63, 329.63, 110.00),
    (174.61, 220.00, 261.63, 87.31),
    (261.63, 329.63, 392.00, 130.81),
    (196.00, 246.94, 293.66, 98.00),
)
_NOTE_SECONDS = 0.75

# One file each beside this one, named by language.
_SUBTITLES = {"eng": "English", "deu": "Deutsch"}
_HERE = Path(__file__).parent


class Failed(Exception):
    """FFmpeg could not make it."""


def make(folder: Path) -> Path:
    """Make the film in a folder and return its path; raise `Failed`."""
    film = folder / "film.mp4"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), *_arguments(), str(film)]
    made = subprocess.run(command, check=False, stdin=subprocess.DEVNULL)
    if made.returncode:
        raise Failed(f"FFmpeg ended with code {made.returncode}.")
    return film


def _arguments() -> Iterator[str]:
    yield from ("-v", "error", "-nostdin", "-y")
    for language in _SUBTITLES:
        yield from ("-i", str(_HERE / f"{language}.srt"))
    yield from ("-filter_complex", f"{_picture()};{_sound()}", "-map", "[v]", "-map", "[a]")
    for number, (language, name) in enumerate(_SUBTITLES.items()):
        yield from ("-map", f"{number}:s", f"-metadata:s:s:{number}", f"language={language}")
        yield from (f"-metadata:s:s:{number}", f"handler_name={name}")
    # Quick rather than small: it is encoded again at once.
    yield from ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "23", "-pix_fmt", "yuv420p")
    yield from ("-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-c:s", "mov_text")
    yield from ("-t", str(SECONDS), "-movflags", "+faststart")


def _picture() -> str:
    chain = [
        f"{scene},{_LARGE},format=yuv420p,settb=1/{RATE}[scene{number}]"
        for number, scene in enumerate(_SCENES)
    ]
    so_far = "scene0"
    for number, passage in enumerate(_PASSAGES, start=1):
        offset = number * (_SCENE_SECONDS - _FADE_SECONDS)
        chain.append(
            f"[{so_far}][scene{number}]xfade=transition={passage}"
            f":duration={_FADE_SECONDS:.3f}:offset={offset:.3f}[film{number}]"
        )
        so_far = f"film{number}"
    chain.append(f"[{so_far}]fade=in:d=0.5,fade=out:st={SECONDS - 1}:d=1[v]")
    return ";".join(chain)


def _sound() -> str:
    # A little out of tune between left and right makes it wide.
    sides = "|".join(_side(detune) for detune in (1.0, 1.004))
    return (
        f"aevalsrc=exprs='{sides}':s=24000:d={SECONDS},aecho=0.8:0.7:90|230:0.35|0.2"
        f",afade=in:d=1,afade=out:st={SECONDS - 2.5}:d=2.5[a]"
    )


def _side(detune: float) -> str:
    age = f"mod(t,{_CHORD_SECONDS})"
    swell = f"(1-exp(-{age}*1.6))*exp(-{age}*0.16)"
    voices = "+".join(f"sin(2*PI*t*{_pitch(voice, detune)})" for voice in range(4))
    note = f"mod(floor(t/{_NOTE_SECONDS}),3)"
    melody = "+".join(f"eq({note},{voice})*{_pitch(voice, 2.0)}" for voice in range(3))
    pluck = f"0.5*exp(-mod(t,{_NOTE_SECONDS})*5)*sin(2*PI*t*({melody}))"
    return f"0.11*({swell}*({voices})+{pluck})"


def _pitch(voice: int, factor: float) -> str:
    """The pitch of a voice in hertz, chord after chord."""
    first, second, third, fourth = (f"{chord[voice] * factor:.2f}" for chord in _CHORDS)
    later = (
        f"if(lt(t,{2 * _CHORD_SECONDS}),{second},if(lt(t,{3 * _CHORD_SECONDS}),{third},{fourth}))"
    )
    return f"if(lt(t,{_CHORD_SECONDS}),{first},{later})"
