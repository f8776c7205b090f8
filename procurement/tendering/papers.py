"""What the documents of a lot say: sheets over a lot and the names of its parties."""

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
from procurement.tendering.show import consortia, qualification_response, sizes, takes_consortia

NameOf = Callable[[str], str]


def _at(instant: datetime | None) -> str:
    return told(instant) if instant else ""


def _yuan(fen: int) -> str:
    return _("%(amount)s 元") % {"amount": money.format_yuan(fen)} if fen else ""


def _record(lot: Lot, **more: Any) -> dict[str, Any]:
    """The same facts for machines."""
    return {
        "lot": lot.number,
        "project_number": lot.project_number,
        "owner_uscc": lot.owner_uscc,
        "agency_uscc": lot.agency_uscc,
        **more,
    }


def _labels(lot: Lot) -> dict[str, str]:
    at = lot.published_at or clock.now()
    return {
        "kind": law_facts.label("tender_kind", lot.kind, at),
        "method": law_facts.label("tender_method", lot.method, at),
        "evaluation": law_facts.label("evaluation_method", lot.evaluation_method, at),
        "standard": law_facts.label("standard_text", lot.standard_text, at),
    }


def notice(lot: Lot, name_of: NameOf) -> dict[str, Any]:
    """The tender notice."""
    labels = _labels(lot)
    points = lot.evaluation_parameters["points"]
    about = sheet.facts(
        _("招标项目"),
        [
            (_("标段编号"), lot.number),
            (_("招标人"), name_of(lot.owner_uscc)),
            (_("招标代理机构"), name_of(lot.agency_uscc) if lot.agency_uscc else ""),
            (_("招标类别、方式"), f"{labels['kind']}  {labels['method']}"),
            (_("招标范围"), lot.scope),
            (_("最高投标限价"), _yuan(lot.ceiling_price_fen)),
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
            (_("招标文件获取截止"), _at(lot.sale_ends_at)),
            (_("投标截止时间（开标时间）"), _at(lot.bid_deadline_at)),
            (_("投标有效期（天）"), str(lot.bid_validity_days)),
            (_("投标保证金（接受保函）"), _yuan(lot.security_fen)),
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
        record=_record(
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
        record=_record(lot, serial=item["serial"], bid_deadline_at=deadline or ""),
    )


def candidates(lot: Lot, name_of: NameOf) -> dict[str, Any]:
    """Publicity of the candidates (article 54; what it shows: order 10)."""
    rows = [
        (
            str(c["rank"]),
            c["name"],
            money.format_yuan(c["price_fen"]),
            c["quality"],
            str(c["period_days"]),
            f"{c['manager_name']} {c['manager_certificate']}".strip(),
            f"{c['score'] // 100}.{c['score'] % 100:02d}",
        )
        for c in lot.candidates
    ]
    table = sheet.table(
        _("中标候选人"),
        (
            _("排名"), _("名称"), _("投标报价（元）"), _("质量"), _("工期（天）"),
            _("项目负责人及证书"), _("得分"),
        ),
        rows,
        right=(2, 4, 6),
    )  # fmt: skip
    period = sheet.facts(
        _("公示"),
        [
            (_("标段编号"), lot.number),
            (_("招标人"), name_of(lot.owner_uscc)),
            (_("公示开始"), _at(lot.publicised_at)),
            (_("公示结束"), _at(lot.publicity_ends_at)),
            (_("异议渠道"), lot.objection_channel),
            (_("公示逾期原因"), lot.late_reason),
        ],
    )
    responses = sheet.facts(
        _("响应招标文件要求的资格能力条件的情况"),
        [(c["name"], qualification_response(c)) for c in lot.candidates],
    )
    return sheet.data(
        lot.name,
        lead=[_("评标委员会已提交评标报告，现将中标候选人予以公示。")],
        blocks=[table, responses, period],
        notes=[_("投标人或者其他利害关系人对评标结果有异议的，应当在公示期间提出；招标人自收到异议之日起三日内答复。")],
        record=_record(lot, candidates=lot.candidates),
    )  # fmt: skip


def award_notice(lot: Lot, name_of: NameOf) -> dict[str, Any]:
    """The award notice to the winner."""
    winner = _winner(lot)
    return sheet.data(
        lot.name,
        to=winner["name"],
        lead=[
            _("经评标委员会评审推荐并公示无异议，现确定贵单位中标。请自本通知书发出之日起三十日内，按照招标文件和投标文件与招标人签订书面合同，并按招标文件提交履约担保。")
        ],
        blocks=[
            sheet.facts(
                _("中标内容"),
                [
                    (_("标段编号"), lot.number),
                    (_("招标人"), name_of(lot.owner_uscc)),
                    (_("中标价"), _yuan(winner["price_fen"])),
                    (_("中标价（大写）"), money.capitals(winner["price_fen"])),
                    (_("工期（日历天）"), str(winner["period_days"])),
                    (_("质量"), winner["quality"]),
                    (
                        _("项目负责人"),
                        f"{winner['manager_name']} {winner['manager_certificate']}".strip(),
                    ),
                ],
            )
        ],
        record=_record(lot, winner_uscc=winner["uscc"], price_fen=winner["price_fen"]),
    )  # fmt: skip


def losers_notice(lot: Lot, name_of: NameOf) -> dict[str, Any]:
    """One notice for all who did not win: the result, and none of their names."""
    winner = _winner(lot)
    return sheet.data(
        lot.name,
        to=_("各未中标的投标人"),
        lead=[
            _(
                "感谢贵单位参加本标段投标。本标段由 %(winner)s 中标，中标价 %(price)s。"
                "投标保证金将在合同签订后五日内退还。"
            )
            % {"winner": winner["name"], "price": _yuan(winner["price_fen"])}
        ],
        blocks=[
            sheet.facts(
                _("中标结果"),
                [(_("标段编号"), lot.number), (_("招标人"), name_of(lot.owner_uscc))],
            )
        ],
        record=_record(lot, winner_uscc=winner["uscc"]),
    )  # fmt: skip


def result(lot: Lot, name_of: NameOf) -> dict[str, Any]:
    """Publicity of the result."""
    winner = _winner(lot)
    return sheet.data(
        lot.name,
        lead=[_("本标段已定标，现公布中标结果。")],
        blocks=[
            sheet.facts(
                _("中标结果"),
                [
                    (_("标段编号"), lot.number),
                    (_("招标人"), name_of(lot.owner_uscc)),
                    (_("中标人"), f"{winner['name']} {winner['uscc']}"),
                    (_("中标价"), _yuan(winner["price_fen"])),
                    (_("定标时间"), _at(lot.awarded_at)),
                ],
            )
        ],
        record=_record(lot, winner_uscc=winner["uscc"], price_fen=winner["price_fen"]),
    )


def award_report(lot: Lot, name_of: NameOf, objections: int = 0) -> dict[str, Any]:
    """The owner's written report to the supervisor (article 47)."""
    labels, winner = _labels(lot), _winner(lot)
    course = sheet.facts(
        _("招标投标经过"),
        [
            (_("标段编号"), lot.number),
            (_("招标人"), name_of(lot.owner_uscc)),
            (_("招标代理机构"), name_of(lot.agency_uscc) if lot.agency_uscc else ""),
            (_("招标类别、方式"), f"{labels['kind']}  {labels['method']}"),
            (_("公告发布时间"), _at(lot.published_at)),
            (_("澄清次数"), str(len(lot.clarifications))),
            (_("异议件数（均已答复）"), str(objections)),
            (_("投标截止时间"), _at(lot.bid_deadline_at)),
            (_("投标份数"), str(lot.live_bids or 0)),
            (_("开标时间"), _at(lot.opened_bids_at)),
            (_("评标报告时间"), _at(lot.reported_at)),
            (_("评标办法"), labels["evaluation"]),
            (_("公示开始"), _at(lot.publicised_at)),
            (_("公示结束"), _at(lot.publicity_ends_at)),
            (_("中标人"), f"{winner['name']} {winner['uscc']}"),
            (_("中标价"), _yuan(winner["price_fen"])),
            (_("中标通知书时间"), _at(lot.awarded_at)),
        ],
    )
    table = sheet.table(
        _("中标候选人"),
        (_("排名"), _("名称"), _("投标报价（元）")),
        [(str(c["rank"]), c["name"], money.format_yuan(c["price_fen"])) for c in lot.candidates],
        right=(2,),
    )
    return sheet.data(
        lot.name,
        to=_("招标投标行政监督部门"),
        lead=[_("依照《招标投标法》第四十七条，现将本标段招标投标情况书面报告如下。")],
        blocks=[course, table],
        record=_record(
            lot,
            live_bids=lot.live_bids or 0,
            winner_uscc=winner["uscc"],
            price_fen=winner["price_fen"],
        ),
    )


def _winner(lot: Lot) -> dict[str, Any]:
    found: dict[str, Any] = lot.candidates[lot.candidate_rank - 1]
    return found
