"""Acts that the enterprise is told of in writing: which paper each has, and what it is told.

The paper is numbered in the act's own commit; a worker prints it, an officer of the authority
signs it. What the platform does by itself when a time ends is decided by nobody and has none.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.conduct import changing, listing, services  # noqa: F401  (their effects come first)
from credit.conduct.machine import RECORD, UNSEEN
from credit.conduct.models import ConductRecord
from credit.conduct.steps import last_day
from kernel import clock
from kernel.documents import services as documents
from kernel.documents.models import Document, DocumentState
from kernel.events.credit import ConductServed
from kernel.events.registry import DomainEvent
from kernel.regulation.due import due
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number

# By paper the acts that it tells of.
PAPERS = {
    "notice": ("notify",),
    "answer": ("answer_statement",),
    "objection": ("refuse_objection", "uphold", "review_uphold"),
    "correction": ("amend", "correct"),
    "revocation": ("revoke", "withdraw", "review_revoke"),
    "repair": ("repair", "reject_repair"),
    "list_notice": ("propose_list",),
    "listing": ("list", "drop_proposal"),
    "removal": ("remove", "reject_exit"),
}
# Papers from whose signing a time of the enterprise runs: that time, and what signing them does.
PERIODS = {
    "notice": "conduct.prior_notice",
    "answer": "conduct.prior_notice",
    "list_notice": "conduct.list.hearing",
}
SERVING = {"notice": "serve_notice", "answer": "serve_answer", "list_notice": "serve_list_notice"}
_ENDED = frozenset({"revocation"})
# What rests on the document by which a penalty changed; a record that was kept bears it on.
_OF_A_CHANGE = frozenset({"withdraw", "correct"})


def _serves(paper: str, act: str) -> None:
    effect = RECORD.effects.get(act)

    @RECORD.effect(act)
    def serve(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
        # The effect forgets what was proposed and why.
        unseen = case.state in UNSEEN and paper != "notice"
        said = (_reason(case, doing.payload, act), _basis(case, doing.payload, act))
        happened = list(effect(case, doing)) if effect else []
        # Of what was undone before it was told the enterprise is told nothing.
        return happened if unseen else [*happened, _served(case, doing, paper, act, *said)]


def _served(
    case: ConductRecord, doing: Doing, paper: str, act: str, reason: str, basis: str
) -> ConductServed:
    day = clock.legal_date(doing.at)
    number = f"WS-{day:%Y}-{next_number(f'conduct-paper:{day:%Y}'):06d}"
    if paper in SERVING:
        case.awaited_paper = number
    return ConductServed(
        record_id=case.pk,
        number=case.number,
        uscc=case.uscc,
        paper=paper,
        act=act,
        document_number=number,
        issuer_id=doing.actor.organisation_id,
        reason=reason,
        basis=basis,
        item=case.item,
        severity=case.severity,
        until=None if paper in SERVING else _until(case, doing, paper, act),
    )


def _reason(case: ConductRecord, payload: Any, act: str) -> str:
    """The act's own, else its proposal's: another act's, which waits meanwhile, is none of it."""
    proposed = case.proposal_reason if case.proposed == act else ""
    return str(getattr(payload, "reason", "") or proposed)


def _basis(case: ConductRecord, payload: Any, act: str) -> str:
    proposed = case.proposal_document if case.proposed == act else ""
    changed = case.change_document if act in _OF_A_CHANGE else ""
    return str(getattr(payload, "document_number", "") or proposed or changed)


def _until(case: ConductRecord, doing: Doing, paper: str, act: str) -> date | None:
    """The last day of the list, or of the showing that goes on."""
    if act == "list":
        return due(doing.at, "conduct.list.term", provisional=True).last_day
    if paper in _ENDED or act in ("repair", "reject_exit"):
        return None
    return last_day(case.shown_until)


def _recalls(act: str) -> None:
    effect = RECORD.effects.get(act)

    @RECORD.effect(act)
    def recall(case: ConductRecord, doing: Doing) -> list[DomainEvent]:
        """Of what is taken back unsigned nobody is to sign the paper."""
        happened = list(effect(case, doing)) if effect else []
        waiting = Document.objects.filter(
            case_machine=RECORD.code, case_pk=str(case.pk), number=case.awaited_paper,
            state=DocumentState.AWAITING_SIGNATURE,
        )  # fmt: skip
        for pk in waiting.values_list("pk", flat=True):
            documents.revoke(pk, because=doing.payload.reason, at=doing.at)
        case.awaited_paper = ""
        return happened


for _act in ("recall_notice", "recall_answer", "drop_proposal", "dispute", "ask_review"):
    _recalls(_act)
for _paper, _acts in PAPERS.items():
    for _act in _acts:
        _serves(_paper, _act)
