"""The credit report: a PDF under the platform's seal, over one certificate, with its check code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, override

from credit.enterprises.models import Enterprise
from credit.scoring import explaining, fading, selectors, services
from credit.scoring.models import ScoreCertificate
from credit.scoring.points import graded, points
from kernel import clock
from kernel.documents import forms, sheet
from kernel.documents import services as documents
from kernel.documents.models import Document
from kernel.errors import NotFound
from kernel.events import services as events
from kernel.events.credit import CreditReportOrdered
from kernel.parties.models import Organisation
from kernel.web import formats

FORM, MACHINE = "credit.report", "credit.score_certificate"
_PURPOSE = "credit.report"


def order(uscc: str, at: datetime) -> ScoreCertificate:
    """Certify today's score for a report and let a worker print it; one report a day.

    Raises NotFound ``credit.enterprise.unknown`` for who is not in the archive.
    """
    if not Enterprise.objects.filter(uscc=uscc).exists():
        raise NotFound.because("credit.enterprise.unknown", uscc=uscc[:18])
    purpose = f"{_PURPOSE}:{clock.legal_date(at).isoformat()}"
    held = services.certificate(uscc, at=at, purpose=purpose)
    if Document.objects.filter(form=FORM, case_pk=held.number).exists():
        return held
    with transaction.atomic():
        events.publish(
            [CreditReportOrdered(number=held.number, uscc=uscc)],
            case=f"{MACHINE}:{held.number}",
            at=at,
        )
    return held


def print_report(number: str, at: datetime) -> Document:
    """Draft and print the report of a certificate; printed already, it is the same."""
    document = documents.draft(
        form=FORM, case_machine=MACHINE, case_pk=number, number=number, language="zh-hans", at=at
    )
    return documents.render(document.pk, at=at)


def of(uscc: str) -> QuerySet[Document]:
    """An enterprise's reports, newest first."""
    numbers = ScoreCertificate.objects.filter(uscc=uscc, purpose__startswith=f"{_PURPOSE}:")
    found = Document.objects.filter(form=FORM, case_pk__in=numbers.values("number"))
    return found.order_by("-pk")


def build(case: forms.CaseRef) -> dict[str, Any]:
    """What the report says: the certificate's score, and everything that it is made of."""
    held = selectors.certificate(case.pk)
    if held is None:
        raise NotFound.because("credit.certificate.unknown", number=case.pk)
    told = explaining.explain(held.uscc, held.valid_on, held.known_at, code=held.scheme_code)
    enterprise = Enterprise.objects.get(uscc=held.uscc)
    with override("zh-hans"):
        return _sheet(held, told, enterprise.name)


def _sheet(held: ScoreCertificate, told: dict[str, Any], name: str) -> dict[str, Any]:
    facts = [
        (_("企业名称"), name),
        (_("统一社会信用代码"), held.uscc),
        (_("评价日"), held.valid_on.isoformat()),
        (_("已知时点"), formats.second(held.known_at)),
        (_("信用分"), points(held.millionths)),
        (_("等级"), graded(held.grade)),
        (_("评分方案"), f"{selectors.title_of(held.scheme_code)} {held.scheme_version}"),
    ]
    if told["held_back"]:
        facts.append((_("按分值对应等级（尚不得上调）"), told["held_back"]))
    rows = [(_("基础分"), points(told["base"]), "", "", "")]
    rows += [
        (one["label"], _weighs(one), one["document_number"], one["article"],
         formats.day(explaining.last_day(one)))
        for one in told["contributions"]
    ]  # fmt: skip
    if told["cut"]:
        rows.append((_("封顶、托底或取整"), points(told["cut"]), "", "", ""))
    coming = [
        (turn["day"], graded(turn["grade"]), points(turn["score_millionths"]))
        for turn in told["ahead"]
    ]
    blocks = [
        sheet.facts(_("信用评价"), facts),
        sheet.table(
            _("信用分的构成"),
            (_("评价项"), _("分值"), _("文书编号"), _("依据"), _("计分至")),
            rows,
            right=(1,),
        ),
    ]
    if coming:
        head = (_("自此日起"), _("等级"), _("信用分"))
        blocks.append(sheet.table(_("若无新的记录"), head, coming, right=(2,)))
    return sheet.data(
        name,
        lead=[_("本报告依据平台台账和公布的评分方案计算，任何人持同一台账和方案可以重算得到同一结果。")],
        blocks=blocks,
        notes=[_("信用分证明编号 %(number)s，SHA-256：%(sha256)s。")
               % {"number": held.number, "sha256": held.sha256}],
        record={
            "number": held.number,
            "uscc": held.uscc,
            "score_millionths": held.millionths,
            "grade": held.grade,
            "scheme_sha256": held.scheme_sha256,
            "sha256": held.sha256,
        },
    )  # fmt: skip


def sample() -> dict[str, Any]:
    """Invented data for previews and contract tests."""
    return sheet.data(
        "示例建设集团有限公司（虚构）",
        lead=["本报告依据平台台账和公布的评分方案计算（示例）。"],
        blocks=[
            sheet.facts("信用评价", [("信用分", "58.00"), ("等级", "C")]),
            sheet.table(
                "信用分的构成", ("评价项", "分值"), [("基础分", "60.00"), ("示例", "-2.00")]
            ),
        ],
        record={"number": "XY-20260302-00001"},
    )


def _readers(case: forms.CaseRef) -> set[int]:
    held = selectors.certificate(case.pk)
    uscc = held.uscc if held else ""
    return set(Organisation.objects.filter(uscc=uscc).values_list("pk", flat=True))


_RULE = gettext_noop("平台规则：信用报告由平台盖章，附核验码")

forms.register(
    forms.DocumentForm(
        code=FORM,
        title=gettext_lazy("企业信用报告"),
        template=sheet.TEMPLATE,
        version=1,
        build=build,
        sample=sample,
        article=_RULE,
        sources=(forms.Source(gettext_lazy("信用报告"), _RULE, "own_default"),),
        readers=_readers,
        subject="subject",
    )
)


def _weighs(one: dict[str, Any]) -> str:
    """The points of a contribution, and how they fade."""
    told = fading.in_words(one)
    return f"{points(one['millionths'])}（{told}）" if told else points(one["millionths"])
