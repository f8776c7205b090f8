"""Where sealed files lie: written once, flushed with their folders before anything is said."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from kernel.errors import Refused
from procurement.bids import vault

NAME = "ab" * 16


@pytest.fixture
def root(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path / "sealed"


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths in the order in which they were flushed."""
    found: list[str] = []
    real = os.fsync

    def noted(descriptor: int) -> None:
        found.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    return found


def _write(name: str, data: bytes = b"sealed", limit: int = 100) -> None:
    vault.write(name, BytesIO(data).read, limit, lambda: None)


def test_a_file_is_flushed_and_then_its_folder(root: Path, flushed: list[str]) -> None:
    _write(NAME)
    assert flushed[-2:] == [str(root / "ab" / NAME), str(root / "ab")]
    assert vault.open_file(NAME).read() == b"sealed"


def test_the_name_of_a_new_folder_is_flushed_too(root: Path, flushed: list[str]) -> None:
    _write(NAME)
    assert flushed.count(str(root)) == 1
    assert (root / "ab").stat().st_mode & 0o777 == 0o700
    _write("ab" + "cd" * 15)
    assert flushed.count(str(root)) == 1
    assert flushed[-1] == str(root / "ab")


def test_folders_are_made_once_and_for_all(root: Path, flushed: list[str]) -> None:
    _write("00" * 16)
    _write("ff" * 16)
    assert flushed.count(str(root)) == 1
    assert len(list(root.iterdir())) == 256
    assert {each.stat().st_mode & 0o777 for each in root.iterdir()} == {0o700}


def test_a_file_is_never_written_over(root: Path) -> None:
    _write(NAME)
    with pytest.raises(FileExistsError):
        _write(NAME, b"other")
    assert (root / "ab" / NAME).exists()
    assert (root / "ab" / NAME).read_bytes() == b"sealed"


def test_a_file_beyond_the_limit_leaves_nothing(root: Path) -> None:
    with pytest.raises(Refused):
        _write(NAME, b"x" * 101)
    assert not vault.exists(NAME)
    assert list((root / "ab").iterdir()) == []


def test_a_closing_sees_that_the_last_byte_is_here_until_its_time_is_noted(root: Path) -> None:
    seen = []

    def last() -> None:
        seen.append(vault.came(NAME))

    vault.write(NAME, BytesIO(b"sealed").read, 100, last)
    assert seen == [False]
    assert vault.came(NAME)
    vault.noted(NAME)
    assert not vault.came(NAME)
    vault.arrived(NAME)
    vault.delete(NAME)
    assert not vault.came(NAME)
    vault.noted(NAME)  # of a file that is gone there is nothing to note
    assert not [each for each in root.rglob("*") if each.is_file()]


def test_a_file_that_was_refused_leaves_no_mark(root: Path) -> None:
    def full() -> None:
        raise OSError

    with pytest.raises(OSError):
        vault.write(NAME, BytesIO(b"sealed").read, 100, full)
    assert not vault.came(NAME)
    assert not [each for each in root.rglob("*") if each.is_file()]
