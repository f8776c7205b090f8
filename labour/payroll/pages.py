"""How a payroll is shown and filled in. A worker reads the own line; others read all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from kernel import clock
from kernel.access.actors import Actor
from kernel.money import format_yuan
from kernel.web import desk_parts, presenters
from kernel.web.case_pages import case_url, chip
from kernel.web.presenters import ActForm, Presenter
from kernel.web.schema_forms import Words
from kernel.web.viewmodels import DeskRow, Fact, FactGroup, Link, Party
from kernel.web.words import listed
from kernel.workflow.machines import Transition
from labour.accounts import selectors as accounts
from labour.payroll.contradicting import is_contradicted
from labour.payroll.machine import PAID, PAYROLL
from labour.payroll.models import Payroll
from labour.payroll.receipts_shown import contradicted, contradicted_words, line_options, papers
from labour.payroll.selectors import days_owed, has_agreed, line_of
from labour.roster.machine import ON_SITE
from labour.roster.models import Worker
from labour.roster.selectors import attendance_days


def own_sites(_case: Any, actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """The sites where the actor's crew has people."""
    found = Worker.objects.filter(crew_uscc=actor.uscc, state__in=ON_SITE)
    yield from dict(found.order_by("site_number").values_list("site_number", "site_name")).items()


def crew_options(case: Any, actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """The crew's people on sites; on a payroll, its own."""
    found = Worker.objects.filter(crew_uscc=case.crew_uscc if case else actor.uscc)
    if case:
        found = found.filter(site_number=case.site_number)
    for one in found.filter(state__in=ON_SITE).select_related("person").order_by("pk")[:500]:
        yield str(one.pk), f"{one.person.name} · {one.team}"


def _this_month(_case: Any, _actor: Actor, at: datetime) -> str:
    return f"{clock.legal_date(at):%Y-%m}"


def _lines(case: Any, actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """What is on record; for a new one, everybody of the crew with the days at the gate."""
    names = ("worker", "days", "amount", "rate_fen", "deductions_fen", "note")
    if case:
        return [{name: line[name] for name in names} for line in case.lines]
    found = Worker.objects.filter(crew_uscc=actor.uscc, state__in=ON_SITE).order_by("pk")
    month = _this_month(case, actor, at)
    return [
        {"worker": one.pk, "days": attendance_days(one)[month]}
        for one in found.prefetch_related("gate")[:50]
    ]


def _receipts(case: Any, _actor: Actor, _at: datetime) -> list[dict[str, Any]]:
    return [{"worker": line["worker"]} for line in case.lines] if case else []


class PayrollPresenter(Presenter):
    """A payroll's case page and act pages. Nothing of it is public."""

    machine = PAYROLL
    fields = {
        "site_number": Words(gettext_lazy("工程"), options=own_sites),
        "month": Words(
            gettext_lazy("工资月份"), help=gettext_lazy("形如 2025-10"), initial=_this_month
        ),
        "team": Words(gettext_lazy("班组")),
        "lines": Words(gettext_lazy("工资明细"), lines=1, initial=_lines),
        "lines.worker": Words(gettext_lazy("工人"), options=crew_options),
        "lines.days": Words(gettext_lazy("工日"), unit=gettext_lazy("天")),
        "lines.amount": Words(gettext_lazy("件数"), help=gettext_lazy("计件的填写")),
        "lines.rate_fen": Words(gettext_lazy("工资标准"), help=gettext_lazy("留空即按劳动合同")),
        "lines.deductions_fen": Words(gettext_lazy("扣除")),
        "lines.note": Words(gettext_lazy("备注")),
        "agrees_short": Words(
            gettext_lazy("我同意按少计的工日结清当月，不再补发"),
            help=gettext_lazy("不同意的不勾选：少计的工日仍是欠付，直到付清。"),
        ),
        "worker": Words(gettext_lazy("工人"), options=line_options),
        "file_sha256": Words(gettext_lazy("银行转账凭证")),
        "clash_note": Words(gettext_lazy("考勤冲突的核查结果"), help=gettext_lazy("有冲突的填写")),
        "batch_number": Words(gettext_lazy("代发批次号"), initial=lambda _case, _actor, _at: ""),
        "receipts": Words(gettext_lazy("逐人回单"), lines=1, initial=_receipts),
        "receipts.worker": Words(gettext_lazy("收款工人"), options=crew_options),
        "receipts.receipt_number": Words(gettext_lazy("回单编号")),
    }

    def title(self, case: Any) -> str:
        """Which team, which month."""
        return f"{case.team} {case.month}"

    def party(self, case: Any) -> str:
        """The crew's enterprise."""
        return str(case.crew_name)

    def search(self, text: str) -> Q:
        """By number, site or month."""
        found = Q(number__startswith=text) | Q(site_number__startswith=text)
        return found | Q(month=text) | Q(team__contains=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Site, month, how many have confirmed."""
        done = sum(1 for line in case.lines if line["confirmed_at"])
        owed = len(days_owed(case))
        return (
            Fact(_("工程"), case.site_name, "name"),
            Fact(_("工资月份"), case.month, "code"),
            Fact(_("已确认"), f"{done}/{len(case.lines)}"),
            *((Fact(_("短付、仍欠付（人）"), owed, "number"),) if owed else ()),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """What of it is no worker's own business alone."""
        return (
            FactGroup(
                _("工资支付表"),
                (
                    Fact(_("用工单位"), case.crew_name, "name"),
                    Fact(_("代发银行"), case.bank_name, "name"),
                    Fact(_("核对时间"), case.checked_at, "moment"),
                    Fact(_("代发批次号"), case.batch_number, "code"),
                    Fact(_("发放日期"), case.paid_on, "date"),
                    Fact(_("考勤冲突的核查结果"), case.clash_note, "name"),
                ),
            ),
        )

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Crew, contractor, bank."""
        return (
            Party(_("用工单位"), case.crew_name, case.crew_uscc),
            Party(_("施工总承包单位"), case.contractor_name, case.contractor_uscc),
            Party(_("开户银行"), case.bank_name, case.bank_uscc),
        )

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The own line for a worker; all lines, sums and the account for the others."""
        if actor.role == "worker":
            line = line_of(case, actor)
            return (own_group(line, case),) if line else ()
        owed = days_owed(case)
        rows = tuple(
            Fact(line["name"], _line_words(line, owed.get(line["worker"])), "text",
                 url=reverse("web:case", args=["labour.worker", line["worker"]]))
            for line in case.lines
        )  # fmt: skip
        sums: tuple[Fact, ...] = (
            Fact(_("应发合计"), case.gross_fen, "money"),
            Fact(_("实发合计"), case.net_fen, "money"),
        )
        account = accounts.in_force(case.contract_number)
        if account is not None and actor.role != "crew_leader":
            sums += (
                Fact(_("专用账户余额"), accounts.balance_fen(case.contract_number), "money",
                     url=case_url(account)),
            )  # fmt: skip
        total = FactGroup(pgettext("heading", "合计"), sums)
        return (FactGroup(_("工资明细"), rows), total, *papers(case))

    def act_form(
        self,
        transition: Transition,
        case: Any,
        actor: Actor,
        at: datetime,
        data: Any = None,
        files: Any = None,
    ) -> ActForm:
        """As the schema says; a worker who confirms sees the own line above the button.

        Of a whole month nothing is asked; what settles a month with fewer days stands beside.
        """
        made = super().act_form(transition, case, actor, at, data, files)
        line = line_of(case, actor) if case and transition.code in {"confirm", "dispute"} else None
        made.form.own_line = line  # type: ignore[attr-defined]
        if line and "agrees_short" in made.form.fields:
            if not line.get("settles"):
                del made.form.fields["agrees_short"]
                return replace(made, groups=())
            _tell(made, _short_month(line))
        return made

    def summary(
        self, transition: Transition, case: Any, form: ActForm, at: datetime
    ) -> tuple[FactGroup, ...]:
        """A worker confirms or disputes the own line, so that is what stands there."""
        line = getattr(form.form, "own_line", None)
        groups = super().summary(transition, case, form, at)
        return (own_group(line, case), *groups) if line else groups


def _short_month(line: dict[str, Any]) -> str:
    return _("考勤 %(attended)s，计 %(days)s，实发 %(net)s 元。") % {
        "attended": _days(str(line["attended"])),
        "days": _days(line["days"]),
        "net": format_yuan(line["net_fen"]),
    }


def _tell(made: ActForm, told: str) -> None:
    """Say something above what a tick means."""
    for view in (view for group in made.groups for view in group.fields):
        if view.bound.name == "agrees_short":
            view.bound.help_text = f"{told} {view.bound.help_text}"


def _days(text: str) -> str:
    """So many days, whole or not: 1 day, 1.5 days."""
    number = 1 if Decimal(text) == 1 else 2
    return ngettext("%(days)s 天", "%(days)s 天", number) % {"days": text}


def own_group(line: dict[str, Any], case: Any) -> FactGroup:
    """One worker's line, spelled out."""
    count = (
        Fact(_("工日"), _days(line["days"]))
        if line["unit"] == "day"
        else Fact(_("件数"), line["amount"])
    )
    return FactGroup(
        _("本人工资"),
        (
            count,
            *_attendance(line),
            Fact(_("工资标准"), line["rate_fen"], "money"),
            Fact(_("应发"), line["gross_fen"], "money"),
            Fact(_("扣除"), line["deductions_fen"], "money"),
            Fact(_("实发"), line["net_fen"], "money"),
            Fact(_("备注"), line["note"], "name"),
            Fact(_("本人确认"), _("已确认") if line["confirmed_at"] else _("未确认")),
            Fact(_("回单编号"), line["receipt"], "code"),
            *contradicted(line, case),
        ),
    )


def _attendance(line: dict[str, Any]) -> Iterator[Fact]:
    """Days at the gate; and that the month is settled with fewer, which the worker confirms."""
    if "attended" in line:
        yield Fact(_("当月考勤"), _days(str(line["attended"])))
    if has_agreed(line):
        yield Fact(_("少计工日"), _("本人同意按备注的原因结清当月，不再补发"))
    elif line.get("settles"):
        yield Fact(_("少计工日"), _("本人未同意结清，少计的工日仍为欠付"))


def _line_words(line: dict[str, Any], owed: Decimal | None) -> str:
    state = _("已确认") if line["confirmed_at"] else line["disputed"] or _("未确认")
    if told := contradicted_words(line):
        state = listed((state, told))
    if has_agreed(line):
        state = listed((state, _("本人同意少计结清")))
    elif owed:
        state = listed((state, _("仍欠付 %(days)s") % {"days": _days(str(owed))}))
    return _("%(days)s，应发 %(gross)s 元，扣除 %(less)s 元，实发 %(net)s 元，%(state)s") % {
        "days": _days(line["days"]),
        "gross": format_yuan(line["gross_fen"]),
        "less": format_yuan(line["deductions_fen"]),
        "net": format_yuan(line["net_fen"]),
        "state": state,
    }


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role == "crew_leader":
        yield Link(_("编制工资支付表"), reverse("web:act-open", args=[PAYROLL.code]))


def _owed(actor: Actor, _at: datetime) -> Iterator[DeskRow]:
    """A month that was paid short stays on the crew's desk until the rest is listed and paid."""
    if actor.role != "crew_leader":
        return
    paid = Payroll.objects.filter(crew_uscc=actor.uscc, state=PAID).order_by("-pk")
    for case in paid[:_LOOKED_AT]:
        if any(_is_short(line) for line in case.lines) and (owed := days_owed(case)):
            yield DeskRow(
                act=_("补列欠付的工日：%(days)s") % {"days": _days(str(sum(owed.values())))},
                reference=case.number,
                title=f"{case.team} {case.month}",
                url=case_url(case),
                state=chip(PAYROLL, case.state),
            )


def _is_short(line: dict[str, Any]) -> bool:
    return is_contradicted(line) or (
        Decimal(line["days"]) < Decimal(line.get("attended", 0)) and not has_agreed(line)
    )


_LOOKED_AT = 100  # payrolls, the newest of a crew

presenters.register(PayrollPresenter())
desk_parts.add(actions=_begin, rows=_owed)
