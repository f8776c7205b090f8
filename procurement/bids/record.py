"""The opening record as a document: one page, sealed by the platform."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.documents import forms, sheet
from kernel.money import format_yuan
from kernel.sealing.bids.opening import OpeningRecord, read_record
from kernel.web import formats
from kernel.web.words import listed
from procurement.bids import blame, needs
from procurement.bids.models import Opening, PolicyParty
from procurement.bids.rules.common import ARTICLE_ORDER20

FORM = "procurement.opening.record"


def build(case: forms.CaseRef) -> dict[str, Any]:
    """What the record says of an opening."""
    opening = Opening.objects.get(pk=int(case.pk))
    record = read_record(opening.record_text.encode())
    names = dict(
        PolicyParty.objects.filter(policy_id=opening.policy_id).values_list("uscc", "name")
    )
    present = [
        names.get(uscc, uscc)
        for uscc in opening.statements.filter(kind="release").values_list("uscc", flat=True)
    ]
    title, broken = opening.title or opening.lot_number, blame.told(opening)
    return page(title, opening.lot_number, record, present, broken)


def page(
    title: str, number: str, record: OpeningRecord, present: list[str], broken: Sequence[str] = ()
) -> dict[str, Any]:
    """The page's data. broken: whose shares were promised and did not come, told."""
    facts = sheet.facts(
        _("开标"),
        (
            (_("标段"), title),
            (_("标段编号"), number),
            (_("开标时间"), formats.second(record.opened_at)),
            (_("到场开启人"), listed(present)),
            (_("截标名单摘要"), record.list_sha256),
        ),
    )
    excused = blame.excused(record.bids)
    rows = [
        (
            bid.sheet.bidder_name, format_yuan(bid.sheet.price_fen), str(bid.sheet.period_days),
            bid.sheet.quality, bid.sheet.project_manager,
            _security(bid.sheet.bid_security, number, record.opened_at),
        )
        if bid.sheet
        else (
            bid.bidder, "—", "—", "—", "—",
            _("本阶段的信封已开启") if bid.whole
            else _("非投标人原因未能开启，视为撤回") if bid.manifest_sha256 in excused
            else _("未能开启，视为撤销"),
        )
        for bid in record.bids
    ]  # fmt: skip
    head = (
        _("投标人"), _("报价（元）"), _("工期（天）"), _("质量"), _("项目经理"), _("投标保证"),
    )  # fmt: skip
    return sheet.data(
        title,
        blocks=(facts, sheet.table(_("唱标"), head, rows, right=(1, 2))),
        notes=(
            _("本记录由开启结果自动形成，与公开的签名数据一致。"),
            *(_("开启人未按其签署的核对结果给出份额：%s") % line for line in broken),
        ),
        record={
            "lot": number,
            "list_sha256": record.list_sha256,
            "bids": [
                {
                    "bidder": bid.bidder,
                    "manifest_sha256": bid.manifest_sha256,
                    "price_fen": bid.sheet.price_fen if bid.sheet else 0,
                }
                for bid in record.bids
            ],
        },
    )


def _security(said: str, lot_number: str, at: datetime) -> str:
    """The number that was read out, and what the guarantors' entries here say against it."""
    if not said:
        return "—"
    marks = {
        "unknown": _("本平台没有该保函"),
        "returned": _("该保函已退还"),
        "other_lot": _("该保函属于其他标段"),
    }
    mark = marks.get(needs.security_standing(said, lot_number, at), "")
    return _("%(said)s（%(mark)s）") % {"said": said, "mark": mark} if mark else said


def sample() -> dict[str, Any]:
    """An invented opening, long enough to test the page."""
    facts = sheet.facts("开标", (("标段", "示例标段"), ("标段编号", "ZX-2026-0001-01")))
    rows = [
        (f"示例建筑{i}公司", "123,456,789.00", "300", "合格", "示例甲", "BH-1") for i in range(5)
    ]
    head = ("投标人", "报价（元）", "工期（天）", "质量", "项目经理", "投标保证")
    return sheet.data(
        "示例标段",
        blocks=(facts, sheet.table("唱标", head, rows, right=(1, 2))),
        notes=("本记录由开启结果自动形成。",),
        record={"lot": "ZX-2026-0001-01", "list_sha256": "0" * 64, "bids": []},
    )


forms.register(
    forms.DocumentForm(
        code=FORM,
        title=gettext_lazy("开标记录"),
        template=sheet.TEMPLATE,
        version=1,
        build=build,
        sample=sample,
        article=ARTICLE_ORDER20,
        sources=(forms.Source(gettext_lazy("开标记录的形成"), ARTICLE_ORDER20, "remembered"),),
        public=True,
        subject="subject",
    )
)
