"""``{% load ui %}``: every component of the design system as a tag or filter.

Values are given form here and nowhere else, so that a date or an amount looks the same on every
page. Pages are made of templates in ``kernel/web/components``; tags only hand them their context.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kernel.money import format_wan, format_yuan
from kernel.web import formats, render
from kernel.web import rows as bodies
from kernel.web.fields import FieldParts, parts
from kernel.web.steps import Steps
from kernel.web.viewmodels import (
    ActButton,
    Column,
    DocumentLink,
    DueView,
    Fact,
    FactGroup,
    FoldedActs,
    LogRow,
    NavItem,
    Pagination,
    RefusalView,
    RegisterRow,
    Site,
    StateChip,
    TimelineItem,
)
from kernel.web.words import listed

register = template.Library()
_COMPONENTS = "kernel/web/components/"

register.filter("yuan", format_yuan)
register.filter("wan", format_wan)
register.filter("filesize_short", formats.size)
register.filter("mask", formats.masked)
register.filter("thousands", formats.thousands)
register.filter("device", formats.device)
register.filter("minute", formats.minute)
register.filter("named", render.named)
register.filter("several", render.several)
register.filter("listed", listed)


@register.simple_tag
def money(fen: int | None, unit: str = "yuan") -> SafeString:
    """``{% money contract.price_fen %}`` or ``{% money x unit="wan" %}``."""
    return render.money(fen, unit)


@register.simple_tag
def day(value: date | None) -> SafeString:
    """``{% day filing.signed_on %}``: 2026-11-23."""
    return render.day(value)


@register.simple_tag
def moment(value: datetime | None, to: str = "minute") -> SafeString:
    """``{% moment at %}``, ``{% moment at "second" %}``, ``{% moment at "deadline" %}``."""
    return render.moment(value, to)


@register.simple_tag
def due(value: DueView | None) -> SafeString:
    """``{% due row.due %}``."""
    return render.due(value)


@register.simple_tag
def chip(state: StateChip | None) -> SafeString:
    """``{% chip page.state %}``."""
    return render.chip(state)


@register.simple_tag
def mark(code: str) -> SafeString:
    """``{% mark item.mark %}``: that a rule is remembered or our own."""
    return render.mark(code)


@register.simple_tag
def code(value: Any, label: str = "", copy: bool = True) -> SafeString:
    """``{% code organisation.uscc label="…" %}``; label names what the button copies."""
    return render.code(value, copy, label)


@register.simple_tag
def command(value: str) -> SafeString:
    """``{% command "python -m …" %}``: a command to be copied and run."""
    return render.command(value)


@register.simple_tag
def digest(value: str, short: bool = False) -> SafeString:
    """``{% digest receipt.digest %}``."""
    return render.digest(value, short)


@register.simple_tag
def cell(column: Column, content: Any) -> SafeString:
    """``{% cell column value %}``: one cell of a register in the form of its column."""
    return render.value(content, column.kind, in_table=True)


@register.simple_tag
def fact_value(fact: Fact) -> SafeString:
    """``{% fact_value fact %}``: a fact's value in the form of its kind."""
    return render.value(fact.value, fact.kind)


@register.simple_tag
def marked(parts: Iterable[tuple[str, bool]]) -> SafeString:
    """``{% marked row.title %}``: a text with what was looked for marked."""
    return render.marked(parts)


@register.simple_tag
def html_lang() -> str:
    """The active language as the ``lang`` attribute wants it."""
    active = get_language() or "zh-hans"
    return "zh-Hans" if active.startswith("zh") else active


@register.simple_tag(takes_context=True)
def own_site(context: template.Context) -> Site | str:
    """The platform's ``site``, also where a view put another thing of that name above it.

    allauth's log-in names Django's site framework so.
    """
    for layer in reversed(context.dicts):
        if isinstance(found := layer.get("site"), Site):
            return found
    return ""


@register.inclusion_tag(_COMPONENTS + "field.html")
def field(bound: BoundField, source: str = "", unit: str = "") -> dict[str, FieldParts]:
    """``{% field form.name source="…" unit="元" %}``: label, help, error, input, linked by ids."""
    return {"field": parts(bound, source, unit)}


@register.inclusion_tag(_COMPONENTS + "form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """``{% form_fields form %}``: a whole form, its own errors first, hidden fields last."""
    return {"form": form}


@register.inclusion_tag(_COMPONENTS + "masked.html", takes_context=True)
def masked(context: template.Context, value: str, url: str = "", label: str = "") -> dict[str, Any]:
    """``{% masked "3501••••1234" url=… label="…" %}``: a reason is posted as ``reason``."""
    return {
        "value": value,
        "url": url,
        "label": label,
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
    }


@register.simple_tag(takes_context=True)
def fact_row(context: template.Context, one: Fact) -> SafeString:
    """``{% fact_row fact %}``: a fact with its label, in a definition list."""
    if one.kind != "masked" or not one.value:
        return bodies.fact(one)
    shown = masked(context, one.value, one.unmask_url, one.label)
    return bodies.fact(one, render_to_string(_COMPONENTS + "masked.html", shown))


@register.simple_tag
def menu_items(places: Iterable[NavItem]) -> SafeString:
    """``{% menu_items item.menu %}``: the places behind one word of the header."""
    return bodies.menu(places)


@register.inclusion_tag(_COMPONENTS + "refusals.html")
def refusals(reasons: Iterable[RefusalView]) -> dict[str, Any]:
    """``{% refusals page.refusals %}``: each with facts, article and cure."""
    return {"refusals": tuple(reasons)}


@register.inclusion_tag(_COMPONENTS + "timeline.html")
def timeline(items: Iterable[TimelineItem]) -> dict[str, SafeString]:
    """``{% timeline page.timeline %}``: done, now, next."""
    return {"steps": Steps().timeline(items)}


@register.inclusion_tag(_COMPONENTS + "acts.html")
def acts(possible: Iterable[ActButton], not_yet: Iterable[ActButton]) -> dict[str, Any]:
    """``{% acts page.possible page.not_yet %}``: the panel of acts."""
    off = tuple(not_yet)
    return {
        "possible": tuple(possible),
        "not_yet": FoldedActs.of(act for act in off if not act.later),
        "later": FoldedActs.of(act for act in off if act.later),
        "later_count": sum(act.later for act in off),
    }


@register.inclusion_tag(_COMPONENTS + "pagination.html")
def pagination(page: Pagination) -> dict[str, Any]:
    """``{% pagination page.pagination %}``: links that keep the query."""
    return {"pagination": page, "links": tuple(page.links())}


@register.inclusion_tag(_COMPONENTS + "facts.html", takes_context=True)
def facts(context: template.Context, groups: Iterable[FactGroup], level: int = 3) -> dict[str, Any]:
    """``{% facts page.facts %}``: definition lists; ``level`` of their headings."""
    return {
        "groups": tuple(groups),
        "level": level,
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
    }


@register.inclusion_tag(_COMPONENTS + "documents.html")
def documents(rows: Iterable[DocumentLink]) -> dict[str, SafeString]:
    """``{% documents page.documents %}``."""
    return {"body": bodies.documents(rows)}


@register.inclusion_tag(_COMPONENTS + "log.html")
def log(rows: Iterable[LogRow]) -> dict[str, SafeString]:
    """``{% log page.log %}``."""
    return {"body": bodies.log(rows)}


@register.filter
def under(row: RegisterRow, columns: tuple[Column, ...]) -> Iterator[tuple[Column, Any]]:
    """``{% for column, value in row|under:page.columns %}``: cells beside their columns."""
    return zip(columns, row.cells, strict=True)
