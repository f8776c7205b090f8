"""How one kind of case is shown and filled in; a package registers a presenter per machine."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from kernel.access.actors import Actor
from kernel.money import format_yuan
from kernel.web.money_field import YuanField
from kernel.web.party_names import name_of
from kernel.web.schema_forms import FieldWords, SchemaForm, Setting, Words
from kernel.web.viewmodels import Fact, FactGroup, FieldView, FormGroup, Party
from kernel.web.words import with_note
from kernel.workflow.machines import Machine, Transition
from kernel.workflow.models import Case, Deadline


@dataclass(frozen=True)
class ActForm:
    """A form of an act and its grouping; ``payload`` turns clean data into the act's payload."""

    form: forms.BaseForm
    groups: tuple[FormGroup, ...]
    review: bool = True

    def payload(self) -> dict[str, Any]:
        """What the act brings along, for fire()."""
        own = getattr(self.form, "payload", None)
        return own() if own else dict(self.form.cleaned_data)

    def units(self) -> dict[str, str]:
        """The unit of each field that has one, by its name in the form."""
        views = [view for group in self.groups for view in group.fields]
        views += [view for group in self.groups for line in group.lines for view in line.fields]
        return {view.bound.html_name: view.unit for view in views if view.unit}


class ReasonForm(forms.Form):
    """A form that asks for a reason and nothing else."""

    reason = forms.CharField(
        label=_("理由"),
        help_text=_("写明事实和依据。理由将告知对方并永久存证。"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    # The guard refuses an act without one; so the label does not call it optional.
    reason.needed = True  # type: ignore[attr-defined]


def _held(bound: forms.BoundField) -> Any:
    """A field's value; of a file the hash of what is kept now, not of what stood there before."""
    kept = f"{bound.name}-kept"
    return bound.form[kept].value() if kept in bound.form.fields else bound.value()


def _spoken(bound: forms.BoundField) -> Any:
    """What was entered, in words: the label of a choice, the name of a file."""
    value = bound.value()
    if isinstance(bound.field, forms.ChoiceField):
        pairs: Any = bound.field.choices
        labels = {str(code): str(label) for code, label in pairs}
        chosen = value if isinstance(value, list | tuple) else [value]
        return pgettext("list", "、").join(labels.get(str(code), str(code)) for code in chosen)
    if isinstance(bound.field, forms.BooleanField):
        return _("是")
    return getattr(value, "name", value)


REASON: dict[str, Words] = {
    "reason": Words(
        _("理由"), help=_("写明事实和依据。理由将告知对方并永久存证。"), group=_("理由")
    )
}


class Presenter:
    """Defaults that suit any machine; a package overrides what it knows better."""

    machine: Machine
    related: tuple[str, ...] = ()
    # Acts whose log entries everybody may read once the case is public. Never one whose payload
    # holds what is not public: its hash stands in the entry and could be guessed at.
    public_acts: frozenset[str] = frozenset()
    # Words of the fields that its acts ask for; what has words has an act page.
    fields: FieldWords = {}

    def reference(self, case: Case) -> str:
        """The case's number as people say it."""
        return str(getattr(case, "reference", case.pk))

    def title(self, case: Case) -> str:
        """The case's name."""
        return str(case)

    def party(self, case: Case) -> str:
        """The one party that a desk row names."""
        return ""

    def head(self, case: Case, at: datetime) -> tuple[Fact, ...]:
        """The few facts under the title."""
        return ()

    def facts(self, case: Case, at: datetime) -> tuple[FactGroup, ...]:
        """All facts, grouped as on the paper form."""
        return ()

    def hidden_roles(self, case: Case, actor: Actor) -> frozenset[str]:
        """Roles whose acts this reader does not see, for who acted is secret (a committee)."""
        return self.machine.hidden_roles(case, actor)

    def money(self, case: Case, at: datetime) -> tuple[FactGroup, ...]:
        """Facts about money."""
        return ()

    def parties(self, case: Case, at: datetime) -> tuple[Party, ...]:
        """Who takes part."""
        return ()

    def undated(self, case: Case, at: datetime, acts: Collection[str]) -> str:
        """What a desk tells of time where no clock of the case runs; mostly nothing.

        acts: the codes of those that the row on the desk offers.
        """
        return ""

    def clock(self, case: Case) -> Deadline | None:
        """The clock of another role by which who has a row on a desk is due as well."""
        return None

    def search(self, text: str) -> Q:
        """The cases that a text finds: by default the one with this key."""
        return Q(pk=int(text)) if text.isdecimal() and len(text) < 18 else Q(pk__in=[])

    def is_public(self, case: Case) -> bool:
        """Whether everybody may see the case and its log entries' bodies."""
        return False

    def public_url(self, case: Case) -> str:
        """The case's page for everybody, or empty."""
        return ""

    def act_page(self, case: Case, transition: str) -> str:
        """The page where an act is done, where its form is laid out there; mostly empty."""
        return ""

    def masked(self, case: Case, name: str) -> str | None:
        """The full value of a masked field, or None where there is no such field."""
        return None

    def place_in_words(self, place: str) -> str:
        """Where something stands that a refusal is about and that is no field of a form; or empty.

        Such as a line of a file that was brought.
        """
        return ""

    def value_in_words(self, name: str, value: Any, at: datetime) -> str:
        """A column's value as people read it, for the page that tells what changed."""
        if value is None:
            return ""
        if name.endswith("_uscc"):
            return name_of(value)
        return format_yuan(value) if name.endswith("_fen") else str(value)

    def words_for(self, transition: Transition) -> FieldWords:
        """The words of an act's fields, where they are not the same for every act."""
        return self.fields

    def act_form(
        self,
        transition: Transition,
        case: Case | None,
        actor: Actor,
        at: datetime,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
    ) -> ActForm:
        """The form of an act, bound where there is data: made from the act's schema."""
        names = set(transition.schema.model_fields)
        if not names:
            return ActForm(forms.Form(data), ())
        if names == {"reason"}:
            form = ReasonForm(data)
            return ActForm(form, (FormGroup(str(_("理由")), (FieldView(form["reason"]),)),))
        setting = Setting(case, actor, at)
        words = REASON | dict(self.words_for(transition))
        if any(guard.__name__ == "reason_is_given" for guard in transition.guards):
            words["reason"] = replace(words["reason"], needed=True)
        made = SchemaForm(transition.schema, words, setting, data, files)
        return ActForm(made, made.groups(str(transition.label)))

    def opening_form(
        self, transition: Transition, actor: Actor, at: datetime, address: Mapping[str, str]
    ) -> ActForm:
        """The form that opens a case, empty; ``address``: what the link to it knows."""
        return self.act_form(transition, None, actor, at)

    def linked(self, case: Case, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """Links to the cases that this one rests on or leads to."""
        return ()

    def summary(
        self, transition: Transition, case: Case | None, form: ActForm, at: datetime
    ) -> tuple[FactGroup, ...]:
        """What the actor reads before the last click."""
        groups = self._whole(case, at) if case else ()
        units = form.units()
        entered = tuple(
            self._entered(bound, at, units.get(bound.html_name, ""))
            for bound in form.form
            if not bound.is_hidden and _held(bound)
        )
        return (FactGroup(str(transition.label), entered), *groups) if entered else groups

    def _entered(self, bound: forms.BoundField, at: datetime, unit: str) -> Fact:
        """What was entered, in words: nobody confirms a bare code or a sum without its unit."""
        label, value = str(bound.label), _held(bound)
        if isinstance(bound.field, forms.FileField) and isinstance(value, str):
            sent = bound.form.files.get(bound.html_name)
            start = f"{value[:8]}…"
            return Fact(label, with_note(sent.name, start) if sent else start, "name")
        if isinstance(bound.field, YuanField):
            try:
                return Fact(label, bound.field.to_python(value), "money")
            except forms.ValidationError:
                return Fact(label, value)
        label = with_note(label, unit) if unit else label
        if isinstance(value, str) and (name := self._known(bound, value.strip(), at)):
            return Fact(label, with_note(name, value.strip()), "name")
        return Fact(label, _spoken(bound))

    def _known(self, bound: forms.BoundField, code: str, at: datetime) -> str:
        """What a code that was typed stands for; empty where nothing says."""
        known = getattr(bound.field.widget, "known", ())
        name = next((str(words) for value, words in known if str(value) == code), "")
        if not name and bound.name.endswith("_uscc"):
            name = self.value_in_words(bound.name, code, at)
        return "" if name == code else name

    def _whole(self, case: Case, at: datetime) -> tuple[FactGroup, ...]:
        """Everything that an act on the case stands for: facts, money, who takes part."""
        people = tuple(
            Fact(party.role, f"{party.name} {party.uscc}".strip(), "name")
            for party in self.parties(case, at)
        )
        rest = (FactGroup(str(_("参与方")), people),) if people else ()
        return (*self.facts(case, at), *self.money(case, at), *rest)


_presenters: dict[str, Presenter] = {}


def register(presenter: Presenter) -> Presenter:
    """Make a presenter known for its machine."""
    if presenter.machine.code in _presenters:
        raise ValueError(f"two presenters for {presenter.machine.code}")
    _presenters[presenter.machine.code] = presenter
    return presenter


@dataclass
class _Plain(Presenter):
    machine: Machine
    related: tuple[str, ...] = field(default=())


def presenter_of(machine: Machine) -> Presenter:
    """A machine's presenter; the plain one where it has none of its own."""
    return _presenters.get(machine.code) or _Plain(machine)
