"""The papers of conduct records: notices and decisions, signed by an officer of the authority."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from credit.conduct import states
from credit.conduct.deciders import decided_by
from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from credit.conduct.paper_words import PAPERS, Paper
from credit.conduct.serving import PAPERS as ACTS
from credit.conduct.serving import PERIODS, SERVING
from credit.scoring import selectors as scoring
from credit.scoring.scheme_words import SEVERITIES
from kernel import clock
from kernel.documents import forms, sheet
from kernel.documents import services as documents
from kernel.documents.models import Document, DocumentState
from kernel.errors import Conflict
from kernel.events.credit import ConductServed
from kernel.events.registry import Envelope, subscribe
from kernel.parties.models import Organisation
from kernel.regulation import selectors as law
from kernel.workflow.following import follow

_LANGUAGE = "zh-hans"  # what an authority serves is Chinese
PREFIX, TEMPLATE = "credit.conduct.", "credit/paper.html"


def form_of(paper: str) -> str:
    """The code of a paper's form."""
    return PREFIX + paper


def compose(record: Any, event: ConductServed, at: datetime) -> dict[str, Any]:
    """What a paper says: the act as it was told of, and what of the record never changes.

    at: of the act; by the law of that day a time is told that runs from the signing.
    """
    paper, act = PAPERS[event.paper], RECORD.transition(event.act)
    item = scoring.item_label(event.item, record.published_at or clock.now(), "zh")
    until = event.until.isoformat() if event.until else _from_signing(event.paper, at)
    return _data(
        event.paper,
        record.name,
        [
            [(_("记录编号"), record.number), (_("统一社会信用代码"), record.uscc)],
            [(_("评价项"), item), (_("轻重"), str(SEVERITIES[event.severity]))],
            [(_("事实"), record.fact)],
            [(_("发生日期"), record.occurred_on.isoformat()),
             (_("文书编号"), record.document_number)],
            [(_("作出决定的单位"), decided_by(record)), (_("依据条款"), record.article)],
            [(_("决定"), str(act.label) if act else event.act),
             (str(paper.until.get(event.act) or paper.until.get("") or ""), until)],
            [(_("理由"), event.reason)],
            [(_("所依文书"), event.basis)],
        ],
        {"number": record.number, "uscc": record.uscc, "act": event.act},
    )  # fmt: skip


def _from_signing(paper: str, at: datetime) -> str:
    if paper not in PERIODS:
        return ""
    period = law.find_period(PERIODS[paper], at)[1]
    words = {
        "working_day": _("自本文书签发之日起 %(days)s 个工作日内"),
        "day": _("自本文书签发之日起 %(days)s 日内"),
    }
    return words[str(period["unit"])] % {"days": period["amount"]}


def _data(
    paper: str, name: str, rows: Iterable[Iterable[tuple[str, str]]], record: dict[str, Any]
) -> dict[str, Any]:
    """The sheet with its rows of one wide or two named values; empty ones are left out."""
    wording = PAPERS[paper]
    notes = [str(note) for note in wording.notes]
    said = sheet.data(name, to=name, lead=[str(wording.lead)], notes=notes, record=record)
    kept = [[{"label": a, "value": b} for a, b in row if b] for row in rows]
    cells = [{"cells": row, "wide": len(row) == 1} for row in kept if row]
    return said | {"rows": cells}


def _now(paper: str, ref: forms.CaseRef) -> dict[str, Any]:
    """The paper as the record stands: a preview, without what only an act says."""
    record = ConductRecord.objects.get(pk=int(ref.pk))
    return compose(record, _event(record, paper), clock.now())


def _event(record: Any, paper: str) -> ConductServed:
    act = ACTS[paper][0]
    return ConductServed(
        record.pk, record.number, record.uscc, paper, act, record.number, 0, "", "",
        record.item, record.severity,
    )  # fmt: skip


def _sample(paper: str) -> dict[str, Any]:
    """Invented data for previews and contract tests."""
    act = RECORD.transition(ACTS[paper][0])
    return _data(
        paper,
        "龙江示范建筑工程有限公司（虚构）",
        [
            [(_("记录编号"), "XW-2026-000017"), (_("统一社会信用代码"), "91230102MA00000009")],
            [(_("事实"), "塔吊附着未按方案设置。")],
            [(_("文书编号"), "示例改字〔2026〕1 号")],
            [(_("决定"), str(act.label) if act else "")],
            [(_("理由"), "经复核，事实清楚。")],
        ],
        {"number": "XW-2026-000017", "act": ACTS[paper][0]},
    )


def _readers(ref: forms.CaseRef) -> set[int]:
    """The enterprise that it is about, besides issuer and signer."""
    told = ConductRecord.objects.filter(pk=int(ref.pk)).exclude(state__in=states.UNSEEN)
    codes = told.values_list("uscc", flat=True)
    return set(Organisation.objects.filter(uscc__in=codes).values_list("pk", flat=True))


def _register(code: str, paper: Paper) -> None:
    build: Callable[[forms.CaseRef], dict[str, Any]] = partial(_now, code)
    forms.register(
        forms.DocumentForm(
            code=form_of(code),
            title=paper.title,
            template=TEMPLATE,
            version=1,
            build=build,
            sample=partial(_sample, code),
            signers=(forms.SignerRule("credit_officer", gettext_lazy("信用管理人员")),),
            authority=True,
            article=paper.article,
            sources=(forms.Source(paper.title, paper.article, paper.mark),),
            subject="subject",
            readers=_readers,
            sign_within="conduct.paper.sign",
        )
    )


for _code, _paper in PAPERS.items():
    _register(_code, _paper)


def of(uscc: str) -> QuerySet[Document]:
    """The papers that an enterprise was served, newest first."""
    records = ConductRecord.objects.filter(uscc=uscc).exclude(state__in=states.UNSEEN)
    keys = [str(pk) for pk in records.values_list("pk", flat=True)]
    found = Document.objects.filter(case_machine=RECORD.code, case_pk__in=keys)
    found = found.filter(form__startswith=PREFIX).exclude(state=DocumentState.DRAFT)
    found = found.select_related("draft_file", "signed_file")
    return found.prefetch_related("signatures__organisation", "signatures__person").order_by("-pk")


def print_paper(envelope: Envelope) -> int:
    """Draft and print the paper of an act; idempotent."""
    event = envelope.event
    assert isinstance(event, ConductServed)
    record = ConductRecord.objects.get(pk=event.record_id)
    if event.paper in SERVING and record.awaited_paper != event.document_number:
        return 0  # it was taken back before it was printed
    with override(_LANGUAGE):
        document = documents.draft(
            form=form_of(event.paper),
            case_machine=RECORD.code,
            case_pk=str(event.record_id),
            number=event.document_number,
            language=_LANGUAGE,
            at=envelope.occurred_at,
            data=compose(record, event, envelope.occurred_at),
            issuer=event.issuer_id,
        )
        documents.render(document.pk, at=envelope.occurred_at)
    return document.pk


def paper_is_signed(issued: forms.Issued) -> None:
    """What runs from its signing begins, in the same transaction; a stale paper is not signed."""
    record = ConductRecord.objects.get(pk=int(issued.case.pk))
    act = RECORD.transition(SERVING[issued.form.removeprefix(PREFIX)])
    assert act is not None
    if record.state not in act.sources:
        return
    if record.awaited_paper != issued.number:
        raise Conflict.because("credit.conduct_record.paper_recalled", number=issued.number)
    follow(
        RECORD.code, record.pk, act.code, key=f"document:{issued.document_id}", at=issued.at
    )  # fmt: skip


for _code in SERVING:
    forms.on_issued(form_of(_code), paper_is_signed)


@subscribe(ConductServed, "credit.conduct.paper", prepare=print_paper)
def paper_is_printed(_envelope: Envelope, _document_id: Any) -> None:
    """Nothing is left to write: the document's own services wrote it."""
