"""How a worker's place is shown and filled in: identity, phone and card are masked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from credit.citing import language
from credit.conduct import sanctions
from kernel import clock
from kernel.access.actors import Actor
from kernel.identifiers import masks
from kernel.parties.models import Organisation, Person
from kernel.regulation import selectors as law
from kernel.web import desk_parts, presenters
from kernel.web.presenters import Presenter
from kernel.web.schema_forms import Words, today
from kernel.web.viewmodels import Fact, FactGroup, Link, Party
from labour.roster.machine import WORKER
from labour.roster.selectors import attendance_days, unpaid_months
from labour.sites import selectors as sites


def site_options(_case: Any, _actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """Sites that have their permit."""
    for site in sites.open_sites()[:200]:
        yield site.number, f"{site.number} {site.name}"


def worker_options(_case: Any, actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """The workers of the actor's own organisation."""
    found = Person.objects.filter(
        memberships__organisation_id=actor.organisation_id, memberships__role="worker"
    ).distinct()
    for one in found.order_by("pk")[:500]:
        yield str(one.pk), one.name


def _shift(hour: int) -> Any:
    return lambda _case, _actor, at: clock.start_of(clock.legal_date(at)) + timedelta(hours=hour)


_CERTIFICATE = gettext_lazy("特种作业操作资格证书")
_HOURS = gettext_lazy("学时")
FIELDS = {
    "site_number": Words(
        gettext_lazy("工程"),
        options=site_options,
        none=gettext_lazy(
            "还没有领取施工许可证、尚未办结的单位工程。"
            "先由建设单位申请施工许可，住房城乡建设主管部门核发后即可选择。"
        ),
    ),
    "worker": Words(
        gettext_lazy("工人"),
        options=worker_options,
        none=gettext_lazy("本单位还没有登记的工人。先由平台运维人员为本单位的工人开立账户。"),
    ),
    "team": Words(gettext_lazy("班组")),
    "trade": Words(gettext_lazy("工种"), options="worker_trade"),
    "wage_unit": Words(gettext_lazy("计酬方式"), options="wage_unit"),
    "rate_fen": Words(gettext_lazy("工资标准"), help=gettext_lazy("每日或者每件")),
    "contract_number": Words(gettext_lazy("劳动合同编号")),
    "from_on": Words(gettext_lazy("合同期自"), initial=today),
    "to_on": Words(gettext_lazy("合同期至")),
    "contract_sha256": Words(gettext_lazy("劳动合同")),
    "id_last_four": Words(
        gettext_lazy("本人身份号码后四位"), help=gettext_lazy("只核对，不再次保存")
    ),
    "bank_name": Words(gettext_lazy("工资卡开户银行")),
    "card_number": Words(gettext_lazy("本人工资卡号"), initial=lambda _case, _actor, _at: ""),
    "consent": Words(gettext_lazy("同意为实名登记和发放工资处理我的身份、银行卡和考勤信息")),
    "face_consent": Words(
        gettext_lazy("同意采集人脸"), help=gettext_lazy("可以不同意；不影响用工，改用刷卡进场")
    ),
    "method": Words(gettext_lazy("核验方式"), options="identity_check"),
    "certificate_number": Words(gettext_lazy("证书编号"), group=_CERTIFICATE),
    "certificate_valid_to": Words(gettext_lazy("有效期至"), group=_CERTIFICATE),
    "certificate_sha256": Words(gettext_lazy("证书文件"), group=_CERTIFICATE),
    "face_sha256": Words(
        gettext_lazy("人脸照片"), help=gettext_lazy("可不提供；提供的须经工人同意")
    ),
    "company_hours": Words(gettext_lazy("公司级教育"), unit=_HOURS),
    "project_hours": Words(gettext_lazy("项目级教育"), unit=_HOURS),
    "crew_hours": Words(gettext_lazy("班组级教育"), unit=_HOURS),
    "score": Words(gettext_lazy("考核成绩"), unit=gettext_lazy("分")),
    "case_number": Words(gettext_lazy("立案文号")),
    "in_at": Words(gettext_lazy("进场"), initial=_shift(7)),
    "out_at": Words(gettext_lazy("出场")),
    "device": Words(gettext_lazy("门禁设备编号"), help=gettext_lazy("手工补记的留空")),
    "records": Words(gettext_lazy("考勤记录"), lines=3),
    "records.in_at": Words(gettext_lazy("进场")),
    "records.out_at": Words(gettext_lazy("出场")),
    "records.device": Words(gettext_lazy("门禁设备编号")),
    "records.reason": Words(gettext_lazy("手工补记原因")),
}


class WorkerPresenter(Presenter):
    """A worker's case page and act pages. Nothing of it is public."""

    machine = WORKER
    related = ("person",)
    fields = FIELDS

    def title(self, case: Any) -> str:
        """Who, as what."""
        return f"{case.person.name} · {trade_label(case)}"

    def party(self, case: Any) -> str:
        """The crew's enterprise."""
        return str(case.crew_name)

    def search(self, text: str) -> Q:
        """By number, name or site."""
        found = Q(number__startswith=text) | Q(person__name__contains=text)
        return found | Q(site_number__startswith=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Site, team, wage."""
        return (
            Fact(_("工程"), case.site_name, "name"),
            Fact(_("班组"), case.team, "name"),
            Fact(_("工资标准"), case.rate_fen, "money"),
            Fact(_("合同期至"), case.to_on, "date"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Person (masked), contract, training, certificate, attendance by month."""
        person, days = case.person, attendance_days(case)
        owed = unpaid_months(case)
        groups = (
            FactGroup(
                _("工人"),
                (
                    Fact(_("姓名"), person.name, "name"),
                    self._hidden(case, _("公民身份号码"), "resident_id",
                                 masks.resident_id(person.resident_id)),
                    self._hidden(case, _("手机"), "phone", masks.phone(person.phone)),
                    self._hidden(case, _("工资卡"), "card_number", masks.account(case.card_number)),
                    Fact(_("核验方式"), _label("identity_check", case.method, case)),
                    Fact(_("同意处理个人信息"), case.consented_at, "moment"),
                ),
            ),
            FactGroup(
                _("劳动合同"),
                (
                    Fact(_("编号"), case.contract_number, "name", url=_file(case)),
                    Fact(_("工程"), case.site_name, "name"),
                    Fact(_("工种"), trade_label(case)),
                    Fact(_("工资标准"), case.rate_fen, "money"),
                    Fact(_("计酬方式"), _label("wage_unit", case.wage_unit, case)),
                    Fact(_("合同期自"), case.from_on, "date"),
                    Fact(_("合同期至"), case.to_on, "date"),
                ),
            ),
            FactGroup(
                _("教育和证书"),
                (
                    Fact(_("三级教育学时"), case.training_hours or "", "number"),
                    Fact(_("考核成绩"), case.training_score or "", "number"),
                    Fact(_("操作资格证书"), case.certificate_number, "name"),
                    Fact(_("证书有效期至"), case.certificate_valid_to, "date"),
                ),
            ),
            FactGroup(
                _("考勤"),
                tuple(
                    Fact(
                        month,
                        ngettext("%(days)s 天，%(paid)s", "%(days)s 天，%(paid)s", days[month])
                        % {"days": days[month], "paid": _("未付") if month in owed else _("已付")},
                    )
                    for month in sorted(days)
                ),
                note=_("有两地考勤冲突，须核查。")
                if case.gate.exclude(clash_with="").exists()
                else "",
            ),
        )  # fmt: skip
        wages = (
            Fact(_("应付工资至"), _last_day(case.wages_due_at), "date"),
            Fact(_("监察立案文号"), case.case_number, "name"),
        )
        wages_owed = FactGroup(_("欠付工资"), tuple(one for one in wages if one.value))
        return tuple(group for group in (*groups, wages_owed) if group.facts)

    def _hidden(self, case: Any, label: str, name: str, shown: str) -> Fact:
        url = reverse("web:unmask", args=[WORKER.code, case.pk, name]) if shown else ""
        return Fact(label, shown, "masked" if shown else "text", unmask_url=url)

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Crew and contractor."""
        held = Organisation.objects.filter(uscc=case.contractor_uscc).first()
        contractor = held.name if held else case.contractor_uscc
        return (
            Party(_("用工单位"), case.crew_name, case.crew_uscc),
            Party(_("施工总承包单位"), contractor, case.contractor_uscc),
        )

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The site's roster, for those who may read it; the site's board for all."""
        rows = [Fact(_("维权信息"), case.site_name, "name",
                     url=reverse("labour:board", args=[case.site_number]))]  # fmt: skip
        # Workers and their crew read whose word the wages rest on.
        if actor.uscc != case.contractor_uscc:
            rows += sanctions.counterpart(_("总承包单位信用等级"), case.contractor_uscc, at)
        if actor.role != "worker":
            url = reverse("labour:roster", args=[case.site_number])
            rows.insert(0, Fact(_("实名名册"), case.site_name, "name", url=url))
        return (FactGroup(_("工地"), tuple(rows)),)

    def masked(self, case: Any, name: str) -> str | None:
        """Identity number and phone of the person, card of the place."""
        held = {
            "resident_id": case.person.resident_id,
            "phone": case.person.phone,
            "card_number": case.card_number,
        }
        return str(held[name]) if held.get(name) else None


def _last_day(ends_at: datetime | None) -> date | None:
    return clock.legal_date(ends_at - timedelta(seconds=1)) if ends_at is not None else None


def _label(name: str, code: str, case: Any) -> str:
    return dict(law.options(name, case.opened_at, language())).get(code, code)


def _file(case: Any) -> str:
    if not case.contract_sha256:
        return ""
    return str(reverse("web:case-file", args=[WORKER.code, case.pk, case.contract_sha256]))


def trade_label(case: Any) -> str:
    """The trade in words."""
    return _label("worker_trade", case.trade, case)


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role == "crew_leader":
        yield Link(_("约定用工"), reverse("web:act-open", args=[WORKER.code]))


def _public_link() -> Link:
    return Link(_("工地维权信息"), reverse("labour:boards"))


presenters.register(WorkerPresenter())
desk_parts.add(actions=_begin, public_link=_public_link)
