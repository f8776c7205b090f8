"""Conduct that the platform itself sees: captured from events, then confirmed by two officers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from credit.conduct.seen import capture as _capture
from kernel import clock
from kernel.events.equipment import InspectionLapsed
from kernel.events.labour import PayrollOverdue
from kernel.events.procurement_completion import CompletionFiled, CompletionOverdue
from kernel.events.procurement_contracts import ContractTerminated
from kernel.events.procurement_securities import SecurityClaimed
from kernel.events.procurement_site import HazardConfirmed, HazardPenalised
from kernel.events.procurement_tendering import AwardRefused, LotOverdue
from kernel.events.registry import Envelope, subscribe
from kernel.events.supervision import CollusionConfirmed


@subscribe(HazardConfirmed, "credit.conduct.hazard")
def hazard_is_captured(envelope: Envelope, _prepared: Any) -> None:
    """A hazard that the station or the supervision firm graded, unless the site reported it.

    The station is an authority and stands behind its own inspection; what a firm graded, the
    authority stands behind whose officer confirms it.
    """
    event = envelope.event
    assert isinstance(event, HazardConfirmed)
    if event.self_reported:
        return
    station = {"decided_by": event.authority} if event.authority else {}
    with override("zh-hans"):
        _capture(
            envelope,
            uscc=event.contractor_uscc,
            item=f"hazard_{event.grade}",
            occurred_on=event.found_on,
            document_number=event.document_number,
            article=event.article,
            project_number=event.project_number,
            fact=_("施工现场存在事故隐患，已下达整改通知书 %(number)s。")
            % {"number": event.document_number},
            **station,
        )


@subscribe(HazardPenalised, "credit.conduct.hazard_penalty")
def hazard_penalty_is_captured(envelope: Envelope, _prepared: Any) -> None:
    """A hazard that was not put right in time, punished: a fact of its own beside the finding."""
    event = envelope.event
    assert isinstance(event, HazardPenalised)
    with override("zh-hans"):
        _capture(
            envelope,
            uscc=event.contractor_uscc,
            item="hazard_penalised",
            occurred_on=event.decided_on,
            decided_by=event.decided_by,
            document_number=event.document_number,
            article=event.article,
            project_number=event.project_number,
            fact=_("单位工程 %(works)s 的事故隐患未按期整改，行政处罚决定 %(number)s。")
            % {"works": event.works_number, "number": event.document_number},
        )


@subscribe(CompletionFiled, "credit.conduct.performance")
def performance_is_captured(envelope: Envelope, _prepared: Any) -> None:
    """How a contract was performed, as the owner evaluated it at completion filing."""
    event = envelope.event
    assert isinstance(event, CompletionFiled)
    with override("zh-hans"):
        _capture(
            envelope,
            uscc=event.contractor_uscc,
            item=f"performance_{event.performance}",
            occurred_on=event.filed_on,
            document_number=event.document_number,
            ground="performance",
            section=event.contract_number,
            project_number=event.project_number,
            fact=_("工程竣工验收备案，合同 %(number)s 履约评价已出具。")
            % {"number": event.contract_number},
        )


@subscribe(CompletionOverdue, "credit.conduct.late_filing")
def late_filing_is_captured(envelope: Envelope, _prepared: Any) -> None:
    """Accepted works that their owner did not file in time."""
    event = envelope.event
    assert isinstance(event, CompletionOverdue)
    with override("zh-hans"):
        _capture(
            envelope,
            uscc=event.owner_uscc,
            item="late_filing",
            occurred_on=clock.legal_date(envelope.occurred_at),
            document_number=event.document_number,
            project_number=event.project_number,
            fact=_("单位工程 %(number)s 至 %(on)s 未办理竣工验收备案。")
            % {"number": event.works_number, "on": event.due_on.isoformat()},
        )


@subscribe(LotOverdue, "credit.conduct.late_lot")
def late_lot_is_captured(envelope: Envelope, _prepared: Any) -> None:
    """A contract not signed, or a report of the award not handed in, by the owner's fault."""
    event = envelope.event
    assert isinstance(event, LotOverdue)
    told = {"number": event.number, "on": event.due_on.isoformat()}
    with override("zh-hans"):
        words = {
            "contract": _("标段 %(number)s 至 %(on)s 未签订合同。"),
            "award_report": _("标段 %(number)s 至 %(on)s 未提交招标投标情况书面报告。"),
        }
        _capture(
            envelope,
            uscc=event.owner_uscc,
            item=f"late_{event.what}",
            occurred_on=clock.legal_date(envelope.occurred_at),
            document_number=event.document_number,
            project_number=event.project_number,
            fact=words[event.what] % told,
        )


@subscribe(AwardRefused, "credit.conduct.award_refused")
def refused_award_is_captured(envelope: Envelope, _prepared: Any) -> None:
    """A winner that gave the award up, or brought no performance security."""
    event = envelope.event
    assert isinstance(event, AwardRefused)
    with override("zh-hans"):
        _capture(
            envelope,
            uscc=event.winner_uscc,
            name=event.winner_name,
            item="award_refused",
            section=event.number,
            occurred_on=event.refused_on,
            document_number=event.document_number,
            document_sha256=event.file_sha256,
            project_number=event.project_number,
            fact=_("标段 %(number)s 中标通知书发出后放弃中标，或者未提交履约保证金。")
            % {"number": event.number},
        )


@subscribe(ContractTerminated, "credit.conduct.contract_abandoned")
def abandoned_contract_is_captured(envelope: Envelope, _prepared: Any) -> None:
    """A contract that was ended because one side gave it up."""
    event = envelope.event
    assert isinstance(event, ContractTerminated)
    if event.at_fault not in ("contractor", "owner"):
        return  # nobody's fault
    with override("zh-hans"):
        _capture(
            envelope,
            uscc=event.contractor_uscc if event.at_fault == "contractor" else event.owner_uscc,
            item="contract_abandoned",
            section=event.number,
            occurred_on=event.terminated_on,
            document_number=event.document_number,
            project_number=event.project_number,
            fact=_("合同 %(number)s 因一方放弃履行或者违约被解除。") % {"number": event.number},
        )


@subscribe(SecurityClaimed, "credit.conduct.bid_security")
def forfeited_security_is_captured(envelope: Envelope, _prepared: Any) -> None:
    """A bid security that was claimed: the bid was revoked too late, or the award refused."""
    event = envelope.event
    assert isinstance(event, SecurityClaimed)
    if event.kind != "bid":
        return
    with override("zh-hans"):
        _capture(
            envelope,
            uscc=event.principal_uscc,
            item="bid_security_forfeited",
            section=event.about,
            occurred_on=event.claimed_on,
            document_number=event.number,
            project_number=event.project_number,
            fact=_("标段 %(number)s 的投标保证金不予退还：%(reason)s")
            % {"number": event.about, "reason": event.reason},
        )


@subscribe(PayrollOverdue, "credit.conduct.wages")
def wage_arrears_are_captured(envelope: Envelope, _prepared: Any) -> None:
    """A month's wages that were not paid in time: the general contractor answers for them."""
    event = envelope.event
    assert isinstance(event, PayrollOverdue)
    with override("zh-hans"):
        _capture(
            envelope,
            uscc=event.contractor_uscc,
            name=event.contractor_name,
            item="wage_arrears",
            occurred_on=clock.legal_date(envelope.occurred_at),
            document_number=event.number,
            project_number=event.project_number,
            fact=_("%(month)s 的工资至 %(on)s 未支付，工资支付表 %(number)s。")
            % {"month": event.month, "on": event.due_on.isoformat(), "number": event.number},
        )


@subscribe(InspectionLapsed, "credit.conduct.inspection")
def lapsed_inspection_is_captured(envelope: Envelope, _prepared: Any) -> None:
    """A machine in use whose inspection ran out: its user answers for it."""
    event = envelope.event
    assert isinstance(event, InspectionLapsed)
    if not event.contractor_uscc:
        return
    with override("zh-hans"):
        _capture(
            envelope,
            uscc=event.contractor_uscc,
            item="inspection_lapsed",
            occurred_on=event.lapsed_on,
            document_number=f"{event.number}-{event.lapsed_on:%Y%m%d}",
            project_number=event.project_number,
            fact=_("在用起重机械 %(number)s 的检验有效期至 %(on)s。")
            % {"number": event.number, "on": event.lapsed_on.isoformat()},
        )


@subscribe(CollusionConfirmed, "credit.conduct.collusion")
def collusion_is_captured(envelope: Envelope, _prepared: Any) -> None:
    """Collusion that an authority decided; what a screen suspects is no record."""
    event = envelope.event
    assert isinstance(event, CollusionConfirmed)
    with override("zh-hans"):
        _capture(
            envelope,
            uscc=event.uscc,
            name=event.name,
            item="collusion",
            section=event.lot_number,
            occurred_on=event.decided_on,
            decided_by=event.decided_by,
            document_number=event.document_number,
            document_sha256=event.document_sha256,
            project_number=event.project_number,
            fact=_("在标段 %(number)s 投标中串通投标，已由行政监督部门作出决定。")
            % {"number": event.lot_number},
        )
