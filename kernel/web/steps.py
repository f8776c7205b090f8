"""The steps of a time line as HTML. Hundreds stand on a page: what comes again is written once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kernel.web import formats, render
from kernel.web.addresses import keyed
from kernel.web.markup import escape, format_html, format_html_join
from kernel.web.viewmodels import DocumentLink, TimelineItem
from kernel.web.words import TIMELINE

_NOTHING = SafeString("")


class Steps:
    """Writes the steps of one page; it is made for a page and forgotten with it."""

    def __init__(self) -> None:
        self._proof = escape(_("存证"))
        self._log = keyed("web:log-entry")
        self._who: dict[tuple[str, str, str], SafeString] = {}
        self._articles: dict[tuple[str, str], SafeString] = {}

    def timeline(self, items: Iterable[TimelineItem]) -> SafeString:
        """All items, in their order."""
        return format_html_join("\n", "{}", ((self.item(item),) for item in items))

    def item(self, item: TimelineItem) -> SafeString:
        """One step of a case's life: what, when, who, until when, by which article."""
        status = "refused" if item.refused else item.status
        # Of what is still to come nobody's name is known, but whose turn it is.
        acted = item.who or item.organisation or (item.role and item.status != "done")
        return format_html(
            '<li class="zx-step zx-step-{}"{}><div class="zx-step-head">'
            '<span class="zx-step-label">{}</span> <span class="zx-step-word">{}</span>{}</div>'
            "{}{}{}{}{}</li>",
            status,
            SafeString(' aria-current="step"') if item.status == "now" else _NOTHING,
            item.label,
            TIMELINE[status],
            self.at(item.at) if item.at else _NOTHING,
            self.who(item.who, item.organisation, item.role) if acted else _NOTHING,
            format_html('<p class="zx-step-note">{}</p>', item.note) if item.note else _NOTHING,
            _due(item),
            _documents(item.documents),
            self._basis(item),
        )

    def at(self, at: datetime) -> SafeString:
        """When it was, to the second."""
        time = f'<time class="zx-time" datetime="{formats.machine(at)}">{formats.second(at)}</time>'
        return SafeString(f' <span class="zx-step-at">{time}</span>')

    def who(self, who: str, organisation: str, role: str) -> SafeString:
        """The line of who did it, for whom, in which role."""
        said = (who, organisation, role)
        line = self._who.get(said)
        if line is None:
            names = [render.named(name) for name in (who, organisation) if name]
            parts = format_html_join(" · ", "{}", ((part,) for part in (*names, role) if part))
            line = self._who[said] = format_html('<p class="zx-step-who">{}</p>', parts)
        return line

    def entry(self, index: int | None, url: str) -> SafeString:
        """Where a step stands in the log, with the way to its proof."""
        if index is None:
            return _NOTHING
        if not url:
            return SafeString(f"<span>{self._proof} #{index}</span>")
        return SafeString(f'<a href="{escape(url)}">{self._proof} #{index}</a>')

    def proof(self, index: int) -> SafeString:
        """The way from a step to its place in the log, alone in the step's last line."""
        # An address that Django wrote, with a number in it: nothing to escape.
        return SafeString(
            f'<p class="zx-step-basis"><a href="{self._log(index)}">{self._proof} #{index}</a></p>'
        )

    def _basis(self, item: TimelineItem) -> SafeString:
        if not item.article and item.log_index is None:
            return _NOTHING
        article, proof = self._article(item), self.entry(item.log_index, item.log_url)
        between = " " if article and proof else ""
        return SafeString(f'<p class="zx-step-basis">{article}{between}{proof}</p>')

    def _article(self, item: TimelineItem) -> SafeString:
        if not item.article:
            return _NOTHING
        key = (item.article, item.mark)
        if key not in self._articles:
            self._articles[key] = format_html(
                "<span>{}{}</span>", render.named(item.article), render.mark(item.mark)
            )
        return self._articles[key]


def document(link: DocumentLink, number: bool = True) -> SafeString:
    """A document of a step, with its number."""
    shown = format_html(' <span class="zx-quiet">{}</span>', link.number) if number else _NOTHING
    return format_html(
        '<p class="zx-step-doc"><a href="{}">{}</a>{}</p>',
        link.url,
        render.named(link.title),
        shown,
    )


def _documents(links: Iterable[DocumentLink]) -> SafeString:
    return format_html_join("", "{}", ((document(one, bool(one.number)),) for one in links))


def _due(item: TimelineItem) -> SafeString:
    if item.due is None:
        return _NOTHING
    return format_html(
        '<p class="zx-step-due">{}{}</p>', render.due(item.due), render.mark(item.due.mark)
    )
