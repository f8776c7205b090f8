"""A bill of quantities as plain, frozen values. Pure.

Money is integer fen, None where the bill does not state it (a tender's bill has no prices).
Quantities are Decimals of at most four decimals, rates are Decimals in percent.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

FORMAT_VERSION = "1.0"
"""Version of our neutral format, the workbook and the XML."""

# Our name of an edition, and the one that kernel.identifiers.boq_code knows it by.
EDITIONS = {"gbt50500-2024": "2024", "gb50500-2013": "2013"}


@dataclass(frozen=True, slots=True)
class Header:
    """By what and when the file was made. made_at: as written by the tool, never trusted as time.

    edition: a key of EDITIONS, for the whole bill. lock_serial, machine_ids, file_uid: what the
    pricing tool left behind; screens of collusion compare them.
    """

    edition: str
    format_version: str = FORMAT_VERSION
    tool_name: str = ""
    lock_serial: str = ""
    machine_ids: tuple[str, ...] = ()
    made_at: str = ""
    file_uid: str = ""


@dataclass(frozen=True, slots=True)
class Composition:
    """What a unit price is made of, fen each. Overhead is 管理费, machine 施工机具使用费."""

    labour_fen: int
    material_fen: int
    machine_fen: int
    overhead_fen: int
    profit_fen: int
    risk_fen: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the bill (清单项目). code: twelve digits or a supplement code, as written."""

    code: str
    name: str
    features: str
    measure_unit: str
    quantity: Decimal
    price_fen: int | None = None
    amount_fen: int | None = None
    composition: Composition | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a unit works (分部) and the sum that the bill states for it."""

    number: str
    name: str
    total_fen: int | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure (措施项目): priced by quantity, or by a rate on a base, or as a lump sum.

    category: ``safety`` (安全生产措施费, not competitive) or ``general``.
    """

    number: str
    name: str
    category: str
    measure_unit: str = ""
    quantity: Decimal | None = None
    price_fen: int | None = None
    base_fen: int | None = None
    rate: Decimal | None = None
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """An other item (其他项目).

    kind: ``provisional_sum`` 暂列金额, ``specialist`` 专业工程暂估价, ``daywork`` 计日工,
    ``main_contractor`` 总承包服务费.
    """

    number: str
    kind: str
    name: str
    base_fen: int | None = None
    rate: Decimal | None = None
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class UnitWorks:
    """A unit works (单位工程) and the sums that the bill states for it.

    trade: building, installation or municipal. fees_fen: 规费, of the 2013 edition only.
    """

    number: str
    name: str
    trade: str
    sections: tuple[Section, ...]
    measures: tuple[Measure, ...] = ()
    others: tuple[Other, ...] = ()
    items_fen: int | None = None
    measures_fen: int | None = None
    others_fen: int | None = None
    fees_fen: int | None = None
    vat_base_fen: int | None = None
    vat_rate: Decimal | None = None
    vat_fen: int | None = None
    total_fen: int | None = None


@dataclass(frozen=True, slots=True)
class SingleWorks:
    """A single works (单项工程): what can be used by itself."""

    number: str
    name: str
    total_fen: int | None
    units: tuple[UnitWorks, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """A material with its price.

    kind: ``provisional`` 暂估材料, ``owner_supplied`` 甲供, ``ordinary``.
    """

    number: str
    kind: str
    name: str
    spec: str
    measure_unit: str
    quantity: Decimal | None = None
    price_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """A whole bill. taxation: ``general`` or ``simple``; total_words: in financial capitals."""

    header: Header
    project_name: str
    taxation: str
    works: tuple[SingleWorks, ...]
    materials: tuple[Material, ...] = ()
    project_number: str = ""
    total_fen: int | None = None
    total_words: str = ""

    @property
    def units(self) -> tuple[UnitWorks, ...]:
        """All unit works in their order."""
        return tuple(unit for single in self.works for unit in single.units)

    @property
    def item_count(self) -> int:
        """How many items there are."""
        return sum(len(section.items) for unit in self.units for section in unit.sections)
