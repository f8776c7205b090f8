"""Parts of the registration form: its kinds of fields, and what a draft fills its lines with."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime
from typing import Any

from django import forms

from procurement.projects import selectors
from procurement.projects.models import Project

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def day(label: Any) -> forms.DateField:
    """A day that may be missing."""
    return forms.DateField(label=label, required=False, widget=_DAY)


def text(label: Any, length: int = 200, **kwargs: Any) -> forms.CharField:
    """A text that may be missing."""
    return forms.CharField(label=label, required=False, max_length=length, **kwargs)


def choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    """A choice that may be missing."""
    return forms.ChoiceField(label=label, choices=choices, required=False)


def required_kinds(at: datetime) -> tuple[str, ...]:
    """The kinds of papers that have a line of their own."""
    return tuple(code for code, _label in selectors.options("project_paper", at))[:-1]


def by_line(project: Project, kinds: tuple[str, ...]) -> dict[int, dict[str, Any]]:
    """A draft's papers by the line they stand on: a needed one on its own, others after these."""
    placed: dict[int, dict[str, Any]] = {}
    others: list[dict[str, Any]] = []
    for item in project.papers:
        line = kinds.index(item["kind"]) if item["kind"] in kinds else -1
        if line < 0 or line in placed:
            others.append(item)
        else:
            placed[line] = item
    return placed | dict(enumerate(others, start=len(kinds)))


def initial(project: Project | None, at: datetime, names: Container[str]) -> dict[str, Any]:
    """What the draft holds; the lines of papers that are needed have their kind filled in."""
    kinds = required_kinds(at)
    found: dict[str, Any] = {f"papers-{i}-kind": kind for i, kind in enumerate(kinds)}
    if project is None:
        return found
    found |= {
        f.name: f.value_from_object(project)
        for f in project._meta.concrete_fields
        if f.name in names
    }
    found["total_investment"] = project.total_investment_fen
    for i, item in enumerate(project.funding):
        found |= {
            f"funding-{i}-source": item["source"],
            f"funding-{i}-amount": item["amount_fen"],
        }
    for i, item in by_line(project, kinds).items():
        found |= {f"papers-{i}-{part}": value for part, value in item.items()}
        found[f"papers-{i}-issued_on"] = date.fromisoformat(item["issued_on"])
        found[f"papers-{i}-sha256"] = item["file_sha256"]
    for i, item in enumerate(project.parties):
        found |= {f"parties-{i}-{part}": value for part, value in item.items()}
    return found
