"""What the documents of a lot say until bids are in: sheets over a lot and its parties' names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kernel import clock, money
from kernel.documents import sheet
from kernel.web.words import listed
from procurement.tendering import law_facts
from procurement.tendering.models import Lot
from procurement.tendering.rules.common import told
from procurement.tendering.show import consortia, sizes, takes_consortia

NameOf = Callable[[str], str]


def instant_text(instant: datetime | None) -> str:
    """An instant as documents say it; nothing where there is none."""
    return told(instant) if instant else ""


def yuan(fen: int) -> str:
    """A sum with its unit; nothing for nothing."""
    return _("%(amount)s 元") % {"amount": money.format_yuan(fen)} if fen else ""


def record_of(lot: Lot, **more: Any) -> dict[str, Any]:
    """The same facts for machines."""
    return {
        "lot": lot.number,
        "project_number": lot.project_number,
        "owner_uscc": lot.owner_uscc,
        "agency_uscc": lot.agency_uscc,
        **more,
    }


def labels_of(lot: Lot) -> dict[str, str]:
    """The words of a lot's codes on the day of its notice."""
    at = lot.published_at or clock.now()
    return {
        "kind": law_facts.label("tender_kind", lot.kind, at),
        "method": law_facts.label("tender_method", lot.method, at),
        "evaluation": law_facts.label("evaluation_method", lot.evaluation_method, at),
        "standard": law_facts.label("standard_text", lot.standard_text, at),
    }


def notice(lot: Lot, name_of: NameOf) -> dict[str, Any]:
    """The tender notice."""
    labels = labels_of(lot)
    points = lot.evaluation_parameters["points"]
    about = sheet.facts(
        _("招标项目"),
        [
            (_("标段编号"), lot.number),
            (_("招标人"), name_of(lot.owner_uscc)),
            (_("招标代理机构"), name_of(lot.agency_uscc) if lot.agency_uscc else ""),
            (_("招标类别、方式"), f"{labels['kind']}  {labels['method']}"),
            (_("招标范围"), lot.scope),
            (_("最高投标限价"), yuan(lot.ceiling_price_fen)),
            (_("工期（日历天）"), str(lot.period_days)),
            (_("质量要求"), lot.quality),
            (_("投标人资格要求"), lot.qualification_text),
            (_("联合体投标"), consortia(lot)),
            (
                _("工程规模"),
                "  ".join(f"{one.label} {one.value}" for one in sizes(lot) if one.value),
            ),
            (_("标准招标文件"), labels["standard"]),
        ],
    )
    bidding = sheet.facts(
        _("投标"),
        [
            (_("招标文件获取截止"), instant_text(lot.sale_ends_at)),
            (_("投标截止时间（开标时间）"), instant_text(lot.bid_deadline_at)),
            (_("投标有效期（天）"), str(lot.bid_validity_days)),
            (_("投标保证金（接受保函）"), yuan(lot.security_fen)),
            (_("评标办法"), labels["evaluation"]),
            (
                _("分值"),
                _("报价 %(price)s，技术 %(technical)s，商务 %(commercial)s，信用 %(credit)s")
                % points,
            ),
            (_("开标时抽取的下浮系数（%）"), listed(lot.factors)),
            (_("开标方案（SHA-256）"), lot.policy_sha256),
            (_("联系方式"), lot.contact),
        ],
    )
    return sheet.data(
        lot.name,
        lead=[
            _("本标段已具备招标条件，现发布招标公告。符合资格要求的潜在投标人可以在平台获取招标文件，并在投标截止前递交加密投标文件。")
        ],
        blocks=[about, bidding, _files(lot.documents)],
        notes=[
            _("投标文件由投标人在自己的设备上加密；开标前，除达到规定人数的密钥保管人共同释放密钥外，任何人不能解密。")
        ],
        record=record_of(
            lot,
            ceiling_price_fen=lot.ceiling_price_fen,
            bid_deadline_at=_iso(lot.bid_deadline_at),
            policy_sha256=lot.policy_sha256,
            documents=lot.documents,
            consortia=takes_consortia(lot),
        ),
    )  # fmt: skip


def _iso(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""


def _files(items: Any) -> dict[str, Any]:
    return sheet.table(
        _("招标文件组成"),
        (_("名称"), "SHA-256"),
        [(item["name"], item["file_sha256"]) for item in items],
    )


def clarification(lot: Lot, item: Mapping[str, Any], name_of: NameOf) -> dict[str, Any]:
    """An addendum: to all who took the documents, without saying who asked."""
    deadline = item["bid_deadline_at"]
    moved = told(datetime.fromisoformat(deadline)) if deadline else ""
    lead = [item["text"]]
    if moved:
        lead.append(_("投标截止时间顺延至 %(deadline)s。") % {"deadline": moved})
    return sheet.data(
        lot.name,
        to=_("各潜在投标人"),
        lead=lead,
        blocks=[
            sheet.facts(
                _("澄清"),
                [
                    (_("标段编号"), lot.number),
                    (_("招标人"), name_of(lot.owner_uscc)),
                    (_("第几次"), str(item["serial"])),
                    (_("新的投标截止时间"), moved),
                ],
            ),
            *([_files(item["documents"])] if item["documents"] else []),
        ],
        notes=[_("本澄清是招标文件的组成部分。")],
        record=record_of(lot, serial=item["serial"], bid_deadline_at=deadline or ""),
    )
