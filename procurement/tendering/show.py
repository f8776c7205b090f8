"""A lot's facts as pages group them, for its parties and for everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.web.party_names import name_on
from kernel.web.viewmodels import Fact, FactGroup, Party
from kernel.web.words import listed, with_note
from procurement.tendering import bill_views, law_facts
from procurement.tendering.models import Lot
from procurement.tendering.procedures import registry
from procurement.tendering.schemas import SIZES


def groups(lot: Lot, at: datetime) -> tuple[FactGroup, ...]:
    """What the notice and the documents say."""

    def listed(name: str, code: str) -> str:
        return law_facts.label(name, code, at) if code else ""

    about = (
        Fact(_("标段名称"), lot.name, "name"),
        Fact(_("标段编号"), lot.number, "code"),
        Fact(_("招标类别"), listed("tender_kind", lot.kind)),
        Fact(_("工程总承包"), _("是") if lot.epc else ""),
        Fact(_("发包方式"), listed("tender_method", lot.method)),
        Fact(_("批准文件文号"), lot.override_number, "name"),
        Fact(_("招标范围"), lot.scope, "name"),
        Fact(_("工期（日历天）"), lot.period_days or None, "number"),
        Fact(_("质量要求"), lot.quality, "name"),
        Fact(_("投标人资格要求"), lot.qualification_text, "name"),
        Fact(_("联合体投标"), consortia(lot)),
        *sizes(lot),
        Fact(_("主要合同条款"), lot.contract_text, "name"),
        Fact(_("标准招标文件"), listed("standard_text", lot.standard_text)),
        Fact(_("联系方式"), lot.contact, "name"),
    )
    times = (
        Fact(_("公告发布时间"), lot.published_at, "moment"),
        Fact(_("招标文件获取截止"), lot.sale_ends_at, "moment"),
        Fact(_("投标截止时间"), lot.bid_deadline_at, "moment"),
        Fact(_("投标有效期（天）"), lot.bid_validity_days or None, "number"),
        Fact(_("公示开始"), lot.publicised_at, "moment"),
        Fact(_("公示结束"), lot.publicity_ends_at, "moment"),
        Fact(_("中标通知书时间"), lot.awarded_at, "moment"),
    )
    return (
        FactGroup(_("招标项目"), _filled(about)),
        FactGroup(_("时间"), _filled(times)),
        FactGroup(_("评标"), _filled(_evaluation(lot, at))),
        FactGroup(_("招标文件组成"), (*_bill(lot), *_files(lot, lot.documents, at))),
        *((FactGroup(_("开标方案"), _policy(lot)),) if lot.policy_sha256 else ()),
    )


def _filled(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact.value not in ("", None))


def _evaluation(lot: Lot, at: datetime) -> tuple[Fact, ...]:
    method = law_facts.label("evaluation_method", lot.evaluation_method, at)
    points = _("报价 %(price)s，技术 %(technical)s，商务 %(commercial)s，信用 %(credit)s")
    return (
        Fact(_("评标办法"), method if lot.evaluation_method else ""),
        Fact(_("分值"), points % lot.evaluation_parameters["points"]),
        Fact(_("可抽取的下浮系数（%）"), listed(lot.factors)),
        Fact(_("高于基准价每1%扣分"), lot.slope_above),
        Fact(_("低于基准价每1%扣分"), lot.slope_below),
        *(
            Fact(item["name"], _("%(points)s 分") % {"points": item["points"]})
            for item in lot.criteria
        ),
        Fact(_("评标标准"), lot.evaluation_text, "name"),
    )


def _policy(lot: Lot) -> tuple[Fact, ...]:
    # In groups, so that it can be read out and breaks on a phone.
    groups_of_8 = (lot.policy_sha256[i : i + 8] for i in range(0, len(lot.policy_sha256), 8))
    return (Fact("SHA-256", " ".join(groups_of_8)),)


def _bill(lot: Lot) -> Iterator[Fact]:
    """The unpriced bill, once the notice is out."""
    for link in bill_views.links(lot.number, lot.bill_sha256) if lot.published_at else ():
        yield Fact(_("工程量清单（未标价）"), link.label, url=link.url)


def _files(lot: Lot, items: Any, at: datetime) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            law_facts.label("tender_file", item["kind"], at),
            with_note(item["name"], f"{item['file_sha256'][:12]}…"),
            "name",
            url=reverse("procurement:notice-file", args=[lot.number, item["file_sha256"]])
            if lot.published_at and item["file_sha256"]
            else "",
        )
        for item in items
    )


def clarifications(lot: Lot) -> tuple[FactGroup, ...]:
    """What was clarified, newest last."""
    at = lot.changed_at
    return tuple(
        FactGroup(
            _("澄清（第 %(serial)s 次）") % {"serial": item["serial"]},
            (
                Fact(_("时间"), datetime.fromisoformat(item["at"]), "moment"),
                Fact(_("内容"), item["text"], "name"),
                *(
                    (
                        Fact(
                            _("新的投标截止时间"),
                            datetime.fromisoformat(item["bid_deadline_at"]),
                            "moment",
                        ),
                    )
                    if item["bid_deadline_at"]
                    else ()
                ),
                *_files(lot, item["documents"], at),
            ),
        )
        for item in lot.clarifications
    )


def passed_over(lot: Lot, at: datetime) -> tuple[FactGroup, ...]:
    """Candidates that fell out: for which cause of the law, and the file that proves it."""
    return tuple(
        FactGroup(
            _("顺延：第 %(rank)s 中标候选人") % {"rank": row["rank"]},
            (
                Fact(_("情形"), law_facts.label("next_candidate_cause", row["cause"], at)),
                Fact(_("理由"), row["reason"], "name"),
                *(
                    (Fact(_("决定书文号"), row["document_number"], "code"),)
                    if row.get("document_number")
                    else ()
                ),
                Fact(
                    _("证明文件"),
                    f"{row['file_sha256'][:12]}…",
                    "code",
                    url=reverse(
                        "web:case-file", args=[lot.machine.code, lot.pk, row["file_sha256"]]
                    ),
                ),
                Fact(_("时间"), datetime.fromisoformat(row["at"]), "moment"),
            ),
        )
        for row in lot.passed_over
    )


def qualification_response(candidate: Mapping[str, Any]) -> str:
    """How a candidate meets the qualification asked for (order 10, art. 6): what the members found
    and what is on record; empty for candidates that were made public before this was kept.
    """
    said = []
    if candidate.get("voted"):
        said.append(
            _("资格评审 %(voted)s 名成员中 %(passed_by)s 名认定符合")
            % {"voted": candidate["voted"], "passed_by": candidate["passed_by"]}
        )
    if candidate.get("qualification"):
        said.append(_("资质证书 %(numbers)s") % {"numbers": candidate["qualification"]})
    return listed(said)


def _met(candidate: Mapping[str, Any]) -> Iterator[Fact]:
    if said := qualification_response(candidate):
        yield Fact(_("资格能力条件"), said, "name")


def candidates(lot: Lot) -> tuple[FactGroup, ...]:
    """The candidates as they were made public, then the result."""
    if not lot.candidates:
        return ()
    found = tuple(
        FactGroup(
            _("第 %(rank)s 中标候选人") % {"rank": c["rank"]},
            (
                Fact(_("名称"), c["name"], "name"),
                Fact(_("投标报价"), c["price_fen"], "money"),
                Fact(_("质量"), c["quality"], "name"),
                Fact(_("工期（日历天）"), c["period_days"], "number"),
                Fact(
                    _("项目负责人"),
                    f"{c['manager_name']} {c['manager_certificate']}".strip(),
                    "name",
                ),
                Fact(_("得分"), f"{c['score'] // 100}.{c['score'] % 100:02d}"),
                *_met(c),
            ),
        )
        for c in lot.candidates
    )
    channel = FactGroup(_("公示"), (Fact(_("异议渠道"), lot.objection_channel, "name"),))
    if not lot.winner_uscc:
        return (*found, channel)
    result = (
        Fact(_("中标人"), name_on(lot, lot.winner_uscc), "name"),
        Fact(_("中标价"), lot.award_price_fen, "money"),
    )
    return (*found, channel, FactGroup(_("中标结果"), result))


def takes_consortia(lot: Lot) -> bool:
    """Whether several firms may bid for a lot as one: its kind of procedure says so."""
    procedure = registry.serving(lot.method, lot.kind)
    return procedure is not None and procedure.consortia


def consortia(lot: Lot) -> str:
    """The same in words, as notice and page have it."""
    if takes_consortia(lot):
        return pgettext("consortia", "接受")
    return pgettext("consortia", "不接受")


def sizes(lot: Lot) -> Iterator[Fact]:
    """How large the works are, as far as the documents state it."""
    for name in SIZES:
        label = getattr(Lot, name).field.verbose_name
        yield Fact(str(label), getattr(lot, name) or None, "number")


def money(lot: Lot) -> tuple[FactGroup, ...]:
    """Prices and security."""
    facts = (
        Fact(_("合同估算价"), lot.estimate_fen or None, "money"),
        Fact(_("最高投标限价"), lot.ceiling_price_fen or None, "money"),
        Fact(_("投标保证金（接受保函）"), lot.security_fen or None, "money"),
        Fact(_("中标价"), lot.award_price_fen or None, "money"),
    )
    return (FactGroup(_("价格与担保"), _filled(facts)),)


def parties(lot: Lot) -> tuple[Party, ...]:
    """Owner, agency, winner."""
    found = [Party(_("招标人"), name_on(lot, lot.owner_uscc), lot.owner_uscc)]
    if lot.agency_uscc:
        found.append(Party(_("招标代理机构"), name_on(lot, lot.agency_uscc), lot.agency_uscc))
    if lot.winner_uscc:
        found.append(Party(_("中标人"), name_on(lot, lot.winner_uscc), lot.winner_uscc))
    return tuple(found)
