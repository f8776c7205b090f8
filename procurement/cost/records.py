"""A bill as flat records, and back: what the workbook and the XML have in common. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.errors import Refusal, Refused
from procurement.cost import fields, values
from procurement.cost.fields import HEADER, PARTS, ROWS, Record
from procurement.cost.schemas import (
    Bill,
    Composition,
    Header,
    Item,
    Material,
    Measure,
    Other,
    Section,
    SingleWorks,
    UnitWorks,
)
from procurement.cost.values import Cell

MAX_ROWS = 50_000
"""Records of all kinds together, so that every sum fits 64 bits and memory stays bounded."""
MAX_REFUSALS = 200
_HEADER_KEYS = ("format_version", "tool_name", "lock_serial", "made_at", "file_uid")


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as it was read. place: where it stands; a refusal's field begins with it."""

    place: str
    cells: Mapping[str, Cell]


class Faults:
    """The refusals of one reading; beyond a number of them reading stops."""

    def __init__(self) -> None:
        self.found: list[Refusal] = []

    def add(self, refusal: Refusal) -> None:
        """Keep a refusal; raises all of them when there are too many to be of use."""
        self.found.append(refusal)
        if len(self.found) >= MAX_REFUSALS:
            raise Refused(self.found)

    def settle(self) -> None:
        """Raise what was found, if anything was."""
        if self.found:
            raise Refused(self.found)


def assemble(header: Raw, rows: Mapping[str, Iterable[Raw]]) -> Bill:
    """The bill of its records (kind -> records); raises Refused with every fault and its place.

    Beyond what ``values.read`` refuses: ``procurement.bill.edition_mixed``, ``record_twice`` (two
    records of one number), ``record_orphan`` (its works or section is not there),
    ``composition_partial``, ``too_many_rows``, ``empty``.
    """
    faults = Faults()
    top = _parsed(HEADER, header, faults)
    read: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    count = 0
    for record in ROWS:
        parsed = read.setdefault(record.kind, [])
        for raw in rows.get(record.kind, ()):
            count += 1
            if count > MAX_ROWS:
                faults.add(Refusal("procurement.bill.too_many_rows", {"limit": MAX_ROWS}))
                faults.settle()
            parsed.append((raw.place, _parsed(record, raw, faults)))
    faults.settle()
    _one_edition(top, read["unit"], faults)
    bill = _Builder(read, faults).bill(top)
    if not read["item"]:
        faults.add(Refusal("procurement.bill.empty"))
    faults.settle()
    return bill


def _parsed(record: Record, raw: Raw, faults: Faults) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in record.all_fields:
        cell = raw.cells.get(field.key)
        if (cell is None or (type(cell) is str and not cell)) and not field.required:
            found[field.key] = field.empty
            continue
        try:
            found[field.key] = values.read(field, cell)
        except Refused as refused:
            for reason in refused.refusals:
                faults.add(Refusal(reason.code, reason.facts, "", f"{raw.place}.{field.key}"))
            found[field.key] = None
    return found


def _one_edition(
    top: Mapping[str, Any], units: Iterable[tuple[str, dict[str, Any]]], faults: Faults
) -> None:
    """The same digits mean other things in another edition: one bill follows one."""
    for place, unit in units:
        if unit["edition"] not in ("", None, top["edition"]):
            faults.add(
                Refusal(
                    "procurement.bill.edition_mixed",
                    {"unit": unit["number"], "bill": top["edition"], "other": unit["edition"]},
                    "GB/T 50500-2024",
                    f"{place}.edition",
                )
            )


class _Builder:
    """Puts parsed records into each other, from the leaves up."""

    def __init__(
        self, read: Mapping[str, list[tuple[str, dict[str, Any]]]], faults: Faults
    ) -> None:
        self.read, self.faults = read, faults

    def bill(self, top: Mapping[str, Any]) -> Bill:
        singles = self._numbered("single", ())
        units = self._numbered("unit", ())
        sections = self._numbered("section", ("unit",))
        items = self._below("item", sections, ("unit", "section"), _item)
        by_unit: dict[tuple[str, ...], list[Section]] = {key: [] for key in units}
        for (key, row), made in zip(sections.items(), self._sections(sections, items), strict=True):
            if self._known("section", row, (key[0],), units):
                by_unit[(key[0],)].append(made)
        measures = self._below("measure", units, ("unit",), _made(Measure))
        others = self._below("other", units, ("unit",), _made(Other))
        by_single: dict[tuple[str, ...], list[UnitWorks]] = {key: [] for key in singles}
        for key, row in units.items():
            if not self._known("unit", row, (row[1]["single"],), singles):
                continue
            plain = {k: v for k, v in row[1].items() if k not in ("single", "edition")}
            by_single[(row[1]["single"],)].append(
                UnitWorks(
                    sections=tuple(by_unit[key]),
                    measures=tuple(measures.get(key, ())),
                    others=tuple(others.get(key, ())),
                    **plain,
                )
            )
        return Bill(
            header=_header(top),
            project_name=top["project_name"],
            project_number=top["project_number"],
            taxation=top["taxation"],
            total_fen=top["total_fen"],
            total_words=top["total_words"],
            works=tuple(
                SingleWorks(units=tuple(by_single[key]), **row[1]) for key, row in singles.items()
            ),
            materials=tuple(Material(**row) for _place, row in self.read["material"]),
        )

    def _sections(self, sections: Mapping[Any, Any], items: Mapping[Any, Any]) -> Iterator[Section]:
        for key, (_place, row) in sections.items():
            yield Section(row["number"], row["name"], row["total_fen"], tuple(items.get(key, ())))

    def _numbered(
        self, kind: str, parents: tuple[str, ...]
    ) -> dict[tuple[str, ...], tuple[str, dict[str, Any]]]:
        """Records by parents and number; a number stands once."""
        found: dict[tuple[str, ...], tuple[str, dict[str, Any]]] = {}
        for place, row in self.read[kind]:
            key = (*(row[name] for name in parents), row["number"])
            if found.setdefault(key, (place, row))[0] != place:
                self.faults.add(
                    Refusal(
                        "procurement.bill.record_twice", {"number": row["number"]}, "",
                        f"{place}.number",
                    )
                )  # fmt: skip
        return found

    def _below(
        self,
        kind: str,
        above: Mapping[tuple[str, ...], Any],
        parents: tuple[str, ...],
        make: Callable[[dict[str, Any]], Any],
    ) -> dict[tuple[str, ...], list[Any]]:
        found: dict[tuple[str, ...], list[Any]] = {}
        for place, row in self.read[kind]:
            key = tuple(row[name] for name in parents)
            if not self._known(kind, (place, row), key, above):
                continue
            try:
                made = make({k: v for k, v in row.items() if k not in parents})
            except Refused as refused:
                for reason in refused.refusals:
                    self.faults.add(Refusal(reason.code, reason.facts, "", f"{place}.price_fen"))
                continue
            found.setdefault(key, []).append(made)
        return found

    def _known(
        self,
        kind: str,
        row: tuple[str, dict[str, Any]],
        key: tuple[str, ...],
        above: Mapping[tuple[str, ...], Any],
    ) -> bool:
        if key in above:
            return True
        field = fields.BY_KIND[kind].parents[-1].key
        self.faults.add(
            Refusal(
                "procurement.bill.record_orphan", {"above": " / ".join(key)}, "",
                f"{row[0]}.{field}",
            )
        )  # fmt: skip
        return False


def _made(kind: type) -> Callable[[dict[str, Any]], Any]:
    return lambda row: kind(**row)


def _item(row: dict[str, Any]) -> Item:
    parts = {name: row.pop(name) for name in PARTS}
    stated = [name for name, part in parts.items() if part is not None]
    if not stated:
        return Item(**row)
    if missing := [name for name in PARTS[:-1] if parts[name] is None]:
        names = " / ".join(field.zh for field in fields.ITEM.fields if field.key in missing)
        raise Refused.because("procurement.bill.composition_partial", columns=names)
    return Item(**row, composition=Composition(**{**parts, "risk_fen": parts["risk_fen"] or 0}))


def _header(top: Mapping[str, Any]) -> Header:
    ids = (part.strip() for part in top["machine_ids"].replace("；", ";").split(";"))
    return Header(
        edition=top["edition"],
        machine_ids=tuple(part for part in ids if part),
        **{key: top[key] for key in _HEADER_KEYS},
    )


def flatten(bill: Bill) -> Iterator[tuple[str, dict[str, Any]]]:
    """(kind, fields) of the header and of every record, each after the one that it stands in.

    Parents' numbers are among the fields, so that a flat sheet can be written too.
    """
    yield "bill", _header_fields(bill)
    for single in bill.works:
        yield "single", _shallow(single, "units")
        for unit in single.units:
            yield (
                "unit",
                {
                    "single": single.number,
                    "edition": "",
                    **_shallow(unit, "sections", "measures", "others"),
                },
            )
            for section in unit.sections:
                yield "section", {"unit": unit.number, **_shallow(section, "items")}
                for item in section.items:
                    parents = {"unit": unit.number, "section": section.number}
                    yield "item", parents | _item_fields(item)
            for measure in unit.measures:
                yield "measure", {"unit": unit.number, **_shallow(measure)}
            for other in unit.others:
                yield "other", {"unit": unit.number, **_shallow(other)}
    for material in bill.materials:
        yield "material", _shallow(material)


def _header_fields(bill: Bill) -> dict[str, Any]:
    own = {key: getattr(bill.header, key) for key in ("edition", *_HEADER_KEYS)}
    names = ("project_name", "project_number", "taxation", "total_fen", "total_words")
    return {
        **own,
        "machine_ids": ";".join(bill.header.machine_ids),
        **{name: getattr(bill, name) for name in names},
    }


def _item_fields(item: Item) -> dict[str, Any]:
    parts = item.composition
    return {
        **_shallow(item, "composition"),
        **{name: getattr(parts, name) if parts else None for name in PARTS},
    }


def _shallow(value: Any, *but: str) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__ if name not in but}
