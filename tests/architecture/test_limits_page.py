"""docs/limits.md has the numbers of the code and of the templates."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.accounts.revocations import POLL_EVERY
from chalicelib.bulk import model as bulk
from chalicelib.bulk.clean_up import ABANDONED_AFTER
from chalicelib.catalogue.cache import LOOK_EVERY
from chalicelib.encoding.retention import FAILED_ENCODES_KEPT_FOR
from chalicelib.encoding.sent_posters import LARGEST_POSTER_BYTES, MOST_POSTER_PIXELS
from chalicelib.ingest.uploads import LARGEST_SIDECAR_BYTES
from tests.unit.chalicelib.test_settings import settings
from tests.unit.infra.templates.reading import TEMPLATES
from transcoder import probing, worker
from transcoder.outputs import audio, chunk, loudness, mp4, pictures, storyboard, subtitles
from transcoder.probing.headers.choice import MOST_SOUNDS
from transcoder.sandbox import consumption, memory
from transcoder.sandbox.runner import Limits
from transcoder.settings import TranscoderSettings

PAGE = Path("docs/limits.md").read_text(encoding="utf-8")
_TIMES = "\N{MULTIPLICATION SIGN}"
_UNITS = {"GB": 10**9, "MB": 10**6, "GiB": 1024**3, "MiB": 1024**2}
_PIPELINE = TEMPLATES["pipeline"]["Parameters"]
_TRANSCODER = TranscoderSettings()
_SOURCE = _TRANSCODER.limits
_USUAL = Limits(cpu_seconds=0)


# A row whose last cell names settings alone.
_OF_A_SETTING = re.compile(r"^\| ([^|]+) \|.*\| `[A-Z_]+`(?:, `[A-Z_]+`)* \|$", re.MULTILINE)


def amount(count: int, unit: str) -> str:
    assert count % _UNITS[unit] == 0
    return f"{count // _UNITS[unit]} {unit}"


def hours(seconds: int) -> str:
    assert seconds % 3600 == 0
    return f"{seconds // 3600} hours"


def second_cells(first: str) -> list[str]:
    """Return the second cell of each row that begins with this one."""
    return re.findall(rf"^\| {re.escape(first)} \| (.+?) \|", PAGE, re.MULTILINE)


LIMITS = [
    ("estimated cost", "some" if _SOURCE.cpu_seconds or _SOURCE.dollars else "none"),
    ("source sent through the API", amount(settings().upload_largest_bytes, "GB")),
    (
        "uploads of one administrator that are not complete",
        amount(settings().upload_quota_bytes, "GB"),
    ),
    ("file of an own poster", amount(LARGEST_POSTER_BYTES, "MiB")),
    ("pixels of an own poster", f"{MOST_POSTER_PIXELS:,}"),
    ("subtitle file beside a source", amount(LARGEST_SIDECAR_BYTES, "MiB")),
    ("size of the source", amount(_SOURCE.size_bytes, "GiB")),
    ("length", hours(_SOURCE.seconds)),
    ("picture, in either orientation", f"{_SOURCE.long_side} {_TIMES} {_SOURCE.short_side}"),
    ("tracks in the file", f"{_SOURCE.streams}"),
    ("audio tracks that are encoded", f"{MOST_SOUNDS}"),
    (
        "pictures",
        (
            f"{memory.MOST_PICTURES:,} ({hours(_SOURCE.seconds)} of "
            f"{memory.MOST_PICTURES // _SOURCE.seconds} a second)"
        ),
    ),
    (
        "pictures and main sound that can be decoded",
        f"at least {_TRANSCODER.least_decodable_percent}%",
    ),
    ("videos of one bulk change", f"{bulk.MOST_VIDEOS:,}"),
    ("what it changes, as JSON", f"{bulk.LARGEST_CHANGE_BYTES // 1024} KiB"),
    ("bulk changes at once", f"{bulk.MOST_AT_ONCE}"),
    (
        "videos changed in a second, all bulk changes together",
        f"{bulk.VIDEOS_PER_SECOND}",
    ),
    ("failures that an answer lists", f"{bulk.MOST_FAILURES}"),
    ("a bulk change in the list", f"{bulk.KEPT_FOR.days} days"),
    ("time without any slice done", f"{ABANDONED_AFTER.days} day"),
    ("memory of one transcoder", f"`{_TRANSCODER.memory_bytes // 1024**3}g`"),
    ("threads of one program", f"{consumption._MOST_THREADS}"),
    ("program that uses no processor", f"{_USUAL.idle_seconds // 60} minutes"),
    ("deliveries of a task after which a break is final", f"{worker._MOST_TRIES}"),
    (
        "deliveries of a task whose worker ends in the middle of it",
        f"{worker.MOST_DELIVERIES}",
    ),
    (
        "wait for a worker that can read the plan, which a newer version wrote",
        # Each delivery hides the task a minute longer than the one before.
        (
            f"{worker.MOST_DELIVERIES} deliveries, "
            f"{hours(worker.HIDDEN_SECONDS * sum(range(worker.MOST_DELIVERIES + 1)))} in all"
        ),
    ),
    (
        "time between two heartbeats of a task, the wait for a worker included",
        hours(_PIPELINE["WorkPatienceSeconds"]["Default"]),
    ),
    ("time of a task in all", hours(_PIPELINE["WorkLimitSeconds"]["Default"])),
    ("MP4 file", amount(mp4._LIMITS.file_bytes, "GiB")),
    ("subtitle track", amount(subtitles._LIMITS.file_bytes, "MiB")),
    ("all other programs", amount(_USUAL.file_bytes, "GiB")),
]


@pytest.mark.parametrize(("what", "limit"), LIMITS)
def test_a_limit_is_the_one_of_the_code(what: str, limit: str) -> None:
    assert limit in second_cells(what)


SECONDS = [
    ("plan", f"{_SOURCE.probe_seconds}"),
    (
        "chunk",
        (
            f"{chunk._START_SECONDS}, and one for every "
            f"{chunk._SLOWEST_PIXELS_PER_SECOND // 10**6} million pixels decoded and encoded"
        ),
    ),
    (
        "audio track",
        (
            f"{audio._START_SECONDS}, and {audio._SLOWNESS} for each second of the video; "
            f"loudness {loudness._LIMITS.cpu_seconds}"
        ),
    ),
    ("subtitles, MP4 files", f"{subtitles._LIMITS.cpu_seconds}"),
    ("subtitles, MP4 files", f"{mp4._LIMITS.cpu_seconds}"),
    ("MP4 file of 120 lines", "as a chunk"),
    ("storyboard", f"{storyboard._LIMITS.cpu_seconds}"),
    ("poster", f"{pictures._SEARCH_SECONDS} for each search"),
]


@pytest.mark.parametrize(("task", "seconds"), SECONDS)
def test_a_program_has_the_processor_time_of_the_page(task: str, seconds: str) -> None:
    time = PAGE.partition("## Processor and time\n")[2].partition("\n## ")[0]
    assert f"| {task} | {seconds} |" in time


def test_each_row_of_a_setting_is_compared() -> None:
    rows = set(_OF_A_SETTING.findall(PAGE))
    assert len(rows) > 8
    assert rows - {what for what, _ in (*LIMITS, *SECONDS)} == set()


def test_disk_has_the_limits_of_the_page() -> None:
    disk = PAGE.partition("## Disk\n")[2].partition("\n## ")[0]
    begin, twice = amount(chunk._START_BYTES, "MiB"), {2: "twice"}[chunk._MOST_OVER_RATE]
    assert f"| chunk | {begin}, and {twice} what the highest rates of its rungs allow |" in disk
    assert f"| plan | {amount(probing._FILE_BYTES, 'MiB')} |" in disk
    gigabytes = TEMPLATES["transcoder"]["Parameters"]["TranscoderDiskGb"]["Default"]
    assert f"A transcoder on Fargate has {gigabytes} GB" in disk


def test_memory_is_computed_with_the_terms_of_the_page() -> None:
    terms = PAGE.partition("## How the memory of a program is computed\n")[2]
    text = " ".join(terms.partition("\n## ")[0].split())
    mebibytes = {
        name: getattr(memory, f"_{name}_BYTES") // memory.MEBIBYTE
        for name in ("PROGRAM", "PROCESSOR", "INDEX", "ENCODER", "PROBE", "RESIDENT")
    }
    for sentence in (
        f"{memory.WORKER_BYTES // memory.MEBIBYTE} MiB more are for the worker",
        (
            f"| program | {mebibytes['PROGRAM']}, and {mebibytes['PROCESSOR']} for each processor, "
            f"of which {memory._MOST_PROCESSORS} count |"
        ),
        f"| index | {mebibytes['INDEX']} |",
        f"bytes of a pixel {_TIMES} {memory._DECODED_PICTURES} |",
        f"{_TIMES} {memory._LIGHT_PIXEL_BYTES} bytes |",
        f"| encoder | {mebibytes['ENCODER']}, and {memory._ENCODED_PIXEL_BYTES} bytes for each",
        (
            f"largest still {_TIMES} {memory._STILL_PIXEL_BYTES} bytes ({_TIMES} "
            f"{memory._STILL_PIXEL_BYTES + memory._LIGHT_PIXEL_BYTES} for HDR)"
        ),
        (
            f"| plan | {mebibytes['PROBE']}, less on machines with less than "
            f"{(memory._PROBE_BYTES + memory.WORKER_BYTES) / memory.GIBIBYTE} GiB |"
        ),
        (
            f"{mebibytes['RESIDENT']} MiB, {memory._INDEXED_PACKET_BYTES} bytes for each picture "
            f"of the source and {memory._SOUND_PACKETS_PER_SECOND} times that"
        ),
        f"(without the {mebibytes['ENCODER']} MiB)",
    ):
        assert sentence in text


@pytest.mark.parametrize(
    ("page", "sentence", "time"),
    [
        ("videos", "Its media are kept for {}.", FAILED_ENCODES_KEPT_FOR),
        ("videos", "After {} only the source is left", FAILED_ENCODES_KEPT_FOR),
        ("runbook", "may accept it within {} (", FAILED_ENCODES_KEPT_FOR),
        ("data", "check of an access token | 0 (one query per process every {})", POLL_EVERY),
        ("data", "categories, 304 | 0 (one query per process every {})", LOOK_EVERY),
    ],
)
def test_other_pages_have_the_times_of_the_code(page: str, sentence: str, time: timedelta) -> None:
    words = {timedelta(days=6): "six days", timedelta(seconds=2): "two seconds"}
    assert sentence.format(words[time]) in Path(f"docs/{page}.md").read_text(encoding="utf-8")
