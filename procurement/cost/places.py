"""Where in a bill something stands, and what its columns are called, in the reader's language."""

from __future__ import annotations

import re

from django.utils.translation import get_language, gettext

from procurement.cost.fields import BY_KIND, HEADER, ROWS, Field

_RECORDS = {record.sheet: record for record in (HEADER, *ROWS)} | dict(BY_KIND)
_FIELDS = {field.key: field for record in (*ROWS, HEADER) for field in record.all_fields}
_ENGLISH = {field.zh: field.en for field in _FIELDS.values()}
_PLACE = re.compile(
    r"(?:(?P<sheet>[^!/\[\]]+)(?:!(?P<row>\d+)|\[(?P<nth>\d+)\])?|(?P<unit>[^/]*)/(?P<number>.*))"
    r"\.(?P<key>[a-z_0-9]+)",
    re.DOTALL,
)


def column(zh: str) -> str:
    """A column, which refusals carry by its Chinese head, as the reader's language calls it.

    The workbook's heads have both languages.
    """
    return zh if _chinese() else _ENGLISH.get(zh, zh)


def told(place: str) -> str:
    """A place such as ``Items!12.code``, ``1.1/010101001001.code`` or ``bill.edition`` in words.

    What is no such place is given back as it is.
    """
    found = _PLACE.fullmatch(place)
    field = _FIELDS.get(found["key"]) if found else None
    if not found or not field:
        return place
    if found["number"] is not None:
        text = gettext("单位工程 %(unit)s，%(number)s，“%(column)s”")
        return text % {"unit": found["unit"], "number": found["number"], "column": _name(field)}
    record = _RECORDS.get(found["sheet"])
    if record is None:
        return place
    zh, _space, en = record.sheet.partition(" ")
    sheet = zh if _chinese() else en
    row = found["row"] or found["nth"]
    if not row:
        return gettext("“%(sheet)s”表，“%(column)s”") % {"sheet": sheet, "column": _name(field)}
    text = (
        gettext("“%(sheet)s”表第 %(row)s 行，“%(column)s”")
        if found["row"]
        else gettext("第 %(row)s 个“%(sheet)s”，“%(column)s”")
    )
    return text % {"sheet": sheet, "row": row, "column": _name(field)}


def _name(field: Field) -> str:
    return field.zh if _chinese() else field.en


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
