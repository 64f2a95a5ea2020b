"""The transcoder's settings are read once and complain by name."""

import re
from pathlib import Path

import pytest

from chalicelib.catalogue.asset import Container
from transcoder.errors import BadTranscoderSetting
from transcoder.settings import TranscoderSettings

_NEEDED = {
    "WORK_QUEUE_URL": "https://queue",
    "CATALOGUE_TABLE": "catalogue",
    "UPLOADS_BUCKET": "uploads",
    "MEDIA_BUCKET": "media",
}


def test_what_is_not_said_has_a_sensible_value() -> None:
    settings = TranscoderSettings.from_environment(_NEEDED)
    assert settings.container is Container.FMP4
    assert settings.source_cache is None
    assert (settings.makes_mp4, settings.makes_mp4_120p) == (True, False)
    assert settings.limits.streams == 16


def test_what_is_said_counts() -> None:
    settings = TranscoderSettings.from_environment(
        {
            **_NEEDED,
            "WORK_FOLDER": "/work",
            "SOURCE_CACHE": "/sources",
            "SEGMENT_CONTAINER": "ts",
            "STORYBOARD": "0",
            "MP4_FILES_120P": "1",
            "MOST_STREAMS": "20",
            "DOLLARS_PER_CPU_HOUR": "0.1",
            "MOST_DOLLARS": "2.5",
            "LEAST_DECODABLE_PERCENT": "100",
        }
    )
    assert (settings.work_folder, settings.source_cache) == (Path("/work"), Path("/sources"))
    assert (settings.container, settings.makes_storyboard) == (Container.TS, False)
    assert settings.makes_mp4_120p
    assert (settings.limits.streams, settings.limits.dollars) == (20, 2.5)
    assert settings.dollars_per_cpu_hour == 0.1
    assert settings.least_decodable_percent == 100


@pytest.mark.parametrize("name", _NEEDED)
def test_what_is_needed_is_asked_for(name: str) -> None:
    with pytest.raises(BadTranscoderSetting, match=name):
        TranscoderSettings.from_environment({**_NEEDED, name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SEGMENT_CONTAINER", "avi"),
        ("MOST_STREAMS", "-1"),
        ("MOST_STREAMS", "many"),
        ("LEAST_DECODABLE_PERCENT", "101"),
        ("LEAST_DECODABLE_PERCENT", "0.8"),
        ("DOLLARS_PER_CPU_HOUR", "cheap"),
        ("DOLLARS_PER_CPU_HOUR", "nan"),
        ("MOST_DOLLARS", "-1"),
        ("MOST_DOLLARS", "inf"),
        ("MEMORY_LIMIT", "much"),
        ("MEMORY_LIMIT", "-1g"),
    ],
)
def test_nonsense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadTranscoderSetting, match=name):
        TranscoderSettings.from_environment({**_NEEDED, name: value})


@pytest.mark.parametrize(
    ("said", "gigabytes"), [("8g", 8), ("8GB", 8), ("8192m", 8), ("1.5g", 1.5), ("4294967296", 4)]
)
def test_memory_is_said_as_docker_says_it(said: str, gigabytes: float) -> None:
    settings = TranscoderSettings.from_environment({**_NEEDED, "MEMORY_LIMIT": said})
    assert settings.memory_bytes == gigabytes * 1024**3


def test_the_memory_of_a_transcoder_is_one_number_wherever_it_runs() -> None:
    needed = TranscoderSettings().memory_bytes
    transcoder = Path("infra/templates/transcoder.yaml").read_text(encoding="utf-8")
    rented = re.search(r"  TranscoderMemoryMb:\n(?:    .*\n)*?    Default: (\d+)", transcoder)
    assert rented
    assert int(rented[1]) * 1024**2 == needed
    assert '{Name: MEMORY_LIMIT, Value: !Sub "${TranscoderMemoryMb}m"}' in transcoder
    compose = Path("docker-compose.localstack.yml").read_text(encoding="utf-8")
    gigabytes = re.findall(r"(?:mem_limit|MEMORY_LIMIT): \$\{TRANSCODER_MEMORY:-(\d+)g\}", compose)
    assert [int(each) * 1024**3 for each in gigabytes] == [needed, needed]
    for document in ("docs/settings.md", "docs/limits.md"):
        assert f"`{needed // 1024**3}g`" in Path(document).read_text(encoding="utf-8")
