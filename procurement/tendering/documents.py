"""The document forms of a lot and of an objection, and the samples that they are tested with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as gettext
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.documents import forms, sheet
from kernel.parties.models import Organisation
from procurement.tendering import award_papers, papers
from procurement.tendering.models import Lot, Objection
from procurement.tendering.rules.common import told

NOTICE = "procurement.tender.notice"
CLARIFICATION = "procurement.tender.clarification"
CANDIDATES = "procurement.tender.candidates"
AWARD_NOTICE = "procurement.tender.award_notice"
LOSERS_NOTICE = "procurement.tender.losers_notice"
RESULT = "procurement.tender.result"
AWARD_REPORT = "procurement.tender.award_report"
ANSWER = "procurement.objection.answer"

_IMPL = "《招标投标法实施条例》"
Build = Callable[[Lot, papers.NameOf], dict[str, Any]]


def name_of(uscc: str) -> str:
    """An organisation's name; its code where nobody here is known by it."""
    found = Organisation.objects.filter(uscc=uscc).values_list("name", flat=True).first()
    return found or uscc


def candidates_number(lot: Lot) -> str:
    """The number of the notice of the candidates that are public now."""
    return numbered(lot.number, lot.evaluation_id, lot.publicity_serial)


def numbered(lot_number: str, evaluation_id: int, serial: int) -> str:
    """The number of a lot's so-manieth notice of candidates; a second one is a paper of its own."""
    first = f"HX-{lot_number}-{evaluation_id}"
    return first if serial <= 1 else f"{first}-{serial:02d}"


def _lot(case: forms.CaseRef) -> Lot:
    found: Lot = Lot.objects.get(pk=int(case.pk))
    return found


def clarification(lot: Lot, names: papers.NameOf) -> dict[str, Any]:
    """The newest addendum."""
    return papers.clarification(lot, lot.clarifications[-1], names)


def award_report(lot: Lot, names: papers.NameOf) -> dict[str, Any]:
    """The written report, with the number of objections."""
    count = Objection.objects.filter(lot_id=lot.pk).count() if lot.pk else 0
    return award_papers.award_report(lot, names, count)


def answer(objection: Objection) -> dict[str, Any]:
    """The answer to an objection, for who raised it."""
    upheld = gettext("成立") if objection.upheld else gettext("不成立")
    return sheet.data(
        objection.lot_number,
        to=name_of(objection.raiser_uscc) if objection.pk else objection.raiser_uscc,
        lead=[gettext("贵单位提出的异议收悉，现答复如下。"), objection.answer],
        blocks=[
            sheet.facts(
                gettext("异议"),
                [
                    (gettext("标段编号"), objection.lot_number),
                    (gettext("提出时间"), told(objection.raised_at)),
                    (gettext("异议内容"), objection.text),
                    (gettext("处理结果"), upheld),
                ],
            )
        ],
        notes=[gettext("对答复不服的，可以自知道或者应当知道之日起十日内向行政监督部门投诉。")],
        record={"lot": objection.lot_number, "stage": objection.stage, "upheld": objection.upheld},
    )


def _sample_lot() -> Lot:
    """An invented lot that went all the way."""
    lot = Lot()
    at = datetime(2025, 11, 24, 1, 0, tzinfo=clock.LEGAL_ZONE)
    values: dict[str, Any] = {
        "number": "2301022511240101-01",
        "project_number": "2301022511240101",
        "owner_uscc": "哈尔滨示范置业有限公司（虚构）",
        "agency_uscc": "哈尔滨示范招标代理有限公司（虚构）",
        "name": "松花江示范住宅小区一期工程施工",
        "kind": "works",
        "method": "open",
        "scope": "施工图纸和工程量清单范围内的全部内容。",
        "ceiling_price_fen": 1_234_567_800,
        "period_days": 420,
        "quality": "合格",
        "qualification_text": "具有建筑工程施工总承包二级及以上资质和有效的安全生产许可证。",
        "standard_text": "building_2010",
        "bid_validity_days": 90,
        "security_fen": 20_000_000,
        "evaluation_method": "m2",
        "price_points": 60,
        "technical_points": 25,
        "commercial_points": 5,
        "credit_points": 10,
        "factors": ["1.5", "1.25", "1"],
        "policy_sha256": "a" * 64,
        "contact": "示例甲 0451-00000001",
        "documents": [{"kind": "document", "name": "招标文件", "file_sha256": "b" * 64}],
        "clarifications": [
            {
                "serial": 1,
                "text": "外墙保温材料的燃烧性能等级以图纸说明为准。",
                "documents": [],
                "bid_deadline_at": at.isoformat(),
            }
        ],
        "candidates": [
            {
                "rank": rank,
                "bid_id": rank,
                "uscc": f"9123010{rank}MA00000009",
                "name": f"黑龙江示范第{rank}建筑有限公司（虚构）",
                "price_fen": 1_200_000_000 + rank,
                "period_days": 410,
                "quality": "合格",
                "manager_name": "示例乙",
                "manager_certificate": "黑123000000000",
                "score": 9123 - rank,
                "qualification": f"D12300000{rank}",
                "passed_by": 5,
                "voted": 5,
            }
            for rank in (1, 2, 3)
        ],
        "candidate_rank": 1,
        "objection_channel": "示例甲 0451-00000001",
        "live_bids": 4,
    }
    for name, value in values.items():
        setattr(lot, name, value)
    for name in (
        "published_at", "sale_ends_at", "bid_deadline_at", "opened_bids_at", "reported_at",
        "publicised_at", "publicity_ends_at", "awarded_at",
    ):  # fmt: skip
        setattr(lot, name, at)
    return lot


def _sample_objection() -> Objection:
    objection = Objection()
    objection.lot_number, objection.stage = "2301022511240101-01", "documents"
    objection.raiser_uscc = "黑龙江示范建筑工程有限公司（虚构）"
    objection.text, objection.answer = "工期要求偏紧，请予调整。", "工期依据定额测算，维持不变。"
    objection.raised_at = datetime(2025, 11, 24, 9, 0, tzinfo=clock.LEGAL_ZONE)
    return objection


def _register(
    code: str,
    title: Any,
    build: Build,
    article: str,
    mark: str = "statute_text",
    public: bool = True,
    readers: Callable[[forms.CaseRef], set[int]] | None = None,
) -> None:
    forms.register(
        forms.DocumentForm(
            code=code,
            title=title,
            template=sheet.TEMPLATE,
            version=1,
            build=lambda case: build(_lot(case), name_of),
            sample=lambda: build(_sample_lot(), str),
            signers=(forms.SignerRule("owner_clerk", _("招标人")),),
            article=article,
            sources=(forms.Source(title, article, mark),),
            public=public,
            subject="subject",
            readers=readers,
        )
    )


def _losers(case: forms.CaseRef) -> set[int]:
    """Every other bidder, once it is no secret any more who they are."""
    lot = _lot(case)
    codes = [uscc for uscc, _name in lot.losers]
    codes += [c["uscc"] for c in lot.candidates if c["uscc"] != lot.winner_uscc]
    return set(Organisation.objects.filter(uscc__in=codes).values_list("pk", flat=True))


def _raiser(case: forms.CaseRef) -> set[int]:
    objection = Objection.objects.get(pk=int(case.pk))
    codes = [objection.raiser_uscc, objection.agency_uscc]
    return set(Organisation.objects.filter(uscc__in=codes).values_list("pk", flat=True))


_register(NOTICE, _("招标公告"), papers.notice, "《招标投标法》第十六条", "remembered")
_register(CLARIFICATION, _("招标文件澄清"), clarification, f"{_IMPL}第二十一条")
_register(CANDIDATES, _("中标候选人公示"), award_papers.candidates, f"{_IMPL}第五十四条")
_register(
    AWARD_NOTICE,
    _("中标通知书"),
    award_papers.award_notice,
    "《招标投标法》第四十五条",
    "remembered",
)
_register(
    LOSERS_NOTICE, _("中标结果通知书"), award_papers.losers_notice, "《招标投标法》第四十五条",
    "remembered", public=False, readers=_losers,
)  # fmt: skip
_register(RESULT, _("中标结果公告"), award_papers.result, "《招标投标法》第四十五条", "remembered")
_register(
    AWARD_REPORT, _("招标投标情况书面报告"), award_report, "《招标投标法》第四十七条", public=False
)
forms.register(
    forms.DocumentForm(
        code=ANSWER,
        title=_("异议答复书"),
        template=sheet.TEMPLATE,
        version=1,
        build=lambda case: answer(Objection.objects.get(pk=int(case.pk))),
        sample=lambda: answer(_sample_objection()),
        signers=(forms.SignerRule("owner_clerk", _("招标人")),),
        article=f"{_IMPL}第二十二条",
        sources=(forms.Source(_("异议的答复"), f"{_IMPL}第二十二条", "statute_text"),),
        subject="subject",
        readers=_raiser,
        # Answers are numbered by lot: one that is known tells that somebody means to bid.
        hidden=True,
    )
)
