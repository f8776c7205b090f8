"""How a contract is shown and filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.enterprises.archived import archive_url
from kernel import clock
from kernel.access.actors import Actor
from kernel.web import presenters
from kernel.web.party_names import name_on
from kernel.web.presenters import ActForm
from kernel.web.schema_forms import FieldWords, Words
from kernel.web.viewmodels import Fact, FactGroup, Party
from kernel.web.viewmodels.parts import FactKind
from kernel.workflow.machines import Transition
from procurement.contracts import cites, early, graded, quantities, under
from procurement.contracts.adjustments.machine import PRICE_ADJUSTMENT
from procurement.contracts.machine import CONTRACT
from procurement.contracts.messages import TERMS
from procurement.contracts.models import Contract
from procurement.contracts.payments.machine import PAYMENT
from procurement.contracts.rules.terms import NEEDED
from procurement.contracts.states import DRAFT
from procurement.contracts.variations.machine import VARIATION
from procurement.projects import naming
from procurement.projects.drawings.pages import with_role
from procurement.projects.presenting import GuardedPresenter
from procurement.tendering import selectors as tendering


def _awarded(_case: Any, actor: Actor, _at: datetime) -> list[tuple[str, str]]:
    return tendering.options(actor.uscc, "awarded", "contracted")


_CHOSEN = {"lot_number": _awarded, "supervision_uscc": with_role("chief_supervisor")}
_LISTS = {
    "quantity_option": "contract_quantity_option",
    "adjustment": "contract_adjustment",
    "owner_kind": "contract_payer",
    "subject": "contract_supplement",
}
_GROUPS = {
    gettext_lazy("工程"): (
        "lot_number", "works_name", "supervision_uscc", "price_fen", "provisional_fen",
        "period_days", "quality", "project_manager",
    ),
    gettext_lazy("清单"): ("boq_standard", "bill_sha256", "quantity_option"),
    gettext_lazy("价差"): ("adjustment", "risk_percent"),
    gettext_lazy("支付"): (
        "prepayment_percent", "progress_percent", "retention_percent", "performance_percent",
        "wage_percent", "defect_months", "owner_kind", "contractor_is_sme", "government_money",
        "late_interest_percent",
    ),
    gettext_lazy("结算"): ("silence_accepts", "audit_basis"),
}  # fmt: skip
_HELP = {
    "lot_number": gettext_lazy(
        "招标公告中的标段编号。合同条款须与招标文件和中标人的投标文件一致。"
    ),
    "bill_sha256": gettext_lazy("中标人的已标价工程量清单。"),
    "quantity_option": gettext_lazy("计价标准没有默认做法，须由合同明确。"),
    "late_interest_percent": gettext_lazy("不填写的，适用法定利率。"),
    "silence_accepts": gettext_lazy("合同有约定的，逾期不答复才视为认可。"),
}
RECEIPT_WORDS: dict[str, Words] = {
    "receipts": Words(gettext_lazy("银行回单"), lines=2),
    "receipts.bank": Words(gettext_lazy("银行")),
    "receipts.number": Words(gettext_lazy("回单编号")),
    "receipts.paid_on": Words(gettext_lazy("付款日期")),
    "receipts.amount_fen": Words(gettext_lazy("金额")),
    "receipts.file_sha256": Words(gettext_lazy("回单扫描件")),
}


def _standards(*_setting: Any) -> list[tuple[str, str]]:
    return list(cites.STANDARDS.items())


def _term(name: str, group: Any) -> Words:
    return Words(
        TERMS[name],
        help=_HELP.get(name, ""),
        options=_CHOSEN.get(name) or _LISTS.get(name, ""),
        group=group,
    )


_FAULTS = {
    "": gettext_lazy("协商一致或者不可归责于双方"),
    "contractor": gettext_lazy("承包人放弃履行"),
    "owner": gettext_lazy("发包人违约"),
}

FIELDS: FieldWords = {
    **{name: _term(name, group) for group, names in _GROUPS.items() for name in names},
    **RECEIPT_WORDS,
    "claimed_fen": Words(gettext_lazy("报送结算价"), group=gettext_lazy("结算")),
    "papers_sha256": Words(gettext_lazy("结算文件"), group=gettext_lazy("结算")),
    "statement": Words(gettext_lazy("说明"), group=gettext_lazy("结算")),
    "checked_fen": Words(
        gettext_lazy("审定结算价"),
        group=gettext_lazy("结算"),
        initial=lambda case, _actor, _at: case.claimed_fen if case else None,
        source=gettext_lazy("承包人报送"),
    ),
    "disputed_fen": Words(gettext_lazy("另有争议的金额"), group=gettext_lazy("结算")),
    "opinion": Words(gettext_lazy("审核意见"), group=gettext_lazy("结算")),
    "subject": Words(gettext_lazy("补充事项"), options="contract_supplement"),
    "number": Words(gettext_lazy("协议编号"), initial=lambda *_found: None),
    "signed_on": Words(gettext_lazy("签署日期")),
    "summary": Words(gettext_lazy("内容摘要")),
    "file_sha256": Words(gettext_lazy("双方签署的协议")),
    "notice_number": Words(gettext_lazy("通知文号"), group=gettext_lazy("通知")),
    "notified_on": Words(gettext_lazy("通知日期"), group=gettext_lazy("通知")),
    "at_fault": Words(
        gettext_lazy("解除原因"),
        group=gettext_lazy("通知"),
        options=lambda *_asked: _FAULTS.items(),
    ),
}


class ContractPresenter(GuardedPresenter):
    """A contract's case page and act pages."""

    machine = CONTRACT
    fields = FIELDS
    needed = frozenset({*NEEDED, "quantity_option", "notice_number", "notified_on"})

    def title(self, case: Any) -> str:
        """The works' name."""
        return str(case.works_name or case.number)

    def party(self, case: Any) -> str:
        """The contractor."""
        return name_on(case, case.contractor_uscc)

    def search(self, text: str) -> Q:
        """By number, lot, project or name."""
        found = Q(number__startswith=text) | Q(lot_number__startswith=text)
        return found | Q(project_number=text) | Q(works_name__contains=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Contractor, price, period: what people look for first."""
        return (
            Fact(_("承包人"), name_on(case, case.contractor_uscc), "name"),
            Fact(_("签约合同价"), case.price_fen, "wan"),
            Fact(_("工期（日历天）"), case.period_days, "number"),
            Fact(_("项目编号"), case.project_number, "code"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """All terms, grouped as on the form."""
        terms = tuple(
            FactGroup(str(group), tuple(f for name in names for f in self._facts(case, name, at)))
            for group, names in _GROUPS.items()
        )
        if not case.void_document:
            return terms
        void = Fact(_("认定中标无效的决定"), case.void_document, "name")
        return (FactGroup(_("中标无效"), (void,)), *terms)

    def _facts(self, case: Any, name: str, at: datetime) -> Iterator[Fact]:
        """A term; who supervises by name, and of the bill beside its name what it is known by."""
        value, label = getattr(case, name), str(TERMS[name])
        if name == "supervision_uscc":
            url = archive_url(case, value)
            yield Fact(label, name_on(case, value), "name", url=url)
        elif name == "bill_sha256":
            # Before it is drawn up nothing holds the bill against the one that was bid.
            url = reverse("procurement:contract-bill", args=[case.pk])
            shown = url if value and case.state != DRAFT else ""
            yield Fact(label, _("中标人的已标价工程量清单") if value else None, url=shown)
            yield Fact(_("清单文件的摘要 (SHA-256)"), value, "digest")
        elif name.endswith("_fen"):
            yield Fact(label, value, "money")
        else:
            kind: FactKind = "code" if name == "lot_number" else "name"
            yield Fact(label, self.value_in_words(name, value, at), kind)

    def act_form(
        self,
        transition: Transition,
        case: Any,
        actor: Actor,
        at: datetime,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
    ) -> ActForm:
        """The plain form; that retention would go back early is said before anything is filled in.

        Where it is not early nobody is asked why.
        """
        made = super().act_form(transition, case, actor, at, data, files)
        if transition.code != "return_retention":
            return made
        return early.shown(made, case, at)

    def summary(
        self, transition: Transition, case: Any, form: ActForm, at: datetime
    ) -> tuple[FactGroup, ...]:
        """What the actor reads before the last click, first of all that it is early."""
        told = super().summary(transition, case, form, at)
        if transition.code != "return_retention" or not early.is_early(case, at):
            return told
        return (early.told(case), *told)

    def money(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Price, changes, adjustments, certified, paid, retention."""
        found = under.cases(case)
        changes = quantities.changes_of(found[VARIATION.code])
        adjusted = quantities.adjusted_of(found[PRICE_ADJUSTMENT.code])
        payments = found[PAYMENT.code]
        price = (
            Fact(_("签约合同价"), case.price_fen, "money"),
            Fact(_("已批准变更"), changes, "money"),
            Fact(_("已批准价差"), adjusted, "money"),
            Fact(_("调整后的合同价"), case.price_fen + changes + adjusted, "money"),
        )
        paid = (
            Fact(_("已批准付款"), quantities.certified_of(payments), "money"),
            Fact(_("已支付"), quantities.paid_of(payments), "money"),
            *under.unpaid(case, quantities.paid_of(payments)),
        )
        groups = [FactGroup(_("合同价"), price), FactGroup(_("付款"), paid)]
        if case.claimed_fen:
            groups.append(FactGroup(_("结算"), under.settlement(case)))
        return tuple(groups)

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Owner, contractor, supervision."""
        return parties(case)

    def value_in_words(self, name: str, value: Any, at: datetime) -> str:
        """Codes by their labels, yes and no in words."""
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if name == "boq_standard":
            return cites.STANDARDS.get(str(value), str(value))
        if value and (listed := _LISTS.get(name)):
            return cites.label(listed, str(value), clock.legal_date(at))
        return super().value_in_words(name, value, at)

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The contractor's credit; payments, changes and price adjustments."""
        groups = [
            under.group(_("付款"), PAYMENT, case, actor),
            under.group(_("变更"), VARIATION, case, actor),
            under.group(_("价差调整"), PRICE_ADJUSTMENT, case, actor),
        ]
        whole = FactGroup(_("相关业务"), (naming.life_of(case.project_number),))
        return (graded.group(case, actor, at), whole, *(group for group in groups if group.facts))


def parties(case: Any) -> tuple[Party, ...]:
    """The three parties of a contract or of a case under it."""
    rows = (
        (_("发包人"), case.owner_uscc),
        (_("承包人"), case.contractor_uscc),
        (_("监理单位"), case.supervision_uscc),
    )
    return tuple(
        Party(label, name_on(case, code), code, archive_url(case, code))
        for label, code in rows
        if code
    )


def contract_link(case: Any) -> FactGroup:
    """A link to the contract that a case is under."""
    url = reverse("web:case", args=[CONTRACT.code, case.contract_id])
    return FactGroup(_("合同"), (Fact(_("合同编号"), case.contract_number, "code", url=url),))


def own_contracts(states: tuple[str, ...], column: str = "contractor_uscc") -> Any:
    """Options: the actor's contracts in these states, by number and name."""

    def found(_case: Any, actor: Actor, _at: datetime) -> list[tuple[str, str]]:
        rows = Contract.objects.filter(**{column: actor.uscc, "state__in": states}).order_by("-pk")[
            :200
        ]
        return [(row.number, f"{row.number} {row.works_name}") for row in rows]

    return found


presenters.register(ContractPresenter())
