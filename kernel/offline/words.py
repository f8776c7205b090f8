"""The translations that the file to take away brings along: of its own words and no others."""

from __future__ import annotations

import ast
import gettext
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

_LOCALE = Path(__file__).parents[1] / "locale"
_DOMAIN = "LC_MESSAGES/django.mo"


def catalogues(sources: Iterable[str]) -> dict[str, bytes]:
    """Files of compiled translations by their place, for every text that the sources mark."""
    marked = {text for source in sources for text in _marked(source)}
    found = {}
    for path in sorted(_LOCALE.glob(f"*/{_DOMAIN}")):
        with path.open("rb") as file:
            whole = gettext.GNUTranslations(file)
        texts = {text: told for text in marked if (told := whole.gettext(text)) != text}
        name = f"kernel/locale/{path.parents[1].name}/{_DOMAIN}"
        found[name] = _compiled({"": "Content-Type: text/plain; charset=UTF-8\n", **texts})
    return found


def _marked(source: str) -> Iterator[str]:
    """Every literal that is given to ``_``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            (given,) = node.args
            if isinstance(given, ast.Constant) and isinstance(given.value, str):
                yield given.value


def _compiled(texts: dict[str, str]) -> bytes:
    """A catalogue as ``msgfmt`` writes one: a head, two tables of (length, place), the texts."""
    pairs = sorted((text.encode(), told.encode()) for text, told in texts.items())
    table = 28
    place = table + 16 * len(pairs)
    tables, body = b"", b""
    for column in (0, 1):
        for pair in pairs:
            tables += struct.pack("<2I", len(pair[column]), place + len(body))
            body += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), table, table + 8 * len(pairs), 0, 0)
    return head + tables + body
