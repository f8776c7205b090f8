"""Turns refusals, which carry codes, into words for a page, and hangs them on form fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from django.forms import BaseForm
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.errors import Refusal, catalogue
from kernel.web.viewmodels import Fact, RefusalView
from kernel.web.words import cited, with_note


def in_words(
    refusals: Iterable[Refusal], cure_url: Callable[[Refusal], str] | None = None
) -> tuple[RefusalView, ...]:
    """Words of refusals in the active language; the message names the facts by itself.

    cure_url: where a refusal is cured, or empty; see ``kernel.web.cures``.
    """
    return tuple(
        RefusalView(
            code=refusal.code,
            message=catalogue.message(refusal),
            article=cited(refusal.article),
            cure=catalogue.cure(refusal),
            cure_url=cure_url(refusal) if cure_url else "",
            field=refusal.field,
        )
        for refusal in refusals
    )


def _told(view: RefusalView) -> str:
    """Message, cure and article in one line; a message that is no whole sentence goes on."""
    text = view.message
    if view.cure:
        whole = text.endswith(pgettext("end of a sentence", "。"))
        text += (" " if whole else pgettext("before a cure", "；")) + view.cure
    return with_note(text, view.article) if view.article else text


def onto_form(
    form: BaseForm, refusals: Iterable[Refusal], place: Callable[[str], str] = lambda _place: ""
) -> tuple[RefusalView, ...]:
    """Put refusals about a field next to that field; return the others, for ``ActPage.refusals``.

    place: where something stands that is no field, in words, or empty.
    The form must have been validated (``add_error`` needs its ``cleaned_data``).
    """
    rest = []
    for view in in_words(refusals):
        if view.field in form.fields:
            form.add_error(view.field, _told(view))
        else:
            where = place(view.field) if view.field else ""
            facts = (Fact(_("位置"), where, "name"),) if where else ()
            rest.append(replace(view, facts=(*facts, *view.facts)))
    return tuple(rest)
