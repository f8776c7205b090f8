"""What a bill's records hold, once for the workbook and the XML: fields, heads, sheets. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from procurement.cost.schemas import EDITIONS


@dataclass(frozen=True)
class Field:
    """A field: an attribute of the XML, a column of the workbook.

    kind: ``line``, ``list`` (by semicolons, on one line), ``text`` (may have several lines),
    ``code``, ``quantity``, ``rate``, ``money``
    (yuan in files, fen in bills) or ``choice`` (of ``choices``: code -> words).
    """

    key: str
    zh: str
    en: str
    kind: str = "line"
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()

    @cached_property
    def empty(self) -> str | None:
        """What stands for nothing written."""
        return "" if self.kind in {"line", "list", "text", "code", "choice"} else None

    @property
    def heading(self) -> str:
        """Its head in the workbook: both languages."""
        return f"{self.zh}\n{self.en}"


@dataclass(frozen=True)
class Record:
    """A kind of record: its sheet, its fields, and which fields name the record it belongs to.

    above: the kind it stands in. parents: fields that only the workbook needs, because there
    nothing stands in anything.
    """

    kind: str
    sheet: str
    above: str
    parents: tuple[Field, ...]
    fields: tuple[Field, ...]

    @cached_property
    def all_fields(self) -> tuple[Field, ...]:
        """Parents and fields."""
        return (*self.parents, *self.fields)


_UNIT = Field("unit", "单位工程编号", "Unit works no.", required=True)
_NUMBER = Field("number", "编号", "No.", required=True)
_NAME = Field("name", "名称", "Name", required=True)
_MEASURE_UNIT = Field("measure_unit", "计量单位", "Unit")
_AMOUNT = Field("amount_fen", "合价（元）", "Amount (yuan)", "money")
_PRICE = Field("price_fen", "综合单价（元）", "Unit price (yuan)", "money")
_QUANTITY = Field("quantity", "工程量", "Quantity", "quantity")
_BASE = Field("base_fen", "计算基数（元）", "Base (yuan)", "money")
_RATE = Field("rate", "费率（%）", "Rate (%)", "rate")
_TOTAL = Field("total_fen", "合计（元）", "Total (yuan)", "money")

PARTS = ("labour_fen", "material_fen", "machine_fen", "overhead_fen", "profit_fen", "risk_fen")

HEADER = Record(
    "bill",
    "封面 Cover",
    "",
    (),
    (
        Field("edition", "计价标准", "Standard", "choice", True, tuple(
            zip(EDITIONS, ("GB/T 50500-2024", "GB 50500-2013"), strict=True)
        )),
        Field("format_version", "格式版本", "Format version", required=True),
        Field("project_number", "项目编号", "Project number"),
        Field("project_name", "项目名称", "Project name", required=True),
        Field("taxation", "计税方法", "Taxation", "choice", True, (
            ("general", "一般计税"), ("simple", "简易计税")
        )),
        Field("total_fen", "总价（元）", "Total (yuan)", "money"),
        Field("total_words", "总价（大写）", "Total in words"),
        Field("tool_name", "计价软件", "Pricing tool"),
        Field("lock_serial", "加密锁序列号", "Lock serial"),
        Field("machine_ids", "机器码（以分号分隔）", "Machine ids (by semicolons)", "list"),
        Field("made_at", "编制时间", "Made at"),
        Field("file_uid", "文件创建标识码", "File uid"),
    ),
)  # fmt: skip
SINGLE = Record("single", "单项工程 Single works", "bill", (), (_NUMBER, _NAME, _TOTAL))
UNIT = Record(
    "unit",
    "单位工程 Unit works",
    "single",
    (Field("single", "单项工程编号", "Single works no.", required=True),),
    (
        _NUMBER,
        _NAME,
        Field("trade", "专业", "Trade", "choice", True, (
            ("building", "房屋建筑与装饰"), ("installation", "通用安装"), ("municipal", "市政")
        )),
        Field("edition", "计价标准", "Standard", "choice", False, HEADER.fields[0].choices),
        Field("items_fen", "分部分项合计（元）", "Items (yuan)", "money"),
        Field("measures_fen", "措施合计（元）", "Measures (yuan)", "money"),
        Field("others_fen", "其他合计（元）", "Other (yuan)", "money"),
        Field("fees_fen", "规费（元）", "Statutory fees (yuan)", "money"),
        Field("vat_base_fen", "增值税计税基数（元）", "VAT base (yuan)", "money"),
        Field("vat_rate", "增值税税率（%）", "VAT rate (%)", "rate"),
        Field("vat_fen", "增值税（元）", "VAT (yuan)", "money"),
        _TOTAL,
    ),
)  # fmt: skip
SECTION = Record("section", "分部 Sections", "unit", (_UNIT,), (_NUMBER, _NAME, _TOTAL))
ITEM = Record(
    "item",
    "分部分项 Items",
    "section",
    (_UNIT, Field("section", "分部编号", "Section no.", required=True)),
    (
        Field("code", "项目编码", "Code", "code", True),
        _NAME,
        Field("features", "项目特征", "Features", "text"),
        Field("measure_unit", "计量单位", "Unit", required=True),
        Field("quantity", "工程量", "Quantity", "quantity", True),
        _PRICE,
        _AMOUNT,
        Field("labour_fen", "其中：人工费（元）", "Labour (yuan)", "money"),
        Field("material_fen", "材料费（元）", "Material (yuan)", "money"),
        Field("machine_fen", "施工机具使用费（元）", "Machine (yuan)", "money"),
        Field("overhead_fen", "管理费（元）", "Overhead (yuan)", "money"),
        Field("profit_fen", "利润（元）", "Profit (yuan)", "money"),
        Field("risk_fen", "风险（元）", "Risk (yuan)", "money"),
    ),
)
MEASURE = Record(
    "measure",
    "措施 Measures",
    "unit",
    (_UNIT,),
    (
        _NUMBER,
        _NAME,
        Field("category", "类别", "Category", "choice", True, (
            ("general", "一般措施"), ("safety", "安全生产措施费")
        )),
        _MEASURE_UNIT,
        _QUANTITY,
        _PRICE,
        _BASE,
        _RATE,
        _AMOUNT,
    ),
)  # fmt: skip
OTHER = Record(
    "other",
    "其他 Other",
    "unit",
    (_UNIT,),
    (
        _NUMBER,
        Field("kind", "类别", "Kind", "choice", True, (
            ("provisional_sum", "暂列金额"), ("specialist", "专业工程暂估价"),
            ("daywork", "计日工"), ("main_contractor", "总承包服务费"),
        )),
        _NAME,
        _BASE,
        _RATE,
        _AMOUNT,
    ),
)  # fmt: skip
MATERIAL = Record(
    "material",
    "材料 Materials",
    "bill",
    (),
    (
        _NUMBER,
        Field("kind", "类别", "Kind", "choice", True, (
            ("provisional", "暂估材料"), ("owner_supplied", "甲供材料"), ("ordinary", "一般材料")
        )),
        _NAME,
        Field("spec", "规格型号", "Specification"),
        Field("measure_unit", "计量单位", "Unit", required=True),
        _QUANTITY,
        Field("price_fen", "单价（元）", "Price (yuan)", "money"),
    ),
)  # fmt: skip

ROWS = (SINGLE, UNIT, SECTION, ITEM, MEASURE, OTHER, MATERIAL)
"""All kinds but the header, each after the kind it stands in."""
BY_KIND = {record.kind: record for record in (HEADER, *ROWS)}
