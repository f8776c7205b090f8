"""Names of the archive's fields and entries as pages say them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

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
    "name": _("工程名称"),
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
    "national": _("全国平台数据"),
}


def field(name: str) -> str:
    """A field's name in words; its code where it has none."""
    return str(FIELDS.get(name, name))


def entry(name: str) -> str:
    """What kind of entry a name (``licence:17``) speaks of, in words."""
    return str(ENTRIES.get(name.partition(":")[0], name))
