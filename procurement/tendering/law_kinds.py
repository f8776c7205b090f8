"""The shape of rule rows that only tendering has: what documents' texts are searched for."""

from __future__ import annotations

import re

from kernel.regulation import schemas


def _patterns(value: object) -> str:
    if not isinstance(value, list) or not value:
        return "a list of regular expressions is needed"
    for item in value:
        try:
            re.compile(item)
        except (re.error, TypeError):
            return f"{item!r} is no regular expression"
    return ""


schemas.register_kind(
    "lint",
    schemas.Schema(
        {
            # Which of the seven kinds of restriction it betrays.
            "clause": schemas.Field(schemas.whole),
            "patterns": schemas.Field(_patterns),
            "advice": schemas.Field(schemas.words),
        }
    ),
)
