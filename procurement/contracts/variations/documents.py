"""The change order: what is changed on whose instruction, and at what price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import money
from kernel.documents import forms, sheet
from procurement.contracts import cites, selectors
from procurement.contracts.documents import TEMPLATE, NameOf, parties, readers
from procurement.contracts.invented import invented_name
from procurement.contracts.quantities import ITEMS
from procurement.contracts.variations.models import Variation
from procurement.contracts.variations.rules import value_fen

FORM = "procurement.variation.change_order"
_SHOWN = 12  # one page; the rest stands in the attached data


def build(ref: forms.CaseRef) -> dict[str, Any]:
    """The change order's data, as the change was approved."""
    return order_data(Variation.objects.get(pk=int(ref.pk)))


def order_data(case: Variation, name_of: NameOf = selectors.name_of) -> dict[str, Any]:
    """What the change order says; its items up to what one page holds."""
    day = case.instructed_on or date(2026, 1, 1)
    items = ITEMS.validate_python(case.checked_items)
    rows = [
        (
            item.code,
            item.name,
            f"{item.quantity.normalize():f} {item.unit}".strip(),
            money.format_yuan(item.price_fen),
            money.format_yuan(value_fen([item])),
            cites.label("variation_basis", item.basis, day),
        )
        for item in items[:_SHOWN]
    ]
    about = [
        (_("变更编号"), case.number),
        (_("合同编号"), case.contract_number),
        (_("变更事项"), case.title),
        (_("变更原因"), cites.label("variation_reason", case.reason_code, day)),
        (_("发包人指令"), case.instruction_number),
        (_("指令日期"), case.instructed_on.isoformat() if case.instructed_on else ""),
        (_("监理通知"), case.supervision_notice),
        (_("图纸编号"), case.drawing_number),
        (_("重新审查"), case.review_number),
        (_("追加批准文件"), case.extra_approval),
        (_("变更价款（元）"), money.format_yuan(case.approved_fen)),
        (_("顺延工期（天）"), str(case.extra_days) if case.extra_days else ""),
    ]
    head = (_("编码"), _("项目"), _("数量"), _("单价（元）"), _("合价（元）"), _("计价方式"))
    notes = [_("明细共 %(all)d 项，其余见所附数据。") % {"all": len(items)}]
    return sheet.data(
        case.works_name,
        blocks=[
            parties(case, name_of),
            sheet.facts(_("变更"), about),
            sheet.table(_("变更明细"), head, rows, right=(2, 3, 4)),
        ],
        notes=notes if len(items) > _SHOWN else (),
        record={
            "variation": case.number,
            "approved_fen": case.approved_fen,
            "items": [item.model_dump(mode="json") for item in items],
        },
    )


def sample() -> dict[str, Any]:
    """Invented data for previews and contract tests."""
    item = {
        "code": "010502001001",
        "name": "矩形柱",
        "unit": "m³",
        "quantity": str(Decimal("12.5")),
        "price_fen": 86_000,
        "basis": "same",
    }
    return order_data(
        Variation(
            number="2301022511240101-HT01-BG01",
            contract_number="2301022511240101-HT01",
            works_name="松花江示范住宅小区一期工程",
            owner_uscc="91230102MA00000009",
            contractor_uscc="91230100MA00000001",
            supervision_uscc="91230103MA00000003",
            title="二层增设结构柱",
            reason_code="design",
            instruction_number="示例指令 1 号",
            instructed_on=date(2026, 6, 1),
            supervision_notice="示例监理通知 1 号",
            drawing_number="结施-12（A 版）",
            checked_items=[item],
            approved_fen=1_075_000,
            extra_days=3,
        ),
        invented_name,
    )


def _readers(ref: forms.CaseRef) -> set[int]:
    return readers(Variation.objects.get(pk=int(ref.pk)))


forms.register(
    forms.DocumentForm(
        code=FORM,
        title=gettext_lazy("工程变更单"),
        template=TEMPLATE,
        version=1,
        build=build,
        sample=sample,
        signers=(
            forms.SignerRule("chief_supervisor", gettext_lazy("总监理工程师")),
            forms.SignerRule("owner_clerk", gettext_lazy("发包人")),
        ),
        article="《建设工程施工合同（示范文本）》（GF-2017-0201）",
        sources=(
            forms.Source(
                gettext_lazy("工程变更"), "《建设工程施工合同（示范文本）》（GF-2017-0201）",
                "remembered",
            ),
        ),
        readers=_readers,
        subject="subject",
    )
)  # fmt: skip
