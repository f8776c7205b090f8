"""A scheme's text with other numbers in it: what an editor's form says, line by line.

The text stays what it was but for the lines that change, so that whoever reads the draft sees what
was changed. Whether it is a scheme is for the reader of law to say.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

Said = Mapping[str, str | int | None]
"""Values by their keys; None of a key that is to go."""

Change = tuple[str, str, Any, Any]
"""The key of a row (empty: the header), the key in it (empty: the row itself), before, after."""

_ROW = re.compile(r"(?m)^(?=[ \t]*\[\[[ \t]*row[ \t]*\]\])")


def blocks(text: str) -> list[str]:
    """The header, then each row with what stands behind it."""
    return _ROW.split(text.replace("\r\n", "\n"))


def rows(text: str) -> dict[str, dict[str, Any]]:
    """The rows of a text as they are written, by their keys, in their order.

    Raises ValueError where it is no TOML, and KeyError where a row has no key.
    """
    return {str(row["key"]): dict(row) for row in _parsed(text).get("row", [])}


def header(text: str) -> dict[str, Any]:
    """What a text says of itself. Raises ValueError where it is no TOML."""
    return dict(_parsed(text).get("rule_set", {}))


@lru_cache(maxsize=32)
def _parsed(text: str) -> Mapping[str, Any]:
    """A text read once: a page asks for header and rows of the same drafts many times."""
    return tomllib.loads(text)


def is_plain(text: str) -> bool:
    """Whether every number and word stands where :func:`edited` looks for it.

    What TOML allows besides (quoted or dotted keys, rows in one array, a header that comes last)
    is a scheme all the same, but no line of it can be found. Raises as :func:`rows`.
    """
    first, *others = blocks(text)
    parsed = [tomllib.loads(block).get("row") or [] for block in others]
    return (
        _on_lines(first, header(text))
        and [row for found in parsed for row in found] == list(rows(text).values())
        and all(len(found) == 1 for found in parsed)
        and all(_on_lines(*each) for each in zip(others, rows(text).values(), strict=True))
    )


def _on_lines(block: str, values: Mapping[str, Any]) -> bool:
    names = (name for name, value in values.items() if not isinstance(value, Mapping))
    return all(re.search(rf"(?m)^\s*{re.escape(name)}\s*=", block) for name in names)


def edited(
    text: str,
    *,
    header: Said,
    changes: Mapping[str, Said],
    gone: Collection[str] = (),
    added: Sequence[Said] = (),
) -> str:
    """The text with these values in its header and rows, without some rows, and with new ones.

    text: a plain one. changes: by the key of a row. What a row says already stays as it is
    written. Raises as :func:`rows`.
    """
    first, *others = blocks(text)
    found = [_with(first, header)]
    for block in others:
        key = str(tomllib.loads(block)["row"][0]["key"])
        if key not in gone:
            found.append(_with(block, changes.get(key, {})))
    found += [_new(row) for row in added]
    return "".join(each.rstrip("\n") + "\n\n" for each in found).rstrip("\n") + "\n"


def _with(block: str, values: Said) -> str:
    parsed = tomllib.loads(block)
    written: Any = parsed["row"][0] if "row" in parsed else parsed.get("rule_set", {})
    lines = block.split("\n")
    for name, value in values.items():
        if str(written.get(name, "")) == str("" if value is None else value):
            continue
        if value is None:
            lines = [each for each in lines if not re.match(rf"\s*{name}\s*=", each)]
            continue
        line = f"{name} = {_toml(value)}"
        at = next((n for n, old in enumerate(lines) if re.match(rf"\s*{name}\s*=", old)), None)
        if at is None:
            lines.insert(_behind_key(lines), line)
        else:
            lines[at] = line
    return "\n".join(lines)


def _behind_key(lines: Sequence[str]) -> int:
    return 1 + next(n for n, line in enumerate(lines) if re.match(r"\s*(key|code)\s*=", line))


def _new(row: Said) -> str:
    return "\n".join(["[[row]]", *_lines(row)])


def _lines(row: Said) -> Iterator[str]:
    """A row's lines; words in two languages stand in one: ``label_zh`` and ``label_en``."""
    for name, value in row.items():
        if value is None or name in ("label_en", "note_en"):
            continue
        kind, _zh, other = name.partition("_zh")
        if _zh and not other:
            english = row.get(f"{kind}_en") or value
            yield f"{kind} = {{ zh = {_toml(value)}, en = {_toml(english)} }}"
        else:
            yield f"{name} = {_toml(value)}"


def changed(before: str, after: str) -> list[Change]:
    """What one text says otherwise than another: header first, then rows in their order.

    Raises as :func:`rows`.
    """
    found = _differing("", header(before), header(after))
    old, new = rows(before), rows(after)
    for key in dict.fromkeys([*old, *new]):
        if key in old and key in new:
            found += _differing(key, old[key], new[key])
        else:
            found.append((key, "", old.get(key), new.get(key)))
    return found


def _differing(row: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    return [
        (row, key, old.get(key), new.get(key))
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    ]


def _toml(value: str | int) -> str:
    # What JSON writes of a text or a whole number is TOML, but for one sign; days are written bare.
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return value
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
