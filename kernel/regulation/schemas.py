"""What may stand in a row of law, per kind of rule set. Unknown keys are refused.

The kind of a rule set is the first word of its code: ``periods.tendering`` holds periods. A
package with rows of its own shape registers a kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kernel.regulation.rows import Fault

# A check answers "" if the value is right, else what is wrong with it.
Check = Callable[[object], str]

SOURCES = (
    "statute_text",
    "web_page",
    "public_code",
    "secondary",
    "remembered",
    "remembered_uncertain",
    "own_default",
)
UNITS = ("working_day", "calendar_day", "month", "hour", "year")
SCOPES = ("same_case", "linked_case", "same_project")


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a table: its check, and what it is if it does not stand there."""

    check: Check
    required: bool = True
    default: Any = None


@dataclass(frozen=True, slots=True)
class Schema:
    """Fields of one kind's rows.

    key: makes the row's key where the row does not write one.
    agree: what fields must be to each other; answers faults.
    """

    fields: Mapping[str, Field]
    key: Callable[[Mapping[str, Any]], str] | None = None
    agree: Callable[[Mapping[str, Any]], Iterable[str]] = field(default=lambda row: ())


def text(value: object) -> str:
    """A text with something in it."""
    return "" if isinstance(value, str) and value.strip() else Fault("a text is needed", "text")


def matches(pattern: str, what: str) -> Check:
    """A text of a form."""
    form = re.compile(pattern)
    return lambda value: (
        "" if isinstance(value, str) and form.fullmatch(value) else Fault(what, "form")
    )


def one_of(*allowed: str) -> Check:
    """One of a few words."""
    told = f"one of {', '.join(allowed)} is needed"
    return lambda value: "" if value in allowed else Fault(told, "one_of", allowed=allowed)


def whole(value: object) -> str:
    """A whole number above nought."""
    return "" if type(value) is int and value > 0 else "a whole number above 0 is needed"


def yes_no(value: object) -> str:
    """true or false."""
    return "" if isinstance(value, bool) else "true or false is needed"


def day(value: object) -> str:
    """A date without a time."""
    return "" if type(value) is date else Fault("a date like 2026-01-01 is needed", "day")


def days(value: object) -> str:
    """A list of dates."""
    right = isinstance(value, list) and not any(day(item) for item in value)
    return "" if right else "a list of dates is needed"


def words(value: object) -> str:
    """The same words in both languages."""
    right = isinstance(value, dict) and value.keys() == {"zh", "en"}
    right = right and not any(text(v) for v in value.values())  # type: ignore[attr-defined]
    return "" if right else Fault('words like { zh = "…", en = "…" } are needed', "words")


def facts(value: object) -> str:
    """A table of facts, each a text, compared for equality."""
    right = isinstance(value, dict) and value and not any(text(v) for v in value.values())
    return "" if right else Fault("a table of texts is needed", "facts")


def anything(value: object) -> str:
    """Whatever TOML can say."""
    return ""


dotted = matches(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*", "dotted lower-case words are needed")
region = matches(r"\d{6}", "six digits of an administrative region are needed")


def acts(value: object) -> str:
    """The name of an act, or a list of which one suffices."""
    items = value if isinstance(value, list) and value else [value]
    return "" if not any(dotted(item) for item in items) else "a name or names of acts is needed"


HEADER: Mapping[str, Field] = {
    "code": Field(dotted),
    "version": Field(matches(r"[0-9A-Za-z][0-9A-Za-z.-]{0,39}", "a version is needed")),
    "valid_from": Field(day),
    "valid_to": Field(day, required=False),
    "supersedes": Field(text, required=False, default=""),
    "region": Field(region, required=False, default=""),
    "authority": Field(words),
    "title": Field(words),
    "notice": Field(words),
}
COMMON: Mapping[str, Field] = {
    "key": Field(matches(r"[0-9A-Za-z_]+(\.[0-9A-Za-z_]+)*", "a key is needed")),
    "article": Field(text),
    "article_en": Field(text),
    "source": Field(one_of(*SOURCES)),
    "region": Field(region, required=False, default=""),
    "subject": Field(facts, required=False, default={}),
    "note": Field(words, required=False),
}


def _periods_agree(row: Mapping[str, Any]) -> Iterable[str]:
    if row["direction"] == "before" and row["limit"] == "at_most":
        yield "a period before an event is at_least"
    if row["full_days"] and row["limit"] != "at_least":
        yield "full_days says something of an at_least period only"


def _workdays_agree(row: Mapping[str, Any]) -> Iterable[str]:
    if row["from"] > row["to"]:
        yield "from is after to"
    if any(item.weekday() < 5 for item in row["work"]):
        yield "a make-up working day is a Saturday or Sunday"


def _precedence_key(row: Mapping[str, Any]) -> str:
    follow = row.get("must_follow")
    return f"{row.get('act')} < {follow if isinstance(follow, str) else follow and follow[0]}"


KINDS: dict[str, Schema] = {
    "periods": Schema(
        {
            "amount": Field(whole),
            "unit": Field(one_of(*UNITS)),
            "direction": Field(one_of("after", "before"), required=False, default="after"),
            "limit": Field(one_of("at_most", "at_least"), required=False, default="at_most"),
            # The next act comes after the last day has ended, not on it.
            "full_days": Field(yes_no, required=False, default=False),
            # A term of validity ends on its day, rest day or not.
            "rolls": Field(yes_no, required=False, default=True),
            "consequence": Field(words, required=False),
        },
        agree=_periods_agree,
    ),
    "precedences": Schema(
        {
            "act": Field(dotted),
            "must_follow": Field(acts),
            "scope": Field(one_of(*SCOPES)),
            "min_gap": Field(dotted, required=False, default=""),
            "max_gap": Field(dotted, required=False, default=""),
        },
        key=_precedence_key,
    ),
    "codes": Schema({"label": Field(words)}),
    "workdays": Schema(
        {
            "name": Field(words),
            "from": Field(day),
            "to": Field(day),
            "work": Field(days, required=False, default=[]),
        },
        agree=_workdays_agree,
    ),
    "values": Schema({"value": Field(anything), "unit": Field(text, required=False, default="")}),
}


def register_kind(name: str, schema: Schema) -> None:
    """Let rule sets whose code begins with ``name`` hold rows of this shape."""
    if KINDS.setdefault(name, schema) is not schema:
        raise ValueError(f"two shapes for {name}")
