"""Takes a Django form field apart for our own markup and links its parts by their ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString

from kernel.errors import Refusal
from kernel.web.viewmodels.acts import field_anchor


@dataclass(frozen=True)
class FieldParts:
    """A field as ``components/field.html`` needs it.

    shape: ``line`` (label over input), ``check`` (label after a single box), ``choices``
    (fieldset and legend). wide: takes the whole width of its group.
    """

    bound: BoundField
    shape: str
    wide: bool
    source: str
    unit: str
    widget: SafeString
    described_by: str
    anchor: str

    @property
    def optional(self) -> bool:
        """Whether the label says 选填; a field that only a draft may miss has ``needed`` set."""
        field = self.bound.field
        return not field.required and not getattr(field, "needed", False)

    @property
    def help_id(self) -> str:
        """Id of the help text."""
        return f"{self.bound.auto_id}_helptext"

    @property
    def error_id(self) -> str:
        """Id of the error messages."""
        return f"{self.bound.auto_id}_error"

    @property
    def source_id(self) -> str:
        """Id of the note that names where a pre-filled value came from."""
        return f"{self.bound.auto_id}_source"


def parts(bound: BoundField, source: str = "", unit: str = "") -> FieldParts:
    """Take a bound field apart; its input names help, error and source as its description."""
    widget = bound.field.widget
    ids = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    ids += [f"{bound.auto_id}_error"] if bound.errors else []
    ids += [f"{bound.auto_id}_source"] if source else []
    described = " ".join(ids)
    shape = _shape(widget)
    attrs: dict[str, str | bool] = {}
    if css := _css_class(widget, shape):
        attrs["class"] = css
    # A placeholder that only repeats the label is noise, and too pale to be one.
    if widget.attrs.get("placeholder") == bound.label:
        widget.attrs.pop("placeholder")
    if described and shape != "choices":
        attrs["aria-describedby"] = described
    return FieldParts(
        bound=bound,
        shape=shape,
        wide=shape != "line" or isinstance(widget, forms.Textarea | forms.FileInput),
        source=source,
        unit=unit,
        widget=bound.as_widget(attrs=attrs),
        described_by=described,
        anchor=field_anchor(bound),
    )


def _shape(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "line"


def _css_class(widget: forms.Widget, shape: str) -> str:
    """Boxes and radios keep the browser's own look; a class would land on their container."""
    base = "form-select" if isinstance(widget, forms.Select) else "form-control"
    return f"{base if shape == 'line' else ''} {widget.attrs.get('class', '')}".strip()


def left_empty(form: forms.BaseForm, told: Iterable[Refusal]) -> Iterator[Refusal]:
    """What a guard would refuse for want of it, besides what is told: a form says all at once.

    The guards themselves are not asked while a payload cannot be read. Fields of lines are left
    out (``list-0-part``): an empty line is none.
    """
    known = {refusal.field for refusal in told}
    for name, field in form.fields.items():
        if name in known or "-" in name or not getattr(field, "needed", False):
            continue
        held = [form.cleaned_data.get(key) for key in (name, f"{name}-kept")]
        if all(value in field.empty_values for value in held):
            yield Refusal("workflow.payload.missing", {"field": name}, "", name)
