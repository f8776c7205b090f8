"""The evaluation report (评标报告): what it says and who signs it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import money
from kernel.documents import forms, sheet
from kernel.parties.models import Organisation
from kernel.web.words import listed, sentences
from procurement.evaluation import rules, selectors, ties
from procurement.evaluation.formulas import points
from procurement.evaluation.inputs import lot_terms, opened
from procurement.evaluation.models import CommitteeSeat, Evaluation
from procurement.evaluation.states import HANDED, REPORTED, REVIEW

FORM = "procurement.evaluation.report"


def build(case: forms.CaseRef) -> dict[str, Any]:
    """The report's data, as the result stands when it is drafted."""
    evaluation = Evaluation.objects.get(pk=int(case.pk))
    terms, bids = lot_terms(evaluation.lot_number), opened(evaluation.lot_number)
    found, row = selectors.result_of(evaluation), selectors.latest(evaluation)
    if terms is None or bids is None or found is None or row is None:
        raise ValueError(f"{case} has no result")
    names = {bid.bid_id: bid.name for bid in bids.bids}
    seats = list(
        CommitteeSeat.objects.filter(evaluation=evaluation)
        .exclude(status=rules.GONE)
        .select_related("person")
    )
    return sheet.data(
        terms.name,
        lead=(_("评标委员会按照招标文件规定的评标标准和方法完成评审，提出评标结果如下。"),),
        blocks=_blocks(evaluation, terms, found, names, seats, row.at),
        notes=_notes(found, seats, terms, row.at),
        record={
            "lot_number": evaluation.lot_number,
            "result_sha256": evaluation.result_sha256,
            "result": found,
            "issue": evaluation.report_issue,
        },
    )


def _blocks(
    evaluation: Evaluation, terms: Any, found: Any, names: Any, seats: Any, at: Any
) -> list[dict[str, Any]]:
    facts = sheet.facts(
        _("标段和方法"),
        (
            (_("标段编号"), evaluation.lot_number),
            (_("项目编号"), evaluation.project_number),
            (_("最高投标限价（元）"), money.format_yuan(terms.ceiling_fen)),
            (_("评标基准价（元）"), money.format_yuan(found["benchmark_fen"])),
            (
                _("抽取的下浮系数"),
                "" if found["factor"] is None else f"{points(found['factor'])}%",
            ),
            (_("评标委员会"), listed(seat.person.name for seat in seats)),
            (_("组长"), next((s.person.name for s in seats if s.number == evaluation.leader), "")),
        ),
    )
    ranking = sheet.table(
        _("评审得分和排序"),
        (
            _("排序"),
            _("投标人"),
            _("投标报价（元）"),
            _("报价得分"),
            _("技术"),
            _("商务"),
            _("信用"),
            _("总分"),
        ),
        [
            (
                str(row["rank"]),
                names[row["bid_id"]],
                money.format_yuan(row["price_fen"]),
                points(row["price_points"]),
                points(row["technical_points"]),
                points(row["commercial_points"]),
                points(row["credit_points"]),
                points(row["total"]),
            )
            for row in found["ranking"]
        ],
        right=(2, 3, 4, 5, 6, 7),
    )
    if not found["rejected"]:
        return [facts, ranking]
    rejected = sheet.table(
        _("被否决的投标"),
        (_("投标人"), _("情形")),
        [
            (
                names[row["bid_id"]],
                sentences(selectors.label("bid_rejection", code, at) for code in row["codes"]),
            )
            for row in found["rejected"]
        ],
    )
    return [facts, ranking, rejected]


def _notes(found: Any, seats: Any, terms: Any, at: datetime) -> list[str]:
    ranked = min(len(found["ranking"]), terms.candidates)
    said = ties.told(found["ranking"], terms.region, at)
    said += [_("推荐排序前 %(number)s 名为中标候选人。") % {"number": ranked}]
    for seat in seats:
        who = {"name": seat.person.name, "opinion": seat.opinion}
        if seat.opinion:
            said.append(_("成员%(name)s的不同意见：%(opinion)s") % who)
        if seat.signing and not seat.opinion:
            said.append(
                _("成员%(name)s拒绝签字且未书面说明不同意见和理由，视为同意评标结果。") % who
            )
        elif seat.signing:
            said.append(_("成员%(name)s未在本报告上签字。") % who)
    return said


def readers(case: forms.CaseRef) -> set[int]:
    """Owner and agency, once the report is signed; before, nobody but who signs it."""
    found = Evaluation.objects.filter(pk=int(case.pk), state__in=(REPORTED, HANDED, REVIEW)).first()
    if found is None:
        return set()
    parties = Organisation.objects.filter(uscc__in=(found.owner_uscc, found.agency_uscc))
    return set(parties.values_list("pk", flat=True))


def sample() -> dict[str, Any]:
    """Invented data for previews and contract tests."""
    return sheet.data(
        "示范小学新建工程施工",
        lead=("评标委员会按照招标文件规定的评标标准和方法完成评审，提出评标结果如下。",),
        blocks=(
            sheet.facts("标段和方法", (("标段编号", "23010225112401010101"),)),
            sheet.table(
                "评审得分和排序",
                ("排序", "投标人", "投标报价（元）", "报价", "技术", "商务", "信用", "总分"),
                [
                    (
                        str(place),
                        f"黑龙江示例第{place}建筑工程有限公司（虚构）",
                        "12,345,678.90",
                        "49.52",
                        "26.50",
                        "8.00",
                        "7.20",
                        "91.22",
                    )
                    for place in range(1, 6)
                ],
                right=(2, 3, 4, 5, 6, 7),
            ),
        ),
        notes=("推荐排序前 3 名为中标候选人。",),
        record={"lot_number": "23010225112401010101", "issue": 1},
    )


def number_of(evaluation: Evaluation, issue: int) -> str:
    """The number of an issue of the report."""
    return f"{evaluation.reference}-{issue}"


forms.register(
    forms.DocumentForm(
        code=FORM,
        title=gettext_lazy("评标报告"),
        template=sheet.TEMPLATE,
        version=1,
        build=build,
        sample=sample,
        signers=(forms.SignerRule("expert", gettext_lazy("评标委员会成员")),),
        article="《招标投标法实施条例》第53条",
        sources=(
            forms.Source(
                gettext_lazy("评标报告由全体成员签字"),
                "《招标投标法实施条例》第53条",
                "statute_text",
            ),
            forms.Source(gettext_lazy("得分相同时的排序"), "平台默认", "own_default"),
        ),
        readers=readers,
        subject="subject",
        # Experts of one bank: who of them judged, and how, is nothing that the others read.
        personal=True,
        # Until the candidates are public nobody is to know how far the committee has come.
        hidden=True,
    )
)
