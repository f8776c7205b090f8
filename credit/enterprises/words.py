"""Names of the archive's fields and entries as pages say them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from credit.enterprises.national.tables import TABLES
from kernel.workflow import machines

FIELDS = {
    "kind": _("证照种类"),
    "number": _("证书编号"),
    "trade": _("资质类别"),
    "grade": _("资质等级"),
    "certificate": _("人员证书种类"),
    "holder": _("持证人"),
    "issuer": _("发证机关"),
    "valid_from": _("有效期自"),
    "valid_to": _("有效期至"),
    "state": _("状态"),
    "level": _("核验等级"),
    "contract_number": _("合同编号"),
    "name": _("名称"),
    "owner": _("建设单位"),
    "manager": _("项目经理"),
    "price_fen": _("合同价（元）"),
    "signed_on": _("签订日期"),
    "completed_on": _("竣工日期"),
    "filed_on": _("竣工验收备案日期"),
    "revenue_fen": _("营业收入（元）"),
    "assets_fen": _("资产总额（元）"),
    "liabilities_fen": _("负债总额（元）"),
    "net_profit_fen": _("净利润（元）"),
}
ENTRIES = {
    "licence": _("企业证照"),
    "achievement": _("业绩"),
    "claim": _("申报业绩"),
    "finance": _("财务摘要"),
    "enterprise": _("企业"),
    "national": _("全国平台数据"),
}


def field(name: str, title: str = "") -> str:
    """A field's name in words; else what the national table of the entry's title calls it."""
    table = TABLES.get(title.partition(" ")[0])
    called = {column.field: column.name for column in table.columns} if table else {}
    return str(FIELDS.get(name) or called.get(name, name))


def content(name: str, said: str) -> str:
    """What a field holds as people read it: money in yuan, as its name promises."""
    if not name.endswith("_fen") or not said.lstrip("-").replace(".", "", 1).isdecimal():
        return said
    # Entries write yuan, lines of a feed whole fen.
    yuan = Decimal(said) if "." in said else Decimal(said) / 100
    return f"{yuan:,.2f}"


def source(said: str) -> str:
    """Where a change came from: a case by its machine's name, the rest as it is written."""
    case, _space, rest = said.partition(" ")
    code, _colon, key = case.partition(":")
    found = machines.machine(code)
    return f"{found.label} {rest or key}" if found else said


def entry(name: str) -> str:
    """What kind of entry a name (``licence:17``) speaks of, in words."""
    return str(ENTRIES.get(name.partition(":")[0], name))
