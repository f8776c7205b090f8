"""The act page and what may follow it: summary, receipt, refusal, a stale page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.forms import BaseForm, BoundField

from kernel.web.viewmodels.parts import DocumentLink, DueView, FactGroup, Link, RefusalView


@dataclass(frozen=True)
class FieldView:
    """A field of the form. source: where its pre-filled value was taken from; unit, e.g. 元."""

    bound: BoundField
    source: str = ""
    unit: str = ""


@dataclass(frozen=True)
class FormLine:
    """Fields that make one line of a list, such as one paper or one party."""

    title: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True)
class FormGroup:
    """Fields under one heading, grouped as the clerk's paper form groups them; then lines.

    warning: what must be known before the fields are filled in.
    """

    title: str
    fields: tuple[FieldView, ...]
    note: str = ""
    lines: tuple[FormLine, ...] = ()
    warning: str = ""


@dataclass(frozen=True)
class ErrorItem:
    """One line of the error summary. field: the id that it leads to, empty for the whole form."""

    message: str
    field: str = ""
    label: str = ""


@dataclass(frozen=True)
class ActPage:
    """The context variable ``page`` of ``act.html``.

    effect: what it will do and its legal effect, in one sentence. url: posted to.
    hidden: name and value pairs to carry (idempotency key, seen version).
    draft_key: unique per person, act and case; empty: no draft is kept on the device.
    The form posts ``step=review`` when a summary follows, else ``step=do``.
    """

    title: str
    effect: str
    form: BaseForm
    groups: tuple[FormGroup, ...]
    url: str
    submit: str
    reference: str = ""
    case_title: str = ""
    case_url: str = ""
    article: str = ""
    mark: str = ""
    due: DueView | None = None
    refusals: tuple[RefusalView, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    draft_key: str = ""
    review: bool = True

    @property
    def errors(self) -> tuple[ErrorItem, ...]:
        """Every error of the form and every refusal, for the summary on top."""
        lines = {
            view.bound.html_name: line.title
            for group in self.groups
            for line in group.lines
            for view in line.fields
        }
        anchors = {field_anchor(bound) for bound in self.form}
        return (
            *_form_errors(self.form, lines),
            # What is about no field of the form has no place to lead to; its panel says more.
            *(ErrorItem(r.message, r.field if r.field in anchors else "") for r in self.refusals),
        )


@dataclass(frozen=True)
class ConfirmPage:
    """The context variable ``page`` of ``act_confirm.html``: the summary before signing.

    hidden carries all that was entered. The form posts ``step=do`` or, to go back, ``step=edit``;
    an act that asks for nothing has no form to go back to, and leads back to its case instead.
    grave: the act ends something for good; its button is red.
    """

    title: str
    effect: str
    groups: tuple[FactGroup, ...]
    url: str
    submit: str
    reference: str = ""
    case_title: str = ""
    case_url: str = ""
    article: str = ""
    mark: str = ""
    statement: str = ""
    document: DocumentLink | None = None
    hidden: tuple[tuple[str, str], ...] = ()
    editable: bool = True
    grave: bool = False


@dataclass(frozen=True)
class Receipt:
    """The context variable ``page`` of ``receipt.html``.

    done: what was done, e.g. 已受理报建; next: what happens next, by whom, until when. acts: those
    of it that are the reader's own.
    digest: SHA-256 in hex. draft_key: the draft on the device that may go now.
    """

    done: str
    number: str
    at: datetime
    digest: str
    log_index: int
    next: tuple[str, ...] = ()
    log_url: str = ""
    reference: str = ""
    case_title: str = ""
    case_url: str = ""
    documents: tuple[DocumentLink, ...] = ()
    due: DueView | None = None
    draft_key: str = ""
    acts: tuple[Link, ...] = ()


@dataclass(frozen=True)
class RefusedPage:
    """The context variable ``page`` of ``refused.html``. act: the verb, e.g. 开标.

    log_index: the refusal's own place in the evidence log. heading: the headline where no act was
    asked for.
    """

    act: str
    refusals: tuple[RefusalView, ...]
    heading: str = ""
    reference: str = ""
    case_title: str = ""
    case_url: str = ""
    at: datetime | None = None
    log_index: int | None = None
    log_url: str = ""


@dataclass(frozen=True)
class Change:
    """One thing that changed since the page was opened; before and after in words."""

    what: str
    at: datetime
    who: str = ""
    organisation: str = ""
    before: str = ""
    after: str = ""
    log_index: int | None = None
    log_url: str = ""


@dataclass(frozen=True)
class StalePage:
    """The context variable ``page`` of ``stale.html`` (409). again_url: the act, opened anew."""

    act: str
    changes: tuple[Change, ...]
    reference: str = ""
    case_title: str = ""
    case_url: str = ""
    seen_at: datetime | None = None
    again_url: str = ""


def _form_errors(form: BaseForm, lines: Mapping[str, str]) -> Iterator[ErrorItem]:
    for message in form.non_field_errors():
        yield ErrorItem(str(message))
    for bound in form:
        for message in bound.errors:
            label = f"{lines.get(bound.html_name, '')} {bound.label}".strip()
            yield ErrorItem(str(message), field_anchor(bound), label)


def field_anchor(bound: BoundField) -> str:
    """The id that the error summary leads to: the first input, also of a group of choices."""
    return f"{bound.auto_id}_0" if bound.use_fieldset else str(bound.auto_id)
