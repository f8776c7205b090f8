"""How a drawing review is shown and filled in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access.actors import Actor
from kernel.parties.models import Organisation
from kernel.web import desk_parts, presenters
from kernel.web.party_names import name_on
from kernel.web.schema_forms import Words
from kernel.web.viewmodels import Fact, FactGroup, Link, Party
from kernel.web.words import with_note
from procurement.projects import citing, naming
from procurement.projects.drawings.machine import DRAWING_REVIEW
from procurement.projects.machine import REGISTERED
from procurement.projects.models import Project
from procurement.projects.presenting import GuardedPresenter

PAPER_WORDS = {
    "number": Words(gettext_lazy("文号")),
    "issued_on": Words(gettext_lazy("日期")),
    "issuer": Words(gettext_lazy("签发单位")),
    "file_sha256": Words(gettext_lazy("扫描件")),
}


def paper_words(field: str, code_list: str, label: Any, lines: int) -> dict[str, Words]:
    """Words of a list of papers whose kinds are of a code list."""
    words = {field: Words(label, lines=lines)}
    words[f"{field}.kind"] = Words(gettext_lazy("文件种类"), options=code_list)
    return words | {f"{field}.{part}": said for part, said in PAPER_WORDS.items()}


def own_projects(_case: Any, actor: Actor, _at: datetime) -> list[tuple[str, str]]:
    """The registered projects of the actor's organisation."""
    found = Project.objects.filter(owner_id=actor.organisation_id, state=REGISTERED)
    return [(p.number, f"{p.number} {p.name}") for p in found.order_by("-registered_at")[:200]]


def with_role(role: str) -> Any:
    """Options: the organisations for which somebody acts in a role."""

    def options(_case: Any, _actor: Actor, _at: datetime) -> list[tuple[str, str]]:
        found = Organisation.objects.filter(memberships__role=role).distinct().order_by("name")
        return list(found.values_list("uscc", "name"))

    return options


def papers_group(title: str, case: Any, column: str, code_list: str, at: datetime) -> FactGroup:
    """The papers of a case as facts, each leading to its file where there is one."""
    return FactGroup(
        title,
        tuple(
            Fact(
                citing.label(code_list, paper["kind"], at),
                with_note(paper["number"], paper["issued_on"]),
                "name",
                url=reverse(
                    "web:case-file", args=[case.machine.code, case.pk, paper["file_sha256"]]
                )
                if paper.get("file_sha256")
                else "",
            )
            for paper in getattr(case, column)
        ),
    )


class DrawingReviewPresenter(GuardedPresenter):
    """A drawing review's case page and act pages."""

    machine = DRAWING_REVIEW
    needed = frozenset(
        {"project_number", "name", "scale", "reviewer_uscc", "opinions", "documents.kind"}
        | {"documents.number", "documents.issued_on"}
    )
    fields = {
        "project_number": Words(gettext_lazy("项目"), options=own_projects),
        "name": Words(gettext_lazy("送审内容")),
        "scale": Words(gettext_lazy("工程规模"), options="drawing_scale"),
        "reviewer_uscc": Words(gettext_lazy("审查机构"), options=with_role("drawing_reviewer")),
        "survey_uscc": Words(gettext_lazy("勘察单位"), options=with_role("survey_clerk")),
        "design_uscc": Words(gettext_lazy("设计单位"), options=with_role("design_clerk")),
        "conclusion": Words(gettext_lazy("审查结论")),
        "opinions": Words(gettext_lazy("审查意见"), help=gettext_lazy("每行一条意见。")),
    } | paper_words("documents", "drawing_paper", gettext_lazy("送审文件"), 6)

    def party(self, case: Any) -> str:
        """The owner."""
        return name_on(case, case.owner_uscc)

    def search(self, text: str) -> Q:
        """By name, project number or certificate number."""
        return Q(name__contains=text) | Q(project_number=text) | Q(certificate_number=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Project, scale, certificate."""
        return (
            Fact(_("项目编号"), case.project_number, "code"),
            Fact(_("工程规模"), citing.label("drawing_scale", case.scale, at)),
            Fact(_("审查合格书编号"), case.certificate_number, "code"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Documents handed in and what the reviewer said of them."""
        said = [Fact(_("审查意见"), text, "name") for text in case.opinions]
        if case.conclusion:
            said.append(Fact(_("审查结论"), case.conclusion, "name"))
        found = (papers_group(_("送审文件"), case, "documents", "drawing_paper", at),)
        return (*found, FactGroup(_("审查意见"), tuple(said))) if said else found

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Who takes part."""
        return naming.parties(
            case,
            ("owner_uscc", _("建设单位")),
            ("survey_uscc", _("勘察单位")),
            ("design_uscc", _("设计单位")),
            ("reviewer_uscc", _("审查机构")),
        )

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The project."""
        own = Project.objects.filter(number=case.project_number)
        return naming.linked(own, actor, at, life=case.project_number)


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role == "owner_clerk":
        yield Link(_("送审施工图"), reverse("web:act-open", args=[DRAWING_REVIEW.code]))


presenters.register(DrawingReviewPresenter())
desk_parts.add(actions=_begin)
