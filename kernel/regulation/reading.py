"""Read one rule set from TOML, strictly; every fault is told with its line."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations
from types import MappingProxyType
from typing import Any

from kernel.regulation import rules
from kernel.regulation.rows import Fault, LawFault, Row, RuleSet
from kernel.regulation.schemas import COMMON, HEADER, KINDS, Field, Schema

_ROW = re.compile(r"\s*\[\[\s*row\s*\]\]")
_KEY = re.compile(r"\s*([A-Za-z_][\w-]*)\s*[=.]")
_MANY_LINES = re.compile("\"\"\"|'''")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
# A key of n parts costs its reader n² steps; no line of law has a fifth of this.
_MOST_DOTS = 100


class _Places:
    """Where the header, the rows and their keys stand: line numbers from 1."""

    def __init__(self, text: str) -> None:
        self.blocks: list[tuple[int, dict[str, int]]] = [(1, {})]
        for number, line in enumerate(text.split("\n"), start=1):
            if _ROW.match(line):
                self.blocks.append((number, {}))
            elif found := _KEY.match(line):
                self.blocks[-1][1].setdefault(found[1], number)

    def of(self, block: int, key: str = "") -> int:
        """Line of a key in a block (0 is the header), or of the block itself."""
        start, keys = self.blocks[block] if block < len(self.blocks) else (1, {})
        return keys.get(key, start)


def frozen(value: Any) -> Any:
    """The same value, unchangeable: tuples for lists, read-only mappings for tables."""
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(item) for key, item in value.items()})
    return tuple(frozen(item) for item in value) if isinstance(value, list) else value


def digest(text: str) -> str:
    """SHA-256 (hex) of a rule set's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _faults(table: Mapping[str, Any], fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    for key in table.keys() - fields.keys():
        yield key, Fault(f"unknown key {key}", "unknown")
    for key, field in fields.items():
        if key not in table:
            if field.required:
                yield key, Fault(f"{key} is missing", "missing")
        elif wrong := field.check(table[key]):
            yield key, Fault.of(wrong, f"{key}: {wrong}")


def _filled(table: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    return {key: table.get(key, field.default) for key, field in fields.items()}


def _parsed(text: str, name: str) -> dict[str, Any]:
    if found := _MANY_LINES.search(text):
        why = "multi-line texts are not used, so that a fault has its line"
        raise LawFault([_whole(name, why, "multiline", 1 + text.count("\n", 0, found.start()))])
    for line, said in enumerate(text.split("\n"), start=1):
        if said.count(".") > _MOST_DOTS:
            why = f"more than {_MOST_DOTS} dots in a line"
            raise LawFault([_whole(name, why, "unreadable", line)])
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        place = _AT_LINE.search(str(error))
        line = int(place[1]) if place else 1
        raise LawFault([_whole(name, str(error), "syntax", line)]) from error
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits, or tables in each other without end.
        raise LawFault([_whole(name, str(error), "unreadable")]) from error


def _whole(name: str, why: str, kind: str, line: int = 1, **facts: str) -> Fault:
    """A fault of a text as a whole."""
    return Fault(f"{name}:{line}: {why}", kind, line=line, **facts)


class _Reader:
    """One reading of one text; collects faults and goes on, so that all are told at once."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.places = _Places(text)
        self.faults: list[str] = []
        self.keys: dict[int, str] = {}  # what the rows are called, by their blocks

    def fault(self, block: int, key: str, message: str) -> None:
        key = key or (message.key if isinstance(message, Fault) else "")
        line = self.places.of(block, key)
        text = f"{self.name}:{line}: {message}"
        row = self.keys.get(block, "")
        self.faults.append(Fault.of(message, text, row=row, key=key, line=line))

    def table(self, block: int, table: Any, fields: Mapping[str, Field]) -> dict[str, Any] | None:
        """The table with its defaults, or None if it is at fault."""
        before = len(self.faults)
        for key, message in sorted(_faults(table, fields)):
            self.fault(block, key, message)
        return _filled(table, fields) if len(self.faults) == before else None

    def row(self, block: int, table: dict[str, Any], schema: Schema) -> Row | None:
        common = COMMON
        self.keys[block] = str(table.get("key", ""))
        if schema.key:
            common = {key: field for key, field in COMMON.items() if key != "key"}
        filled = self.table(block, table, {**common, **schema.fields})
        if filled is None:
            return None
        for message in schema.agree(filled):
            self.fault(block, "", message)
        return Row(
            key=schema.key(filled) if schema.key else filled["key"],
            article=filled["article"],
            article_en=filled["article_en"],
            source=filled["source"],
            region=filled["region"],
            subject=frozen(filled["subject"]),
            note=frozen(filled["note"] or {}),
            fields=frozen({key: filled[key] for key in schema.fields}),
            line=self.places.of(block),
        )

    def ambiguities(self, rows: list[Row]) -> None:
        by_key: dict[str, list[Row]] = {}
        for row in rows:
            by_key.setdefault(row.key, []).append(row)
        for same in by_key.values():
            for one, other in combinations(same, 2):
                if rules.ambiguous(one, other):
                    why = f"{other.key} could as well be the row of line {one.line}"
                    text = f"{self.name}:{other.line}: {why}"
                    self.faults.append(
                        Fault(text, "twice", row=other.key, key="key", line=other.line,
                              other=one.line)
                    )  # fmt: skip


def parse(text: str, name: str = "law") -> RuleSet:
    """A rule set from its TOML text.

    name: how faults name the file. Raises LawFault with every fault and its line.
    """
    text = text.replace("\r\n", "\n")
    data = _parsed(text, name)
    reader = _Reader(text, name)
    tables = data.get("row", [])
    if not isinstance(data.get("rule_set", {}), dict):
        raise LawFault([_whole(name, "rule_set is a table", "shape")])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise LawFault([_whole(name, "rows are tables, each begins with [[row]]", "shape")])
    for key in data.keys() - {"rule_set", "row"}:
        reader.faults.append(_whole(name, f"unknown table {key}", "table", table=key))
    header = reader.table(0, data.get("rule_set", {}), HEADER)
    if header is None:
        raise LawFault(reader.faults)
    schema = KINDS.get(header["code"].partition(".")[0])
    if schema is None:
        reader.fault(0, "code", Fault("no kind of rule set begins like this code", "no_kind"))
    if header["valid_to"] is not None and header["valid_to"] < header["valid_from"]:
        reader.fault(0, "valid_to", Fault("valid_to is before valid_from", "ends_before"))
    if not tables:
        reader.fault(0, "", Fault("a rule set has rows", "no_rows"))
    read = [reader.row(i, t, schema) for i, t in enumerate(tables, start=1)] if schema else []
    rows = [row for row in read if row is not None]
    reader.ambiguities(rows)
    if reader.faults:
        raise LawFault(reader.faults)
    return RuleSet(
        **{key: frozen(value) for key, value in header.items()},
        rows=tuple(rows),
        text=text,
        sha256=digest(text),
    )
