"""The sections of an enterprise's public page: what the archive holds of it, table by table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from credit import citing
from credit.enterprises import changes, entries, messages, selectors
from credit.enterprises.corrections.machine import CORRECTION
from credit.enterprises.corrections.rules import FIELDS
from credit.enterprises.declarations import selectors as declared
from credit.enterprises.machine import LICENCE, VALID
from credit.enterprises.models import Enterprise, Licence, MachineHeld, NationalRecord
from credit.enterprises.pages import scope
from credit.enterprises.pages import words as code_words
from credit.enterprises.relations import selectors as relations
from credit.enterprises.scopes import stated
from credit.enterprises.tables import Row, Section, level
from kernel import clock
from kernel.regulation import selectors as law
from kernel.web import presets
from kernel.web.case_pages import chip
from kernel.web.viewmodels import Column
from kernel.web.words import with_note

ROWS_SHOWN = 200


def sections(uscc: str, at: datetime) -> tuple[Section, ...]:
    """Every section, in a number of queries that does not grow with what the archive holds."""
    held = list(selectors.licences(uscc)[: ROWS_SHOWN * 2])
    company = [row for row in held if row.kind != "person"]
    people = [row for row in held if row.kind == "person" and row.state == VALID]
    levels = dict(law.options("proof_level", at, citing.language()))
    return (
        _licences(company, levels),
        _scopes(company, at),
        _staff(uscc, people, levels),
        _achievements(uscc, levels),
        _finances(uscc, levels),
        _machines(uscc),
        _relations(uscc, at),
        _wages(uscc),
        changes.section(uscc, levels, at),
    )


def correct_url(row: Any) -> str:
    """Where a mistake in an entry is pointed out, with what it says now."""
    entry = entries.name_of(row)
    return presets.open_url(CORRECTION.code, entry=entry, field=FIELDS[entries.kind_of(entry)][0])


def _licences(held: list[Licence], levels: dict[str, str]) -> Section:
    return Section(
        "licences",
        _("证照"),
        (
            Column(_("证照种类")), Column(_("类别与等级"), "name"), Column(_("证书编号"), "code"),
            Column(_("有效期至"), "date"), Column(_("状态"), "state"), level(),
        ),
        tuple(
            Row(
                (
                    code_words("licence_kind", row.kind, row), scope(row), row.number,
                    row.valid_to, chip(LICENCE, row.state), levels.get(row.proof, row.proof),
                ),
                correct_url(row) if row.state == VALID else "",
            )
            for row in held
        ),
        _("档案中没有证照。"),
    )  # fmt: skip


def _scopes(held: list[Licence], at: datetime) -> Section:
    limits = selectors.limits(clock.legal_date(at), citing.language())
    rows = [
        Row(
            (
                scope(row), str(messages.MEASURES[measure]),
                _("不限") if limit.most is None else messages.amount(measure, limit.most),
                limit.article,
            )
        )
        for row in held
        if row.kind == "qualification" and row.state == VALID
        for measure, limit in stated(row.trade, row.grade, limits)
    ]  # fmt: skip
    return Section(
        "scopes",
        _("资质承包范围"),
        (
            Column(_("类别与等级")), Column(_("指标")), Column(_("不超过"), "number"),
            Column(_("依据")),
        ),
        tuple(rows),
        _("平台未收录其资质的承包范围限额，以证书载明为准。"),
        _("未列出的指标平台没有限额数据，以资质证书载明为准。"),
    )  # fmt: skip


def _staff(uscc: str, people: list[Licence], levels: dict[str, str]) -> Section:
    from credit.enterprises.national.selectors import STAFF_TABLE, user_type

    rows = [
        Row(
            (
                row.holder, code_words("person_certificate", row.certificate, row),
                code_words("person_trade", row.trade, row), row.number, row.valid_to,
                levels.get(row.proof, row.proof),
            ),
            correct_url(row),
        )
        for row in people
    ]  # fmt: skip
    fed = NationalRecord.objects.filter(uscc=uscc, table=STAFF_TABLE)[:ROWS_SHOWN]
    rows += [
        Row(
            (
                one.facts.get("user_name", ""), user_type(one.facts.get("user_type", "")), "",
                one.facts.get("certificate", ""), None, levels.get("A", "A"),
            )
        )
        for one in fed
    ]  # fmt: skip
    return Section(
        "staff",
        with_note(_("注册执业和安全管理人员"), len(rows)),
        (
            Column(_("姓名"), "name"), Column(_("人员证书种类")), Column(_("执业专业")),
            Column(_("证书编号"), "code"), Column(_("有效期至"), "date"), level(),
        ),
        tuple(rows),
        _("档案中没有有效的人员证书。"),
        _("公民身份号码不公开。"),
    )  # fmt: skip


def _achievements(uscc: str, levels: dict[str, str]) -> Section:
    rows: list[tuple[date, Row]] = [
        (
            row.signed_on,
            Row(
                (
                    row.name, row.contract_number, row.price_fen, row.signed_on, row.filed_on,
                    levels["A"],
                ),
                correct_url(row),
            ),
        )
        for row in selectors.achievements(uscc)[:ROWS_SHOWN]
    ]  # fmt: skip
    rows += [
        (
            row.signed_on,
            Row(
                (
                    row.name, row.contract_number, row.price_fen, row.signed_on,
                    row.completed_on, levels[row.level],
                ),
                correct_url(row),
            ),
        )
        for row in declared.claims(uscc)[:ROWS_SHOWN]
    ]  # fmt: skip
    return Section(
        "achievements",
        _("业绩"),
        (
            Column(_("工程名称"), "name"), Column(_("合同编号"), "code"),
            Column(_("合同价"), "money", _("元")), Column(_("签订日期"), "date"),
            Column(_("竣工日期"), "date"), level(),
        ),
        tuple(row for _day, row in sorted(rows, key=lambda pair: pair[0], reverse=True)),
        _("平台上还没有业绩。"),
        _("核验等级为 C 的由企业自行申报，未经核验。"),
    )  # fmt: skip


def _finances(uscc: str, levels: dict[str, str]) -> Section:
    return Section(
        "finances",
        _("财务摘要"),
        (
            Column(_("年度")), Column(_("营业收入"), "wan", _("万元")),
            Column(_("资产总额"), "wan", _("万元")), Column(_("负债总额"), "wan", _("万元")),
            Column(_("净利润"), "wan", _("万元")), level(),
        ),
        tuple(
            Row(
                (
                    row.year, row.revenue_fen, row.assets_fen, row.liabilities_fen,
                    row.net_profit_fen, levels[row.level],
                ),
                correct_url(row),
            )
            for row in declared.finances(uscc)
        ),
        _("档案中没有财务摘要。"),
    )  # fmt: skip


def _machines(uscc: str) -> Section:
    found = selectors.machines(uscc)[:ROWS_SHOWN]
    return Section(
        "machines",
        _("起重机械"),
        (
            Column(_("备案编号"), "code"), Column(_("型号"), "name"), Column(_("关系")),
            Column(_("检验有效期至"), "date"),
        ),
        tuple(Row((row.number, row.model, _relation(row, uscc), row.inspected_until))
              for row in found),
        _("没有备案或使用登记的起重机械。"),
        _("来自起重机械备案和使用登记，核验等级 A。"),
    )  # fmt: skip


def _relation(row: MachineHeld, uscc: str) -> str:
    if row.owner_uscc == uscc and row.user_uscc == uscc:
        return _("自有自用")
    return _("产权单位") if row.owner_uscc == uscc else _("使用单位")


def _relations(uscc: str, at: datetime) -> Section:
    found = relations.open_to_all(uscc)
    others = {row.other_uscc if row.uscc == uscc else row.uscc for row in found}
    known = Enterprise.objects.filter(uscc__in=others).values_list("uscc", "name")
    names = dict(known) if others else {}
    kinds = dict(law.options("relation_kind", at, citing.language()))
    rows = []
    for row in found:
        other = row.other_uscc if row.uscc == uscc else row.uscc
        rows.append(
            Row(
                (
                    names.get(other, ""), other, kinds.get(row.kind, row.kind), row.since,
                    row.until, row.source,
                )
            )
        )  # fmt: skip
    return Section(
        "relations",
        _("关联关系"),
        (
            Column(_("关联单位"), "name"), Column(_("统一社会信用代码"), "code"),
            Column(_("关系种类")), Column(_("起始日期"), "date"), Column(_("终止日期"), "date"),
            Column(_("依据"), "name"),
        ),
        tuple(rows),
        _("档案中没有公开的关联关系。"),
        _("只列依据为登记机关公示信息的关系；单位负责人为同一人或者存在控股、管理关系的，不得参加同一标段投标。"),
    )  # fmt: skip


def _wages(uscc: str) -> Section:
    return Section(
        "wages",
        _("用工与工资支付"),
        (
            Column(_("工资月份")), Column(_("人次"), "number"),
            Column(_("应发工资"), "wan", _("万元")), Column(_("已支付"), "wan", _("万元")),
            Column(_("逾期次数"), "number"),
        ),
        tuple(
            Row((one.month, one.workers, one.total_fen, one.paid_fen, one.overdue))
            for one in selectors.wage_months(uscc)
        ),
        _("没有实名制工资支付记录。"),
        _("来自实名制工资支付表，核验等级 A；个人信息不公开。"),
    )  # fmt: skip
