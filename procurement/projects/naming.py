"""Names of organisations by their credit codes, for pages and papers of a project."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.parties.models import Membership, Organisation
from kernel.web.case_pages import case_url, chip
from kernel.web.presenters import presenter_of
from kernel.web.viewmodels import Fact, FactGroup, Party
from kernel.workflow import selectors


def names(codes: Iterable[str]) -> dict[str, str]:
    """Credit code -> name of the organisations that are known; one query."""
    wanted = set(codes) - {""}
    found = Organisation.objects.filter(uscc__in=wanted).values_list("uscc", "name")
    return dict(found) if wanted else {}


def organisation_key(uscc: str) -> int:
    """An organisation's primary key by its code. Raises Organisation.DoesNotExist."""
    return Organisation.objects.values_list("pk", flat=True).get(uscc=uscc)


def has_role(uscc: str, role: str) -> bool:
    """Whether somebody acts for an organisation in a role: it can do its part."""
    return Membership.objects.filter(organisation__uscc=uscc, role=role).exists()


def parties(case: Any, *columns: tuple[str, str]) -> tuple[Party, ...]:
    """The parties that stand in a case's columns: (column, role in words)."""
    codes = [(getattr(case, column), role) for column, role in columns]
    known = names(code for code, _role in codes)
    return tuple(Party(role, known.get(code, code), code) for code, role in codes if code)


def life_of(number: str) -> Fact:
    """The way to a project's whole life: whoever may read a case of it may read that."""
    life = reverse("procurement:project-life", args=[number])
    return Fact(_("项目全过程"), _("查看时间线"), url=life)


def linked(
    cases: Iterable[Any], actor: Actor, at: datetime, life: str = ""
) -> tuple[FactGroup, ...]:
    """Links to other cases that the actor may read. life: the project whose life stands first."""
    facts = tuple(
        Fact(
            str(case.machine.label),
            f"{presenter_of(case.machine).reference(case)} · "
            f"{chip(case.machine, case.state).label}",
            url=case_url(case),
        )
        for case in selectors.readable_among(cases, actor)
    )
    if life:
        facts = (life_of(life), *facts)
    return (FactGroup(_("相关业务"), facts),) if facts else ()
