"""Reads what a PDF says about itself, with a library other than the one that wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader


@dataclass
class Facts:
    title: str
    language: str
    tagged: bool
    pages: int
    conformance: str
    attachments: dict[str, bytes]
    relationships: list[str]
    fonts: dict[str, bool]
    associated: int
    alternatives: list[str]


def read(pdf: bytes) -> Facts:
    reader = PdfFileReader(BytesIO(pdf))
    root = reader.root
    xmp = root["/Metadata"].data.decode()
    part = re.search(r'pdfaid:part="(\d)"', xmp)
    level = re.search(r'pdfaid:conformance="(\w)"', xmp)
    specs = [spec.get_object() for spec in root["/AF"]]
    return Facts(
        title=str(reader.trailer_view["/Info"]["/Title"]),
        language=str(root["/Lang"]),
        tagged=bool(root["/MarkInfo"]["/Marked"]),
        pages=int(root["/Pages"]["/Count"]),
        conformance=f"{part and part[1]}{level and level[1]}",
        attachments={str(spec["/UF"]): spec["/EF"]["/F"].data for spec in specs},
        relationships=[str(spec["/AFRelationship"]) for spec in specs],
        fonts=_fonts(root["/Pages"]["/Kids"][0]["/Resources"]["/Font"]),
        associated=len(specs),
        alternatives=_alternatives(root["/StructTreeRoot"]),
    )


def _fonts(fonts: Any) -> dict[str, bool]:
    """Base font names without their subset tag, and whether the font's program is inside."""
    found = {}
    for name in fonts:
        font = fonts[name]
        descendant = font["/DescendantFonts"][0]
        embedded = any(key.startswith("/FontFile") for key in descendant["/FontDescriptor"])
        found[str(font["/BaseFont"]).split("+")[-1]] = embedded
    return found


def _alternatives(node: Any) -> list[str]:
    found = []
    if "/Alt" in node:
        found.append(str(node["/Alt"]))
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        child = child.get_object() if hasattr(child, "get_object") else child
        if hasattr(child, "get"):
            found += _alternatives(child)
    return found
