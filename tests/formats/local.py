"""What a laptop keeps in `.local/` from one start to the next."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local.data_folder import DataFolder
from infra.local.sample.welcome import Welcome
from tests.fakes.clock import HandClock
from tests.formats.form import Format
from tests.making import Workplace

_PASSWORD, _SAMPLE = "superuser-password", "sample-film"


def _in_a_folder(act: Callable[[Path], Any]) -> Any:
    with tempfile.TemporaryDirectory() as name:
        return act(Path(name))


def _welcome(folder: Path) -> Welcome:
    return Welcome(
        curation=Workplace(HandClock()).titles,
        make=lambda: folder / "film.mp4",
        upload=lambda _id, _path: None,
        marker=folder / _SAMPLE,
    )


def _written(folder: Path) -> Any:
    DataFolder(folder).superuser_password()
    _welcome(folder).give()
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def _read(folder: Path, plain: Any) -> object:
    for name, text in plain.items():
        (folder / name).write_text(text)
    return DataFolder(folder).superuser_password() == plain[_PASSWORD], _welcome(folder).is_due


def _settled(plain: Any) -> Any:
    return {**plain, _PASSWORD: len(plain[_PASSWORD])}


FORMATS = (
    Format(
        "data_folder",
        lambda: _in_a_folder(_written),
        lambda plain: _in_a_folder(lambda folder: _read(folder, plain)),
        (True, False),
        settled=_settled,
    ),
)
