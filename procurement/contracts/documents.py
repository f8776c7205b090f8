"""The contract that both sign, and the statement that settles it: what they say, who signs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock, money
from kernel.documents import forms, sheet
from kernel.documents.services import Signatory
from kernel.workflow.following import follow
from procurement.contracts import cites, quantities, selectors
from procurement.contracts.invented import invented, invented_name
from procurement.contracts.machine import CONTRACT
from procurement.contracts.models import Contract

FORM = "procurement.contract.contract"
STATEMENT = selectors.STATEMENT
TEMPLATE = "procurement/contracts/sheet.html"


def hundredths(value: Decimal | None) -> str:
    """A percent as people write it."""
    return "" if value is None else f"{value.normalize():f}%"


def yes(value: bool) -> str:
    """Yes or no."""
    return _("是") if value else _("否")


def signatories(case: Any, roles: Iterable[str]) -> tuple[Signatory, ...]:
    """Who signs a paper under a contract: each role's organisation.

    Raises LookupError where an organisation is not registered: nobody could sign for it.
    """
    codes = {
        "owner_clerk": case.owner_uscc,
        "contractor_clerk": case.contractor_uscc,
        "chief_supervisor": case.supervision_uscc,
    }
    found = []
    for role in roles:
        organisation = selectors.organisation(codes[role])
        if organisation is None:
            raise LookupError(f"no organisation {codes[role]}")
        found.append(Signatory(role, organisation.pk))
    return tuple(found)


def issuer(case: Any) -> int | None:
    """The owner's key: it issues the papers of its contract."""
    owner = selectors.organisation(case.owner_uscc)
    return owner.pk if owner else None


def readers(case: Any) -> set[int]:
    """Organisations that may read the papers of a contract: its parties."""
    codes = (case.owner_uscc, case.contractor_uscc, case.supervision_uscc)
    return {found.pk for code in codes if (found := selectors.organisation(code))}


def _readers(ref: forms.CaseRef) -> set[int]:
    return readers(Contract.objects.get(pk=int(ref.pk)))


NameOf = Callable[[str], str]


def parties(case: Any, name_of: NameOf = selectors.name_of) -> dict[str, Any]:
    """A block with the parties of a contract."""
    rows = (
        (_("发包人"), case.owner_uscc),
        (_("承包人"), case.contractor_uscc),
        (_("监理单位"), case.supervision_uscc),
    )
    return sheet.facts(
        _("当事人"),
        [(label, f"{name_of(code)} {code}") for label, code in rows if code],
    )


def price(label: str, fen: int) -> tuple[str, str]:
    """A sum in digits and in capitals."""
    return label, _("%(sum)s 元（%(words)s）") % {
        "sum": money.format_yuan(fen),
        "words": money.capitals(fen),
    }


def build(ref: forms.CaseRef) -> dict[str, Any]:
    """The contract's text as the case stands when it is drafted."""
    return contract_data(Contract.objects.get(pk=int(ref.pk)))


def contract_data(case: Contract, name_of: NameOf = selectors.name_of) -> dict[str, Any]:
    """What the contract says: parties, works, price, payment, adjustment, settlement."""
    day = clock.legal_date(case.changed_at or clock.now())
    works = [
        (_("合同编号"), case.number),
        (_("项目和标段编号"), f"{case.project_number} {case.lot_number}"),
        (_("工期（日历天）"), str(case.period_days)),
        (_("质量标准"), case.quality),
        (_("项目经理"), case.project_manager),
        (_("计价标准"), cites.STANDARDS.get(case.boq_standard, case.boq_standard)),
        (_("合同清单 SHA-256"), case.bill_sha256),
    ]
    shares = _("预付款 %(prepayment)s，进度款 %(progress)s，其中人工费用 %(wages)s") % {
        "prepayment": hundredths(case.prepayment_percent),
        "progress": hundredths(case.progress_percent),
        "wages": hundredths(case.wage_percent),
    }
    held = _("履约担保 %(performance)s，质量保证金 %(retention)s，缺陷责任期 %(months)d 个月") % {
        "performance": hundredths(case.performance_percent),
        "retention": hundredths(case.retention_percent),
        "months": case.defect_months,
    }
    paying = [
        price(_("签约合同价"), case.price_fen),
        (_("其中暂列金额（元）"), money.format_yuan(case.provisional_fen)),
        (_("付款比例"), shares),
        (_("担保与保证金"), held),
        (_("逾期付款年利率"), hundredths(case.late_interest_percent) or _("按法律规定")),
    ]
    method = cites.label("contract_adjustment", case.adjustment, day)
    changing = [
        (
            _("价差调整"),
            _("%(method)s，风险幅度 %(risk)s")
            % {"method": method, "risk": hundredths(case.risk_percent)},
        ),
        (
            _("工程量偏差"),
            cites.label("contract_quantity_option", case.quantity_option, day),
        ),
        (_("逾期不答复视为认可"), yes(case.silence_accepts)),
    ]
    return sheet.data(
        case.works_name,
        lead=[_("双方依据招标文件、中标通知书和中标人的投标文件订立本合同。")],
        blocks=[
            parties(case, name_of),
            sheet.facts(_("工程"), works),
            sheet.facts(_("价款与支付"), paying),
            sheet.facts(_("变更与结算"), changing),
        ],
        notes=[
            _("已标价工程量清单以上列哈希值确定，是本合同的组成部分，另行以电子文件交付。"),
            _("人工费用先行拨付到农民工工资专用账户。质量保证金在结算时扣留，缺陷责任期满返还。"),
            _("本合同未约定的，适用《建设工程施工合同（示范文本）》（GF-2017-0201）通用合同条款。"),
        ],
        record={"contract": case.number, "price_fen": case.price_fen, "bill": case.bill_sha256},
    )


def build_statement(ref: forms.CaseRef) -> dict[str, Any]:
    """The settlement statement as the supervision checked it."""
    case = Contract.objects.get(pk=int(ref.pk))
    retention = selectors.retention_of(case, case.checked_fen)
    return statement_data(
        case,
        changes_fen=quantities.changes_fen(case.number),
        adjusted_fen=quantities.adjusted_fen(case.number),
        due_fen=quantities.certified_fen(case.number),
        retention_fen=retention,
    )


def statement_data(
    case: Contract,
    *,
    changes_fen: int,
    adjusted_fen: int,
    due_fen: int,
    retention_fen: int,
    name_of: NameOf = selectors.name_of,
) -> dict[str, Any]:
    """What the settlement statement says. Money in fen."""
    rows = [
        (_("合同编号"), case.number),
        (_("竣工验收"), case.accepted_on.isoformat() if case.accepted_on else ""),
        (_("签约合同价（元）"), money.format_yuan(case.price_fen)),
        (_("已批准变更（元）"), money.format_yuan(changes_fen)),
        (_("已批准价差（元）"), money.format_yuan(adjusted_fen)),
        (_("承包人报送（元）"), money.format_yuan(case.claimed_fen)),
        price(_("结算价"), case.checked_fen),
        (_("另有争议（元）"), money.format_yuan(case.disputed_fen) if case.disputed_fen else ""),
        (_("已批准付款（元）"), money.format_yuan(due_fen)),
        (
            _("扣留质量保证金（元）"),
            f"{money.format_yuan(retention_fen)} {hundredths(case.retention_percent)}",
        ),
        (_("尚应支付（元）"), money.format_yuan(case.checked_fen - due_fen - retention_fen)),
    ]
    return sheet.data(
        case.works_name,
        lead=[_("承包人、监理单位和发包人确认下列竣工结算价款。无争议的价款按期支付。")],
        blocks=[parties(case, name_of), sheet.facts(_("竣工结算"), rows)],
        notes=[
            _("质量保证金自竣工验收之日起 %(months)d 个月期满返还。")
            % {"months": case.defect_months}
        ],
        record={
            "contract": case.number,
            "settled_fen": case.checked_fen,
            "retention_fen": retention_fen,
        },
    )


def sample() -> dict[str, Any]:
    """Invented data for previews and contract tests."""
    return contract_data(invented(), invented_name)


def sample_statement() -> dict[str, Any]:
    """Invented data for previews and contract tests."""
    return statement_data(
        invented(),
        changes_fen=3_000_000,
        adjusted_fen=1_321_100,
        due_fen=9_880_000_000,
        retention_fen=370_500_000,
        name_of=invented_name,
    )


_OWNER = forms.SignerRule("owner_clerk", gettext_lazy("发包人"))
_CONTRACTOR = forms.SignerRule("contractor_clerk", gettext_lazy("承包人"))
_SUPERVISION = forms.SignerRule("chief_supervisor", gettext_lazy("总监理工程师"))

forms.register(
    forms.DocumentForm(
        code=FORM,
        title=gettext_lazy("建设工程施工合同"),
        template=TEMPLATE,
        version=1,
        build=build,
        sample=sample,
        signers=(_OWNER, _CONTRACTOR),
        article="《招标投标法》第四十六条",
        sources=(
            forms.Source(gettext_lazy("按中标结果订立合同"), "《招标投标法》第四十六条",
                         "statute_text"),
            forms.Source(
                gettext_lazy("合同文本"), "《建设工程施工合同（示范文本）》（GF-2017-0201）",
                "remembered",
            ),
        ),
        readers=_readers,
        subject="subject",
    )
)  # fmt: skip
forms.register(
    forms.DocumentForm(
        code=STATEMENT,
        title=gettext_lazy("竣工结算书"),
        template=TEMPLATE,
        version=1,
        build=build_statement,
        sample=sample_statement,
        signers=(_CONTRACTOR, _SUPERVISION, _OWNER),
        article="《建设工程价款结算暂行办法》（财建〔2004〕369号）",
        sources=(
            forms.Source(
                gettext_lazy("竣工结算"), "《建设工程价款结算暂行办法》（财建〔2004〕369号）",
                "remembered",
            ),
            forms.Source(
                gettext_lazy("质量保证金"), "《建设工程质量保证金管理办法》（建质〔2017〕138号）",
                "remembered",
            ),
        ),
        readers=_readers,
        subject="subject",
    )
)  # fmt: skip


def _is_signed(issued: forms.Issued) -> None:
    """The contract is signed when the last of both has: or the last signature is refused."""
    follow(
        CONTRACT.code,
        int(issued.case.pk),
        "sign",
        key=f"document:{issued.document_id}",
        at=issued.at,
        payload={"document_number": issued.number, "document_sha256": issued.sha256},
    )


forms.on_issued(FORM, _is_signed)
