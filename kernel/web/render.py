"""Small pieces of HTML, one function each: a value by its kind, a chip, a code, a due time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kernel.money import format_wan, format_yuan
from kernel.web import formats
from kernel.web.markup import format_html, format_html_join
from kernel.web.viewmodels import DueView, Link, StateChip
from kernel.web.words import MARKS

NOTHING = format_html('<span class="zx-none">{}</span>', "—")


def money(fen: int | None, unit: str = "yuan") -> SafeString:
    """Money with its unit, never torn apart at the end of a line; unit ``yuan`` or ``wan``."""
    if fen is None:
        return NOTHING
    # English has no word for ten thousand: beside running text it gets the full amount in yuan.
    in_wan = unit == "wan" and (get_language() or "zh").startswith("zh")
    number, word = (format_wan(fen), _("万元")) if in_wan else (format_yuan(fen), _("元"))
    return format_html(
        '<span class="zx-money"><data class="zx-num" value="{}">{}</data>&nbsp;{}</span>',
        format_yuan(fen).replace(",", ""),
        number,
        word,
    )


def bare_money(fen: int | None, unit: str) -> SafeString:
    """Money whose unit stands in the head of the column."""
    if fen is None:
        return NOTHING
    text = format_wan(fen) if unit == "wan" else format_yuan(fen)
    return format_html('<span class="zx-num">{}</span>', text)


def day(value: date | None) -> SafeString:
    """A calendar day."""
    return NOTHING if value is None else _time(value, formats.day(value))


def moment(value: datetime | None, to: str = "minute") -> SafeString:
    """An instant in legal time, to the ``minute`` or ``second``, or as a ``deadline``."""
    if value is None:
        return NOTHING
    writers: dict[str, Callable[[datetime], str]] = {
        "minute": formats.minute,
        "second": formats.second,
        "deadline": formats.deadline,
    }
    return _time(value, writers[to](value))


def _time(value: date, text: str) -> SafeString:
    return format_html(
        '<time class="zx-time" datetime="{}">{}</time>', formats.machine(value), text
    )


def chip(state: StateChip | None) -> SafeString:
    """A state in words, with a tone and its article as tooltip."""
    if state is None:
        return NOTHING
    return format_html(
        '<span class="zx-chip zx-chip-{}"{}>{}</span>',
        state.tone,
        format_html(' title="{}"', state.article) if state.article else "",
        state.label,
    )


def mark(code: str) -> SafeString:
    """How sure a rule is; nothing for law that was read in its text."""
    if not code:
        return SafeString("")
    word, meaning = MARKS.get(code, (code, code))
    return format_html('<span class="zx-mark" title="{}">{}</span>', meaning, word)


def due(value: DueView | None) -> SafeString:
    """When something falls due, in words, with its tone; colour is never alone."""
    if value is None:
        return NOTHING
    return format_html(
        '<time class="zx-due zx-due-{}" datetime="{}"{}>{}</time>',
        value.tone,
        formats.machine(value.at),
        format_html(' title="{}"', value.article) if value.article else "",
        value.words,
    )


def code(value: Any, copy: bool = True, label: str = "") -> SafeString:
    """A code or number in a monospaced face; the copy button shows where scripts run."""
    if not value:
        return NOTHING
    button: SafeString | str = ""
    if copy:
        name = _("复制%(what)s") % {"what": f" {label or value}"}
        button = format_html(
            '<button type="button" class="zx-copy" data-copy="{}" data-done="{}" '
            'aria-label="{}" title="{}" hidden></button>',
            value,
            _("已复制"),
            name,
            name,
        )
    return format_html('<span class="zx-code"><code>{}</code>{}</span>', value, button)


def _words(words: Iterable[str]) -> SafeString:
    return format_html_join(" ", "<span>{}</span>", ((word,) for word in words))


def command(value: str) -> SafeString:
    """What people run on their own machine: no option is torn apart, and the whole is copied."""
    if not value:
        return NOTHING
    groups: list[list[str]] = []
    for word in value.split(" "):
        # What follows an option is its value, and stays beside it where a line has room.
        if groups and len(groups[-1]) == 1 and groups[-1][0][:1] == "-" != word[:1]:
            groups[-1].append(word)
        else:
            groups.append([word])
    words = format_html_join(" ", "<span>{}</span>", ((_words(group),) for group in groups))
    name = _("复制命令")
    return format_html(
        '<span class="zx-command"><code>{}</code>'
        '<button type="button" class="zx-copy" data-copy="{}" data-done="{}" aria-label="{}" '
        'title="{}" hidden></button></span>',
        words, value, _("已复制"), name, name,
    )  # fmt: skip


def digest(value: str, short: bool = False) -> SafeString:
    """A hash in groups of eight; ``short`` shows the first group and copies the whole."""
    if not value:
        return NOTHING
    text = value[:8] + "…" if short and len(value) > 8 else formats.grouped(value)
    name = _("复制完整摘要值")
    return format_html(
        '<span class="zx-code zx-digest"><code title="{}">{}</code>'
        '<button type="button" class="zx-copy" data-copy="{}" data-done="{}" aria-label="{}" '
        'title="{}" hidden></button></span>',
        value,
        text,
        value,
        _("已复制"),
        name,
        name,
    )


def named(value: Any) -> SafeString:
    """A name that keeps its own language: on an English page Chinese says that it is Chinese."""
    text = str(value) if value not in (None, "") else ""
    if not text:
        return NOTHING
    if formats.has_han(text) and not (get_language() or "zh").startswith("zh"):
        return format_html('<span lang="zh-Hans">{}</span>', text)
    return format_html("{}", text)


def marked(parts: Iterable[tuple[str, bool]]) -> SafeString:
    """A text in parts, those that were looked for marked; it keeps its own language as a name."""
    pieces = [(part, hit) for part, hit in parts if part]
    inner = format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", p) if hit else p,) for p, hit in pieces)
    )
    foreign = not (get_language() or "zh").startswith("zh")
    if foreign and any(formats.has_han(part) for part, _hit in pieces):
        return format_html('<span lang="zh-Hans">{}</span>', inner)
    return inner


def several(values: tuple[str, ...]) -> SafeString:
    """Names one after the other."""
    return format_html_join(pgettext("list", "、"), "{}", ((named(value),) for value in values))


def value(content: Any, kind: str = "text", in_table: bool = False) -> SafeString:
    """A value in the form of its kind; in a table the unit stands in the head of the column."""
    if content is None or content == "":
        return NOTHING
    if isinstance(content, Link):
        shape = '<a href="{}"{}>{}</a>'
        # What a cell leads to is a number: it stays on one line where there is room.
        whole = SafeString(' class="zx-number"') if in_table else ""
        return format_html(shape, content.url, whole, value(content.label, kind, in_table))
    if in_table and kind in {"money", "wan"}:
        return bare_money(content, "wan" if kind == "wan" else "yuan")
    writers: dict[str, Callable[[Any], SafeString]] = {
        "money": money,
        "wan": lambda fen: money(fen, "wan"),
        "number": lambda n: format_html('<span class="zx-num">{}</span>', _number(n)),
        "code": lambda c: code(c, copy=not in_table),
        "command": command,
        "digest": lambda d: digest(d, short=True),
        "date": day,
        "moment": moment,
        "state": chip,
        "due": due,
        "masked": lambda m: format_html('<span class="zx-code"><code>{}</code></span>', m),
    }
    return writers.get(kind, named)(content)


def _number(number: Any) -> str:
    return f"{number:,}" if isinstance(number, int) else str(number)
