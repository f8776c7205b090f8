"""How a hire is shown and filled in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from credit.conduct import sanctions
from equipment.leasing.machine import HIRE
from equipment.leasing.selectors import open_sites
from equipment.registry import selectors as registry
from kernel.access.actors import Actor
from kernel.money import format_yuan
from kernel.web import presenters
from kernel.web.case_pages import case_url
from kernel.web.presenters import Presenter
from kernel.web.schema_forms import Words, today
from kernel.web.viewmodels import Fact, FactGroup, Party


def machine_options(_case: Any, _actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """Machines to let, cheapest first, with their rent."""
    for one in registry.to_let()[:200]:
        rent = _("%(rent)s 元/日") % {"rent": format_yuan(one.daily_rent_fen)}
        yield one.number, f"{one.number} {one.model} · {one.owner_name} · {rent}"


def site_options(_case: Any, actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """The actor's own sites that have their permit."""
    for site in open_sites(actor.uscc)[:200]:
        yield site.number, f"{site.number} {site.name}"


class HirePresenter(Presenter):
    """A hire's case page and act pages."""

    machine = HIRE
    related = ("lifting_machine",)
    fields = {
        "machine_number": Words(pgettext_lazy("machine", "设备"), options=machine_options),
        "site_number": Words(gettext_lazy("工程"), options=site_options),
        "from_on": Words(gettext_lazy("租期自"), initial=today),
        "to_on": Words(gettext_lazy("租期至")),
        "note": Words(gettext_lazy("说明")),
        "contract_number": Words(gettext_lazy("租赁合同编号")),
        "safety_terms": Words(gettext_lazy("安全责任约定")),
    }

    def title(self, case: Any) -> str:
        """What is hired."""
        return str(case.machine_name)

    def party(self, case: Any) -> str:
        """Who hires it."""
        return str(case.contractor_name)

    def search(self, text: str) -> Q:
        """By number, machine or site."""
        found = Q(number__startswith=text) | Q(machine_name__contains=text)
        return found | Q(site_number__startswith=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Machine, site, time."""
        return (
            Fact(_("设备备案编号"), case.machine_number, "code"),
            Fact(_("工程编号"), case.site_number, "code"),
            Fact(_("租期自"), case.from_on, "date"),
            Fact(_("租期至"), case.to_on, "date"),
        )

    def money(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Rent, a day and in all."""
        days = (case.to_on - case.from_on).days + 1
        return (
            FactGroup(
                _("租金"),
                (
                    Fact(_("日租金"), case.daily_rent_fen, "money"),
                    Fact(_("租期内合计"), case.daily_rent_fen * days, "money"),
                ),
            ),
        )

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Both sides."""
        return (
            Party(_("产权单位"), case.lessor_name, case.lessor_uscc),
            Party(_("承租单位"), case.contractor_name, case.contractor_uscc),
        )

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The machine itself."""
        one = case.lifting_machine
        row = Fact(_("设备档案"), one.reference, "text", url=case_url(one))
        return (
            FactGroup(_("相关案卷"), (row,)),
            FactGroup(_("对方信用"), tuple(_credit(case, actor, at))),
        )


def _credit(case: Any, actor: Actor, at: datetime) -> Iterator[Fact]:
    """Each side reads the other's grade; the authority both."""
    if actor.uscc != case.lessor_uscc:
        yield from sanctions.counterpart(_("出租方信用等级"), case.lessor_uscc, at)
    if actor.uscc != case.contractor_uscc:
        yield from sanctions.counterpart(_("承租方信用等级"), case.contractor_uscc, at)


presenters.register(HirePresenter())
