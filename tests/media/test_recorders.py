"""Recorders leave out times of pictures, and begin with tables that name no sound."""

from pathlib import Path

import pytest

from chalicelib.encoding.failures import Finding
from tests.builders.plans import planned
from tests.media.gallery.catalogue import entry_of
from tests.media.gallery.files import make
from transcoder.errors import Refused
from transcoder.probing.formats import transport

_PACKET, _SOUND, _PES_HEADER = 188, 0x101, 14


def _with_sound_of_something_else(data: bytes) -> bytes:
    changed = bytearray(data)
    for at in range(0, len(data), _PACKET):
        packet = data[at : at + _PACKET]
        if transport.pid_of(packet) == _SOUND:
            kept = _PES_HEADER if transport.begins(packet) else 0
            length = len(transport.payload(packet)) - kept
            end = at + _PACKET
            changed[end - length : end] = (byte * 37 % 251 for byte in range(length))
    return bytes(changed)


def test_late_sound_is_kept(tmp_path: Path) -> None:
    plan = planned(make(entry_of("sound_after_3_aac"), tmp_path))
    assert len(plan.asset.audio) == 1
    assert not plan.is_sound_lost


def test_late_sound_that_is_none_is_left_out(tmp_path: Path) -> None:
    path = make(entry_of("sound_after_3_aac"), tmp_path)
    path.write_bytes(_with_sound_of_something_else(path.read_bytes()))
    plan = planned(path)
    assert plan.asset.audio == ()
    assert "Stream 2 was left out: a sound track that cannot be read." in plan.notes


def test_pictures_without_times_are_counted(tmp_path: Path) -> None:
    assert planned(make(entry_of("ps_without_times"), tmp_path)).picture.counted_rate == 25


def test_pictures_without_times_are_refused_beside_sound(tmp_path: Path) -> None:
    path = make(entry_of("ps_without_times_of_pictures"), tmp_path)
    with pytest.raises(Refused, match="unsupported_format") as refusal:
        planned(path)
    assert refusal.value.detail == Finding.UNTIMED


def test_a_picture_is_not_called_the_only_one_if_others_are_hidden(tmp_path: Path) -> None:
    notes = planned(make(entry_of("pictures_a_thousand_times_as_long"), tmp_path)).notes
    assert "The file counts 75 pictures; one is shown." in notes
    assert "It holds one picture." not in notes
