"""The XML parts of a workbook, read as a stream of tags: no tree is ever built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kernel.documents import workbook_values as values
from kernel.documents.workbook_archive import Archive, Limits
from kernel.errors import Refused

_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_LAST_STYLE = 65_490  # Excel's own limits of styles and of number formats, generously
_LAST_FORMAT = 5_000
_SMALL_PART = 1_000_000  # characters of tags


class Target:
    """Base of what receives the tags of a part: local names, and a cap on how many."""

    names: frozenset[str] = frozenset()

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.seen, self.most = 0, limits.elements
        self.known = {f"{{{ns}}}{name}": name for ns in _NAMESPACES for name in self.names}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag opens."""
        self.seen += 1
        if self.seen > self.most:
            raise Refused.because("documents.workbook.too_much_markup", limit=self.most)
        name = self.known.get(tag)
        if name is not None:
            self.opened(name, attributes)

    def end(self, tag: str) -> None:
        """A tag closes."""
        name = self.known.get(tag)
        if name is not None:
            self.closed(name)

    def data(self, text: str) -> None:
        """Text, in pieces of any length."""

    def close(self) -> None:
        """The part ends."""

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """A tag of the sheet language opens."""

    def closed(self, name: str) -> None:
        """A tag of the sheet language closes."""


def parse(archive: Archive, part: str, target: Any) -> Iterator[None]:
    """Feed a part to a target; yields after each piece, so that the caller can take what is ready.

    UTF-8 whatever the part declares (every writer uses it, and the archive searches bytes);
    no DTD, no entity but the five of XML, no network, libxml2's own caps on.
    """
    from lxml import etree  # a web worker that reads no workbook does without it

    parser: Any = etree.XMLParser(
        target=target,
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for piece in archive.pieces(part):
            parser.feed(piece)
            yield
        parser.close()
        yield
    except etree.LxmlError as error:
        raise Refused.because("documents.workbook.damaged", part=part) from error


class Elements(Target):
    """Attributes of every tag of a small part, whatever its namespace: (local name, attributes)."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.found: list[tuple[str, dict[str, str]]] = []
        self._chars = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Keep it; a small part that is not small is refused."""
        # With entities off libxml2 hands an attribute's ampersand over as a reference.
        plain = {
            name.rpartition("}")[2]: value.replace("&#38;", "&")
            for name, value in attributes.items()
        }
        self._chars += 100 + sum(len(name) + len(value) for name, value in plain.items())
        if self._chars > _SMALL_PART:
            raise Refused.because("documents.workbook.too_much_markup", limit=_SMALL_PART)
        self.found.append((tag.rpartition("}")[2], plain))


class Strings(Target):
    """The shared strings: plain and rich text, without the reading aids of East Asian text."""

    names = frozenset({"si", "t", "rPh"})

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.strings: list[str] = []
        self.chars = 0
        self._text: list[str] = []
        self._taking = self._aid = False

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """A string, a piece of one, or a reading aid begins."""
        if name == "t":
            self._taking = not self._aid
        elif name == "rPh":
            self._aid = True
        elif len(self.strings) >= self.limits.strings:
            raise Refused.because("documents.workbook.too_many_strings", limit=self.limits.strings)

    def data(self, text: str) -> None:
        """Text of a string."""
        if self._taking:
            self.chars += len(text)
            if self.chars > self.limits.string_chars:
                raise Refused.because(
                    "documents.workbook.too_many_strings", limit=self.limits.string_chars
                )
            self._text.append(text)

    def closed(self, name: str) -> None:
        """A string, a piece of one, or a reading aid ends."""
        if name == "t":
            self._taking = False
        elif name == "rPh":
            self._aid = False
        else:
            self.strings.append(values.unescaped("".join(self._text)))
            self._text.clear()


class Styles(Target):
    """Which cell styles show their number as a day."""

    names = frozenset({"numFmt", "cellXfs", "xf"})

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.days: list[bool] = []
        self._formats: dict[str, bool] = {str(code): True for code in values.DATE_FORMATS}
        self._inside = False

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """A number format, the list of styles, or one of them."""
        if len(self._formats) > _LAST_FORMAT or len(self.days) > _LAST_STYLE:
            raise Refused.because("documents.workbook.too_much_markup", limit=_LAST_STYLE)
        if name == "numFmt":
            code = attributes.get("formatCode", "")[:1000]
            self._formats[attributes.get("numFmtId", "")[:10]] = values.shows_a_day(code)
        elif name == "cellXfs":
            self._inside = True
        elif self._inside:
            self.days.append(self._formats.get(attributes.get("numFmtId", ""), False))

    def closed(self, name: str) -> None:
        """The list of styles ends."""
        if name == "cellXfs":
            self._inside = False
