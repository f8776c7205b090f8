"""What the documents of a lot's award say: candidates, notices, result, the report above."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kernel import money
from kernel.documents import sheet
from procurement.tendering.models import Lot
from procurement.tendering.papers import NameOf, instant_text, labels_of, record_of, yuan
from procurement.tendering.show import qualification_response


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
            (_("公示开始"), instant_text(lot.publicised_at)),
            (_("公示结束"), instant_text(lot.publicity_ends_at)),
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
        record=record_of(lot, candidates=lot.candidates),
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
                    (_("中标价"), yuan(winner["price_fen"])),
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
        record=record_of(lot, winner_uscc=winner["uscc"], price_fen=winner["price_fen"]),
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
            % {"winner": winner["name"], "price": yuan(winner["price_fen"])}
        ],
        blocks=[
            sheet.facts(
                _("中标结果"),
                [(_("标段编号"), lot.number), (_("招标人"), name_of(lot.owner_uscc))],
            )
        ],
        record=record_of(lot, winner_uscc=winner["uscc"]),
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
                    (_("中标价"), yuan(winner["price_fen"])),
                    (_("定标时间"), instant_text(lot.awarded_at)),
                ],
            )
        ],
        record=record_of(lot, winner_uscc=winner["uscc"], price_fen=winner["price_fen"]),
    )


def award_report(lot: Lot, name_of: NameOf, objections: int = 0) -> dict[str, Any]:
    """The owner's written report to the supervisor (article 47)."""
    labels, winner = labels_of(lot), _winner(lot)
    course = sheet.facts(
        _("招标投标经过"),
        [
            (_("标段编号"), lot.number),
            (_("招标人"), name_of(lot.owner_uscc)),
            (_("招标代理机构"), name_of(lot.agency_uscc) if lot.agency_uscc else ""),
            (_("招标类别、方式"), f"{labels['kind']}  {labels['method']}"),
            (_("公告发布时间"), instant_text(lot.published_at)),
            (_("澄清次数"), str(len(lot.clarifications))),
            (_("异议件数（均已答复）"), str(objections)),
            (_("投标截止时间"), instant_text(lot.bid_deadline_at)),
            (_("投标份数"), str(lot.live_bids or 0)),
            (_("开标时间"), instant_text(lot.opened_bids_at)),
            (_("评标报告时间"), instant_text(lot.reported_at)),
            (_("评标办法"), labels["evaluation"]),
            (_("公示开始"), instant_text(lot.publicised_at)),
            (_("公示结束"), instant_text(lot.publicity_ends_at)),
            (_("中标人"), f"{winner['name']} {winner['uscc']}"),
            (_("中标价"), yuan(winner["price_fen"])),
            (_("中标通知书时间"), instant_text(lot.awarded_at)),
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
        record=record_of(
            lot,
            live_bids=lot.live_bids or 0,
            winner_uscc=winner["uscc"],
            price_fen=winner["price_fen"],
        ),
    )


def _winner(lot: Lot) -> dict[str, Any]:
    found: dict[str, Any] = lot.candidates[lot.candidate_rank - 1]
    return found
