"""The file to take away is the same bytes wherever it is made: its hash can stand in a policy."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kernel import offline
from kernel.evidence.witnessing import asking
from procurement.bidder import takeaway

# Whatever else stands in a folder of sources is none of the program's.
_NEEDED = ("kernel", "procurement/bidder", "procurement/__init__.py", "requirements/bidder.txt")
_OTHERS = ("node_modules", "templates", "static", "__pycache__", "migrations")


@pytest.fixture
def sources(tmp_path):
    """Copies the sources into a folder of a name of its own."""

    def copied(name: str) -> Path:
        for part in _NEEDED:
            there, here = offline.ROOT / part, tmp_path / name / part
            here.parent.mkdir(parents=True, exist_ok=True)
            if there.is_dir():
                shutil.copytree(there, here, ignore=shutil.ignore_patterns(*_OTHERS))
            else:
                shutil.copyfile(there, here)
        return tmp_path / name

    return copied


def made_in(folder: Path, *, python: str = sys.executable, umask: int = 0o022, **env: str) -> bytes:
    """The file, made by the command that the page tells, with nothing but Python."""
    done = subprocess.run(
        [python, "-S", "-m", "procurement.bidder.takeaway", "made.pyz"], cwd=folder, umask=umask,
        env={"PATH": os.environ["PATH"], **env}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = (folder / "made.pyz").read_bytes()
    assert done.stdout == f"{hashlib.sha256(made).hexdigest()}  made.pyz\n"
    return made


def test_two_folders_of_the_same_sources_make_the_bytes_that_the_platform_serves(sources):
    one, other = sources("one"), sources("另一个 folder")
    for place, path in enumerate(sorted(other.rglob("*"), reverse=True)):
        os.utime(path, (place * 86400, place * 86400))
        if path.is_file():
            path.chmod(0o700 if place % 2 else 0o444)
    first = made_in(one, LC_ALL="C", TZ="Asia/Shanghai", PYTHONHASHSEED="1", LANGUAGE="en")
    second = made_in(
        other, umask=0o077, LC_ALL="C.UTF-8", TZ="America/St_Johns", PYTHONHASHSEED="2",
        PYTHONUTF8="0", LANGUAGE="zh_CN",
    )  # fmt: skip
    assert first == second == offline.program()


def test_what_lies_about_in_a_folder_and_ends_its_lines_otherwise_changes_nothing(sources):
    folder = sources("windows")
    for path in folder.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    for name in (".#seal.py", "._seal.py", "seal.py~", "seal.pyc", "__pycache__/x.py"):
        left = folder / "procurement" / "bidder" / name
        left.parent.mkdir(exist_ok=True)
        left.write_bytes(b"another")
    made_in(folder, PYTHONDONTWRITEBYTECODE="")
    assert list(folder.rglob("*.pyc")) != []
    assert made_in(folder) == offline.program()


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_every_python_makes_the_same_bytes(sources, version):
    python = shutil.which(f"python{version}")
    if python is None or subprocess.run([python, "-c", ""], check=False).returncode:
        pytest.skip(f"no Python {version} here")
    assert made_in(sources("tree"), python=python) == offline.program()


def test_one_changed_byte_of_a_source_is_another_file(sources):
    folder = sources("changed")
    path = folder / "procurement" / "bidder" / "seal.py"
    path.write_bytes(path.read_bytes().replace(b"partial", b"partia1", 1))
    assert made_in(folder) != offline.program()


def test_nothing_in_it_tells_where_when_or_by_whom_it_was_made():
    with zipfile.ZipFile(io.BytesIO(offline.program())) as archive:
        rows, comment = archive.infolist(), archive.comment
    assert comment == b""
    names = [row.filename for row in rows]
    assert names == sorted(set(names))
    for row in rows:
        assert (row.compress_type, row.create_system, row.create_version) == (0, 3, 20)
        assert row.date_time == (1980, 1, 1, 0, 0, 0)
        assert row.external_attr == 0o100644 << 16
        assert (row.extra, row.comment, row.internal_attr) == (b"", b"", 0)
        assert row.filename.endswith((".py", ".mo", ".toml", ".txt"))


def test_only_one_place_to_write_to_is_taken(capsys):
    assert takeaway.main([]) == 64
    assert takeaway.main(["--help"]) == 64
    assert "python -m procurement.bidder.takeaway zhuxin.pyz" in capsys.readouterr().err


def test_a_witness_knows_it_by_its_name():
    assert takeaway.PROGRAM == offline.NAME == asking.COMMAND_LINE
