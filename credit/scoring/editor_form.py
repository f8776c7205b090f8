"""The form over a scheme's text: its fields, their words, and what was found wrong at each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from credit.scoring import draft_faults, drafting, scheme_words
from kernel.errors import Refusal
from kernel.web.refusals import in_words
from kernel.web.viewmodels import RefusalView
from kernel.web.viewmodels.acts import ErrorItem

VETO_CAP = "veto.cap"
# Rows that a scheme may do without: their field left empty takes them out.
OPTIONAL = ("cap.", "floor.", "bound.", "lag.", "mean.", "inertia.", VETO_CAP)
# Of an item: the key in the text, by what its field is called. A new one has all of them.
OF_ITEMS = {
    "points": "points", "days": "days", "decay": "decay", "half": "half_life_days", "veto": "veto",
}  # fmt: skip
NEW = {
    "code": "key", "zh": "label", "en": "label_en", "points": "points", "category": "category",
    "days": "days", "decay": "decay", "half": "half_life_days", "severity": "severity",
    "veto": "veto", "stated": "stated", "article": "article", "article_en": "article_en",
    "source": "source", "note": "note", "note_en": "note_en",
}  # fmt: skip
# What stands in a select from the start says nothing about whether a new item is wanted.
_FROM_THE_START = {"decay": "step", "severity": "", "veto": "no", "stated": "no",
                   "source": "own_default"}  # fmt: skip
SAY_SO = tuple(name for name in NEW if name not in _FROM_THE_START)
_NUMBERS = {"points": "decimal", "value": "decimal", "days": "numeric", "half": "numeric"}

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Input:
    """One input. label: what it is called; whose: of which item, where that is said elsewhere.

    mode: how numbers are typed; options: what a select offers; errors: why it was refused.
    """

    name: str
    label: str
    value: str
    whose: str = ""
    type: str = "text"
    mode: str = ""
    note: str = ""
    options: Options = ()
    errors: tuple[RefusalView, ...] = ()
    ticked: bool = False


@dataclass(frozen=True)
class ItemRow:
    """An item's line: its words, and its inputs."""

    label: str
    about: str
    inputs: tuple[Input, ...]


@dataclass
class Form:
    """All inputs, by the parts of the page."""

    header: list[Input] = field(default_factory=list)
    values: list[Input] = field(default_factory=list)
    items: list[ItemRow] = field(default_factory=list)
    new: list[Input] = field(default_factory=list)
    trial: list[Input] = field(default_factory=list)

    @property
    def inputs(self) -> list[Input]:
        """Every input, in the order of the page."""
        of_items = [one for row in self.items for one in row.inputs]
        return [*self.header, *self.values, *of_items, *self.new, *self.trial]

    @property
    def errors(self) -> list[ErrorItem]:
        """For the summary on top: each leads to its input."""
        return [ErrorItem(error.message, one.name) for one in self.inputs for error in one.errors]


class _Maker:
    """Makes inputs: with what was typed, else what the text has, and what was found wrong."""

    def __init__(self, said: Mapping[str, str], refused: Iterable[Refusal]) -> None:
        self.said = said
        self.errors: dict[str, tuple[RefusalView, ...]] = {}
        for refusal in refused:
            found = self.errors.get(refusal.field, ())
            self.errors[refusal.field] = (*found, *in_words([refusal]))

    def input(self, name: str, label: str, value: str = "", **more: Any) -> Input:
        more.setdefault("mode", _NUMBERS.get(name.removeprefix("new:").partition(":")[0], ""))
        return Input(
            name, label, self.said.get(name, value), errors=self.errors.get(name, ()), **more
        )


def form(base: str, said: Mapping[str, str], refused: Iterable[Refusal], *, valid_on: str) -> Form:
    """The form's inputs: as the text has them, or as they were typed."""
    rows = drafting.rows(base)
    make = _Maker(said, refused)
    keep = _("（留空为不变）")
    return Form(
        header=[
            make.input("version", str(scheme_words.KEYS["version"]), note=keep),
            make.input("valid_from", str(scheme_words.KEYS["valid_from"]), note=keep, type="date"),
        ],
        values=[_value(make, key, rows.get(key, {})) for key in _value_rows(rows)],
        items=[
            _item(make, code, row)
            for key, row in rows.items()
            if (code := key.partition("item.")[2])
        ],
        new=_new(make, rows),
        trial=[make.input("valid_on", _("评价日"), valid_on, type="date")],
    )


def at_fields(refused: Iterable[Refusal], base: str, said: Mapping[str, str]) -> list[Refusal]:
    """Refusals of a draft at the form's inputs; those that no input has stay as they are."""
    rows = drafting.rows(base)
    new = said.get("new:code", "").strip()
    label = {"zh": said.get("new:zh", ""), "en": said.get("new:en", "") or said.get("new:zh", "")}
    found = []
    for one in refused:
        row, key = str(one.facts.get("row", "")), str(one.facts.get("key", ""))
        if one.field == "draft" and (place := _place(row, key, rows, new)):
            content = rows.get(row) or {"label": label}
            found.append(draft_faults.in_form(one, place, content))
        else:
            found.append(one)
    return found


def _place(row: str, key: str, rows: Mapping[str, Any], new: str) -> str:
    """The name of the input of a row's key, empty where the form has none."""
    if not row:
        return key if key in ("version", "valid_from") else ""
    if row in _value_rows(rows):
        return f"value:{row}"
    code = row.partition("item.")[2]
    if row in rows and code:
        fields = {name: f"{field}:{code}" for field, name in OF_ITEMS.items()}
        return fields.get(key, fields["points"])
    if code and code == new:
        return "new:" + next((field for field, name in NEW.items() if name == key), "code")
    return ""


def _value_rows(rows: Mapping[str, Any]) -> list[str]:
    """What has a number: and the cap of vetoes, which a scheme needs with its first veto."""
    found = [key for key, row in rows.items() if "value" in row and not key.startswith("item.")]
    return found if VETO_CAP in found else [*found, VETO_CAP]


def _value(make: _Maker, key: str, row: Mapping[str, Any]) -> Input:
    label = scheme_words.row_named(key)
    if not scheme_words.is_count(key):
        label = _("%(what)s（分）") % {"what": label}
    shown = scheme_words.number(key, "value", row["value"]) if "value" in row else ""
    note = _("（留空为不设）") if key.startswith(OPTIONAL) else ""
    return make.input(f"value:{key}", label, shown, note=note)


def _item(make: _Maker, code: str, row: Mapping[str, Any]) -> ItemRow:
    label = scheme_words.label_of(row, code)
    shown = {
        "points": scheme_words.points(row.get("points", 0)),
        "days": str(row.get("days", 0)),
        "decay": row.get("decay", "step"),
        "half": str(row.get("half_life_days", 0) or ""),
        "veto": row.get("veto", "no"),
    }
    inputs = [
        make.input(
            f"{name}:{code}", str(scheme_words.KEYS[key]), shown[name], whose=label,
            options=_options(key),
        )
        for name, key in OF_ITEMS.items()
    ]  # fmt: skip
    gone = make.input(f"gone:{code}", _("删去"), "1", whose=label, type="checkbox",
                      ticked=bool(make.said.get(f"gone:{code}")))  # fmt: skip
    about = [
        scheme_words.category(str(row.get("category", ""))),
        scheme_words.chosen("severity", row.get("severity", "")),
    ]
    if row.get("stated") == "yes":
        about.append(_("分值和期限以文书为准"))
    return ItemRow(label, " · ".join(filter(None, about)), (*inputs, gone))


def _new(make: _Maker, rows: Mapping[str, Mapping[str, Any]]) -> list[Input]:
    held = {str(row["category"]): "" for row in rows.values() if row.get("category")}
    categories = [(code, scheme_words.category(code)) for code in {**held, **_CATEGORIES}]
    labels = {name: str(scheme_words.KEYS.get(key, key)) for name, key in NEW.items()} | {
        "code": _("代码（小写英文和下划线）"), "zh": _("中文名称"), "en": _("英文名称"),
        "note_en": _("说明（英文）"), "stated": _("分值和期限以文书为准"),
    }  # fmt: skip
    optional = {"en", "half", "article_en", "note", "note_en"}
    return [
        make.input(
            f"new:{name}", labels[name], _FROM_THE_START.get(name, ""),
            note=_("（选填）") if name in optional else "",
            options=[("", "—"), *categories] if name == "category" else _options(key),
        )
        for name, key in NEW.items()
    ]  # fmt: skip


_CATEGORIES = dict.fromkeys(scheme_words.CATEGORIES, "")


def _options(key: str) -> Options:
    return {
        "decay": [(code, str(words)) for code, words in scheme_words.DECAYS.items()],
        "severity": [(code, str(words)) for code, words in scheme_words.SEVERITIES.items()],
        "veto": [(code, str(words)) for code, words in scheme_words.YES_NO.items()],
        "stated": [(code, str(words)) for code, words in scheme_words.YES_NO.items()],
        "source": scheme_words.sources() if key == "source" else [],
    }.get(key, [])
