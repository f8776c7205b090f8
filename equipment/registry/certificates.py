"""Documents of machines: the filing certificate and the registration of use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from equipment.registry.models import LiftingMachine
from equipment.registry.pages import kind_label
from kernel import clock
from kernel.documents import forms, sheet
from kernel.documents import services as documents
from kernel.events.equipment import MachineFiled, MachineUseRegistered
from kernel.events.registry import Envelope, subscribe

FILING = "equipment.machine.filing_certificate"
USE = "equipment.machine.use_registration"


def _plate(one: LiftingMachine) -> list[tuple[str, str]]:
    return [
        (_("备案编号"), one.number),
        (_("设备种类"), kind_label(one)),
        (_("型号"), one.model),
        (_("制造单位"), one.maker),
        (_("出厂编号"), one.serial),
        (_("出厂日期"), one.manufactured_on.isoformat()),
        (_("产权单位"), one.owner_name),
        (_("使用年限至"), one.life_ends_on.isoformat()),
    ]


def build_filing(case: forms.CaseRef) -> dict[str, Any]:
    """What the filing certificate says of a machine."""
    one = LiftingMachine.objects.get(pk=int(case.pk))
    return sheet.data(
        f"{kind_label(one)} {one.model}",
        lead=[_("下列建筑起重机械经审核准予产权备案，备案编号终身有效。")],
        blocks=[sheet.facts(_("设备"), _plate(one))],
        record={"number": one.number, "owner_uscc": one.owner_uscc, "serial": one.serial},
    )


def build_use(case: forms.CaseRef) -> dict[str, Any]:
    """What the registration of use says of a machine on its site."""
    one = LiftingMachine.objects.get(pk=int(case.pk))
    ends = one.inspection_ends_at
    inspected = clock.legal_date(ends - timedelta(seconds=1)).isoformat() if ends else ""
    crew = [(o["name"], o["trade"], o["certificate"], o["valid_to"]) for o in one.operators]
    return sheet.data(
        f"{kind_label(one)} {one.model}",
        lead=[_("下列建筑起重机械准予使用登记，标志应置于或者附着于该设备的显著位置。")],
        blocks=[
            sheet.facts(
                _("使用登记"),
                [
                    (_("使用登记编号"), one.use_number),
                    (_("工程编号"), one.site_number),
                    (_("检验报告编号"), one.test_report),
                    (_("检验有效期至"), inspected),
                    *_plate(one),
                ],
            ),
            sheet.table(_("作业人员"), (_("姓名"), _("工种"), _("证书"), _("有效期至")), crew),
        ],
        record={"use_number": one.use_number, "number": one.number, "site": one.site_number},
    )


def sample() -> dict[str, Any]:
    """Invented data for previews and contract tests."""
    plate = [("备案编号", "QZ2301202500001"), ("型号", "QTZ80（虚构）"), ("出厂编号", "示例-001")]
    return sheet.data(
        "塔式起重机 QTZ80（虚构）",
        lead=["下列建筑起重机械经审核准予产权备案（示例）。"],
        blocks=[
            sheet.facts("设备", plate),
            sheet.table("作业人员", ("姓名", "证书"), [("示例甲", "示例 1 号")]),
        ],
        record={"number": "QZ2301202500001"},
    )


_ORDER = "《建筑起重机械安全监督管理规定》（建设部令第166号）"
_SAFETY = "《建设工程安全生产管理条例》第三十五条"
for _code, _title, _build, _article, _mark in (
    (FILING, gettext_lazy("建筑起重机械产权备案证明"), build_filing, _ORDER, "web_page"),
    (USE, gettext_lazy("建筑起重机械使用登记证明"), build_use, _SAFETY, "statute_text"),
):
    forms.register(
        forms.DocumentForm(
            code=_code,
            title=_title,
            template=sheet.TEMPLATE,
            version=1,
            build=_build,
            sample=sample,
            signers=(forms.SignerRule("equipment_officer", gettext_lazy("经办人员")),),
            authority=True,
            article=_article,
            sources=(forms.Source(_title, _article, _mark),),
            public=True,
            subject="subject",
        )
    )


def _print(envelope: Envelope, form: str, number: str, transition: str) -> int:
    machine_id = envelope.event.machine_id  # type: ignore[attr-defined]
    document = documents.draft(
        form=form,
        case_machine="equipment.machine",
        case_pk=str(machine_id),
        number=number,
        language="zh-hans",
        at=envelope.occurred_at,
        issuer=_issuer(machine_id, transition),
    )
    documents.render(document.pk, at=envelope.occurred_at)
    return document.pk


def _issuer(machine_id: int, transition: str) -> int | None:
    """The authority that did the act which the document certifies."""
    from kernel.workflow.models import Act

    act = Act.objects.filter(
        machine="equipment.machine", case_pk=machine_id, transition=transition
    ).last()
    return act.organisation_id if act else None


def print_filing(envelope: Envelope) -> int:
    """Draft and print the filing certificate."""
    event = envelope.event
    assert isinstance(event, MachineFiled)
    return _print(envelope, FILING, event.number, "file")


def print_use(envelope: Envelope) -> int:
    """Draft and print the registration of use."""
    event = envelope.event
    assert isinstance(event, MachineUseRegistered)
    return _print(envelope, USE, event.use_number, "register_use")


@subscribe(MachineFiled, "equipment.registry.filing_certificate", prepare=print_filing)
def filing_is_printed(_envelope: Envelope, _document: Any) -> None:
    """Nothing is left to write: the document's own services wrote it."""


@subscribe(MachineUseRegistered, "equipment.registry.use_registration", prepare=print_use)
def use_is_printed(_envelope: Envelope, _document: Any) -> None:
    """Nothing is left to write: the document's own services wrote it."""
