"""Workbooks as nobody's program writes them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import IO

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def relations(*rows: tuple[str, str, str], mode: str = "") -> str:
    """A part of relations: (id, kind, target)."""
    inner = "".join(
        f'<Relationship Id="{i}" Type="{_REL}/{kind}" Target="{target}"{mode}/>'
        for i, kind, target in rows
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}">{inner}</Relationships>'


def types(*more: str) -> str:
    """The part of content types."""
    inner = "".join(f'<Override PartName="/x" ContentType="{kind}"/>' for kind in more)
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'{_HEAD}<Types xmlns="{space}">{inner}</Types>'


def sheet(data: str, before: str = "") -> str:
    """A sheet around its rows."""
    return f'{_HEAD}{before}<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'


def strings(data: str) -> str:
    """The part of shared strings."""
    return f'{_HEAD}<sst xmlns="{MAIN}">{data}</sst>'


def styles(xfs: str, formats: str = "") -> str:
    """The part of styles."""
    return (
        f'{_HEAD}<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>{xfs}</cellXfs></styleSheet>'
    )


def parts(data: str = "", *, date1904: bool = False) -> dict[str, str | Iterable[bytes]]:
    """The parts of a small whole workbook, to be changed by the test."""
    flag = ' date1904="1"' if date1904 else ""
    return {
        "[Content_Types].xml": types(),
        "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'{_HEAD}<workbook xmlns="{MAIN}" xmlns:r="{_REL}"><workbookPr{flag}/>'
            '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relations(
            ("r1", "worksheet", "worksheets/sheet1.xml"),
            ("r2", "sharedStrings", "sharedStrings.xml"),
            ("r3", "styles", "styles.xml"),
        ),
        "xl/worksheets/sheet1.xml": sheet(data),
        "xl/sharedStrings.xml": strings(""),
        "xl/styles.xml": styles(""),
    }


def packed(content: Mapping[str, str | Iterable[bytes]], to: IO[bytes] | None = None) -> IO[bytes]:
    """The ZIP file of some parts; an iterable part is written in constant memory."""
    file = to or BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in content.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as stream:
                for piece in [part.encode()] if isinstance(part, str) else part:
                    stream.write(piece)
    file.seek(0)
    return file
