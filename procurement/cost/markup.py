"""Bills as XML: our neutral schema (``bill.xsd``), read as a stream of tags in bounded memory.

A province's own format is an adapter that yields the same records. What the schema does not know
is refused, so that nothing rides along unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kernel.errors import Refused
from kernel.money import to_yuan
from procurement.cost import records
from procurement.cost.fields import BY_KIND, ROWS
from procurement.cost.records import MAX_ROWS, Raw
from procurement.cost.schemas import Bill
from procurement.cost.values import LINE_CHARS, TEXT_CHARS, plain

NAMESPACE = "urn:zhuxin:bill:1"
SCHEMA = Path(__file__).parent / "bill.xsd"
MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 6  # bill, single, unit, section, item, features
_PIECE = 64 * 1024
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
# With entities off libxml2 hands an attribute's ampersand over like this, and every one so.
_AMPERSAND = "&#38;"
_TEXT = "features"
_TEXT_HEAD = next(field.zh for field in BY_KIND["item"].fields if field.key == _TEXT)
_KIND_OF_TAG = {f"{{{NAMESPACE}}}{kind}": kind for kind in (*BY_KIND, _TEXT)}
# An attribute in yuan does not say fen.
_ATTRIBUTES = {
    kind: {f.key.removesuffix("_fen"): f.key for f in record.fields if f.kind != "text"}
    for kind, record in BY_KIND.items()
}
_PARENT = {
    "unit": {"single": "single"},
    "section": {"unit": "unit"},
    "item": {"unit": "unit", "section": "section"},
    "measure": {"unit": "unit"},
    "other": {"unit": "unit"},
}


def read(content: bytes) -> Bill:
    """The bill of an XML file.

    Raises Refused: ``procurement.bill.file_too_large``, ``doctype`` (a DTD or entity),
    ``too_deep``, ``element_unknown``, ``attribute_unknown``, ``malformed``, and what
    ``records.assemble`` refuses.
    """
    if len(content) > MAX_BYTES:
        raise Refused.because("procurement.bill.file_too_large", limit=MAX_BYTES // 1024**2)
    if _DTD.search(content):
        raise Refused.because("procurement.bill.doctype")
    from lxml import etree  # a web worker that reads no bill does without it

    target: Any = _Target()
    # UTF-8 whatever the file declares: the search above reads bytes.
    parser: Any = etree.XMLParser(
        target=target,
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for start in range(0, len(content), _PIECE):
            parser.feed(content[start : start + _PIECE])
        parser.close()
    except etree.LxmlError as error:
        raise Refused.because("procurement.bill.malformed") from error
    if target.header is None:
        raise Refused.because("procurement.bill.malformed")
    return records.assemble(target.header, target.rows)


class _Target:
    """Receives tags; keeps one record per tag and no tree."""

    def __init__(self) -> None:
        self.header: Raw | None = None
        self.rows: dict[str, list[Raw]] = {record.kind: [] for record in ROWS}
        self._open: list[str] = []
        self._numbers: dict[str, str] = {}
        self._cells: dict[str, Any] = {}
        self._text: list[str] = []
        self._chars = self._count = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag opens."""
        kind = _KIND_OF_TAG.get(tag, "")
        if len(self._open) >= MAX_DEPTH:
            raise Refused.because("procurement.bill.too_deep", limit=MAX_DEPTH)
        above = self._open[-1] if self._open else ""
        if not kind or above != ("item" if kind == _TEXT else BY_KIND[kind].above):
            raise Refused.because("procurement.bill.element_unknown", element=tag[-80:])
        self._open.append(kind)
        if kind == _TEXT:
            if attributes:
                raise _unknown(next(iter(attributes)), kind)
            self._chars = 0
            self._text.clear()
            return
        self._begin(kind, attributes)

    def _begin(self, kind: str, attributes: Mapping[str, str]) -> None:
        known = _ATTRIBUTES[kind]
        cells: dict[str, Any] = {}
        for name, value in attributes.items():
            if name not in known:
                raise _unknown(name, kind)
            cells[known[name]] = value.replace(_AMPERSAND, "&")
        if kind == "bill":
            self.header = Raw("bill", cells)
            return
        self._count += 1
        if self._count > MAX_ROWS:
            raise Refused.because("procurement.bill.too_many_rows", limit=MAX_ROWS)
        for field, above in _PARENT.get(kind, {}).items():
            cells[field] = self._numbers.get(above, "")
        if kind in ("single", "unit", "section"):
            self._numbers[kind] = cells.get("number", "")
        rows = self.rows[kind]
        rows.append(Raw(f"{kind}[{len(rows) + 1}]", cells))
        self._cells = cells

    def data(self, text: str) -> None:
        """Text: of features, or white space between tags."""
        if not self._open or self._open[-1] != _TEXT:
            if text.strip():
                raise Refused.because("procurement.bill.element_unknown", element=text[:40])
            return
        self._chars += len(text)
        if self._chars > TEXT_CHARS + LINE_CHARS:
            raise Refused.because(
                "procurement.bill.text_too_long", column=_TEXT_HEAD, limit=TEXT_CHARS
            )
        self._text.append(text)

    def end(self, _tag: str) -> None:
        """A tag closes."""
        if self._open.pop() == _TEXT:
            self._cells["features"] = "".join(self._text)

    def close(self) -> None:
        """The document ends."""


def _unknown(name: str, kind: str) -> Refused:
    return Refused.because("procurement.bill.attribute_unknown", attribute=name[-80:], element=kind)


def write(bill: Bill) -> bytes:
    """The bill as XML, valid by ``bill.xsd``; the same bill gives the same bytes."""
    from lxml import etree

    root: Any = None
    spaces: Any = {None: NAMESPACE}
    last: dict[str, Any] = {}
    for kind, fields in records.flatten(bill):
        stated = dict(_attributes(kind, fields))
        if kind == "bill":
            root = etree.Element(f"{{{NAMESPACE}}}bill", stated, nsmap=spaces)
            last["bill"] = root
            continue
        last[kind] = etree.SubElement(last[BY_KIND[kind].above], f"{{{NAMESPACE}}}{kind}", stated)
        if fields.get(_TEXT):
            etree.SubElement(last[kind], f"{{{NAMESPACE}}}{_TEXT}").text = fields[_TEXT]
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _attributes(kind: str, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field in BY_KIND[kind].fields:
        value = fields[field.key]
        if value in (None, "") or field.kind == "text":
            continue
        if field.kind == "money":
            yield field.key.removesuffix("_fen"), format(to_yuan(value), "f")
        elif field.kind in ("quantity", "rate"):
            yield field.key, plain(value)
        else:
            yield field.key, value
