"""The notice that a hazard be dealt with: by the station (整改通知书) or by the supervision."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from kernel import clock
from kernel.documents import forms, sheet
from kernel.events.procurement_site import HazardConfirmed
from kernel.events.registry import Envelope, subscribe
from kernel.parties.models import Organisation
from procurement.projects import citing, naming
from procurement.projects.printing import print_for
from procurement.site import criteria
from procurement.site.machine import HAZARD
from procurement.site.models import Hazard

STATION = "procurement.hazard.notice"
SUPERVISION = "procurement.hazard.supervision_notice"
ARTICLE_STATION = gettext_noop("《建设工程安全生产管理条例》第四十三条")
ARTICLE_SUPERVISION = gettext_noop("《建设工程安全生产管理条例》第十四条")
GRADES = {"general": gettext_lazy("一般隐患"), "major": gettext_lazy("重大隐患")}


def build(ref: forms.CaseRef) -> dict[str, Any]:
    """What the notice says of a hazard."""
    case = Hazard.objects.get(pk=int(ref.pk))
    at = clock.start_of(case.found_on)
    known = naming.names((case.contractor_uscc,))
    return _data(
        case.works_name,
        to=known.get(case.contractor_uscc, case.contractor_uscc),
        works=case.works_number,
        area=citing.label("inspection_area", case.area, at),
        place=case.place,
        description=case.description,
        grade=case.grade,
        criterion=criteria.label(case.criterion, at),
        article=case.article,
        opinion=case.opinion,
        found=case.found_on.isoformat(),
        photos=[photo["file_sha256"] for photo in case.photos],
    )


def _data(name: str, **said: Any) -> dict[str, Any]:
    return sheet.data(
        name,
        to=said["to"],
        lead=[
            _(
                "经检查，你单位承建的上述工程存在下列隐患。请落实责任人、措施、资金、时限和预案，立即整改。"
            )
        ],
        blocks=[
            sheet.facts(
                _("隐患"),
                [
                    (_("单位工程编号"), said["works"]),
                    (_("发现日期"), said["found"]),
                    (_("检查分项"), said["area"]),
                    (_("部位"), said["place"]),
                    (_("隐患情况"), said["description"]),
                    (_("等级"), str(GRADES[said["grade"]])),
                    (_("判定标准"), said["criterion"]),
                    (_("判定依据"), said["article"]),
                    (_("定级意见"), said["opinion"]),
                ],
            )
        ],
        notes=[_("整改完成后以照片报告，申请复查；重大隐患由质量安全监督机构复查。")],
        record={"works_number": said["works"], "grade": said["grade"], "photos": said["photos"]},
    )


def sample() -> dict[str, Any]:
    """Invented data for previews and contract tests."""
    return _data(
        "松花江示范住宅小区一期工程",
        to="龙江示范建筑工程有限公司（虚构）",
        works="2301022511240101-W01",
        area="脚手架",
        place="3 号楼北立面 6 层",
        description="连墙件整层缺失。",
        grade="major",
        criterion="脚手架未设置连墙件或连墙件整层缺失",
        article="建质规〔2024〕5号第七条",
        opinion="立即停止使用该脚手架。",
        found="2026-05-12",
        photos=["0" * 64],
    )


def _readers(ref: forms.CaseRef) -> set[int]:
    """The contractor and the supervision of the site, besides issuer and signer."""
    case = Hazard.objects.get(pk=int(ref.pk))
    codes = (case.contractor_uscc, case.supervision_uscc, case.owner_uscc)
    return set(Organisation.objects.filter(uscc__in=codes).values_list("pk", flat=True))


for _code, _title, _role, _label, _authority, _article, _mark in (
    (
        STATION, gettext_lazy("隐患整改通知书"), "station_officer", gettext_lazy("监督人员"), True,
        ARTICLE_STATION, "statute_text",
    ),
    (
        SUPERVISION, gettext_lazy("监理通知单（隐患整改）"), "chief_supervisor",
        gettext_lazy("总监理工程师"), False, ARTICLE_SUPERVISION, "statute_text",
    ),
):  # fmt: skip
    forms.register(
        forms.DocumentForm(
            code=_code,
            title=_title,
            template=sheet.TEMPLATE,
            version=1,
            build=build,
            sample=sample,
            signers=(forms.SignerRule(_role, _label),),
            authority=_authority,
            article=_article,
            sources=(
                forms.Source(gettext_lazy("隐患整改"), _article, _mark),
                forms.Source(
                    gettext_lazy("重大隐患判定标准"),
                    gettext_noop("建质规〔2024〕5号"),
                    "remembered_uncertain",
                ),
            ),
            subject="subject",
            readers=_readers,
        )
    )


def print_notice(envelope: Envelope) -> int:
    """Draft and print the notice of whoever graded; idempotent."""
    event = envelope.event
    assert isinstance(event, HazardConfirmed)
    case = Hazard.objects.only("graded_by_id", "graded_as").get(pk=event.hazard_id)
    return print_for(
        STATION if case.graded_as == "station_officer" else SUPERVISION,
        HAZARD.code,
        event.hazard_id,
        event.document_number,
        envelope.occurred_at,
        issuer=case.graded_by_id,
    )


@subscribe(HazardConfirmed, "procurement.hazard.notice", prepare=print_notice)
def notice_is_printed(_envelope: Envelope, _document_id: Any) -> None:
    """Nothing is left to write: the document's own services wrote it."""
