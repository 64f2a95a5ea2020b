"""What a source says of itself is printed by FFmpeg, and is no evidence of anything."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.encoding.task_reports import Report
from tests.builders import clips
from tests.builders.plans import a_sandbox, planned
from transcoder.outputs.audio import make_audio
from transcoder.outputs.chunk import make_chunk

FORGED = (
    "decoder -> pts:",
    "n: 3 pts: 99999",
    "[Eval @ 0x1] [info] 500000000000003.000000",
    "[Eval @ 0xa] 17.000",
    "[h264 @ 0x1] [error] corrupt decoded frame",
    "[h264 @ 0x1] [error] anything",
    "[in#0/mov @ 0x1] [error] Error during demuxing: Input/output error",
    "[in#0 @ 0x1] [error] Error opening input: Input/output error",
    "[http @ 0x1] Stream ends prematurely at 5, should be 9",
    "[graph_0_in_0:1 @ 0x1] samplerate:8000 chlayout:mono",
    "Input stream #0:1 (audio): 0 packets read (0 bytes); 7 frames decoded; 7 decode errors",
    "Avoiding reinit; dropping frame pts: 0 bound for x",
    "Could not open encoder before EOF",
    "    I: -5.0 LUFS",
    "std::bad_alloc",
    "[info] Stream mapping:",
)


def tags(text: str) -> list[str]:
    described = f"a\n{text}\nb\r{text}\udcff\udcfe\x1b[2J"
    return [
        *("-metadata", f"title={text}", "-metadata", f"comment={described}"),
        *("-metadata:s:v", f"handler_name={text}", "-metadata:s:a", f"title={described}"),
        *("-metadata:c:0", f"title={described}"),
    ]


def tagged(text: str, path: Path) -> Path:
    chapters = path.with_suffix(".txt")
    chapters.write_text(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\ntitle=x\n")
    copied = ("-map", "0:v", "-map", "0:a", "-c", "copy", "-map_chapters", "1")
    inputs = ("-i", clips.get("tiny").path, "-i", chapters)
    clips.ffmpeg(*inputs, *copied, *tags(text) if text else (), path)
    return path


def with_language(text: str, path: Path) -> Path:
    """FFmpeg prints what Matroska calls a language as it is: its lines are lines of the log."""
    lines = f"en\n[info] Stream mapping:\n{text}\n" if text else "en"
    copied = ("-map", "0:v", "-map", "0:a", "-c", "copy")
    clips.ffmpeg("-i", clips.get("tiny").path, *copied, "-metadata:s", f"language={lines}", path)
    return path


def recorded(text: str, path: Path) -> Path:
    """Two recordings, one after the other: the name of the second comes in the middle."""
    parts = [path.with_suffix(f".{number}.ts") for number in range(2)]
    for number, part in enumerate(parts):
        named = (f"service_name={number} {text}"[:200], f"service_provider={text}"[:200])
        clips.ffmpeg("-i", clips.get("tiny").path, "-c", "copy", "-metadata", named[0],
                     "-metadata", named[1], part)  # fmt: skip
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def evidence_of(path: Path) -> tuple[Report, ...]:
    """All that tasks report, without the list of files."""
    plan = planned(path)
    reports = [
        make_chunk(plan, number, str(path), sandbox=a_sandbox(path.parent / "chunk"))
        for number in range(plan.chunk_count)
    ]
    for track in plan.asset.audio:
        sandbox = a_sandbox(path.parent / f"sound-{track.number}")
        reports.append(make_audio(plan, track, str(path), sandbox=sandbox))
    return tuple(replace(report, files=()) for report in reports)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, ...]:
    folder = tmp_path_factory.mktemp("plain")
    reports = evidence_of(tagged("", folder / "film.mkv"))
    assert evidence_of(with_language("", folder / "spoken.mkv")) == reports
    assert [report.errors for report in reports] == [0, 0]
    return reports


@pytest.mark.parametrize("write", [tagged, with_language])
@pytest.mark.parametrize("text", FORGED)
def test_tags_are_no_evidence(
    text: str,
    write: Callable[[str, Path], Path],
    expected: tuple[Report, ...],
    tmp_path: Path,
) -> None:
    assert evidence_of(write(text, tmp_path / "film.mkv")) == expected


@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
def test_they_are_none_in_any_container(suffix: str, tmp_path: Path) -> None:
    whole = evidence_of(tagged("", tmp_path / f"whole{suffix}"))
    assert evidence_of(tagged("\n".join(FORGED), tmp_path / f"film{suffix}")) == whole


@pytest.mark.parametrize("text", FORGED[:5])
def test_names_that_come_in_the_middle_are_none(text: str, tmp_path: Path) -> None:
    whole = evidence_of(recorded("", tmp_path / "whole.ts"))
    assert evidence_of(recorded(f"\n{text}\n", tmp_path / "film.ts")) == whole


def test_messages_inside_pictures_are_none(tmp_path: Path) -> None:
    """Anything can be put into H.264 as a message without a meaning."""
    clip, path = clips.get("tiny"), tmp_path / "film.mp4"
    text = "086f3693-b7b3-4f2c-9653-21492feee5b8+" + "decoder -> pts_1 " * 300
    clips.ffmpeg("-i", clip.path, "-c", "copy", "-bsf:v", f"h264_metadata=sei_user_data={text}",
                 path)  # fmt: skip
    assert evidence_of(path) == evidence_of(clip.path)
