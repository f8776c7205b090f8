"""Rows that pages hold by the dozen, as HTML: facts, log entries, documents, places of a menu.

What a table says in every row (its columns' names on a narrow screen) is translated once.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.web import formats, render
from kernel.web.markup import escape, format_html, format_html_join
from kernel.web.viewmodels import DocumentLink, Fact, LogRow, NavItem

_NOTHING = SafeString("")


def fact(one: Fact, masked: SafeString | None = None) -> SafeString:
    """A fact with its label. masked: what stands for a value that is shown only on request."""
    if masked is not None:
        said = masked
    elif one.kind == "code" and not one.url:
        said = render.code(one.value, label=one.label)
    else:
        said = render.value(one.value, one.kind)
        if one.url:
            said = format_html('<a href="{}">{}</a>', one.url, said)
    source = _NOTHING
    if one.source:
        source = format_html('<span class="zx-source">{}{}</span>', _("来源："), one.source)
    # A label may be a name: whose shares, whose price.
    label = render.named(one.label) if one.label else _NOTHING
    return format_html("<div><dt>{}</dt><dd>{}{}</dd></div>\n", label, said, source)


def menu(places: Iterable[NavItem]) -> SafeString:
    """The places of a menu, each a link."""
    here = SafeString(' aria-current="page"')
    return format_html_join(
        "",
        '<li><a class="zx-menu-item" href="{}"{}>{}</a></li>',
        ((place.url, here if place.current else "", place.label) for place in places),
    )


def log(rows: Iterable[LogRow]) -> SafeString:
    """The body of the table of a case's log."""
    heads = [escape(word) for word in (_("序号"), _("时间"), _("事项"), _("办理人"), _("叶子摘要"))]
    refused = format_html(
        ' <span class="zx-chip zx-chip-stop">{}</span>', pgettext("timeline", "未获准")
    )
    return SafeString("".join(_log_row(row, heads, refused) for row in rows))


def _log_row(row: LogRow, heads: list[SafeString], refused: SafeString) -> str:
    number = SafeString(f"#{row.index}")
    if row.url:
        name = _("存证 %(index)s 的证明") % {"index": row.index}
        number = format_html('<a href="{}" aria-label="{}">{}</a>', row.url, name, number)
    names = [row.who] if row.who or not row.organisation else []
    names += [row.organisation] if row.organisation else []
    who = format_html_join(" · ", "{}", ((render.named(one),) for one in names))
    return (
        f'<tr><td data-label="{heads[0]}" class="zx-right">{number}</td>'
        f'<td data-label="{heads[1]}">{render.moment(row.at, "second")}</td>'
        f'<td data-label="{heads[2]}">{escape(row.what)}{refused if row.refused else ""}</td>'
        f'<td data-label="{heads[3]}"><span>{who}</span></td>'
        f'<td data-label="{heads[4]}">{render.digest(row.digest, True)}</td></tr>\n'
    )


def documents(rows: Iterable[DocumentLink]) -> SafeString:
    """The body of the table of a case's documents."""
    heads = [
        escape(word)
        for word in (
            _("编号"), pgettext("column", "签署"), _("形成时间"), _("大小"), _("摘要 (SHA-256)"),
        )
    ]  # fmt: skip
    unsigned = format_html('<span class="zx-none">{}</span>', _("未签署"))
    sealed = escape(_("平台盖章"))
    return SafeString(
        "".join(_document_row(row, heads, sealed if row.sealed else unsigned) for row in rows)
    )


def _document_row(row: DocumentLink, heads: list[SafeString], nobody: SafeString) -> str:
    title = render.named(row.title)
    check = _NOTHING
    if row.check_url:
        check = format_html(
            ' <a href="{}">{}<span class="visually-hidden"> {}</span></a>',
            row.check_url,
            _("核验"),
            title,
        )
    size = render.NOTHING if row.size is None else escape(formats.size(row.size))
    return (
        f'<tr><td class="zx-first"><a href="{escape(row.url)}">{title}</a></td>'
        f'<td data-label="{heads[0]}">{render.named(row.number)}</td>'
        f'<td data-label="{heads[1]}">'
        f"{render.several(row.signers) if row.signers else nobody}</td>"
        f'<td data-label="{heads[2]}">{render.moment(row.at)}</td>'
        f'<td data-label="{heads[3]}" class="zx-right">{size}</td>'
        f'<td data-label="{heads[4]}">{render.digest(row.digest, True)}{check}</td></tr>\n'
    )
