"""The payment certificate: what is due and for what, signed by chief supervisor and owner."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import money
from kernel.documents import forms, sheet
from kernel.web.words import listed
from procurement.contracts import cites, selectors
from procurement.contracts.documents import TEMPLATE, NameOf, parties, price, readers
from procurement.contracts.invented import invented_name
from procurement.contracts.payments.models import Payment
from procurement.contracts.payments.selectors import CERTIFICATE


def build(ref: forms.CaseRef) -> dict[str, Any]:
    """The certificate's data, as the payment was approved."""
    return certificate_data(Payment.objects.get(pk=int(ref.pk)))


def certificate_data(case: Payment, name_of: NameOf = selectors.name_of) -> dict[str, Any]:
    """What a payment comes to, part by part."""
    parts = (
        (_("完成工程价款"), case.work_fen),
        (_("变更价款"), case.variations_fen),
        (_("价差调整"), case.adjustments_fen),
        (_("按比例应付"), case.gross_fen),
        (_("扣回预付款"), -case.recovery_fen),
        (_("扣留质量保证金"), -case.retention_fen),
        (_("扣甲供材料"), -case.owner_supplied_fen),
        (_("扣违约金"), -case.penalties_fen),
    )
    rows = [(name, money.format_yuan(fen)) for name, fen in parts if fen]
    about = [
        (_("合同编号"), case.contract_number),
        (_("付款类别"), cites.label("payment_kind", case.kind, case.measured_to)),
        (_("计量截止"), case.measured_to.isoformat()),
        (_("变更"), listed(case.variations)),
        (_("价差调整"), listed(case.adjustments)),
        price(_("本期应付"), case.due_fen),
        price(_("其中人工费用"), case.wages_fen),
    ]
    return sheet.data(
        case.works_name,
        lead=[_("经审核，本期工程款应付如下。人工费用先行拨付到农民工工资专用账户。")],
        blocks=[
            parties(case, name_of),
            sheet.facts(_("付款"), about),
            sheet.table(_("价款组成（元）"), (_("项目"), _("金额")), rows, right=(1,)),
        ],
        record={
            "payment": case.number,
            "contract": case.contract_number,
            "due_fen": case.due_fen,
            "wages_fen": case.wages_fen,
        },
    )


def sample() -> dict[str, Any]:
    """Invented data for previews and contract tests."""
    return certificate_data(
        Payment(
            number="2301022511240101-HT01-P01",
            contract_number="2301022511240101-HT01",
            works_name="松花江示范住宅小区一期工程",
            owner_uscc="91230102MA00000009",
            contractor_uscc="91230100MA00000001",
            supervision_uscc="91230103MA00000003",
            kind="progress",
            measured_to=date(2026, 5, 31),
            certified_lines=[{"code": "010101001001", "name": "平整场地", "quantity": "100"}],
            variations=["2301022511240101-HT01-BG01"],
            adjustments=["2301022511240101-HT01-TJ01"],
            adjustments_fen=500_000,
            penalties_fen=100_000,
            work_fen=500_000_000,
            variations_fen=20_000_000,
            gross_fen=416_400_000,
            recovery_fen=50_000_000,
            due_fen=366_300_000,
            wages_fen=104_100_000,
        ),
        invented_name,
    )


def _readers(ref: forms.CaseRef) -> set[int]:
    return readers(Payment.objects.get(pk=int(ref.pk)))


forms.register(
    forms.DocumentForm(
        code=CERTIFICATE,
        title=gettext_lazy("工程款支付证书"),
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
                gettext_lazy("付款证书"), "《建设工程施工合同（示范文本）》（GF-2017-0201）",
                "remembered",
            ),
            forms.Source(
                gettext_lazy("人工费用先行拨付"),
                "《保障农民工工资支付条例》第二十四条、第三十五条",
                "statute_text",
            ),
        ),
        readers=_readers,
        subject="subject",
    )
)  # fmt: skip
