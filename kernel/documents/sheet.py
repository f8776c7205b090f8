"""Plain documents: paragraphs, named facts, tables. Most forms need no template of their own.

A form with ``template=sheet.TEMPLATE`` returns from its ``build`` what :func:`data` makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

TEMPLATE = "kernel/documents/sheet.html"


def facts(title: str, rows: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """A block of named values; empty values are left out."""
    return {"title": title, "rows": [{"label": a, "value": b} for a, b in rows if b]}


def table(
    title: str, head: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()
) -> dict[str, Any]:
    """A table; ``right``: indexes of columns with numbers, aligned right."""
    return {
        "title": title,
        "head": [{"text": text, "right": place in right} for place, text in enumerate(head)],
        "rows": [
            {"cells": [{"text": text, "right": place in right} for place, text in enumerate(row)]}
            for row in rows
        ],
    }


def data(
    subject: str,
    *,
    to: str = "",
    lead: Sequence[str] = (),
    blocks: Iterable[Mapping[str, Any]] = (),
    notes: Sequence[str] = (),
    record: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What the sheet prints.

    subject: what the document is about (a name). to: whom it addresses. lead: paragraphs before,
    notes: after the blocks, which :func:`facts` and :func:`table` make. record: the same facts
    for machines, attached to the PDF with the rest and not printed (ids, codes, fen).
    """
    return {
        "subject": subject,
        "to": to,
        "lead": list(lead),
        "blocks": [dict(block) for block in blocks],
        "notes": list(notes),
        "record": dict(record or {}),
    }
