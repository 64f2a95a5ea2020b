"""What a laptop keeps in `.local/` from one start to the next."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local.data_folder import DataFolder
from infra.local.sample.sample_video import was_written_down
from tests.formats.form import MOMENT, Format

_PASSWORD, _SAMPLE = "superuser-password", "sample-film"
_EMAIL = "admin@videoflix.test"


def _in_a_folder(act: Callable[[Path], Any]) -> Any:
    with tempfile.TemporaryDirectory() as name:
        return act(Path(name))


def _written(folder: Path) -> Any:
    DataFolder(folder).administrator_password()
    DataFolder(folder).keep_token(_EMAIL, "a-token")
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def _read(folder: Path, plain: Any) -> object:
    for name, text in plain.items():
        (folder / name).write_text(text)
    had_sample = was_written_down(folder / _SAMPLE, since=MOMENT)
    data = DataFolder(folder)
    has_password = data.administrator_password() == plain[_PASSWORD]
    return has_password, had_sample, data.kept_token(_EMAIL)


def _settled(plain: Any) -> Any:
    return {**plain, _PASSWORD: len(plain[_PASSWORD])}


FORMATS = (
    Format(
        "data_folder",
        lambda: _in_a_folder(_written),
        lambda plain: _in_a_folder(lambda folder: _read(folder, plain)),
        (True, False, "a-token"),
        # Here the first version kept that the sample film was made; now the bucket does.
        older={1: (True, True, ""), 2: (True, False, "")},
        settled=_settled,
    ),
)
