"""What comes next in a record's life, and until when: objection and repair in three steps each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from credit.conduct import leaving, selectors
from credit.conduct.states import LISTED, SHOWN
from kernel import clock
from kernel.web import formats
from kernel.web.case_pages import file_url
from kernel.web.viewmodels import Fact, FactGroup


def groups(case: Any, at: datetime) -> Iterator[FactGroup]:
    """What was said of a record, and the steps that are left."""
    said = [fact for fact in _said(case) if fact.value]
    if said:
        yield FactGroup(_("陈述、异议与决定"), tuple(said))
    if case.state in SHOWN and case.state != LISTED:
        yield FactGroup(_("异议三步"), tuple(_objection(case)))
        if case.severity:
            yield FactGroup(_("修复三步"), tuple(_repair(case, at)))
    elif case.state == LISTED:
        yield FactGroup(_("提前移出名单三步"), tuple(_exit(case, at)))


def _said(case: Any) -> Iterator[Fact]:
    yield Fact(_("陈述申辩"), case.statement, "name")
    yield _file(_("陈述申辩的证明材料"), case, case.statement_sha256)
    yield Fact(_("对陈述申辩的答复"), case.answer, "name")
    yield Fact(_("就列入名单的陈述申辩"), case.listing_statement, "name")
    yield Fact(_("异议理由"), case.objection, "name")
    yield Fact(_("申请提前移出的理由"), case.exit_reason, "name")
    yield Fact(_("延长理由"), case.extension_reason, "name")
    yield Fact(_("申请上级复核的理由"), case.review_reason, "name")
    yield Fact(_("复核决定文号"), case.review_document, "name")
    yield Fact(_("变更或者撤销处罚的文书"), case.change_document, "name")
    yield Fact(_("纠正行为的证明文书"), case.correction_document, "name")
    yield _file(_("信用承诺书"), case, case.commitment_sha256)


def _file(label: str, case: Any, sha256: str) -> Fact:
    """What was brought along, for those who decide by it."""
    return Fact(label, f"{sha256[:12]}…" if sha256 else "", "code", url=file_url(case, sha256))


def scan(case: Any) -> Iterator[Fact]:
    """The scan of the document that the record stands on, where one was brought."""
    if case.document_sha256:
        yield _file(_("文书扫描件"), case, case.document_sha256)


def _objection(case: Any) -> Iterator[Fact]:
    raised, asked = selectors.objection_until(case), selectors.review_until(case)
    yield Fact(_("一、提出异议，最迟"), last_day(raised), "date")
    yield Fact(_("二、三个工作日内受理，复核决定最迟"), last_day(case.decide_due_at), "date")
    yield Fact(_("三、不服决定，申请上级复核最迟"), last_day(asked), "date")


def _repair(case: Any, at: datetime) -> Iterator[Fact]:
    if case.repair_barred_by:
        yield Fact(_("依法不得修复"), case.repair_barred_by, "name")
        return
    start = selectors.repair_from(case, at)
    yield Fact(
        _("一、纠正行为、履行义务，最早申请"), clock.legal_date(start) if start else None, "date"
    )
    # What was brought to leave the list early asked for no repair.
    asked = "" if case.exit_reason else case.correction_document
    yield Fact(_("二、提交证明文书和信用承诺"), asked or _("未提交"), "name")
    yield Fact(_("三、作出决定后停止公示；不修复的，公示至"), last_day(case.shown_until), "date")


def _exit(case: Any, at: datetime) -> Iterator[Fact]:
    if case.repair_barred_by:
        yield Fact(_("依法不得修复"), case.repair_barred_by, "name")
        return
    left = leaving.left_from(case, at)
    yield Fact(
        _("一、纠正行为、履行义务，最早申请"), clock.legal_date(left.at) if left else None, "date"
    )
    asked = case.correction_document if case.exit_reason else ""
    yield Fact(_("二、提交证明文书和信用承诺"), asked or _("未提交"), "name")
    yield Fact(_("三、由两名人员决定，最迟"), last_day(case.exit_due_at), "date")
    yield Fact(_("依据"), left.article if left else "", "name")


def last_day(until: datetime | None) -> date | None:
    """The last legal day of a time that ends at 24:00."""
    return None if until is None else formats.last_day(until)
