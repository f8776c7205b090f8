"""Invented bills of the demonstration province: a tender's, its ceiling, and bidders' priced ones.

The same seed gives the same bill, everywhere. Nothing here is anybody's real project or price.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from kernel import money
from procurement.cost.adjustments import percent_of
from procurement.cost.demonstration_items import CATALOGUES, Kind
from procurement.cost.rates import Rates
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
from procurement.cost.values import SCALE

_PLAN = (
    ("1", "教学综合楼", (("建筑与装饰工程", "building", 28), ("安装工程", "installation", 17))),
    ("2", "学生食堂", (("建筑与装饰工程", "building", 20), ("安装工程", "installation", 10))),
    ("3", "室外工程", (("道路与管网工程", "municipal", 16), ("室外安装工程", "installation", 9))),
)
"""Single works, their unit works, and what share (percent) of the items each has."""
_PARTS = (22, 52, 9, 10, 7)  # labour, material, machine, overhead, profit
_MEASURES = (("夜间施工增加费", "0.15"), ("冬雨季施工增加费", "0.60"), ("二次搬运费", "0.20"))
_MATERIALS = (
    ("provisional", "花岗岩板", "600×600×30", "m²", 210_00),
    ("provisional", "外墙真石漆", "天然彩砂", "kg", 9_80),
    ("owner_supplied", "电梯", "1050 kg 2.0 m/s", "台", 286_000_00),
    ("owner_supplied", "配电变压器", "SCB13-800", "台", 98_500_00),
    ("ordinary", "预拌混凝土", "C30", "m³", 425_00),
    ("ordinary", "热轧带肋钢筋", "HRB400 φ16", "t", 3_860_00),
)


def tender_bill(seed: int = 1, items: int = 1_240, name: str = "示范中学新建工程") -> Bill:
    """A tender's bill without prices, of about so many items over three trades, codes unique."""
    dice = random.Random(f"tender:{seed}")  # noqa: S311  (invented data)
    serials: Counter[str] = Counter()
    works = tuple(
        SingleWorks(
            number,
            title,
            None,
            tuple(
                _unit(f"{number}.{at}", words, trade, items * share // 100, dice, serials)
                for at, (words, trade, share) in enumerate(units, start=1)
            ),
        )
        for number, title, units in _PLAN
    )
    materials = tuple(
        Material(f"C{at}", kind, words, spec, unit, Decimal(dice.randrange(1, 400)), price)
        if kind != "ordinary"
        else Material(f"C{at}", kind, words, spec, unit, Decimal(dice.randrange(200, 9000)))
        for at, (kind, words, spec, unit, price) in enumerate(_MATERIALS, start=1)
    )
    header = Header(
        edition="gbt50500-2024",
        tool_name="示范计价软件 1.0",
        lock_serial=f"LOCK-OWNER-{seed:04d}",
        machine_ids=(_digest("machine", "owner", seed),),
        made_at="2026-03-02T09:00:00+08:00",
        file_uid=_digest("file", "owner", seed),
    )
    return Bill(header, name, "general", works, materials)


def _unit(
    number: str, name: str, trade: str, count: int, dice: random.Random, serials: Counter[str]
) -> UnitWorks:
    catalogue = CATALOGUES[trade]
    chosen = sorted(dice.randrange(len(catalogue)) for _ in range(count))
    sections: dict[str, list[Item]] = {}
    for place in chosen:
        kind = catalogue[place]
        sections.setdefault(kind.section, []).append(_item(kind, dice, serials))
    others: tuple[Other, ...] = ()
    if trade == "building":
        others = (
            Other("Q1", "provisional_sum", "暂列金额", amount_fen=count * 1_500_00),
            Other("Q2", "specialist", "幕墙工程", amount_fen=count * 2_600_00),
            Other("Q3", "main_contractor", "总承包服务费", rate=Decimal(2)),
        )
    return UnitWorks(
        number,
        name,
        trade,
        tuple(
            Section(f"{number}.{at}", title, None, tuple(rows))
            for at, (title, rows) in enumerate(sections.items(), start=1)
        ),
        others=others,
    )


def _item(kind: Kind, dice: random.Random, serials: Counter[str]) -> Item:
    serials[kind.base] += 1
    grade = kind.grades[dice.randrange(len(kind.grades))]
    part = f"\n{len(kind.features.splitlines()) + 1}.部位：{dice.randrange(1, 12)} 段"
    whole = kind.unit in ("台", "套", "个", "组", "片", "座")
    amount = dice.randrange(1, 90) if whole else dice.randrange(150, 260_000)
    quantity = Decimal(amount) if whole else Decimal(amount).scaleb(-2)
    return Item(
        f"{kind.base}{serials[kind.base]:03d}",
        kind.name,
        kind.features.format(grade) + part,
        kind.unit,
        quantity.normalize() if not whole else quantity,
    )


def ceiling_bill(tender: Bill, rates: Rates) -> Bill:
    """The ceiling price to a tender's bill: usual prices."""
    return priced_bill(tender, rates, bidder="ceiling", factor=Decimal(1), noise=Decimal(0))


def priced_bill(
    tender: Bill,
    rates: Rates,
    *,
    bidder: str,
    factor: Decimal,
    noise: Decimal = Decimal("0.03"),
) -> Bill:
    """A bidder's bill: usual prices times ``factor``, each off by up to ``noise``, all sums right.

    bidder: any name; the same name gives the same bill. The same work has one price.
    """
    draw = _Prices(bidder, factor, noise)
    works = []
    for single in tender.works:
        units = tuple(_priced_unit(unit, tender, draw, rates) for unit in single.units)
        works.append(replace(single, units=units, total_fen=sum(u.total_fen or 0 for u in units)))
    total = sum(single.total_fen or 0 for single in works)
    materials = tuple(
        replace(material, price_fen=draw.material(material)) for material in tender.materials
    )
    header = replace(
        tender.header,
        lock_serial=f"LOCK-{_digest('lock', bidder, 0)[:8].upper()}",
        machine_ids=(_digest("machine", bidder, 0),),
        file_uid=_digest("file", bidder, 0),
        made_at="2026-03-20T15:30:00+08:00",
    )
    return replace(
        tender,
        header=header,
        works=tuple(works),
        materials=materials,
        total_fen=total,
        total_words=money.capitals(total),
    )


class _Prices:
    """A bidder's unit prices: drawn by what is priced, so that the same work costs the same."""

    def __init__(self, bidder: str, factor: Decimal, noise: Decimal) -> None:
        self.bidder, self.factor, self.noise = bidder, factor, noise

    def item(self, item: Item) -> int:
        """Unit price in fen, at least one."""
        kind = _KINDS[item.code[:9]]
        step = next((at for at, grade in enumerate(kind.grades) if grade in item.features), 0)
        usual = kind.yuan * 100 * (100 + 6 * step) // 100
        return self._off(usual, f"{item.code[:9]}{item.features}")

    def material(self, material: Material) -> int | None:
        """Price in fen; what the tender fixed stands."""
        if material.price_fen is not None:
            return material.price_fen
        usual = {(name, spec): fen for _kind, name, spec, _unit, fen in _MATERIALS}
        return self._off(usual[material.name, material.spec], material.name + material.spec)

    def _off(self, fen: int, what: str) -> int:
        draw = int(_digest(what, self.bidder, 0)[:8], 16) / Decimal(2**32)
        share = self.factor * (1 + self.noise * (2 * draw - 1))
        return max(1, money.round_fen(money.to_yuan(fen) * share))


_KINDS = {kind.base: kind for catalogue in CATALOGUES.values() for kind in catalogue}


def _priced_unit(unit: UnitWorks, bill: Bill, draw: _Prices, rates: Rates) -> UnitWorks:
    sections = tuple(_priced_section(section, draw) for section in unit.sections)
    items = sum(section.total_fen or 0 for section in sections)
    measures = tuple(_measures(items, unit, draw, rates))
    specialist = sum(o.amount_fen or 0 for o in unit.others if o.kind == "specialist")
    others = tuple(
        replace(other, base_fen=specialist, amount_fen=percent_of(specialist, other.rate))
        if other.rate is not None
        else other
        for other in unit.others
    )
    measures_fen = sum(measure.amount_fen or 0 for measure in measures)
    others_fen = sum(other.amount_fen or 0 for other in others)
    excluded = specialist if bill.header.edition in rates.excludes_specialist else 0
    base, rate = items + measures_fen + others_fen - excluded, Decimal(rates.vat[bill.taxation])
    vat = percent_of(base, rate)
    return replace(
        unit,
        sections=sections,
        measures=measures,
        others=others,
        items_fen=items,
        measures_fen=measures_fen,
        others_fen=others_fen,
        vat_base_fen=base,
        vat_rate=rate,
        vat_fen=vat,
        total_fen=items + measures_fen + others_fen + vat,
    )


def _priced_section(section: Section, draw: _Prices) -> Section:
    items = tuple(_priced_item(item, draw.item(item)) for item in section.items)
    return replace(section, items=items, total_fen=sum(item.amount_fen or 0 for item in items))


def _priced_item(item: Item, price: int) -> Item:
    amount = (2 * int(item.quantity * SCALE) * price + SCALE) // (2 * SCALE)
    return replace(
        item, price_fen=price, amount_fen=amount,
        composition=Composition(*money.share(price, _PARTS)),
    )  # fmt: skip


def _measures(items: int, unit: UnitWorks, draw: _Prices, rates: Rates) -> Iterator[Measure]:
    rate = Decimal(rates.safety[unit.trade])
    yield Measure(
        "M1", "安全生产措施费", "safety",
        base_fen=items, rate=rate, amount_fen=percent_of(items, rate),
    )  # fmt: skip
    for at, (name, usual) in enumerate(_MEASURES, start=2):
        rate = Decimal(usual)
        amount = percent_of(items, rate)
        yield Measure(f"M{at}", name, "general", base_fen=items, rate=rate, amount_fen=amount)


def _digest(what: str, whose: str, seed: int) -> str:
    return hashlib.sha256(f"{what}:{whose}:{seed}".encode()).hexdigest()[:32]
