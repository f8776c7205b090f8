"""Crafted workbooks are refused in bounded memory.

Each file is made here and read by a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.documents import crafted
from tests.kernel.documents.workbook_reading import SHEET

ROOT = Path(__file__).parents[3]

_OPEN = crafted.sheet("").removesuffix("</sheetData></worksheet>").encode()
_CLOSE = b"</sheetData></worksheet>"
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def _million_rows() -> Iterator[bytes]:
    yield _OPEN
    for n in range(1, 1_000_001):
        yield b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n)
    yield _CLOSE


def _empty_rows() -> Iterator[bytes]:
    yield _OPEN
    yield from (b'<row r="%d" s="1"/>' % n for n in range(1, 1_000_001))
    yield _CLOSE


def _wide_row() -> Iterator[bytes]:
    yield _OPEN + b"<row>"
    yield from (b"<c><v>%d</v></c>" % n for n in range(1_000_000))


def _attributes() -> Iterator[bytes]:
    yield _OPEN + b"<row "
    yield from (b'a%d=">" ' % n for n in range(100_000))


def _names() -> Iterator[bytes]:
    yield _OPEN
    yield from (b"<n%d/>" % n for n in range(1_600_000))


def _deep() -> Iterator[bytes]:
    yield _OPEN
    yield from (b"<n%d>" % (n % 9_973) for n in range(100_000))


def _long_markup(opening: bytes) -> Iterator[bytes]:
    yield _OPEN + b'<row><c t="str"><v>' + opening
    yield from (b"<%d " % (n % 9_973) for n in range(2_000_000))


def _many_strings() -> Iterator[bytes]:
    yield crafted.strings("").removesuffix("</sst>").encode()
    yield from (b"<si><t>%d</t></si>" % n for n in range(1_000_000))


def _long_strings() -> Iterator[bytes]:
    yield crafted.strings("").removesuffix("</sst>").encode()
    words = "".join(chr(0x4E00 + i) for i in range(4_000))
    for n in range(1_000):
        # Numbers between the words, or the ratio would give it away.
        text = "".join(f"{words[i : i + 40]}{n * i % 9_973}" for i in range(0, 4_000, 40))
        yield f"<si><t>{text}{text}{text}{text}</t></si>".encode()


BOMBS: dict[str, tuple[str, Any, str]] = {
    "zip_bomb": (SHEET, lambda: (bytes(1_000_000) for _ in range(55)), "inflates_too_far"),
    "larger_bomb": (SHEET, lambda: (bytes(1_000_000) for _ in range(500)), "inflates_too_far"),
    "million_rows": (SHEET, _million_rows, "too_many_rows"),
    "million_empty_rows": (SHEET, _empty_rows, ""),
    "wide_row": (SHEET, _wide_row, "too_many_columns"),
    "billion_laughs": (
        SHEET,
        lambda: [
            crafted.sheet(
                '<row><c t="str"><v>&l9;</v></c></row>',
                f'<!DOCTYPE l [<!ENTITY l0 "ha">{_LAUGHS}]>',
            ).encode()
        ],
        "doctype",
    ),
    "attributes": (SHEET, _attributes, "markup_too_long"),
    "names": (SHEET, _names, "too_much_markup"),
    "deep": (SHEET, _deep, "damaged"),
    "comment": (SHEET, lambda: _long_markup(b"<!--"), "damaged"),
    "cdata": (SHEET, lambda: _long_markup(b"<![CDATA["), ""),
    "many_strings": ("xl/sharedStrings.xml", _many_strings, "too_many_strings"),
    "long_strings": ("xl/sharedStrings.xml", _long_strings, "too_many_strings"),
    "formula": (
        SHEET,
        lambda: [crafted.sheet("<row><c><f>1</f></c></row>").encode()],
        "formula",
    ),
}

_READ = """
import re, sys
from pathlib import Path
from kernel.documents.workbooks import open_workbook
from kernel.errors import Refused

def peak():
    # Not ru_maxrss: that one begins with the peak of whoever started this process.
    return int(re.search("VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

before, code = peak(), ""
try:
    with open(sys.argv[1], "rb") as file:
        for row in open_workbook(file).rows():
            pass
except Refused as refused:
    code = refused.refusals[0].code
print(code or "read", peak() - before)
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_crafted_workbook_is_refused_in_little_memory(name: str, tmp_path: Path) -> None:
    part, pieces, wanted = BOMBS[name]
    path = tmp_path / "crafted.xlsx"
    with path.open("w+b") as file:
        crafted.packed({**crafted.parts("<row/>"), part: pieces()}, file)
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    found, kib = done.stdout.split()
    print(name, found, int(kib) // 1024, "MiB")
    # Empty rows alone are merely useless; a CDATA section may break in either of two ways.
    allowed = {f"documents.workbook.{wanted}"} if wanted else {
        "read", "documents.workbook.damaged", "documents.workbook.cell_too_long",
        "documents.workbook.inflates_too_far",
    }  # fmt: skip
    assert found in allowed
    assert int(kib) < 80 * 1024
